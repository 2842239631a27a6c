"""Refunds above somebody's limit: asked for, as they are stored, and the limits set anew."""

from pathlib import Path
from typing import Any

from subtui.acts.account import GetSettings, SaveSettings
from subtui.views.orders import RefundResult

from .asking import as_typed, desk_on
from .database import rows
from .ordering import AGENT, LARGE, OWNER, TODAY, refund

REQUEST = 1


def ask(path: Path, who: str = AGENT, order_id: int = LARGE, **change: Any) -> RefundResult:
    """Somebody asks for a refund above their limit."""
    with desk_on(path, TODAY, who) as backend:
        booked = refund(backend, order_id, **change)
    assert booked.waiting
    return booked


def request_row(path: Path, request_id: int = REQUEST) -> dict[str, Any]:
    """The refund that waits, as it is stored."""
    (row,) = rows(path, "SELECT * FROM refund_request WHERE id = ?", request_id)
    return row


def set_limits(path: Path, limits: str) -> None:
    """The owner sets the limits of the roles anew."""
    with desk_on(path, TODAY, OWNER) as backend:
        view = backend.read(GetSettings())
        backend.do(SaveSettings(as_typed(view, limits=limits), version=view.version))
