"""Standard output and error are given back as they were.

Textual lends them to a program while it runs. One that runs within another is left in no fixed order, and the last to
go would put back what it found: the other program's.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_streams() -> Iterator[None]:
    """Whatever is done to the two streams inside is undone at the end."""
    out, err = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
