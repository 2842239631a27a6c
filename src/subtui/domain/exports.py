"""What an export can hold, and what it did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.errors import WrongInput
from subtui.domain.imports import Kind
from subtui.domain.suggestions import did_you_mean


class ExportFormat(StrEnum):
    """CSV is a folder with a file for each kind, as Keap has them; JSON lines are one file for all."""

    CSV = "csv"
    JSON_LINES = "jsonl"


class ChangesFormat(StrEnum):
    """A table to read, or the requests that bring Keap up to date."""

    CSV = "csv"
    REST = "rest"


EXPORTED: dict[Kind, str] = {
    Kind.TAG: "tags",
    Kind.PRODUCT: "products",
    Kind.PLAN: "plans",
    Kind.CONTACT: "contacts",
    Kind.CARD: "cards",
    Kind.NOTE: "notes",
    Kind.AUTOMATION: "automations",
    Kind.SUBSCRIPTION: "subscriptions",
    Kind.ORDER: "orders",
    Kind.ORDER_ITEM: "order_items",
    Kind.PAYMENT: "payments",
}
"""What goes out, in the order in which it has to come in, and how it is called. A contact has its tags with it."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Which form, which kinds (all if none are named), and which contacts alone by our ids (everybody if none are)."""

    form: ExportFormat = ExportFormat.CSV
    kinds: tuple[Kind, ...] = ()
    contacts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows of a kind went into which file."""

    kind: Kind
    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote, where, and the hash of its entry in the log."""

    path: str
    files: tuple[Exported, ...]
    log_hash: str
    seconds: float

    @property
    def rows(self) -> int:
        """All rows of all kinds."""
        return sum(part.rows for part in self.files)


@dataclass(frozen=True, slots=True)
class Since:
    """From where in the log: after an entry, named by its number or the beginning of its hash, or from a day on."""

    entry: int | None = None
    hash: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ChangesReport:
    """What an export of changes wrote. `last` is the newest entry it has seen: the next export begins after it.

    `lines` counts the entries of the table, or the requests; `manual` what is to be done by hand, `skipped` what Keap
    does not know.
    """

    path: str
    first: int
    last: int
    lines: int
    manual: int
    skipped: int
    notes: tuple[str, ...]
    log_hash: str


def format_for(path: str, wanted: str | None) -> ExportFormat:
    """The form that was asked for, or the one that the name tells. Raises WrongInput where the two contradict."""
    by_name = path.lower().endswith((".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"))
    form = ExportFormat(wanted) if wanted else ExportFormat.JSON_LINES if by_name else ExportFormat.CSV
    if form is ExportFormat.CSV and (by_name or path.lower().endswith((".csv", ".zip", ".gz"))):
        raise WrongInput("CSV is written as a folder with one file per kind. Name a folder, or a .jsonl file.")
    return form


def changes_format_for(path: str, wanted: str | None) -> ChangesFormat:
    """The form that was asked for, or the one that the name tells: requests are lines of JSON."""
    if wanted:
        return ChangesFormat(wanted)
    return ChangesFormat.REST if path.lower().endswith((".jsonl", ".ndjson", ".json")) else ChangesFormat.CSV


def kinds_named(text: str) -> tuple[Kind, ...]:
    """The kinds of a list such as `contacts,subscriptions`. Raises WrongInput naming those there are."""
    by_name = {name: kind for kind, name in EXPORTED.items()}
    names = [part.strip().lower() for part in text.split(",") if part.strip()]
    unknown = [name for name in names if name not in by_name]
    if unknown or not names:
        hint = did_you_mean(unknown[0], by_name) if unknown else ""
        said = f"“{unknown[0][:30]}” cannot be exported.{hint}" if unknown else "Say what to export."
        raise WrongInput(f"{said} Choose from: {', '.join(by_name)}.")
    return in_order(by_name[name] for name in names)


def in_order(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Kinds, each once, in the order in which they go out."""
    wanted = set(kinds)
    return tuple(kind for kind in EXPORTED if kind in wanted)
