"""The options and reports of exports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.errors import WrongInput
from subtui.domain.suggestions import did_you_mean
from subtui.views.imports import Kind


class ExportFormat(StrEnum):
    """Forms of an export: CSV is a folder with a file for each kind, as in Keap; JSON lines are one file for all."""

    CSV = "csv"
    JSON_LINES = "jsonl"


class ChangesFormat(StrEnum):
    """The forms of an export of changes: a table to read, or the requests that bring Keap up to date."""

    CSV = "csv"
    REST = "rest"


EXPORTED: dict[Kind, str] = {
    Kind.TAG: "tags",
    Kind.PRODUCT: "products",
    Kind.PLAN: "plans",
    Kind.CONTACT: "contacts",
    Kind.CARD: "cards",
    Kind.AUTOMATION: "automations",
    Kind.SUBSCRIPTION: "subscriptions",
    Kind.ORDER: "orders",
    Kind.NOTE: "notes",
    Kind.ORDER_ITEM: "order_items",
    Kind.PAYMENT: "payments",
}
"""The kinds of rows and their names, in the order in which they must be imported. A contact includes its tags."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The form, the kinds (none named: all), and the contacts by our ids (none named: all) of an export."""

    form: ExportFormat = ExportFormat.CSV
    kinds: tuple[Kind, ...] = ()
    contacts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """The number of rows of one kind written into one file."""

    kind: Kind
    file: str
    rows: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The files and row counts of an export, its path, and the hash of its log entry."""

    path: str
    files: tuple[Exported, ...]
    log_hash: str
    seconds: float
    paused: int = 0  # subscriptions that are paused: written as Inactive, for Keap has no pause

    @property
    def rows(self) -> int:
        """All rows of all kinds."""
        return sum(part.rows for part in self.files)


@dataclass(frozen=True, slots=True)
class Since:
    """The start of an export of changes: after a log entry, by its number or hash prefix, or from a day on."""

    entry: int | None = None
    hash: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ChangesReport:
    """The report of an export of changes. `last` is the newest log entry it covers: the next export begins after it.

    `lines` counts the rows of the table, or the requests; `manual` counts the changes to make by hand, `skipped` the
    rows that Keap does not know.
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
