"""Cleans text for storage, and guards text for CSV files that a spreadsheet may open."""

import re
import unicodedata

# CWE-1236 and OWASP's page on CSV injection: what spreadsheets take for the beginning of a formula, the wide signs of
# East Asian keyboards among them. Blanks before it do not stop every program.
_RISKY = re.compile(r"'* *[=+\-@\t\r\n＝＋－＠]")
_HARMLESS = re.compile(
    r" *[+-](?:"
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
    # A phone number has a blank between two of its numbers. With dashes alone, +1-602-555-0142, it is a subtraction.
    r"|(?=[0-9().-]*[0-9)] \(?[0-9])[0-9][0-9 ().-]{5,24}"
    r") *"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def guarded(text: str) -> str:
    """The text for a cell of a CSV file, with `'` before it if a spreadsheet would run it as a formula.

    Plain numbers (`-5.00`) and phone numbers with blanks (`+1 602 555-0142`) stay as they are. A text that looks
    guarded already gets one more `'`, so that `unguarded` gives back every text exactly.
    """
    return f"'{text}" if _needs_guard(text) else text


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def clean(text: str) -> str:
    """The text for storage: composed (NFC), lines ended by LF alone, blanks around it gone.

    Raises ValueError if it contains control characters other than newline and tab (the C0 and C1 sets, and DEL), or
    surrogates, which no encoding can write.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n")
    if _CONTROLS.search(lines):
        raise ValueError("contains control characters")
    if _SURROGATES.search(lines):
        raise ValueError("contains broken characters")
    return unicodedata.normalize("NFC", lines.strip())


def _needs_guard(text: str) -> bool:
    return _RISKY.match(text) is not None and not _HARMLESS.fullmatch(text.lstrip("'"))
