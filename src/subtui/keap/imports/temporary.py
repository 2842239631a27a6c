"""The temporary tables of an import."""

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table
from sqlalchemy.schema import CreateTable, DropTable

_HERE = MetaData()

TOUCHED_ORDER = Table("touched_order", _HERE, Column("id", Integer, primary_key=True), prefixes=["TEMPORARY"])
"""The orders that were written, or of which a line or a payment was written."""

WHOLE_ORDER_LINE = Table(
    "whole_order",
    _HERE,
    Column("order_id", Integer, primary_key=True),
    Column("product_id", Integer),
    Column("name", String),
    Column("price_minor", Integer),
    Column("keap_id", String),
    prefixes=["TEMPORARY"],
)
"""A line for each order whose total is known, for the case that its lines are not."""

CONTACT_MAIL = Table(
    "contact_mail",
    _HERE,
    Column("id", Integer, primary_key=True),
    Column("mail", String),
    prefixes=["TEMPORARY"],
)
"""The e-mail addresses of contacts."""


def make_again(connection: Connection, table: Table) -> None:
    """Make a temporary table, empty; one that an earlier import left is dropped."""
    drop(connection, table)
    connection.execute(CreateTable(table))


def drop(connection: Connection, table: Table) -> None:
    """Drop a temporary table."""
    connection.execute(DropTable(table, if_exists=True))
