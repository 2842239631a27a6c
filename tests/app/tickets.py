"""Tickets as their screens show them, and the sentences on who may not answer or withdraw them."""

from pathlib import Path

from subtui.acts.tickets import DecideTicket, GetTicket
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.record_table import RecordTable
from subtui.domain.requests import Standing
from tests.app.asking import desk_of
from tests.app.driver import Driver

OVERDUE = "/requests/1003"
SAM = "agent2@demo.example"
CANNOT_ANSWER = " cannot answer a ticket: ask an admin or the owner."
NOT_VERIFIED = "Only a verified owner or admin can withdraw the account cancellation, and you are not verified yet."


def listed(driver: Driver) -> list[str]:
    """The numbers of the tickets in the queue, in its order."""
    return [row.cells[0].text for row in driver.here.query_one("#list", RecordTable).rows]


def offered(driver: Driver) -> list[str]:
    """The keys of the key bar that are about the ticket."""
    return [hint.key for hint in driver.here.query_one(KeyBar).hints if hint.key in tuple("rpcdwl")]


def close(db: Path, *numbers: int) -> None:
    """Answer tickets beside the program under test."""
    with desk_of(db) as backend:
        for number in numbers:
            backend.do(DecideTicket(number, Standing.ANSWERED, version=backend.read(GetTicket(number)).version))
