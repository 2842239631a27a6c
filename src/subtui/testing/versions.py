"""Checks the versions of the drawing libraries: other versions draw other pictures, so nothing is recorded."""

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

_PIN = re.compile(r"(textual|rich)\s*==\s*([\w.]+)")


def pins() -> dict[str, str]:
    """The exact versions that the program requires."""
    try:
        required = requires("subtui") or []
    except PackageNotFoundError:  # run from its sources without an installation
        return {}
    found = (_PIN.match(each) for each in required)
    return {match[1]: match[2] for match in found if match}


@cache
def wrong_versions() -> tuple[str, ...]:
    """A text for each library of another version: `textual 8.2.8 (this is 9.0.0)`."""
    return tuple(
        f"{name} {wanted} (this is {version(name)})" for name, wanted in pins().items() if version(name) != wanted
    )
