"""The rows of a subscription's invoices."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from subtui.app.widgets.record_table import Row
from subtui.views.customers import OrderRow
from subtui.views.entries import row_cells
from subtui.views.list_columns import ORDER_COLUMNS

__all__ = ["ORDER_COLUMNS", "order_row"]


class _Days:
    """Writes days, which is all that these columns ask for."""

    def __init__(self, day: Callable[[date | None], str]) -> None:
        self.day = day


def order_row(order: OrderRow, day: Callable[[date | None], str]) -> Row:
    """A row of orders or recurring charges."""
    return Row(order.id, row_cells(ORDER_COLUMNS, order, cast("Any", _Days(day))))
