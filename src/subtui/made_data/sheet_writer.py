"""Inserts rows into the tables in batches."""

from typing import Any

from sqlalchemy import Connection, Table

from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import (
    AUTOMATION,
    CONTACT,
    CONTACT_TAG,
    CREDIT_CARD,
    NOTE,
    ORDER,
    ORDER_ITEM,
    PAYMENT,
    REFUND_LINE,
    SUBSCRIPTION,
)

BATCH = 4000
"""Rows of a table that are written at once."""

_COLUMNS: dict[Table, tuple[str, dict[str, Any]]] = {
    CONTACT: (
        "id first_name last_name company email email2 email3 phone1 phone2 job_title website billing_address"
        " shipping_address owner_id person_notes created_on name_key rest_key phone_key sort_key city_key",
        {"version": 1},
    ),
    CREDIT_CARD: ("id contact_id brand last4 expires_month expires_year active", {}),
    CONTACT_TAG: ("contact_id tag_id", {}),
    AUTOMATION: ("id contact_id name running", {}),
    NOTE: ("id contact_id at author text", {}),
    SUBSCRIPTION: (
        "id contact_id plan_id quantity price_minor currency cycle frequency start_date anchor credit_card_id credits"
        " status auto_charge paid_through next_bill_date end_date reason_code reason_note requested_on"
        " charging_stops_on recorded_at recorded_by",
        {"max_attempts": 3, "days_between_attempts": 2, "version": 1},
    ),
    ORDER: (
        "id contact_id subscription_id title ordered_on currency total_minor received_minor refunded_minor",
        {"version": 1},
    ),
    ORDER_ITEM: ("id order_id product_id name quantity price_minor", {}),
    PAYMENT: (
        "id order_id returns_payment_id refund_id kind method state paid_on amount_minor gateway_reference note"
        " reason_code",
        {},
    ),
    REFUND_LINE: ("payment_id order_item_id amount_minor", {}),
}
"""The columns with a value for each row, and those with one value for all."""

TABLES = tuple(table.name for table in _COLUMNS)


class Sheets:
    """Collects rows, numbers them from 1 in each table, and writes them in batches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        self._insert_rows = dialect_of(connection).insert_rows
        self.counts = dict.fromkeys(TABLES, 0)

    def add(self, table: str, *values: Any) -> int:
        """Add a row; returns its id."""
        number = self.counts[table] = self.counts[table] + 1
        self._rows[table].append((number, *values))
        return number

    def put(self, table: str, *values: Any) -> None:
        """Add a row of a table without ids."""
        self.counts[table] += 1
        self._rows[table].append(values)

    def next_id(self, table: str) -> int:
        """The id of the next row of a table."""
        return self.counts[table] + 1

    def write(self, *, least: int = BATCH) -> None:
        """Write the rows of every table that has a full batch."""
        for table, (own, shared) in _COLUMNS.items():
            rows = self._rows[table.name]
            if len(rows) >= least:
                values = tuple(shared.values())
                whole = [row + values for row in rows] if values else rows
                self._insert_rows(self._connection, table, (*own.split(), *shared), whole)
                self._rows[table.name] = []

    def write_all(self) -> None:
        """Write the remaining rows."""
        self.write(least=1)
