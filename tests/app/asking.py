"""The account's tickets, asked for beside the program under test, and what its screens show of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from subtui.acts.log import VerifyLog
from subtui.acts.tickets import AskQuestion, FileCall, GetTicket, RequestCancellation
from subtui.app.screens.letter import LetterScreen
from subtui.app.screens.menu import AccountMenu
from subtui.app.screens.ticket import TicketScreen
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.app.widgets.record_table import RecordTable
from subtui.clock import Clock
from subtui.domain.requests import CallDraft, CancellationDraft, ContactDetails, QuestionDraft, Topic
from subtui.services.backend import Backend
from subtui.views.account import RequestRecord
from subtui.views.customers import LetterView
from tests.app.driver import DEMO_DAY, Driver

TO_THE_TICK = ("tab",) * 6
SEEDED, NEW = 4, 1005
TERMS = (
    "Notice is at least 10 days before the next invoice: cancel by 9 Mar 2026 to avoid the 19 Mar 2026 invoice.",
    "There are no further invoices, and the account ends on 18 Mar 2026.",
    "Fees are not prorated: there is no refund for unused time.",
    "Open invoices (249.00 USD) are still due.",
)
SAVED = "T-1005 is recorded. The account ends on 18 Mar 2026; an answer is due by 4 Mar 2026."
UNVERIFIED = "newadmin@demo.example"


@contextmanager
def desk_of(db: Path, who: str = "owner", at: date = DEMO_DAY) -> Iterator[Backend]:
    """A second backend on the same database, as another process would open it."""
    with Backend.open(str(db), clock=Clock(at)) as backend:
        backend.sign_in_demo(who)
        yield backend


def asked(db: Path, *, who: str = "owner", at: date = DEMO_DAY, comment: str = "") -> RequestRecord:
    """The account's cancellation, asked for beside the program under test."""
    draft = CancellationDraft(ContactDetails("owner@demo.example"), "too_expensive", comment=comment, acknowledged=True)
    with desk_of(db, who, at) as backend:
        return backend.do(RequestCancellation(draft)).request


def called(db: Path, who: str = "agent", note: str = "The baker retires.") -> RequestRecord:
    """A call, filed beside the program under test."""
    with desk_of(db, who) as backend:
        return backend.do(FileCall(CallDraft("602 555 0163", note))).request


def questioned(
    db: Path, subject: str = "A refund", text: str = "How long does it take?", *, who: str = "agent"
) -> RequestRecord:
    """A question, asked beside the program under test."""
    draft = QuestionDraft(ContactDetails("agent@demo.example"), Topic.REFUND, subject, text)
    with desk_of(db, who) as backend:
        return backend.do(AskQuestion(draft)).request


def ticket(db: Path, number: int = NEW) -> RequestRecord:
    """A ticket as it is stored."""
    with desk_of(db) as backend:
        return backend.read(GetTicket(number))


def log_is_whole(db: Path) -> bool:
    """Whether the log is as it was written."""
    with desk_of(db) as backend:
        return backend.read(VerifyLog()).broken is None


def record(driver: Driver) -> RequestRecord:
    """The ticket on the screen."""
    assert isinstance(driver.here, TicketScreen)
    assert driver.here.record is not None
    return driver.here.record


def letter(driver: Driver) -> LetterView:
    """The letter on the screen."""
    assert isinstance(driver.here, LetterScreen)
    assert driver.here.letter is not None
    return driver.here.letter


def problem(driver: Driver, name: str) -> str:
    """What a field says is wrong with it."""
    return driver.here.query_one(f"#field-{name}", FormField).problem


def panel(driver: Driver) -> dict[str, str]:
    """The lines beside the form."""
    preview = driver.here.query_one(PreviewPanel).preview
    assert preview is not None
    return {line.label: line.text for line in preview.lines}


def menu_item(driver: Driver) -> str:
    """The marked item of the account menu."""
    assert isinstance(driver.app.screen, AccountMenu)
    table = driver.app.screen.query_one(RecordTable)
    return table.rows[table.cursor].cells[0].text


async def filled_in(driver: Driver) -> None:
    """The form as the guide says: the reason, tab to the terms, the tick."""
    await driver.press("t", *TO_THE_TICK)
    assert driver.focus == "tick"
    await driver.press("space")
