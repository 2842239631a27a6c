"""Translates the errors of a database driver into sentences that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from subtui.domain.errors import ConnectionLost, StorageProblem
from subtui.storage.dialects.base import Collided, Dialect


@contextmanager
def translate_errors(where: str, dialect: Dialect) -> Iterator[None]:
    """Raise StorageProblem with a sentence for any error of the database inside."""
    try:
        yield
    except Exception as error:
        sentence = dialect.explain(error, where)
        if sentence is None:
            raise
        kind = (
            Collided if dialect.has_collided(error) else ConnectionLost if dialect.has_lost(error) else StorageProblem
        )
        raise kind(sentence) from error
