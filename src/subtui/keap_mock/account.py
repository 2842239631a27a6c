"""The state of one account in Keap, and what another user does to it in Keap's own screens."""

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from subtui.domain.billing import Cycle, bill_date, local_day
from subtui.keap_mock import new_rows
from subtui.keap_mock.documents import DOCUMENTS, documents
from subtui.keap_mock.kinds import KEPT, id_field
from subtui.keap_mock.made_account import made_tables
from subtui.keap_mock.made_numbers import Numbers
from subtui.keap_mock.made_people import small_rows
from subtui.keap_mock.tables import Table
from subtui.keap_mock.values import Row, currency, row_number, time_text, values_at, without_hidden

Clock = Callable[[], datetime]

_CONTACT_PATHS = {
    "subscriptions": "contact_id",
    "orders": "contact.id",
    "payments": "contact_id",
    "transactions": "contact_id",
    "payment_methods": "contact_id",
}


def real_time() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


class Account:
    """The rows of one account by kind and id. Every method may be called from any thread.

    Kinds are the names in `subtui.keap_mock.kinds.KEPT`. `clock` answers the instant, aware and in UTC.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        given: Mapping[str, Any] | None = None,
        *,
        clock: Clock = real_time,
        time_zone: str = "America/New_York",
    ) -> None:
        self.clock = clock
        self.documents = documents(given or {}, time_zone)
        self.time_zone = str(self.documents["business_profile"]["time_zone"])
        self.lock = threading.RLock()
        self.tables: dict[str, Table] = {
            kind: tables[kind] if kind in tables else Table(id_field(kind)) for kind in KEPT
        }

    @classmethod
    def from_rows(
        cls,
        rows: Mapping[str, Any],
        *,
        clock: Clock = real_time,
        time_zone: str = "America/New_York",
    ) -> "Account":
        """An account with just these rows, kind -> rows, kept as they are but for ids, which become text.

        Documents ("business_profile", "application", "ecommerce", "userinfo", "models") are dicts over the defaults.
        Plans may stand inside products, or as "plans" with their product_id. An order's own payments ("order_payments")
        need not be given: they are made from the payments that name the order. One merchant is there unless "merchants"
        are given. ValueError: an unknown kind, or an id
        that is no whole number.
        """
        unknown = set(rows) - set(KEPT) - set(DOCUMENTS)
        if unknown:
            raise ValueError(f"There is no kind {', '.join(sorted(unknown))}; there are: {', '.join(KEPT)}.")
        account = cls({}, {name: rows[name] for name in DOCUMENTS if name in rows}, clock=clock, time_zone=time_zone)
        for kind in KEPT:
            for row in rows.get(kind, ()):
                account.add(kind, row)
        if "merchants" not in rows:
            account.add("merchants", {"id": "11", "name": "Card merchant", "type": "STRIPE", "is_test": False})
        return account

    @classmethod
    def made(
        cls,
        *,
        contacts: int = 1000,
        subscriptions: int = 1500,
        orders: int = 4000,
        seed: int = 1,
        clock: Clock = real_time,
        time_zone: str = "America/New_York",
    ) -> "Account":
        """An account with this many rows, all computed from the seed when they are asked for.

        The same seed and the same day of the clock give the same rows. There is about one payment and one transaction
        for each order. ValueError: no contact, or a negative number.
        """
        if contacts < 1 or subscriptions < 0 or orders < 0:
            raise ValueError("An account is made with at least one contact, and with no negative numbers.")
        numbers = Numbers(contacts, subscriptions, orders, seed, clock())
        tables = {kind: Table(id_field(kind), rows) for kind, rows in made_tables(numbers).items()}
        account = cls(tables, clock=clock, time_zone=time_zone)
        for kind, rows in small_rows(numbers).items():
            for row in rows:
                account.add(kind, row)
        return account

    @property
    def today(self) -> date:
        """The day in the account's zone."""
        return local_day(self.clock(), self.time_zone)

    def row(self, kind: str, row_id: str | int) -> Row | None:
        """A copy of the row as Keap sends it, or None."""
        with self.lock:
            found = self.tables[kind].get(_number(row_id))
            return _as_sent(kind, found) if found is not None else None

    def rows(self, kind: str) -> list[Row]:
        """Copies of all rows of a kind. In a large account this computes all of them."""
        with self.lock:
            return [_as_sent(kind, row) for _, row in self.tables[kind].rows()]

    def count(self, kind: str) -> int:
        """How many rows there are."""
        with self.lock:
            return len(self.tables[kind])

    def add(self, kind: str, row: Mapping[str, Any]) -> str:
        """Add a row, or replace the one with its id; the id. Without one it gets the next."""
        new = copy.deepcopy(dict(row))
        with self.lock:
            if kind == "plans" and "product_id" in new:
                new["_product_id"] = str(new.pop("product_id"))
            at = self.tables[kind].add(new)
            if kind == "products":
                for plan in new_rows.plans_of({**new, "id": str(at)}):
                    self.tables["plans"].add(plan)
            if kind == "plans":
                self._into_product(new, at)
            return str(at)

    def delete(self, kind: str, row_id: str | int) -> None:
        """Take a row out of the account, as if it had been deleted in Keap. KeyError: there is none."""
        with self.lock:
            if not self.tables[kind].remove(_number(row_id)):
                raise KeyError(f"There is no row {row_id} of {kind}.")

    def change(self, kind: str, row_id: str | int, fields: Mapping[str, Any]) -> Row:
        """Set these fields of a row and nothing else; the new row. KeyError: there is none."""
        with self.lock:
            row = {**self._there(kind, row_id), **fields}
            self.tables[kind].put(_number(row_id), row)
            return row

    def patch_subscription(self, subscription_id: str | int, *, bump: bool = True, **fields: Any) -> None:
        """Change a subscription as a user of Keap does; with `bump` its modification_time becomes now."""
        self.change("subscriptions", subscription_id, {**fields, **self._bumped(bump)})

    def move_subscription(self, subscription_id: str | int, contact_id: str | int, *, bump: bool = True) -> None:
        """Give a subscription to another contact."""
        self.patch_subscription(subscription_id, bump=bump, contact_id=str(contact_id))

    def bill_subscription(self, subscription_id: str | int, day: date, *, bump: bool = True) -> str:
        """Bill a subscription on a day: an order with payment and transaction, and its dates move on; the order's id.

        `bump` False: modification_time stays as it was.
        """
        with self.lock:
            row = self._there("subscriptions", subscription_id)
            when = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            minor = new_rows.minor_of(row.get("billing_amount"))
            plan = self.row("plans", row["subscription_plan_id"]) if row.get("subscription_plan_id") else None
            name = str(plan["subscription_plan_name"]) if plan else "Subscription"
            at = self.add("orders", {})
            product = str(row.get("product_id") or "1")
            line = new_rows.item(at, name, minor, product_id=product, subscription_id=str(row["id"]), plan=plan)
            contact = self._basic_contact(row.get("contact_id"))
            self.tables["orders"].put(int(at), new_rows.order(at, contact, minor, when, [line]))
            self._pay(at, contact, minor, when, "CAPTURE")
            cycle = Cycle(str(row.get("billing_cycle") or "MONTH").casefold())
            following = bill_date(day, cycle, int(row.get("billing_frequency") or 1), 1)
            dates = {"last_bill_date": day.isoformat(), "next_bill_date": following.isoformat()}
            self.change("subscriptions", subscription_id, {**dates, **self._bumped(bump)})
            return at

    def refund_payment(
        self, payment_id: str | int, amount: str | int | Decimal, *, negative: bool = True, bump: bool = True
    ) -> str:
        """Refund a payment, wholly or in part; the id of the payment that is the refund.

        `amount` is positive, in main units ("12.50"). `negative` False: the refund's amount is positive too, and only
        its method tells. `bump` False: modification_time of the order stays as it was.
        """
        minor = new_rows.minor_of(amount)
        with self.lock:
            paid = self._there("payments", payment_id)
            order_id = str(paid["order_ids"][0]) if paid.get("order_ids") else ""
            contact = self._basic_contact(paid.get("contact_id"))
            refund = self._pay(order_id, contact, -minor if negative else minor, self.clock(), "REFUND")
            now = time_text(self.clock())
            self.change("payments", payment_id, {"refund_payment_id": refund, "update_time": now})
            order = self.tables["orders"].get(_number(order_id)) if order_id else None
            if order is not None:
                before = values_at(order, ("refund_total", "amount"))
                total = minor + (before[0] if before else 0)
                fields = {"refund_total": currency(total), "refund_status": "REFUNDED"}
                self.change("orders", order_id, {**fields, **self._bumped(bump)})
            return refund

    def merge_contacts(self, kept: str | int, duplicate: str | int, *, bump: bool = True) -> None:
        """Merge a contact into another: its rows go over, and its id is gone."""
        with self.lock:
            contact = self._there("contacts", kept)
            gone = self._there("contacts", duplicate)
            for kind, path in _CONTACT_PATHS.items():
                self._hand_over(kind, path, str(gone["id"]), str(contact["id"]), bump=bump)
            tags = dict.fromkeys([*(contact.get("tag_ids") or ()), *(gone.get("tag_ids") or ())])
            self.change("contacts", kept, {"tag_ids": list(tags), "update_time": time_text(self.clock())})
            self.delete("contacts", duplicate)

    def order_payments(self, order_id: str | int) -> list[Row]:
        """The payments of an order in the form of its own list: those given, or made from the payments."""
        with self.lock:
            order = self._there("orders", order_id)
            invoice = str(order.get("invoice_id") or order["id"])
            own = [row for _, row in self.tables["order_payments"].rows() if str(row.get("invoice_id")) == invoice]
            if own:
                return own
            wanted = str(order["id"])
            pairs = self.tables["payments"].related("order_ids", _number(order_id))
            rows = [row for _, row in sorted(pairs, key=itemgetter(0))]
            return [
                new_rows.order_payment(row, invoice) for row in rows if wanted in map(str, row.get("order_ids") or ())
            ]

    def _hand_over(self, kind: str, path: str, old: str, new: str, *, bump: bool) -> None:
        now = self._bumped(bump and kind == "subscriptions")
        basic = self._basic_contact(new)
        for at, row in self.tables[kind].related(path, int(old)):
            if [str(value) for value in values_at(row, tuple(path.split(".")))] != [old]:
                continue
            owner: Row = {"contact": basic} if "contact" in row else {}
            if "contact_id" in row:
                owner["contact_id"] = new
            self.tables[kind].put(at, {**row, **owner, **now})

    def _pay(self, order_id: str, contact: Row, minor: int, when: datetime, method: str) -> str:
        at = self.add("payments", {})
        paid = new_rows.payment(at, order_id, str(contact.get("id")), minor, when)
        self.tables["payments"].put(int(at), paid)
        self.add("transactions", new_rows.transaction(paid, contact, method))
        return at

    def _basic_contact(self, contact_id: Any) -> Row:
        row = self.tables["contacts"].get(_number(contact_id)) if contact_id is not None else None
        if row is None:
            return {"id": str(contact_id)}
        emails = values_at(row, ("email_addresses", "email"))
        names = {name: row.get(name) for name in ("given_name", "family_name")}
        return {"id": row["id"], "email": emails[0] if emails else None, **names}

    def _into_product(self, plan: Row, at: int) -> None:
        number = row_number(plan.get("_product_id"))
        product = self.tables["products"].get(number) if number is not None else None
        if number is None or product is None:
            return
        others: Iterable[Row] = product.get("subscription_plans") or ()
        kept = [each for each in others if str(each["id"]) != str(at)]
        plans = [*kept, new_rows.inside_product({**plan, "id": at})]
        self.tables["products"].put(number, {**product, "subscription_plans": plans})

    def _there(self, kind: str, row_id: str | int) -> Row:
        row = self.tables[kind].get(_number(row_id))
        if row is None:
            raise KeyError(f"There is no row {row_id} of {kind}.")
        return row

    def _bumped(self, bump: bool) -> Row:
        return {"modification_time": time_text(self.clock())} if bump else {}


def _as_sent(kind: str, row: Row) -> Row:
    sent = copy.deepcopy(without_hidden(row))
    if kind == "transactions":
        # They are numbered here, and have no id in Keap.
        sent.pop("id", None)
    return sent


def _number(row_id: Any) -> int:
    found = row_number(row_id)
    return -1 if found is None else found
