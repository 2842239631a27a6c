"""What the tests of the export share: files out of a database and into it, and what is stored in both."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contact_edits import GetContactForm, SaveContact
from subtui.acts.data import ExportData, ImportFiles
from subtui.acts.notes import AddNote
from subtui.acts.orders import CorrectRefund, GetOrder, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.event_types import Subject
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.storage.seed import demo_seed_path
from subtui.views.exports import ExportFormat, ExportOptions
from subtui.views.imports import ImportOptions
from subtui.views.orders import RefundDraft
from tests.conftest import DEMO_DAY
from tests.services.database import rows

TABLES = (
    *("contact", "tag", "contact_tag", "credit_card", "note", "automation", "product", "subscription_plan"),
    *("subscription", "order", "order_item", "payment", "refund_line"),
)
JSON_COLUMNS = ("billing_address", "shipping_address", "more")
# Ids of rows that have none in a file, what an import notes of itself, the key that keeps a refund from being recorded
# twice by one form, and the ids of users, which mean others in another database.
LEFT_OUT = {"keap_id", "imported_version", "version", "intent", "recorded_by_id", "author_id"}
WITHOUT_IDS = ("note", "automation")
CUSTOMERS = ("tags", "products", "plans", "contacts", "subscriptions", "orders", "history")
SUBSCRIPTION, ORDER, PAYMENT = 1042, 1911, 40458
FORMS = pytest.mark.parametrize("form", list(ExportFormat))


def stored(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row that an export holds, as the database keeps it."""
    found = {}
    for table in TABLES:
        left_out = LEFT_OUT | ({"id"} if table in WITHOUT_IDS else set())
        kept = [
            {
                name: json.loads(value) if name in JSON_COLUMNS else value
                for name, value in row.items()
                if name not in left_out
            }
            for row in rows(path, f'SELECT * FROM "{table}"')  # noqa: S608
        ]
        found[table] = sorted(kept, key=lambda row: json.dumps(row, sort_keys=True))
    return found


def make_bare(folder: Path) -> Path:
    """A database with the demo's account and users, and no customers."""
    seed = json.loads(demo_seed_path().read_text(encoding="utf-8")) | {name: [] for name in CUSTOMERS}
    (folder / "seed.json").write_text(json.dumps(seed), encoding="utf-8")
    Backend.open(str(folder / "bare.db"), seed=folder / "seed.json").close()
    return folder / "bare.db"


def with_backend(path: Path, role: Role = Role.ADMIN) -> Backend:
    """A backend on a database, on the day of the demo."""
    backend = Backend.open(str(path), clock=Clock(DEMO_DAY))
    backend.sign_in_demo(role)
    return backend


def exported(path: Path, to: Path, form: ExportFormat = ExportFormat.CSV, **options: Any) -> list[Path]:
    """The files of an export."""
    with with_backend(path) as backend:
        backend.do(ExportData(to, ExportOptions(form, **options)))
    return sorted(to.iterdir()) if to.is_dir() else [to]


def imported(path: Path, files: list[Path]) -> Any:
    """What an import of files says; nothing may be left out."""
    with with_backend(path) as backend:
        report = backend.do(ImportFiles(files, ImportOptions()))
    assert report.left_out == (), report.left_out[:3]
    return report


def sheet(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of an export, by their headers."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path) -> list[Any]:
    """The lines of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def place(tmp_path: Path, form: ExportFormat, name: str = "out") -> Path:
    """Where an export in this form goes: a folder of CSV files, or one file of lines."""
    return tmp_path / (name if form is ExportFormat.CSV else f"{name}.jsonl")


def act_a_little(backend: Backend) -> None:
    """A cancellation, a refund with a credit, one that is taken back, a correction of a contact, and notes."""
    end_subscription(backend, SUBSCRIPTION)
    refund(backend, "one", 500)
    refund(backend, "two", 100)
    order = backend.read(GetOrder(ORDER))
    backend.do(CorrectRefund(ORDER, newest_refund(backend), version=order.version))
    form = backend.read(GetContactForm(1007))
    corrected = replace(form.draft, email2="m@bluedoor.example", billing_address=("1 Main St", "Tucson, AZ 85701"))
    backend.do(SaveContact(1007, replace(corrected, tags=("Members", "A new one")), version=form.version))
    for subject in (f"subscription:{SUBSCRIPTION}", f"order:{ORDER}", "contact:1007"):
        backend.do(AddNote(Subject.read(subject), f"About\n{subject}"))


def newest_refund(backend: Backend) -> int:
    """The id of the refund that was recorded last on the order."""
    return max(row.id for row in backend.read(GetOrder(ORDER)).rows if row.kind is RowKind.REFUND)


def end_subscription(backend: Backend, number: int) -> None:
    """Cancel a subscription, with what is paid for as its end."""
    record = backend.read(GetSubscription(number))
    draft = replace(
        draft_of(record.terms),
        status=Status.INACTIVE,
        end_date=record.billing.paid_through,
        reason_code="too_expensive",
        reason_note="asked “twice”",
    )
    backend.do(SaveSubscription(number, draft, version=record.version))


def refund(backend: Backend, intent: str, minor: int) -> None:
    """Refund so many cents of the order, after which nothing is owed."""
    draft = RefundDraft(
        payment_id=PAYMENT,
        intent=intent,
        amount=Money(minor, "USD"),
        kind=RefundKind.MANUAL,
        owed_after=Money.zero("USD"),
        reason_code="requested_by_customer",
        reference="BANK-7",
    )
    backend.do(RecordRefund(ORDER, draft, version=backend.read(GetOrder(ORDER)).version))
