"""Neutral surroundings for as long as a test drives the program, and afterwards what they were."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from subtui.domain.errors import WrongInput
from subtui.flows.environment import make_neutral

_READ_ON_IMPORT = ("TEXTUAL_FILTERS", "TEXTUAL_DIM_FACTOR")
"""What colours a picture, and what Textual looks at once, when it is imported; the rest it reads at every start."""


@contextmanager
def neutral() -> Iterator[None]:
    """Take out of the environment what would colour a picture; other tests of the same run have theirs unchanged.

    Raises WrongInput where it is too late: Textual was imported by somebody else, with such a variable set.
    """
    late = [name for name in _READ_ON_IMPORT if name in os.environ]
    if late and "textual" in sys.modules:
        raise WrongInput(
            f"{late[0]} is set and Textual has been imported with it, which colours the screens. Unset it."
        )
    before = dict(os.environ)
    make_neutral()
    ours = dict(os.environ)
    try:
        yield
    finally:
        for name in before.keys() | ours.keys():
            # What the test has set meanwhile is for the test to take back.
            if before.get(name) != ours.get(name) and os.environ.get(name) == ours.get(name):
                if name in before:
                    os.environ[name] = before[name]
                else:
                    del os.environ[name]
