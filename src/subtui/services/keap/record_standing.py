"""What has become in Keap of the changes of one record, for its form."""

from typing import TYPE_CHECKING

from subtui.services.keap.standing import is_connected
from subtui.services.unit_of_work import Reader

if TYPE_CHECKING:
    from subtui.views.keap import KeapStanding


def of_record(
    reader: Reader, *, subscription_id: int | None = None, order_id: int | None = None
) -> "KeapStanding | None":
    """What has become of the changes of a subscription or an order; None without a connection."""
    if not is_connected(reader.session):
        return None
    from subtui.services.keap.queries import standing_of  # noqa: PLC0415  (few databases are connected)

    return standing_of(reader, subscription_id=subscription_id, order_id=order_id)
