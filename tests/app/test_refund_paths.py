"""Refunds by keyboard: from a saved cancellation, from an order, twice, too much, by two people, put right."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import events

from subtui.acts.orders import DeclineRefund, GetOrder, ListPendingRefunds, RecordRefund
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.order import OrderScreen
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.text_field import TextField
from subtui.clock import Clock
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.services.backend import Backend
from subtui.views.orders import OrderRecord, RefundDraft
from tests.app.driver import DEMO_DAY, Driver, running
from tests.services.database import rows, run

ORDER, REFUND = 1881, "/orders/1881/refund"
RECORD = ("ctrl+s", "y")


@dataclass
class Ledger:
    """The order as it is stored, looked at beside the program."""

    db: Path

    def order(self, number: int = ORDER) -> OrderRecord:
        with Backend.open(str(self.db), clock=Clock(DEMO_DAY)) as backend:
            backend.sign_in_demo("viewer")
            return backend.read(GetOrder(number))

    def refunded(self, number: int = ORDER) -> str:
        return self.order(number).refunded.format()


@pytest.fixture
def books(demo_db: Path) -> Ledger:
    return Ledger(demo_db)


def refund_by_another(db: Path, intent: str = "another") -> None:
    """Somebody else refunds the order while the form is open."""
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent2@demo.example")
        order = backend.read(GetOrder(ORDER))
        payment = next(row.id for row in order.rows if row.left)
        backend.do(RecordRefund(ORDER, RefundDraft(payment, intent, reason_code="duplicate"), version=order.version))


async def test_from_a_saved_cancellation_to_a_recorded_full_refund(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route="/subscriptions/1042") as driver:
        await driver.press("x", "t", "ctrl+s")
        assert driver.message.startswith("Saved. Monthly plan is Inactive")
        driver.pressed = 0
        await driver.press("r", "d", *RECORD)
        assert driver.pressed <= 8
        assert driver.message == "Recorded, not sent: 49.00 USD back to López, María; nothing due."
        assert driver.route == "/orders/1881"
    order = books.order()
    assert (order.refunded.minor, order.credited.minor, order.owed.minor) == (4900, 4900, 0)
    kinds = [row.kind for row in order.rows]
    assert kinds == [RowKind.CHARGE, RowKind.REFUND, RowKind.CREDIT]


async def test_the_question_spells_it_out_and_its_safe_answer_has_the_focus(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "ctrl+s")
        assert isinstance(driver.app.screen, ConfirmDialog)
        for words in ("49.00 USD back to López, María", "Payment on 15 Feb 2026", "order 1881", "Recorded, not sent."):
            assert words in driver.text
        assert driver.focus == "safe"
        await driver.press("enter", "enter")
        assert driver.route == REFUND
        assert books.refunded() == "0.00 USD", "an Enter held down records nothing"
        await driver.press(*RECORD)
    assert books.refunded() == "49.00 USD"


async def test_a_key_pressed_twice_refunds_once(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route=REFUND) as driver:
        await driver.press("d", "ctrl+s")
        for _ in range(4):
            driver.app.post_message(events.Key("y", "y"))
        await driver.settle()
        await driver.settle()
    assert books.refunded() == "49.00 USD"
    assert len(rows(demo_db, "SELECT id FROM payment WHERE kind = 'refund' AND order_id = ?", ORDER)) == 1


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "above 0 and at most 49.00 USD"),
        ("-5", "above 0"),
        ("49.01", "At most 49.00 USD of this payment"),
        ("12.345", "at most 2 decimals"),
        ("1e3", "is not an amount in USD"),
        ("x", "is not an amount in USD"),
    ],
)
async def test_an_amount_that_cannot_be_is_told_at_its_field(
    demo_db: Path, books: Ledger, amount: str, sentence: str
) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "tab", "tab")
        await driver.type(amount)
        await driver.press("ctrl+s")
        assert driver.focus == "amount"
        assert sentence in driver.here.query_one("#field-amount").problem  # type: ignore[attr-defined]
        assert driver.message.startswith("Not saved.")
        assert amount in driver.text, "nothing typed is lost"
    assert books.refunded() == "0.00 USD"


async def test_partials_go_on_until_the_rest_and_the_default_is_what_is_left(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "tab", "tab")
        await driver.type("10.50")
        await driver.press(*RECORD)
        assert driver.message.startswith("Recorded, not sent: 10.50 USD")
        await driver.press("r", "d")
        assert "-38.50 USD of the payment" in driver.text
        await driver.press(*RECORD)
        assert driver.message.startswith("Recorded, not sent: 38.50 USD")
        await driver.press("r")
        assert driver.message == "This payment has already been refunded in full."
    assert books.refunded() == "49.00 USD"


async def test_what_is_still_owed_is_asked_and_kept(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "tab", "tab", "tab", "tab")
        assert driver.focus == "owed"
        await driver.type("49")
        assert "nothing due → 49.00 USD due" in " ".join(driver.text.replace("│", " ").split())
        await driver.press(*RECORD)
    assert books.order().owed.minor == 4900


async def test_somebody_else_was_faster_both_versions_are_shown_and_nothing_is_lost(
    demo_db: Path, books: Ledger
) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "tab")
        await driver.type("Charged twice.")
        refund_by_another(demo_db)
        await driver.press(*RECORD)
        assert "Sam Okonkwo changed this order after you opened it" in driver.text
        assert "49.00 USD" in driver.text
        assert "0.00 USD" in driver.text
        await driver.press("enter")
        assert driver.here.query_one("#note").text == "Charged twice."  # type: ignore[attr-defined]
    assert books.refunded() == "49.00 USD"


async def test_a_refund_of_today_is_corrected_and_can_then_be_done_again(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route=REFUND) as driver:
        await driver.press("d", *RECORD, "down", "x")
        assert "Reverse this refund?" in driver.text
        assert driver.focus == "safe"
        await driver.press("y")
        assert driver.message == "Refund reversed; nothing due."
        assert books.refunded() == "0.00 USD"
        await driver.press("g", "r", "d", *RECORD)
    assert books.refunded() == "49.00 USD"


async def test_above_the_limit_it_waits_and_another_person_approves(demo_db: Path, books: Ledger) -> None:
    run(demo_db, 'UPDATE account SET refund_limits = \'{"agent": {"USD": 1000}}\'')
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", "ctrl+s")
        assert "Request this refund?" in driver.text
        await driver.press("y")
        assert "another user has to approve it" in driver.message
        await driver.press("a")
        assert "An agent cannot approve a refund" in driver.message
    assert books.refunded() == "0.00 USD"
    async with running(demo_db, who="admin", route="/refunds", size=(120, 36)) as driver:
        await driver.press("enter", "a")
        assert "Approve this refund?" in driver.text
        await driver.press("y")
        assert driver.message.startswith("Recorded, not sent: 49.00 USD")
    assert books.refunded() == "49.00 USD"


async def test_the_reference_is_noted_later_and_leaves_the_list(demo_db: Path) -> None:
    async with running(demo_db, route=REFUND, size=(120, 36)) as driver:
        await driver.press("d", *RECORD, "F")
        assert "gateway reference missing" in driver.text
        await driver.press("enter", "down", "e")
        await driver.type("RE-77")
        await driver.press("ctrl+s")
        assert driver.message == "Reference saved: RE-77."
        await driver.press("F")
        assert "No open refunds" in driver.text


async def test_a_promise_is_noted_and_done_by_the_refund(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/1042", size=(120, 36)) as driver:
        await driver.press("f")
        assert "has not been cancelled" in driver.message
        await driver.press("x", "t", "ctrl+s", "f")
        assert driver.message.startswith("Refund noted as pending.")
        await driver.press("F", "enter")
        assert driver.route == "/orders/1881"
        await driver.press("r", "d", *RECORD, "F")
        assert "refund pending" not in driver.text


async def test_a_payment_settles_what_is_due(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route="/orders/1702", size=(120, 36)) as driver:
        await driver.press("p", *RECORD)
        assert driver.message == "Payment recorded; nothing due."
        await driver.press("p", "ctrl+s")
        assert "Nothing is due on this order" in driver.message
    assert books.order(1702).owed.minor == 0


async def test_loose_ends_are_put_right_from_the_report(demo_db: Path) -> None:
    async with running(demo_db, route="/reports", size=(120, 36)) as driver:
        await driver.press("f", "f", "f", "f")
        assert "13 to fix" in driver.text
        await driver.press("x", "u", "ctrl+s")
        assert driver.message.startswith("Saved.")
        await driver.press("escape")
        assert "12 to fix" in driver.text
        await driver.press("G", "x", *RECORD)
        assert driver.message == "Credit recorded; nothing due."
        await driver.press("escape")
        assert "11 to fix" in driver.text


async def test_a_report_is_exported_and_never_written_over(demo_db: Path, tmp_path: Path) -> None:
    file = tmp_path / "reasons.csv"
    async with running(demo_db, route="/reports", size=(120, 36)) as driver:

        async def export() -> None:
            await driver.press("e")
            driver.app.screen.query_one("#path").value = str(file)  # type: ignore[attr-defined]
            await driver.press("enter")

        await export()
        assert driver.message == f"Exported to {file}."
        await export()
        assert "already exists" in driver.message
    assert file.read_text(encoding="utf-8").startswith("Reason,How many,Share")


async def at(driver: Driver, *keys: str) -> str:
    await driver.press(*keys)
    return driver.message


@pytest.mark.parametrize("who", ["viewer"])
async def test_whoever_may_not_is_told_why(demo_db: Path, who: str, books: Ledger) -> None:
    async with running(demo_db, who=who, route="/orders/1881") as driver:
        assert "A viewer cannot refund an order" in await at(driver, "r")
        assert "A viewer cannot record a payment" in await at(driver, "p")
    assert books.refunded() == "0.00 USD"


async def test_what_was_refused_in_one_dialog_does_not_begin_another(demo_db: Path) -> None:
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent")
        payment = next(row.id for row in backend.read(GetOrder(ORDER)).rows if row.left)
        for intent in ("first", "second"):
            form = RefundDraft(payment, intent, Money(1000, "USD"), reason_code="duplicate")
            backend.do(RecordRefund(ORDER, form, version=backend.read(GetOrder(ORDER)).version))
    async with running(demo_db, route="/orders/1881", size=(120, 36)) as driver:

        def typed() -> str:
            return driver.app.screen.query_one("#text", TextField).value

        await driver.press("down", "e")
        await driver.type("R-1")
        screen = driver.here
        assert isinstance(screen, OrderScreen)
        with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
            backend.sign_in_demo("agent")
            order = backend.read(GetOrder(ORDER))
            backend.do(
                RecordRefund(
                    ORDER,
                    RefundDraft(payment, "third", Money(100, "USD"), reason_code="duplicate"),
                    version=order.version,
                )
            )
        await driver.press("ctrl+s")
        assert "Another user changed this order" in driver.message or "changed" in driver.message
        await driver.press("e")
        assert typed() == "R-1", "for the same refund it is there again"
        await driver.press("ctrl+s", "down", "down", "e")
        assert "Reference of the refund of 10.00 USD" in driver.text
        assert typed() == "", "the reference of one refund is not that of another"


async def test_the_answer_approves_the_refund_that_the_question_named(demo_db: Path, books: Ledger) -> None:
    run(demo_db, 'UPDATE account SET refund_limits = \'{"agent": {"USD": 1000}}\'')
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent")
        order = backend.read(GetOrder(ORDER))
        payment = next(row.id for row in order.rows if row.left)
        for intent, minor in (("first", 1100), ("second", 2200)):
            form = RefundDraft(payment, intent, Money(minor, "USD"), reason_code="duplicate")
            backend.do(RecordRefund(ORDER, form, version=order.version))
    async with running(demo_db, who="admin", route="/orders/1881", size=(120, 36)) as driver:
        screen = driver.app.screen
        assert isinstance(screen, OrderScreen)
        await driver.press("a")
        assert "11.00 USD back to" in driver.text
        with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
            backend.sign_in_demo("owner")
            backend.do(DeclineRefund(1, "Not this one.", version=1))
        screen.reload()
        await driver.settle()
        await driver.press("y")
        assert "declined already" in driver.message or "changed" in driver.message
    assert books.refunded() == "0.00 USD", "the other one, which now waits first, was not what was asked"


async def test_cash_is_paid_back_by_hand_and_is_done(demo_db: Path, books: Ledger) -> None:
    async with running(demo_db, route="/orders/1933/refund") as driver:
        assert driver.here.query_one("#kind", Dropdown).chosen == "manual"
        await driver.press("d", *RECORD)
        assert driver.message.startswith("Recorded, to be paid back manually: 24.00 USD back to ")
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("admin")
        assert not [to_do for to_do in backend.read(ListPendingRefunds()) if to_do.route == "/orders/1933"]


async def test_the_way_back_follows_the_payment_until_another_one_is_chosen(demo_db: Path) -> None:
    run(demo_db, "UPDATE payment SET method = 'Check' WHERE id = (SELECT min(id) FROM payment WHERE order_id = 1881)")
    async with running(demo_db, route=REFUND) as driver:
        kind = driver.here.query_one("#kind", Dropdown)
        assert kind.chosen == "manual"
        kind.choose("refund")
        await driver.settle()
        assert kind.chosen == "refund"
