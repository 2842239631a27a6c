"""The calls that may leave this program. Everything else is a fault of the program and is stopped before it is sent.

`:invoice` and payments would charge a customer's card; a new subscription would begin to bill; a deletion cannot be
taken back.
"""

import re
from urllib.parse import unquote

PREFIX = "/rest/v2/"

_ID = r"[A-Za-z0-9_-]+"
_CHANGES = {
    "PATCH": re.compile(rf"/rest/v2/subscriptions/{_ID}"),
    "POST": re.compile(rf"/rest/v2/subscriptions/{_ID}:deactivate"),
}
_READ = re.compile(r"/rest/v2/(?:[A-Za-z0-9_.~:@$-]|%[0-9A-Fa-f]{2}|/)+")
_NEVER = ("..", "//", "?", "#", "\\", "%")
_NEVER_VERB = ":invoice"


def refuse_unless_permitted(method: str, path: str) -> None:
    """Raise AssertionError unless this call is one of the few that the program makes."""
    wanted = _READ if method == "GET" else _CHANGES.get(method)
    if wanted is None or wanted.fullmatch(path) is None or not _is_plain(path):
        # The path is not shown: it may come from a file, and this error is not one that is explained to the user.
        raise AssertionError(f"This program makes no such call: {method}")


def _is_plain(path: str) -> bool:
    """Whether a path means the same however often a server decodes it."""
    decoded = unquote(path)
    return (
        not any(part in decoded for part in _NEVER)
        and decoded.count("/") == path.count("/")
        and decoded.isprintable()
        and _NEVER_VERB not in decoded.lower()
    )
