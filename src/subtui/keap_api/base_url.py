"""Where Keap's REST interface is, and which other addresses the key may be sent to."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from subtui.domain.errors import WrongInput
from subtui.domain.plain_text import sanitize

DEFAULT = "https://api.infusionsoft.com/crm"
"""The address that Keap's own programs use."""

KNOWN_HOSTS = ("api.infusionsoft.com", "api.keap.com")
"""Keap's hosts: two names of one service, with the same accounts and keys."""

_VERSION = "/rest/v2"
_NEVER = "\\\"'%<>^`{|}"
_EXAMPLE = f"Write it as {DEFAULT}."


def checked_base_url(text: str) -> str:
    """The base URL in its one form: lower case, no slash at the end, without `/rest/v2`, which the paths begin with.

    Plain http only reaches this machine, since the key would cross the network readable. A host that is not Keap's is
    taken: a settings file may name a test server. Raises WrongInput.
    """
    if "@" in text:  # not shown: what stands before it may be a password
        raise WrongInput("The address of Keap has an @ in it: leave out the name or password before it.")
    said = sanitize(text.strip())[:80]
    if not all("!" <= sign <= "~" and sign not in _NEVER for sign in text.strip()):
        raise WrongInput(f"“{said}” is not an address of Keap: it has signs that no address has. {_EXAMPLE}")
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise WrongInput(f"“{said}” is not an address. {_EXAMPLE}") from None
    if why := _why_not(parts, host, text):
        raise WrongInput(f"“{said}” {why}. {_EXAMPLE}")
    path = parts.path.rstrip("/").removesuffix(_VERSION).rstrip("/")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port is not None else ''}{path}"


def _why_not(parts: SplitResult, host: str, text: str) -> str:
    if parts.scheme not in ("https", "http"):
        return "does not begin with https://"
    if not host or parts.port == 0:
        return "names no host"
    if "?" in text or "#" in text:
        return "has a question mark or # in it"
    if any(not (sign.isalnum() or sign in "-._:") for sign in host):
        return "has a host name that cannot be"
    if "//" in parts.path or ".." in parts.path:
        return "has a path that cannot be used"
    if parts.scheme == "http" and not is_loopback(host):
        return "is not encrypted: the key could be read on the way. Use https"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(base_url: str) -> str:
    """The host of a checked base URL, as sentences name it."""
    return urlsplit(base_url).hostname or ""


def short_name(base_url: str) -> str:
    """The name under which the key for a checked base URL is kept: usable as a file name.

    Empty for Keap itself, whose two hosts are one. Any other host has a name of its own, with the port if there is one,
    so that Keap's key is never sent there by mistake.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if host in KNOWN_HOSTS and parts.port is None:
        return ""
    return host.replace(":", "_") + (f"-{parts.port}" if parts.port is not None else "")
