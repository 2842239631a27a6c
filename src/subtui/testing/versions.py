"""The versions that draw the screens: another one draws other pictures, so nothing is recorded with it."""

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

_PIN = re.compile(r"(textual|rich)\s*==\s*([\w.]+)")


def pins() -> dict[str, str]:
    """What the program itself requires, exactly."""
    try:
        required = requires("subtui") or []
    except PackageNotFoundError:  # run from its sources, without having been installed
        return {}
    found = (_PIN.match(each) for each in required)
    return {match[1]: match[2] for match in found if match}


@cache
def wrong_versions() -> tuple[str, ...]:
    """For each that is another version than it should be: `textual 8.2.8 (this is 9.0.0)`."""
    return tuple(
        f"{name} {wanted} (this is {version(name)})" for name, wanted in pins().items() if version(name) != wanted
    )
