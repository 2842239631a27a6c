"""Sends to Keap what a command has just saved, where the owner has set it so."""

from typing import TYPE_CHECKING

from subtui.cli.context import CliContext
from subtui.cli.output import complain
from subtui.domain.errors import SubtuiError

if TYPE_CHECKING:
    from subtui.services.backend import Backend


def send_by_itself(context: CliContext, backend: "Backend") -> None:
    """Send what waits, and say on standard error what became of it. The command itself has been done already."""
    if not backend.news().to_send:
        return
    from subtui.acts.keap import PushToKeap  # noqa: PLC0415  (few databases are connected)
    from subtui.views.keap_entries import push_line  # noqa: PLC0415

    open_calls = context.app_config("/").open_calls
    if open_calls is None:
        return
    try:
        complain(f"Keap: {push_line(backend.do(PushToKeap(open_calls)))}")
    except SubtuiError as error:
        complain(f"Keap: {error} The change waits in the outbox.")
