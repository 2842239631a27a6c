"""Formats values for our exports: the counterpart of `records`, so that an export can be imported again."""

from collections.abc import Mapping
from functools import lru_cache

from subtui.domain.billing import Cycle
from subtui.domain.cells import clean, guarded
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.keap.secrets import without_card_numbers

_PICTURES = (
    {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), "�")
    | dict.fromkeys(range(0xD800, 0xE000), "�")
)
_SHORT = 40

REASON_AND_NOTE = " - "
"""What stands between a reason and its note in Keap's single text."""

_DIGIT_OF = {Cycle.YEAR.value: "1", Cycle.MONTH.value: "2", Cycle.WEEK.value: "3", Cycle.DAY.value: "6"}


def safe_text(text: str) -> str:
    """The text as an import would store it, safe to write into a file.

    Control characters become symbols (`␛`); card numbers typed into a note are taken out.
    """
    if text.isascii() and text.isprintable():
        written = text.strip()
    else:
        written = clean(text.replace("\r\n", "\n").translate(_PICTURES))
    return without_card_numbers(written)


def text_cell(text: str) -> str:
    """A text for a cell of a CSV file: harmless in a spreadsheet too."""
    return _short_cell(text) if len(text) <= _SHORT else guarded(safe_text(text))


# Methods, states, names of products: the same short texts stand in millions of rows.
@lru_cache(maxsize=4096)
def _short_cell(text: str) -> str:
    return guarded(safe_text(text))


def id_cell(keap_id: str) -> str:
    """An id for a cell; Keap's are numbers, but a file may have had any text for one."""
    return keap_id if keap_id.isalnum() else guarded(keap_id)


def flag_cell(value: int) -> str:
    """A yes or no, as Keap's wizard takes it."""
    return "Yes" if value else "No"


def standing_cell(value: int) -> str:
    """Whether a product is sold, as Keap's own export says it."""
    return "Active" if value else "Inactive"


def cycle_cell(unit: str) -> str:
    """The unit of a billing cycle as Keap's tables and its wizard have it: a digit."""
    return _DIGIT_OF.get(unit, unit)


@lru_cache(maxsize=4096)
def amount_cell(minor: int, currency: str) -> str:
    """An amount as a plain number, `1234.50`; the currency has its own column."""
    return Money(minor, currency).format_amount().replace(",", "")


def instant_cell(stored: str) -> str:
    """An instant in UTC, `2026-03-02T10:00:00Z`, from what the database keeps."""
    return f"{stored[:10]}T{stored[11:].removesuffix('.000000')}Z"


def reason_words(code: str | None, note: str, reasons: Mapping[str, Reason]) -> str:
    """A reason and its note as Keap's single text `Reason Stopped`: `Too expensive - asked twice`."""
    reason = reasons.get(code or "")
    # “Other” says nothing beside a note.
    label = "" if reason is None or (reason.needs_note and note) else reason.label
    return REASON_AND_NOTE.join(part for part in (label, note) if part)
