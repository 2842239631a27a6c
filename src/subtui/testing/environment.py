"""Makes the environment neutral while a test drives the program, and restores it afterwards."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from subtui.domain.errors import WrongInput
from subtui.flows.environment import make_neutral

_READ_ON_IMPORT = ("TEXTUAL_FILTERS", "TEXTUAL_DIM_FACTOR")
"""The variables that change a picture and that Textual reads once, when imported; others it reads at every start."""


@contextmanager
def neutral() -> Iterator[None]:
    """Remove the environment variables that change a picture, and restore them for other tests of the same run.

    Raises WrongInput where it is too late: another module has imported Textual with such a variable set.
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
            # Variables that the test itself has set are left for the test to restore.
            if before.get(name) != ours.get(name) and os.environ.get(name) == ours.get(name):
                if name in before:
                    os.environ[name] = before[name]
                else:
                    del os.environ[name]


_SELDOM = (20_000, 20, 50)
"""The thresholds of the collector: with Python's own, looking for cycles takes a tenth of a test of a screen."""


@contextmanager
def garbage_is_collected_seldom() -> Iterator[None]:
    """Raise the thresholds of the garbage collector, and restore them for other tests of the same run.

    A screen makes hundreds of thousands of small objects, of which next to none are cycles.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < _SELDOM[0]:
        yield
        return
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        if gc.get_threshold() == _SELDOM:  # what the test itself has set is left for the test to restore
            gc.set_threshold(*before)
