"""Caches the last record that was read, while the database does not change."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from subtui.storage.dialects import dialect_of

T = TypeVar("T")


class Memo:
    """A cache of one value: a form previews at every key and saves its preview, with the same record."""

    def __init__(self) -> None:
        self._known: tuple[Hashable, Hashable] | None = None
        self._value: Any = None

    def recall(self, session: Session, key: Hashable, make: Callable[[], T], *, keep: bool) -> T:
        """The value for `key`: the cached one if nothing was committed or written since, else a new one from `make`.

        `keep` False: what is read in a transaction that may still be rolled back is not cached.
        """
        session.flush()  # pending changes of the session count as writes only once flushed
        connection = session.connection()
        now = (key, dialect_of(connection).state_of(connection))
        if now == self._known:
            value: T = self._value
            return value
        made = make()
        if keep:
            self._known, self._value = now, made
        return made
