"""The key to an account in Keap: what one may look like, how it is sent, and where one is looked for.

The key grants what its user may do in Keap, so it is in no representation, error, log or report.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from subtui.domain.errors import FileProblem, WrongInput
from subtui.keap_api import key_files
from subtui.keap_api.base_url import short_name

VARIABLE = "SUBTUI_KEAP_KEY"
LONGEST = 4_000
"""The most characters of a key: it has to fit a header line and the file of a key."""

_SHORTEST = 8
_SERVICE = "subtui-keap"
_HIDDEN = "[key]"


class HeaderStyle(Enum):
    """The two ways to send a key; the value is the name of the header."""

    BEARER = "Authorization"
    KEAP = "X-Keap-API-Key"


class Source(Enum):
    """Where a key was found, as sentences name it."""

    GIVEN = "as given"
    ENVIRONMENT = f"the variable {VARIABLE}"
    KEYRING = "the keyring of this computer"
    FILE = "a file"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that may be sent in a header. `str` and `repr` hide it. Raises WrongInput, without the key."""

    key: str = field(repr=False)
    style: HeaderStyle = HeaderStyle.BEARER
    source: Source = Source.GIVEN

    def __post_init__(self) -> None:
        if not is_key(self.key):
            object.__setattr__(self, "key", "")
            raise WrongInput(
                f"The key to Keap ({self.source.value}) is not one: it has to be {_SHORTEST} to {LONGEST:,} printable "
                "ASCII characters without blanks. Copy it from Keap again."
            )

    def header(self) -> tuple[str, str]:
        """The name and the value of the header. The value is secret."""
        return self.style.value, f"Bearer {self.key}" if self.style is HeaderStyle.BEARER else self.key


def is_key(text: str) -> bool:
    """Whether a text can be a key. No blank and no line break can get into a header by it."""
    return _SHORTEST <= len(text) <= LONGEST and all("!" <= sign <= "~" for sign in text)


def scrubbed(text: str, credential: Credential | None) -> str:
    """`text` with the key replaced wherever it occurs: as it is, percent-encoded or as in JSON."""
    if credential is None or not credential.key:
        return text
    key = credential.key
    for form in {key, quote(key), quote(key, safe=""), json.dumps(key)[1:-1]}:
        text = text.replace(form, _HIDDEN)
    return text


def find_credential(
    base_url: str,
    *,
    environ: Mapping[str, str],
    folder: Path,
    path: Path | None = None,
    style: HeaderStyle = HeaderStyle.BEARER,
    keyring: Callable[[], Any] | None = None,
) -> Credential | None:
    """The key for a checked base URL: from the environment, else the keyring, else the file. None if there is none.

    The file is `path`, which has to exist then, or the one of this base URL in `folder`. `keyring` gives the module of
    that name, or None. Raises WrongInput for what is no key, FileProblem for a file that others could read.
    """
    if text := environ.get(VARIABLE, "").strip():
        return Credential(text, style, Source.ENVIRONMENT)
    if path is None and (text := _in_keyring(base_url, keyring or _installed_keyring)):
        return Credential(text, style, Source.KEYRING)
    file = path or key_file(base_url, folder)
    line = key_files.read(file)
    if line is None:
        if path is not None:
            raise FileProblem(f"{path} does not exist. It was named as the file of the key to Keap.")
        return None
    return Credential(line, style, Source.FILE)


def key_file(base_url: str, folder: Path) -> Path:
    """The path of the key for a checked base URL in the configuration folder: `keap-key`, or `keap-key-HOST`."""
    name = short_name(base_url)
    return folder / (f"keap-key-{name}" if name else "keap-key")


def store_in_file(key: str, path: Path) -> None:
    """Write a key to a file that only this user can read; an older one is replaced at once or not at all.

    Raises WrongInput and FileProblem.
    """
    key_files.write(path, Credential(key.strip()).key)


def store_in_keyring(key: str, base_url: str, *, keyring: Callable[[], Any] | None = None) -> bool:
    """Put a key into the keyring of this computer. Returns False where there is none that works. Raises WrongInput."""
    checked = Credential(key.strip())
    try:
        ring = (keyring or _installed_keyring)()
        if ring is None:
            return False
        ring.set_password(_SERVICE, short_name(base_url) or "keap", checked.key)
        return bool(ring.get_password(_SERVICE, short_name(base_url) or "keap") == checked.key)
    except Exception:  # each of the keyring's backends has errors of its own
        return False


def forget(base_url: str, folder: Path, *, keyring: Callable[[], Any] | None = None) -> tuple[Source, ...]:
    """Remove the key for a checked base URL from keyring and file. Returns where there was one. Raises FileProblem."""
    ring_maker = keyring or _installed_keyring
    found = []
    if _in_keyring(base_url, ring_maker):
        try:
            ring_maker().delete_password(_SERVICE, short_name(base_url) or "keap")
            removed = True
        except Exception:
            removed = False
        if not removed:  # raised out here: the backend's error may hold the key, and would hang on this one
            raise FileProblem(
                f"The keyring of this computer did not remove the key. Remove the entry {_SERVICE} there."
            )
        found.append(Source.KEYRING)
    if key_files.remove(key_file(base_url, folder)):
        found.append(Source.FILE)
    return tuple(found)


def _in_keyring(base_url: str, keyring: Callable[[], Any]) -> str:
    try:
        ring = keyring()
        found = ring.get_password(_SERVICE, short_name(base_url) or "keap") if ring is not None else None
    except Exception:  # a computer without a desktop session has a keyring that only raises
        return ""
    return found.strip() if isinstance(found, str) else ""


def _installed_keyring() -> Any:
    """The optional package keyring, or None."""
    try:
        return import_module("keyring")  # optional, and slow to load
    except ImportError:
        return None
