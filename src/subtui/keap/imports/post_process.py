"""Completes an import once every row is written: links refunds to payments, and makes missing order lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from subtui.domain.ledger import RowKind
from subtui.domain.refunds import LineLeft, PaymentState, over_lines
from subtui.keap.ids import REST_OF_ORDER, WHOLE_ORDER
from subtui.keap.imports.payments import GOING_BACK, Payments
from subtui.keap.imports.temporary import TOUCHED_ORDER, WHOLE_ORDER_LINE, drop, make_again
from subtui.storage.batches import BATCH, batched
from subtui.storage.dialects import dialect_of
from subtui.storage.ledger import is_made, recompute_sums, refunded_of_lines
from subtui.storage.tables.core import ORDER, ORDER_ITEM, PAYMENT, REFUND_LINE, REFUND_REQUEST, SUBSCRIPTION

_TOUCHED = select(TOUCHED_ORDER.c.id)
_PART: Any = bindparam("part", expanding=True)
_LINE, _OTHER = ORDER_ITEM.alias("line"), PAYMENT.alias("other")

_REST = literal(REST_OF_ORDER) + cast(ORDER.c.id, String)
"""The Keap id of the line that makes the lines of an order add up to its total."""

_LINES = (
    select(func.coalesce(func.sum(_LINE.c.quantity * _LINE.c.price_minor), 0))
    .where(_LINE.c.order_id == ORDER.c.id, func.coalesce(_LINE.c.keap_id, "") != _REST)
    .correlate(ORDER)
    .scalar_subquery()
)
"""The sum of the other lines of an order."""

_APPROVED, _GIVES_BACK = PaymentState.APPROVED.value, tuple(kind.value for kind in GOING_BACK)

_RETURNED = (
    select(func.coalesce(func.sum(_OTHER.c.amount_minor), 0))
    .where(_OTHER.c.returns_payment_id == PAYMENT.c.id, _OTHER.c.state == _APPROVED)
    .correlate(PAYMENT)
    .scalar_subquery()
)
_PAYMENT_IDS = select(PAYMENT.c.keap_id, PAYMENT.c.id).where(PAYMENT.c.keap_id.in_(_PART))
_LEFT_OF_PAYMENTS = (
    select(PAYMENT.c.order_id, PAYMENT.c.id, PAYMENT.c.paid_on, (PAYMENT.c.amount_minor + _RETURNED).label("remaining"))
    .where(PAYMENT.c.kind == RowKind.CHARGE.value, PAYMENT.c.state == _APPROVED, PAYMENT.c.order_id.in_(_PART))
    .order_by(PAYMENT.c.paid_on, PAYMENT.c.id)
)
_RETURNING = (
    select(_OTHER.c.id)
    .select_from(PAYMENT.join(_OTHER, _OTHER.c.order_id == PAYMENT.c.order_id))
    .where(
        PAYMENT.c.id == bindparam("number"),
        _OTHER.c.state == _APPROVED,
        _OTHER.c.kind.in_(_GIVES_BACK),
        or_(
            _OTHER.c.returns_payment_id == PAYMENT.c.id,
            and_(
                _OTHER.c.returns_payment_id.is_(None),
                _OTHER.c.amount_minor == -PAYMENT.c.amount_minor,
                _OTHER.c.paid_on >= PAYMENT.c.paid_on,
            ),
        ),
    )
    .order_by(_OTHER.c.returns_payment_id.is_(None), _OTHER.c.paid_on, _OTHER.c.id)
    .limit(1)
)
_AMOUNTS_OF_LINES = (
    select(ORDER_ITEM.c.order_id, ORDER_ITEM.c.id, ORDER_ITEM.c.quantity * ORDER_ITEM.c.price_minor)
    .where(ORDER_ITEM.c.order_id.in_(_PART))
    .order_by(ORDER_ITEM.c.id)
)
_REFUNDED = refunded_of_lines(ORDER_ITEM.c.order_id.in_(_PART))
_LINK = update(PAYMENT).where(PAYMENT.c.id == bindparam("row")).values(returns_payment_id=bindparam("returned"))


class PostProcess:
    """The orders that an import has touched, and the steps that complete them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        make_again(connection, TOUCHED_ORDER)
        self._insert_rows = dialect_of(connection).insert_rows

    def touch(self, order_ids: Iterable[int]) -> None:
        """Note orders that were written, or of which a line or a payment was written."""
        rows = [(number,) for number in order_ids]
        self._insert_rows(self._connection, TOUCHED_ORDER, ("id",), rows, skip_known=True)

    def finish(self, payments: Payments) -> None:
        """Complete the lines, links, references and sums of the touched orders."""
        self._first_orders()
        self._lines()
        self._links(payments)
        self._undone(payments)
        self._guess_links()
        self._refund_lines()
        recompute_sums(self._connection, chain(self._run(_TOUCHED).scalars().all(), payments.moved_from))
        drop(self._connection, TOUCHED_ORDER)
        drop(self._connection, WHOLE_ORDER_LINE)

    def _run(self, statement: Executable, values: Any = None) -> Any:
        return self._connection.execute(statement, values)

    def _first_orders(self) -> None:
        """Link the first order of a subscription to it: only the subscription names the order."""
        self._run(
            update(ORDER)
            .values(subscription_id=SUBSCRIPTION.c.id)
            .where(
                ORDER.c.keap_id == SUBSCRIPTION.c.more["Originating Order Id"].as_string(),
                ORDER.c.subscription_id.is_(None),
                ORDER.c.contact_id == SUBSCRIPTION.c.contact_id,
                SUBSCRIPTION.c.imported_on.is_not(None),
                ORDER.c.id.in_(_TOUCHED),
            )
        )

    def _lines(self) -> None:
        """Make the lines of an order add up to its total, where the total is known."""
        made = or_(_LINE.c.keap_id == _REST, is_made(WHOLE_ORDER, _LINE))
        self._run(
            update(ORDER)
            .values(total_minor=_LINES)
            .where(
                ORDER.c.id.in_(_TOUCHED),
                ORDER.c.total_minor != _LINES,
                # A total in a file counts even if it is zero: a line is made for it, or for its difference from the
                # lines.
                ORDER.c.id.not_in(select(WHOLE_ORDER_LINE.c.order_id)),
                not_(select(_LINE.c.id).where(_LINE.c.order_id == ORDER.c.id, made).exists()),
            )
        )
        self._whole_lines()
        rest = ORDER_ITEM.alias("rest")
        missing = ORDER.c.total_minor - _LINES
        changed = (
            select(rest.c.id)
            .select_from(ORDER.join(rest, and_(rest.c.order_id == ORDER.c.id, rest.c.keap_id == _REST)))
            .where(ORDER.c.id.in_(_TOUCHED), rest.c.price_minor != missing)
        )
        self._let_go(changed)
        now = select(missing).where(ORDER.c.id == ORDER_ITEM.c.order_id).correlate(ORDER_ITEM).scalar_subquery()
        self._run(update(ORDER_ITEM).values(price_minor=now).where(ORDER_ITEM.c.id.in_(changed)))
        nothing = ORDER_ITEM.c.price_minor == 0, ORDER_ITEM.c.order_id.in_(_TOUCHED)
        self._run(delete(ORDER_ITEM).where(is_made(REST_OF_ORDER), *nothing))
        columns = ("order_id", "name", "quantity", "price_minor", "keap_id")
        self._run(
            insert(ORDER_ITEM).from_select(
                columns,
                select(ORDER.c.id, literal("Discount, tax and other"), literal(1), missing, _REST).where(
                    ORDER.c.id.in_(_TOUCHED),
                    ORDER.c.total_minor != _LINES,
                    not_(select(rest.c.id).where(rest.c.keap_id == _REST).exists()),
                ),
            )
        )

    def _let_go(self, lines: Any) -> None:
        """Drop the refunded amounts of deleted or changed lines, to be divided over the order's lines again."""
        asked = REFUND_REQUEST.c.order_item_id
        self._run(update(REFUND_REQUEST).values(order_item_id=None).where(asked.in_(lines)))
        of_refund = REFUND_LINE.alias("of_refund")
        refunds = select(of_refund.c.payment_id).where(of_refund.c.order_item_id.in_(lines))
        self._run(delete(REFUND_LINE).where(REFUND_LINE.c.payment_id.in_(refunds)))

    def _whole_lines(self) -> None:
        """Make one line for the whole of an order, as long as none of its lines is known."""
        whole = WHOLE_ORDER_LINE
        own = not_(is_made(WHOLE_ORDER, _LINE)), not_(is_made(REST_OF_ORDER, _LINE))
        itemized = select(_LINE.c.order_id).where(*own, _LINE.c.order_id.in_(_TOUCHED))
        replaced = ORDER_ITEM.alias("replaced")
        lines = select(replaced.c.id).where(is_made(WHOLE_ORDER, replaced), replaced.c.order_id.in_(itemized))
        self._let_go(lines)
        self._run(delete(ORDER_ITEM).where(ORDER_ITEM.c.id.in_(lines)))
        values = {name: whole.c[name] for name in ("product_id", "name", "price_minor")}
        differs = or_(*(ORDER_ITEM.c[name].is_distinct_from(whole.c[name]) for name in values))
        self._run(update(ORDER_ITEM).values(values).where(ORDER_ITEM.c.keap_id == whole.c.keap_id, differs))
        new = (
            select(whole.c.order_id, whole.c.product_id, whole.c.name, literal(1), whole.c.price_minor, whole.c.keap_id)
            .where(
                whole.c.order_id.not_in(itemized),
                not_(select(replaced.c.id).where(replaced.c.keap_id == whole.c.keap_id).exists()),
            )
            .order_by(whole.c.order_id)
        )
        columns = ("order_id", "product_id", "name", "quantity", "price_minor", "keap_id")
        self._run(insert(ORDER_ITEM).from_select(columns, new))

    def _links(self, payments: Payments) -> None:
        # A refund of one order never returns a payment of another.
        same = select(_OTHER.c.order_id).where(_OTHER.c.id == bindparam("returned")).scalar_subquery()
        for column, links in (("returns_payment_id", payments.links), ("refund_id", payments.written_with)):
            named = [(self._payment(one, payments), self._payment(other, payments)) for one, other in links]
            ids = self._payment_ids([keap_id for pair in named for keap_id in pair if keap_id])
            rows = [
                {"row": ids[one], "returned": ids[other]}
                for one, other in named
                if one in ids and other in ids and ids[one] != ids[other]
            ]
            if rows:
                mine = PAYMENT.c.id == bindparam("row"), PAYMENT.c.order_id == same
                differs = PAYMENT.c[column].is_distinct_from(bindparam("returned"))
                self._run(update(PAYMENT).where(*mine, differs).values({column: bindparam("returned")}), rows)

    @staticmethod
    def _payment(named: str, payments: Payments) -> str:
        allocation = named.removeprefix("allocation:")
        return payments.allocations.get(allocation, "") if allocation != named else named

    def _payment_ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for part in batched(keap_ids):
            ids.update((row[0], row[1]) for row in self._run(_PAYMENT_IDS, {"part": part}))
        return ids

    def _undone(self, payments: Payments) -> None:
        """Count a payment marked as voided or refunded where a separate refund row returns it."""
        ids = self._payment_ids(list(payments.undone))
        for keap_id, number in ids.items():
            found = self._run(_RETURNING, {"number": number}).scalar()
            if found is not None:
                self._run(_LINK, {"row": found, "returned": number})
                self._run(update(PAYMENT).where(PAYMENT.c.id == number).values(state=_APPROVED))
                del payments.undone[keap_id]

    def _guess_links(self) -> None:
        """Link a refund that names no payment to the newest earlier one on the same order with enough left."""
        loose = self._run(
            select(PAYMENT.c.order_id, PAYMENT.c.id, PAYMENT.c.amount_minor, PAYMENT.c.paid_on)
            .where(
                PAYMENT.c.kind.in_(_GIVES_BACK),
                PAYMENT.c.returns_payment_id.is_(None),
                PAYMENT.c.order_id.in_(_TOUCHED),
            )
            .order_by(PAYMENT.c.order_id, PAYMENT.c.paid_on, PAYMENT.c.id)
        ).all()
        for part in _by_order(loose):
            left = self._left_of_payments(list(part))
            links = []
            for row in chain.from_iterable(part.values()):
                payment = _returned_by(row, left.get(row.order_id, []))
                if payment is not None:
                    payment["left"] += row.amount_minor
                    links.append({"row": row.id, "returned": payment["id"]})
            if links:
                self._run(_LINK, links)

    def _left_of_payments(self, orders: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self._run(_LEFT_OF_PAYMENTS, {"part": orders}):
            found[row.order_id].append({"id": row.id, "paid_on": row.paid_on, "left": row.remaining})
        return found

    def _refund_lines(self) -> None:
        """Divide the refunds of an order over its lines, one refund after the other."""
        refunds = self._run(
            select(PAYMENT.c.order_id, PAYMENT.c.id, PAYMENT.c.amount_minor)
            .where(
                PAYMENT.c.kind == RowKind.REFUND.value,
                PAYMENT.c.state == _APPROVED,
                PAYMENT.c.order_id.in_(_TOUCHED),
                PAYMENT.c.id.not_in(select(REFUND_LINE.c.payment_id)),
            )
            .order_by(PAYMENT.c.order_id, PAYMENT.c.paid_on, PAYMENT.c.id)
        ).all()
        for part in _by_order(refunds):
            left = self._lines_left(list(part))
            made = []
            for row in chain.from_iterable(part.values()):
                lines = left.get(row.order_id)
                if not lines:
                    continue
                shares = over_lines(-row.amount_minor, [LineLeft(number, amount) for number, amount in lines.items()])
                for number, share in shares.items():
                    lines[number] -= share
                    if share:
                        made.append((row.id, number, share))
            names = ("payment_id", "order_item_id", "amount_minor")
            self._insert_rows(self._connection, REFUND_LINE, names, made)

    def _lines_left(self, orders: Sequence[int]) -> dict[int, dict[int, int]]:
        """The amount left to refund of each line of some orders, in minor units; corrected refunds do not count."""
        refunded: dict[int, int] = dict(self._run(_REFUNDED, {"part": orders}).all())
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for order_id, number, amount in self._run(_AMOUNTS_OF_LINES, {"part": orders}):
            found[order_id][number] = max(amount - refunded.get(number, 0), 0)
        return found


def _by_order(rows: Sequence[Any]) -> Iterator[dict[int, list[Any]]]:
    """Group rows sorted by order into lists by order, in batches of orders."""
    part: dict[int, list[Any]] = {}
    for order_id, mine in groupby(rows, key=lambda row: row.order_id):
        part[order_id] = list(mine)
        if len(part) == BATCH:
            yield part
            part = {}
    if part:
        yield part


def _returned_by(refund: Any, payments: Sequence[Mapping[str, Any]]) -> Any:
    before = [row for row in payments if row["paid_on"] <= refund.paid_on and row["left"] >= -refund.amount_minor]
    return before[-1] if before else None
