"""Restores standard output and error.

Textual replaces them while an app runs. An embedded app and the outer one end in no fixed order, so the last one would
restore the streams of the other.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_streams() -> Iterator[None]:
    """Restore the two streams at the end of the block."""
    out, err = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
