"""Completes an import once every row is written: links refunds to payments, and makes missing order lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

from sqlalchemy import Connection

from subtui.domain.refunds import LineLeft, over_lines
from subtui.keap.ids import REST_OF_ORDER, WHOLE_ORDER
from subtui.keap.imports.payments import Payments
from subtui.storage.ledger import recompute_sums
from subtui.storage.sql import BATCH, batched, placeholders

_TOUCHED = "SELECT id FROM temp.touched_order"
_REST = f"'{REST_OF_ORDER}' || o.id"


class PostProcess:
    """The orders that an import has touched, and the steps that complete them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run("DROP TABLE IF EXISTS temp.touched_order")
        self._run("CREATE TEMP TABLE touched_order (id INTEGER PRIMARY KEY)")

    def touch(self, order_ids: Iterable[int]) -> None:
        """Note orders that were written, or of which a line or a payment was written."""
        rows = [(number,) for number in order_ids]
        if rows:
            self._run("INSERT OR IGNORE INTO temp.touched_order VALUES (?)", rows)

    def finish(self, payments: Payments) -> None:
        """Complete the lines, links and references of the touched orders."""
        self._first_orders()
        self._lines()
        self._links(payments)
        self._undone(payments)
        self._guess_links()
        self._refund_lines()
        touched = self._run(_TOUCHED).scalars()
        recompute_sums(self._connection, chain(touched.all(), payments.moved_from))
        self._run("DROP TABLE temp.touched_order")
        self._run("DROP TABLE temp.whole_order")

    def _run(self, sql: str, values: Any = ()) -> Any:
        return self._connection.exec_driver_sql(sql, values)

    def _first_orders(self) -> None:
        """Link the first order of a subscription to it: only the subscription names the order."""
        self._run(
            'UPDATE "order" SET subscription_id = s.id FROM subscription s'
            ' WHERE "order".keap_id = json_extract(s.more, \'$."Originating Order Id"\')'
            ' AND "order".subscription_id IS NULL AND "order".contact_id = s.contact_id'
            f' AND (s.imported_on IS NOT NULL) AND "order".id IN ({_TOUCHED})'
        )

    def _lines(self) -> None:
        """Make the lines of an order add up to its total, where the total is known."""
        lines = (
            "SELECT coalesce(sum(i.quantity * i.price_minor), 0) FROM order_item i"
            f" WHERE i.order_id = o.id AND coalesce(i.keap_id, '') IS NOT {_REST}"
        )
        self._run(
            f'UPDATE "order" AS o SET total_minor = ({lines}) WHERE o.id IN ({_TOUCHED}) AND o.total_minor != ({lines})'
            # A total in a file counts even if it is zero: a line is made for it, or for its difference from the lines.
            " AND o.id NOT IN (SELECT order_id FROM temp.whole_order) AND NOT EXISTS (SELECT 1 FROM order_item i"
            f" WHERE i.order_id = o.id AND (i.keap_id = {_REST} OR i.keap_id LIKE '{WHOLE_ORDER}%'))"
        )
        self._whole_lines()
        changed = (
            f'SELECT r.id FROM "order" o JOIN order_item r ON r.order_id = o.id AND r.keap_id = {_REST}'
            f" WHERE o.id IN ({_TOUCHED}) AND r.price_minor != o.total_minor - ({lines})"
        )
        self._let_go(changed)
        self._run(
            f'UPDATE order_item AS r SET price_minor = (SELECT o.total_minor - ({lines}) FROM "order" o'
            f" WHERE o.id = r.order_id) WHERE r.id IN ({changed})"
        )
        self._run(
            f"DELETE FROM order_item WHERE keap_id LIKE '{REST_OF_ORDER}%' AND price_minor = 0"
            f" AND order_id IN ({_TOUCHED})"
        )
        self._run(
            "INSERT INTO order_item (order_id, name, quantity, price_minor, keap_id)"
            f" SELECT o.id, 'Discount, tax and other', 1, o.total_minor - ({lines}), {_REST}"
            f' FROM "order" o WHERE o.id IN ({_TOUCHED}) AND o.total_minor != ({lines})'
            f" AND NOT EXISTS (SELECT 1 FROM order_item r WHERE r.keap_id = {_REST})"
        )

    def _let_go(self, lines: str) -> None:
        """Drop the refunded amounts of deleted or changed lines, to be divided over the order's lines again."""
        self._run(f"UPDATE refund_request SET order_item_id = NULL WHERE order_item_id IN ({lines})")
        self._run(
            "DELETE FROM refund_line WHERE payment_id IN"
            f" (SELECT payment_id FROM refund_line WHERE order_item_id IN ({lines}))"
        )

    def _whole_lines(self) -> None:
        """Make one line for the whole of an order, as long as none of its lines is known."""
        of_whole = f"coalesce(keap_id LIKE '{WHOLE_ORDER}%', 0)"
        itemized = (
            f"SELECT order_id FROM order_item WHERE NOT {of_whole}"
            f" AND coalesce(keap_id, '') NOT LIKE '{REST_OF_ORDER}%' AND order_id IN ({_TOUCHED})"
        )
        replaced = f"SELECT id FROM order_item WHERE {of_whole} AND order_id IN ({itemized})"
        self._let_go(replaced)
        self._run(f"DELETE FROM order_item WHERE id IN ({replaced})")
        self._run(
            "UPDATE order_item AS i SET product_id = w.product_id, name = w.name, price_minor = w.price_minor"
            " FROM temp.whole_order w WHERE i.keap_id = w.keap_id"
        )
        self._run(
            "INSERT INTO order_item (order_id, product_id, name, quantity, price_minor, keap_id)"
            " SELECT w.order_id, w.product_id, w.name, 1, w.price_minor, w.keap_id FROM temp.whole_order w"
            f" WHERE w.order_id NOT IN ({itemized})"
            " AND NOT EXISTS (SELECT 1 FROM order_item i WHERE i.keap_id = w.keap_id) ORDER BY w.order_id"
        )

    def _links(self, payments: Payments) -> None:
        for column, links in (("returns_payment_id", payments.links), ("refund_id", payments.written_with)):
            named = [(self._payment(one, payments), self._payment(other, payments)) for one, other in links]
            ids = self._payment_ids([keap_id for pair in named for keap_id in pair if keap_id])
            rows = [(ids[other], ids[one], ids[other]) for one, other in named if one in ids and other in ids]
            if rows:
                self._run(
                    f"UPDATE payment SET {column} = ? WHERE id = ? AND id != ?"
                    # A refund of one order never returns a payment of another.
                    " AND order_id = (SELECT p.order_id FROM payment p WHERE p.id = ?)",
                    [(*row, row[0]) for row in rows],
                )

    @staticmethod
    def _payment(named: str, payments: Payments) -> str:
        allocation = named.removeprefix("allocation:")
        return payments.allocations.get(allocation, "") if allocation != named else named

    def _payment_ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for part in batched(keap_ids):
            found = self._run(f"SELECT keap_id, id FROM payment WHERE keap_id IN ({placeholders(part)})", tuple(part))
            ids.update((row[0], row[1]) for row in found)
        return ids

    def _undone(self, payments: Payments) -> None:
        """Count a payment marked as voided or refunded where a separate refund row returns it."""
        ids = self._payment_ids(list(payments.undone))
        for keap_id, number in ids.items():
            found = self._run(
                "SELECT r.id FROM payment p JOIN payment r ON r.order_id = p.order_id AND r.state = 'approved'"
                " AND r.kind IN ('refund', 'void', 'chargeback') WHERE p.id = ? AND (r.returns_payment_id = p.id"
                " OR (r.returns_payment_id IS NULL AND r.amount_minor = -p.amount_minor AND r.paid_on >= p.paid_on))"
                " ORDER BY r.returns_payment_id IS NULL, r.paid_on, r.id LIMIT 1",
                (number,),
            ).scalar()
            if found is not None:
                self._run("UPDATE payment SET returns_payment_id = ? WHERE id = ?", (number, found))
                self._run("UPDATE payment SET state = 'approved' WHERE id = ?", (number,))
                del payments.undone[keap_id]

    def _guess_links(self) -> None:
        """Link a refund that names no payment to the newest earlier one on the same order with enough left."""
        loose = self._run(
            "SELECT order_id, id, amount_minor, paid_on FROM payment WHERE kind IN ('refund', 'void', 'chargeback')"
            f" AND returns_payment_id IS NULL AND order_id IN ({_TOUCHED}) ORDER BY order_id, paid_on, id"
        ).all()
        for part in _by_order(loose):
            left = self._left_of_payments(list(part))
            links = []
            for row in chain.from_iterable(part.values()):
                payment = _returned_by(row, left.get(row.order_id, []))
                if payment is not None:
                    payment["left"] += row.amount_minor
                    links.append((payment["id"], row.id))
            if links:
                self._run("UPDATE payment SET returns_payment_id = ? WHERE id = ?", links)

    def _left_of_payments(self, orders: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        rows = self._run(
            "SELECT p.order_id, p.id, p.paid_on, p.amount_minor + coalesce((SELECT sum(r.amount_minor) FROM payment r"
            " WHERE r.returns_payment_id = p.id AND r.state = 'approved'), 0) AS remaining FROM payment p"
            f" WHERE p.kind = 'charge' AND p.state = 'approved' AND p.order_id IN ({placeholders(orders)})"
            " ORDER BY p.paid_on, p.id",
            tuple(orders),
        )
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            found[row.order_id].append({"id": row.id, "paid_on": row.paid_on, "left": row.remaining})
        return found

    def _refund_lines(self) -> None:
        """Divide the refunds of an order over its lines, one refund after the other."""
        refunds = self._run(
            "SELECT order_id, id, amount_minor FROM payment WHERE kind = 'refund' AND state = 'approved'"
            f" AND order_id IN ({_TOUCHED}) AND id NOT IN (SELECT payment_id FROM refund_line)"
            " ORDER BY order_id, paid_on, id"
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
            if made:
                self._run("INSERT INTO refund_line (payment_id, order_item_id, amount_minor) VALUES (?, ?, ?)", made)

    def _lines_left(self, orders: Sequence[int]) -> dict[int, dict[int, int]]:
        """The amount left to refund of each line of some orders, in minor units; corrected refunds do not count."""
        returned = (
            "SELECT coalesce(sum(l.amount_minor), 0) FROM refund_line l JOIN payment p ON p.id = l.payment_id"
            # A void has lines too, but a voided payment is charged again.
            " WHERE l.order_item_id = i.id AND p.kind = 'refund'"
            " AND NOT EXISTS (SELECT 1 FROM payment c"
            " WHERE c.returns_payment_id = p.id AND c.kind = 'refund_correction')"
        )
        rows = self._run(
            f"SELECT i.order_id, i.id, max(i.quantity * i.price_minor - ({returned}), 0) AS remaining"
            f" FROM order_item i WHERE i.order_id IN ({placeholders(orders)}) ORDER BY i.id",
            tuple(orders),
        )
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for row in rows:
            found[row.order_id][row.id] = row.remaining
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
