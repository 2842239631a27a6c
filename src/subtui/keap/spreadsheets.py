"""Reads cells that a spreadsheet changed: rounded long numbers, error values, texts wrapped into formulas.

A value that can be restored with certainty is restored; another is refused, with a sentence that says what to do.
"""

import re

_ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,3}")
_ROUNDED_FROM, _FEWEST_LOST = 15, 3
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,.'’\s])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?")
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0*)?")
_NUMBER = re.compile(r"[-+−(]?\s*[$€£¥]?\s*[0-9]+(?:[.,][0-9]+)?\s*[%)$€£¥]?")
_DATE = re.compile(
    r"[0-9]{1,2}-[A-Za-z]{3}(?:-[0-9]{2,4})?|[A-Za-z]{3}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?: [0-9:]+)?"
)
_ERROR = re.compile(r"#(?:[^\W_][\w/ ]{0,14}[!?]|N/A|N/D|NV|GETTING_DATA|#{2,})(?: .*)?|Err:[0-9]{3}")
_QUOTED_FORMULA = re.compile(r'\'?=\s*"((?:[^"]|"")*)"\s*')
_NUMBER_FORMULA = re.compile(r"'?=\s*([0-9]+)\s*")
_LINK = re.compile(r'\'?=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)\s*', re.IGNORECASE)

ERROR = "is a spreadsheet error: fix the cell and export again"


def is_error(text: str) -> bool:
    """Whether a cell holds a spreadsheet's error value: `#REF!`, `#N/A`, `#####`."""
    return (text[:1] in "#E'") and _ERROR.fullmatch(text.removeprefix("'").strip()) is not None


def unwrapped(text: str) -> str:
    """The text in a formula that consists of a text only (`="0042"`), which keeps leading zeros in a spreadsheet."""
    found = _QUOTED_FORMULA.fullmatch(text)
    return found[1].replace('""', '"') if found else text


def linked(text: str) -> str:
    """The text or the address of a link that is written as a formula; any other text as it is."""
    found = _LINK.fullmatch(text)
    return (found[2] or found[1].removeprefix("mailto:")) if found else unwrapped(text)


def id_text(text: str) -> str:
    """The id in a cell: `131`, `131.0`, `="131"` and `'131` are one. Raises ValueError if a spreadsheet spoiled it."""
    written = text.strip()
    bare = unwrapped(written)
    formula = _NUMBER_FORMULA.fullmatch(bare)
    bare = (formula[1] if formula else bare).removeprefix("'").strip()
    whole = _WHOLE.fullmatch(bare)
    if whole and whole[1].isascii():
        if len(whole[1]) >= _ROUNDED_FROM + _FEWEST_LOST and not whole[1][_ROUNDED_FROM:].strip("0"):
            raise ValueError(_rounded())
        return whole[1]
    if _ROUNDED.fullmatch(bare):
        raise ValueError(_rounded())
    if is_error(bare):
        raise ValueError(ERROR)
    if bare.startswith("="):
        raise ValueError("is a formula, not an id: export its value")
    if _GROUPED.fullmatch(bare):
        raise ValueError(
            "is a number formatted by a spreadsheet, not an id: format the column as text and export again"
        )
    if _NUMBER.fullmatch(bare):
        raise ValueError("is not a whole number, so not an id")
    if _DATE.fullmatch(bare):
        raise ValueError("is a date, not an id: a spreadsheet has changed it")
    return bare


def _rounded() -> str:
    return "was rounded by a spreadsheet, so the id is lost. Format the column as text and export again"
