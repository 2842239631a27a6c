"""The schema of a settings file. Separate from `settings`, so that a start without a file loads no decoder."""

from typing import Any

import msgspec


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """The values of a file; an empty text means that it is not set."""

    db: str = ""
    theme: str = ""
    date_format: str = ""
    date_order: str = ""
    read_only: bool = False
    keap_url: str = ""
    keap_key_file: str = ""
    keap_key_header: str = ""
    keymap: dict[str, Any] = {}


def convert(raw: dict[str, Any]) -> Written:
    """The file's contents, checked. Raises ValueError, worded by the decoder, for an unknown key or a wrong type."""
    return msgspec.convert(raw, Written)
