"""The shape of a settings file. Apart from `settings`, so that starting without a file does not load a decoder."""

from typing import Any

import msgspec


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What a file may say; an empty text means that it does not."""

    db: str = ""
    theme: str = ""
    date_format: str = ""
    date_order: str = ""
    read_only: bool = False
    keymap: dict[str, Any] = {}


def convert(raw: dict[str, Any]) -> Written:
    """The file's contents, checked. Raises ValueError, worded by the decoder, for an unknown key or a wrong type."""
    return msgspec.convert(raw, Written)
