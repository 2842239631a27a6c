"""The last record that was put together, kept while the database stays as it is."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from subtui.storage.engine import state_of

T = TypeVar("T")


class Memo:
    """Remembers one value: a form previews at every key and saves what it previewed, on the same record."""

    def __init__(self) -> None:
        self._known: tuple[Hashable, Hashable] | None = None
        self._value: Any = None

    def recall(self, session: Session, key: Hashable, make: Callable[[], T]) -> T:
        """The value for `key`, made by `make` unless nothing has been committed or written since it was."""
        session.flush()  # what is only in the session is no write yet
        now = (key, state_of(session.connection()))
        if now != self._known:
            self._value = make()
            self._known = now
        value: T = self._value
        return value
