"""The account's screens as text: Billing & Account, My account, the phone instructions and the settings."""

from typing import TYPE_CHECKING

from subtui.cli.layout import bullets, parts, section, verified_words, yes
from subtui.cli.output import pairs, table
from subtui.cli.request_screens import request_table
from subtui.domain.account import AccountInvoice, AccountPlan, Assessment
from subtui.domain.billing import Cycle, cycle_words
from subtui.domain.days import days_words
from subtui.domain.permissions import ROLE_WORDS
from subtui.domain.plain_text import sanitize
from subtui.views.account import (
    BillingView,
    MyAccount,
    PersonRow,
    RequestPreview,
    RequestRow,
    SettingsView,
)
from subtui.views.account_words import amounts_words, last_invoice_words
from subtui.views.phone_instructions import PhoneInstructions, who_completes

if TYPE_CHECKING:
    from subtui.cli.context import CliContext


# --- Billing & Account ------------------------------------------------------------------------------------------------


def billing(view: BillingView, context: "CliContext") -> str:
    """The text of Billing & Account."""
    owed = tuple(invoice for invoice in view.invoices if invoice.paid_on is None)
    paid = tuple(invoice for invoice in view.invoices if invoice.paid_on is not None)
    return parts(
        sanitize(view.account),
        section("Plan and notice", _plan_and_notice(view, context)),
        section("Cancellation", _cancellation(view.standing, view.why_not_cancel, context)),
        section("Open invoices", _invoice_table(owed, context)),
        section("Past invoices", _invoice_table(paid, context)),
        section("Owner", _people_table(view.owners)),
        section("Administrators", _people_table(view.admins)),
        section("By phone", pairs((("Phone", view.phone or "not set"), ("Hours", view.hours)))),
    )


def _plan_and_notice(view: BillingView, context: "CliContext") -> str:
    if view.plan is None or view.now is None:
        return "The plan and first bill date are not set yet. The owner sets them in the account settings."
    now = view.now
    return pairs(
        (
            ("Plan", view.plan.name),
            ("Fee", view.plan.price_words),
            ("Cycle", view.plan.cycle_words),
            ("Next invoice", context.day(now.next_invoice)),
            ("Last safe day", context.day(now.last_safe_day)),
            ("Notice", view.clock),
            ("Minimum term", f"runs until {context.day(now.term_ends_on)}" if now.term_ends_on else ""),
            ("If cancelled today", _leads_to(view.plan, now, context)),
            ("Same result until", context.day(view.holds_until)),
            ("If cancelled later", _leads_to(view.plan, view.later, context) if view.later else ""),
            ("Outstanding", f"{amounts_words(now.still_open)} still due" if now.still_open else ""),
        )
    )


def _leads_to(plan: AccountPlan, found: Assessment, context: "CliContext") -> str:
    last = last_invoice_words(plan, found, context.day)
    return f"{last if found.last_invoice is None else f'last invoice {last}'}; ends on {context.day(found.ends_on)}"


def _cancellation(standing: RequestRow | None, why_not: str, context: "CliContext") -> str:
    if standing is not None:
        ends = f", the account ends on {context.day(standing.ends_on)}" if standing.ends_on else ""
        return f"{standing.ticket} is {standing.standing.value}{ends}: subtui show /requests/{standing.id}"
    if why_not:
        return f"none. {why_not} To cancel by phone: subtui show /account/phone"
    return "none. To cancel: subtui account cancel --help"


def _invoice_table(invoices: tuple[AccountInvoice, ...], context: "CliContext") -> str:
    if not invoices:
        return "none"
    lines = [
        (one.number, context.day(one.issued_on), one.amount.format(), context.day(one.paid_on)) for one in invoices
    ]
    headers = ("Number", "Date", "Amount", "Paid on")
    if all(one.paid_on is None for one in invoices):
        return table(headers[:3], [line[:3] for line in lines], right=("Amount",))
    return table(headers, lines, right=("Amount",))


def _people_table(people: tuple[PersonRow, ...]) -> str:
    if not people:
        return "none"
    return table(("Name", "E-mail", ""), [(one.name, one.email, verified_words(one.verified)) for one in people])


# --- My account, and the phone instructions ---------------------------------------------------------------------------


def my_account(view: MyAccount, context: "CliContext") -> str:
    """The text of My account: the user, and the state of the cancellation."""
    person = view.person
    return parts(
        sanitize(view.account),
        pairs(
            (
                ("Name", person.name),
                ("E-mail", person.email),
                ("Role", f"{person.role.value}: {ROLE_WORDS[person.role]}"),
                ("Verified", yes(person.verified)),
            )
        ),
        section("Cancellation of the account", _cancellation(view.standing, view.why_not_cancel, context)),
        section("Your tickets", request_table(view.tickets, context)),
    )


def phone_instructions(view: PhoneInstructions, _start: "CliContext | None" = None) -> str:
    """The text of the phone instructions."""
    own = f"{view.open_ticket}: subtui show /requests/{view.open_request_id}" if view.open_ticket else ""
    facts = pairs(
        (
            ("Why", view.why),
            ("Phone", view.phone or "not set: ask the owner"),
            ("Hours", view.hours),
            ("Your ticket", own),
        )
    )
    return parts(
        facts,
        section("Have ready", bullets(view.at_hand)),
        section("Say", bullets(view.script)),
        who_completes(view.finishers),
        "" if own else "To log your call: subtui account call --phone NUMBER",
    )


def what_it_leads_to(preview: RequestPreview) -> str:
    """The preview of the cancellation form, and the terms to acknowledge."""
    return parts(
        pairs([(line.label, line.text) for line in preview.lines]),
        section("Terms to acknowledge (--acknowledge)", bullets(preview.statements)),
    )


# --- settings ---------------------------------------------------------------------------------------------------------


def settings(view: SettingsView, context: "CliContext") -> str:
    """The settings of the account."""
    months = view.minimum_months
    facts = (
        ("Name", view.name),
        ("Plan", view.plan or "not set"),
        ("Fee", f"{view.fee} {view.currency}"),
        ("Cycle", cycle_words(Cycle(view.cycle), view.frequency)),
        ("First bill", context.day(view.anchor) or "not set"),
        ("Began", context.day(view.began_on)),
        ("Minimum term", f"{months} month{'' if months == 1 else 's'}" if months else "none"),
        ("Notice", days_words(view.notice_days)),
        ("Answer", f"within {view.answer_days} business day{'' if view.answer_days == 1 else 's'}"),
        ("Phone", view.phone),
        ("Hours", view.hours),
        ("Country", view.country),
        ("Time zone", view.time_zone),
        ("Refund limit", view.limits),
        ("Own days off", ", ".join(context.day(day) for day in view.own_holidays)),
        ("Version", str(view.version)),
    )
    codes = [(one.code, one.label, "needs a note" if one.needs_note else "") for one in view.reasons]
    return parts(pairs(facts), section("Reasons", table(("Code", "Reason", ""), codes) if codes else "none"))
