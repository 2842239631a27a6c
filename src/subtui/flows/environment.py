"""Removes environment variables that would change the pictures of the screens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NOBODYS_HOME = "/home/you"
_BEGINNINGS = ("TEXTUAL", "SUBTUI_")


def make_neutral() -> None:
    """Remove the environment variables that change how the screens are drawn.

    To be called before Textual is imported, which reads some of them at once.
    """
    for name in [name for name in os.environ if name == "NO_COLOR" or name.startswith(_BEGINNINGS)]:
        del os.environ[name]
    os.environ["COLORTERM"] = "truecolor"


@contextmanager
def at_nobodys_home() -> Iterator[None]:
    """Set a home folder that does not exist, so that a form that proposes a file names no user's folder."""
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
