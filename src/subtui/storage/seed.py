"""Fills a new database from a seed file: checks it completely, then writes it in one transaction with a chained log."""

from codecs import BOM_UTF8
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, insert

from subtui.domain.errors import FileProblem
from subtui.domain.event_types import Subject
from subtui.domain.normalization import normalize
from subtui.domain.reasons import CANCELLING, REFUNDING, Reason
from subtui.domain.refunds import LineLeft, over_lines
from subtui.storage import audit_log, seed_format
from subtui.storage import tables as t
from subtui.storage.ledger import post_entries
from subtui.storage.search import city_key, contact_keys
from subtui.storage.seed_format import Seed, SeedAccount, SeedOrder
from subtui.storage.seed_problems import problems


def demo_seed_path() -> Path:
    """The path of the demo data: inside the installed package, or beside the sources in a checkout."""
    packaged = Path(__file__).parent.parent / "data" / "seed.json"
    return packaged if packaged.exists() else Path(__file__).parents[3] / "data" / "seed.json"


def empty_seed() -> Seed:
    """The seed of a database made with `--empty`: an account with a name and nothing else."""
    return Seed(format=1, account=SeedAccount(name="My account", currency="USD"))


LARGEST_FILE = 500_000_000


def read_bytes(path: Path) -> bytes:
    """The bytes of a seed file, without a byte order mark. Raises FileProblem."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileProblem(f"{path} is too large for a seed file: the limit is {LARGEST_FILE // 1_000_000} MB.")
        return path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {error.strerror}.") from error


def read_seed(path: Path) -> Seed:
    """The seed in the file at `path`. Raises FileProblem with file, place and reason."""
    data = read_bytes(path)
    try:
        seed = seed_format.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileProblem(f"{path} is not a seed file: {str(error).rstrip('.')}.") from error
    problem = next(problems(seed), None)
    if problem is not None:
        raise FileProblem(f"{path}: {problem}")
    return seed


def _rows(structs: Iterable[msgspec.Struct], *, without: tuple[str, ...] = (), **more: Any) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in row.__struct_fields__ if name not in without} | more for row in structs
    ]


def _reason_rows(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": reason.code, "label": reason.label, "needs_note": reason.needs_note} for reason in reasons]


def fill_from(connection: Connection, seed: Seed, demo_day: date | None = None) -> None:
    """Write every row of `seed`, in the caller's transaction, into a database that has only its schema."""

    def write(table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            connection.execute(insert(table.__table__), rows)

    account = _rows([seed.account], demo_day=demo_day or seed.day)[0] | {
        "cancel_reasons": _reason_rows(CANCELLING),
        "refund_reasons": _reason_rows(REFUNDING),
        "fee_currency": seed.account.fee_currency or seed.account.currency,
        "own_holidays": [day.isoformat() for day in seed.account.own_holidays],
    }
    write(t.Account, [account | {"id": 1, "version": 1}])
    write(t.AccountInvoice, _rows(seed.account_invoices, currency=account["fee_currency"]))
    write(t.User, [row | {"email_key": normalize(row["email"]), "active": True} for row in _rows(seed.users)])
    _write_requests(write, seed)
    write(t.Tag, _rows(seed.tags))
    write(t.Product, _rows(seed.products))
    write(t.SubscriptionPlan, _rows(seed.plans))
    _write_contacts(write, seed)
    _write_subscriptions(write, seed)
    _write_orders(connection, write, seed)
    _write_history(connection, seed)


def _write_requests(write: Any, seed: Seed) -> None:
    users = {user.id: user for user in seed.users}
    rows = []
    for request, row in zip(seed.requests, _rows(seed.requests, without=("correspondence",)), strict=True):
        user = users[request.requested_by_id]
        row |= {"requested_by": user.name, "requester_role": user.role, "requester_verified": user.verified}
        rows.append(row | {"recorded_by": user.name, "completed_by": "", "terms": {}, "version": 1})
    write(t.CancellationRequest, rows)
    write(t.Correspondence, [row for r in seed.requests for row in _rows(r.correspondence, request_id=r.id)])


def _write_contacts(write: Any, seed: Seed) -> None:
    hanging_indent = ("tags", "automations", "cards", "notes")
    write(t.Contact, [_searchable(row) for row in _rows(seed.contacts, without=hanging_indent)])
    write(t.ContactTag, [{"contact_id": c.id, "tag_id": tag} for c in seed.contacts for tag in dict.fromkeys(c.tags)])
    write(
        t.Automation,
        [{"contact_id": c.id, "name": name, "running": True} for c in seed.contacts for name in c.automations],
    )
    write(t.CreditCard, [row for c in seed.contacts for row in _rows(c.cards, contact_id=c.id)])
    write(t.Note, [row for c in seed.contacts for row in _rows(c.notes, contact_id=c.id)])


def _searchable(row: dict[str, Any]) -> dict[str, Any]:
    return row | contact_keys(row) | {"city_key": city_key(row["billing_address"]), "version": 1}


def _write_subscriptions(write: Any, seed: Seed) -> None:
    plans = {plan.id: plan for plan in seed.plans}
    rows = []
    for struct, row in zip(seed.subscriptions, _rows(seed.subscriptions), strict=True):
        plan = plans[struct.plan_id]
        row |= {"currency": plan.currency, "cycle": plan.cycle, "frequency": plan.frequency, "version": 1}
        row |= {"max_attempts": 3, "days_between_attempts": 2}
        row["price_minor"] = plan.price_minor if struct.price_minor is None else struct.price_minor
        row["anchor"] = struct.anchor or struct.start_date
        rows.append(row)
    write(t.Subscription, rows)


def _write_orders(connection: Connection, write: Any, seed: Seed) -> None:
    rows = []
    for struct, row in zip(seed.orders, _rows(seed.orders, without=("items", "payments")), strict=True):
        total = sum(item.price_minor * item.quantity for item in struct.items)
        rows.append(row | {"total_minor": total, "version": 1})
    write(t.Order, rows)
    write(t.OrderItem, [row for order in seed.orders for row in _rows(order.items, order_id=order.id)])
    # A refund names the payment it returns, so payments are written first.
    payments = [row for order in seed.orders for row in _rows(order.payments, order_id=order.id)]
    post_entries(connection, sorted(payments, key=lambda row: (row["returns_payment_id"] is not None, row["id"])))
    write(t.RefundLine, [row for order in seed.orders for row in _refund_lines(order)])


def _refund_lines(order: SeedOrder) -> Iterable[dict[str, Any]]:
    """The amount of each line that the refunds of an order have returned, one refund after the other."""
    left = {item.id: item.price_minor * item.quantity for item in order.items}
    refunds = [row for row in order.payments if row.kind == "refund" and row.state == "approved"]
    for refund in sorted(refunds, key=lambda row: (row.paid_on, row.id)):
        lines = [LineLeft(number, amount) for number, amount in left.items()]
        for number, share in over_lines(-refund.amount_minor, lines).items():
            left[number] -= share
            yield {"payment_id": refund.id, "order_item_id": number, "amount_minor": share}


def _write_history(connection: Connection, seed: Seed) -> None:
    users = {user.id: user for user in seed.users}
    for event in seed.history:
        actor, subject = users[event.actor_id], Subject.read(event.subject)
        audit_log.append(
            connection,
            {name: getattr(event, name) for name in event.__struct_fields__ if name != "subject"}
            | {"subject_type": subject.type.value, "subject_id": subject.id}
            | {"actor": actor.name, "role": actor.role},
        )
