"""The account's screens as entries: Billing & Account, My account, the phone instructions, the settings."""

from collections.abc import Iterable, Sequence

from subtui.domain.account import AccountInvoice, Assessment
from subtui.domain.billing import Cycle, cycle_words
from subtui.domain.days import days_words
from subtui.domain.permissions import ROLE_WORDS, Role
from subtui.domain.plain_text import counted
from subtui.views.account import BillingView, MyAccount, PersonRow, RequestPreview, SettingsView
from subtui.views.account_words import NO_INVOICES, amounts_words
from subtui.views.entries import (
    BLANK,
    Cell,
    Column,
    Entry,
    Heading,
    Item,
    ListColumn,
    Paragraph,
    Table,
    Term,
    numbered,
    table,
    verified_words,
)
from subtui.views.format import Format
from subtui.views.phone_instructions import PhoneInstructions, who_completes
from subtui.views.ticket_entries import TICKET_COLUMNS, standing_words

NO_PLAN = (
    "The plan and first bill date are not set yet, so the end date cannot be worked out. The owner sets them under "
    "Billing & Account > Settings."
)
NO_NUMBER = "No number is set. The owner sets it under Billing & Account > Settings."

INVOICE_COLUMNS: tuple[ListColumn[AccountInvoice], ...] = (
    ListColumn("Invoice", 10, share=1, most=16, text=lambda invoice, _: invoice.number),
    ListColumn("Date", 11, right=True, text=lambda invoice, fmt: fmt.day(invoice.issued_on)),
    ListColumn("Amount", 13, right=True, text=lambda invoice, _: invoice.amount.format()),
    ListColumn(
        "State",
        17,
        share=1,
        most=30,
        text=lambda invoice, fmt: f"paid {fmt.day(invoice.paid_on)}" if invoice.paid_on else "open",
        tone=lambda invoice, _: "muted" if invoice.paid_on else "warn",
    ),
)


# --- Billing & Account ------------------------------------------------------------------------------------------------


def billing_headline(view: BillingView, fmt: Format) -> Iterable[Entry]:
    """The account with its plan, and the cancellation in force."""
    plan = view.plan
    if plan is None:
        yield Paragraph(view.account, "strong")
        yield Paragraph(NO_PLAN, "warn")
    else:
        began = f", since {fmt.day(plan.began_on)}" if plan.began_on else ""
        yield Paragraph(f"{plan.name}, {plan.price_words} · {view.account}{began}", "strong")
    if view.standing is not None:
        yield Paragraph(f"! {standing_words(view.standing, fmt)}", "alert")


def clock_words(view: BillingView, fmt: Format) -> str:
    """The notice clock in a sentence; with a cancellation in force, until when it can be withdrawn."""
    standing = view.standing
    if standing is None or standing.ends_on is None:
        return view.clock
    if standing.ends_on < view.today:
        return "The request can no longer be withdrawn."
    return f"The request can be withdrawn until {fmt.day(standing.ends_on)}."


def comparison(view: BillingView, fmt: Format) -> Iterable[Entry]:
    """The result of a cancellation while it stays the same, and of one requested on the day after."""
    now, later = view.now, view.later
    if now is None or later is None or view.standing is not None:
        return
    columns = (
        Column("If you cancel", 13),
        Column(f"by {fmt.day(view.holds_until)}", 19),
        Column(f"on {fmt.day(later.received_on)}", 15, share=1),
    )
    rows = (
        ("Last invoice", _last(now, fmt), _last(later, fmt)),
        ("Account ends", fmt.day(now.ends_on), fmt.day(later.ends_on)),
        ("Still to pay", _to_pay(now), _to_pay(later)),
        ("Refund", "none", "none"),
    )
    yield Table(columns, tuple((Cell(label, "muted"), Cell(one), Cell(two, "muted")) for label, one, two in rows))


def _last(found: Assessment, fmt: Format) -> str:
    if found.last_invoice is None:
        return NO_INVOICES
    return fmt.day(found.last_invoice) + (f" ({found.invoices})" if found.invoices > 1 else "")


def _to_pay(found: Assessment) -> str:
    """The open amounts, one for each currency."""
    sums = {found.to_pay.currency: found.to_pay}
    for amount in found.still_open:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return amounts_words([amount for amount in sums.values() if amount.minor]) or found.to_pay.format()


def people_entries(view: BillingView, fmt: Format) -> Iterable[Entry]:
    """Who can cancel the account and how, and its terms."""
    yield Heading("Who can cancel")
    yield from _named("Owner", view.owners)
    yield from _named("Admin", view.admins)
    if view.why_not_cancel:
        yield Paragraph(view.why_not_cancel, "warn")
    yield Heading("Cancel by phone")
    yield Term("Phone", view.phone or "not set")
    yield Term("Hours", view.hours or "not set")
    plan = view.plan
    if plan is not None:
        ends = plan.term_ends_on
        yield Heading("Terms")
        yield Term("Billed", f"{plan.cycle_words}, from {fmt.day(plan.anchor)}")
        yield Term("Notice", f"{days_words(plan.notice_days)} before the next invoice")
        yield Term("Answer", f"within {counted(plan.answer_days, 'business day')}")
        yield Term("Minimum term", f"until {fmt.day(ends)}" if ends else "none")


def _named(label: str, people: Sequence[PersonRow]) -> Iterable[Entry]:
    if not people:
        yield Term(label, "none", "warn")
    for at, who in enumerate(people):
        words = f"{who.name}, {verified_words(who.verified)}"
        yield Term("" if at else label, words, "" if who.verified else "warn")
        yield Term("", who.email, "muted")


def billing_entries(view: BillingView, fmt: Format) -> Iterable[Entry]:
    """Billing & Account."""
    yield from billing_headline(view, fmt)
    if view.now is not None:
        yield Heading("Notice clock")
        yield Paragraph(clock_words(view, fmt))
        yield Term("Next invoice", fmt.day(view.now.next_invoice))
        yield Term("Last safe day", fmt.day(view.now.last_safe_day))
        yield from comparison(view, fmt)
    yield from people_entries(view, fmt)
    yield Heading("Invoices")
    yield table(INVOICE_COLUMNS, view.invoices, fmt, empty="No invoices yet")


# --- My account, and the phone instructions ---------------------------------------------------------------------------


def my_account_entries(view: MyAccount) -> Iterable[Entry]:
    """The user, and whether they can cancel the account."""
    person = view.person
    yield Paragraph(f"{person.name}, {view.account}", "strong")
    yield Term("E-mail", person.email)
    yield Term("Role", f"{person.role.value}: {ROLE_WORDS[person.role]}")
    if person.role in (Role.OWNER, Role.ADMIN):
        yield Term("Identity", verified_words(person.verified), "good" if person.verified else "warn")
    yield Term("Account", "You can cancel it by phone only" if view.why_not_cancel else "You can cancel it online")


def cancellation_entry(view: MyAccount, fmt: Format) -> Paragraph:
    """The cancellation in force, else why this user cannot cancel online; empty where they can."""
    if view.standing is not None:
        return Paragraph(f"! {standing_words(view.standing, fmt)}", "warn")
    return Paragraph(view.why_not_cancel, "muted")


def account_entries(view: MyAccount, fmt: Format) -> Iterable[Entry]:
    """My account, with the user's own tickets."""
    yield from my_account_entries(view)
    cancellation = cancellation_entry(view, fmt)
    if cancellation.text:
        yield cancellation
    yield Heading("My tickets")
    yield table(TICKET_COLUMNS, view.tickets, fmt, empty="No tickets yet")


def phone_entries(way: PhoneInstructions) -> Iterable[Entry]:
    """The number to call, what to have ready, and what to say."""
    if way.why:
        yield Paragraph(way.why, "warn")
        yield BLANK
    yield Term("Phone", way.phone or NO_NUMBER, "accent")
    yield Term("Hours", way.hours or "not set")
    yield Heading("Have ready")
    yield from (Item("- ", item) for item in way.at_hand)
    yield Heading("Say")
    yield from (Item("  ", sentence) for sentence in way.script)
    yield BLANK
    yield Paragraph(who_completes(way.finishers), "muted")


def cancellation_preview(preview: RequestPreview) -> Iterable[Entry]:
    """The result of the cancellation form, and the terms to acknowledge."""
    yield from (Term(line.label, line.text) for line in preview.lines)
    yield Heading("Terms to acknowledge (--acknowledge)")
    yield from numbered(preview.statements)


# --- settings ---------------------------------------------------------------------------------------------------------


def settings_entries(view: SettingsView, fmt: Format) -> Iterable[Entry]:
    """The settings of the account, by the labels of their form."""
    yield Term("Name", view.name)
    yield Term("Plan", view.plan or "not set")
    yield Term("Fee", f"{view.fee} {view.currency}")
    yield Term("Cycle", cycle_words(Cycle(view.cycle), view.frequency))
    yield Term("First bill", fmt.day(view.anchor) or "not set")
    yield Term("Began", fmt.day(view.began_on))
    yield Term("Minimum term", counted(view.minimum_months, "month") if view.minimum_months else "none")
    yield Term("Notice", days_words(view.notice_days))
    yield Term("Answer", f"within {counted(view.answer_days, 'business day')}")
    yield Term("Phone", view.phone)
    yield Term("Hours", view.hours)
    yield Term("Country", view.country)
    yield Term("Time zone", view.time_zone)
    yield Term("Refund limit", view.limits)
    yield Term("Batch limit", view.batch_limits)
    yield Term("In a pause", "access goes on" if view.access_in_pause else "access stops")
    yield Term("Own days off", ", ".join(fmt.day(day) for day in view.own_holidays))
    yield Heading("Reasons")
    codes = ((Cell(one.code), Cell(one.label), Cell("needs a note" if one.needs_note else "")) for one in view.reasons)
    yield Table((Column("Code", 16), Column("Reason", 20), Column("", 12)), tuple(codes))
