"""Inserts rows into the tables in batches."""

from typing import Any

from sqlalchemy import Connection

BATCH = 4000
"""Rows of a table that are written at once."""

_COLUMNS: dict[str, tuple[str, str, str]] = {
    "contact": (
        "first_name, last_name, company, email, email2, email3, phone1, phone2, job_title, website, billing_address,"
        " shipping_address, owner_id, person_notes, created_on, name_key, rest_key, phone_key, sort_key",
        "version",
        "1",
    ),
    "credit_card": ("contact_id, brand, last4, expires_month, expires_year, active", "", ""),
    "contact_tag": ("contact_id, tag_id", "", ""),
    "automation": ("contact_id, name, running", "", ""),
    "note": ("contact_id, at, author, text", "", ""),
    "subscription": (
        "contact_id, plan_id, quantity, price_minor, currency, cycle, frequency, start_date, anchor, credit_card_id,"
        " credits, status, auto_charge, paid_through, next_bill_date, end_date, reason_code, reason_note, requested_on,"
        " charging_stops_on, recorded_at, recorded_by",
        "max_attempts, days_between_attempts, version",
        "3, 2, 1",
    ),
    "order": (
        "contact_id, subscription_id, title, ordered_on, currency, total_minor, received_minor, refunded_minor",
        "version",
        "1",
    ),
    "order_item": ("order_id, product_id, name, quantity, price_minor", "", ""),
    "payment": (
        "order_id, returns_payment_id, refund_id, kind, method, state, paid_on, amount_minor, gateway_reference, note,"
        " reason_code",
        "",
        "",
    ),
    "refund_line": ("payment_id, order_item_id, amount_minor", "", ""),
}
"""The columns written into each table: those with a value for each row, then those with one value for all."""

_WITHOUT_ID = ("contact_tag", "refund_line")
TABLES = tuple(_COLUMNS)


class Sheets:
    """Collects rows, numbers them from 1 in each table, and writes them in batches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        self._sql = {table: _insert(table) for table in TABLES}
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
        for table, rows in self._rows.items():
            if len(rows) >= least:
                self._connection.exec_driver_sql(self._sql[table], rows)
                self._rows[table] = []

    def write_all(self) -> None:
        """Write the remaining rows."""
        self.write(least=1)


def _insert(table: str) -> str:
    own, shared, values = _COLUMNS[table]
    columns = own if table in _WITHOUT_ID else f"id, {own}"
    placeholders = ", ".join("?" * (columns.count(",") + 1))
    more, also = (f", {shared}", f", {values}") if shared else ("", "")
    return f'INSERT INTO "{table}" ({columns}{more}) VALUES ({placeholders}{also})'  # noqa: S608  (names that stand above)
