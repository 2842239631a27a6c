"""What a machine has set must not colour a picture, nor choose a setting of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODYS_HOME = "/home/you"
_BEGINNINGS = ("TEXTUAL", "SUBTUI_")


def make_neutral() -> None:
    """Take out of the environment what would change how the screens are drawn.

    To be called before anything imports Textual, which reads some of it then and there.
    """
    for name in [name for name in os.environ if name == "NO_COLOR" or name.startswith(_BEGINNINGS)]:
        del os.environ[name]
    os.environ["COLORTERM"] = "truecolor"


@contextmanager
def at_nobodys_home() -> Iterator[None]:
    """A home folder that is nobody's, and is not there: a form that proposes a file names no person's folder."""
    names = ("HOME", "USERPROFILE")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, NOBODYS_HOME))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
