"""The account itself: its plan and invoices, the notice clock, my account, and the settings an owner may change."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.account import CheckSettings, GetSettings, MarkDrill, SaveSettings
from subtui.domain.account import AccountInvoice, AccountPlan, Assessment, assess_account, holds_until, seen_from_today
from subtui.domain.account_settings import (
    SETTINGS,
    SettingsValues,
    batch_limits_text,
    limits_text,
    read_settings_form,
    reasons_text,
)
from subtui.domain.billing import Cycle, local_day
from subtui.domain.errors import Invalid, Problem, Refused, WrongInput
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.reasons import Reason
from subtui.services.account_repository import load_account, lock_account, reasons_of
from subtui.services.calendar import Calendar, read_own, require_country
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables import Account, User
from subtui.storage.tables import AccountInvoice as InvoiceRow
from subtui.views.account import BillingView, PersonRow, SettingsView
from subtui.views.account_words import clock_words

Day = Callable[[date], str]

NO_PLAN = "The plan and first bill date are not set yet. The owner sets them under Billing & Account > Settings."


def plan_of(account: Account) -> AccountPlan | None:
    """The account's own plan; None until it is recorded."""
    if not account.plan or account.anchor is None:
        return None
    return AccountPlan(
        name=account.plan,
        fee=Money(account.fee_minor, account.fee_currency or account.currency),
        cycle=Cycle(account.cycle),
        frequency=account.frequency,
        anchor=account.anchor,
        began_on=account.created_on,
        notice_days=account.notice_days,
        answer_days=account.answer_days,
        minimum_months=account.minimum_months,
    )


def require_plan(account: Account) -> AccountPlan:
    """The account's own plan. Raises Refused when it is not recorded."""
    plan = plan_of(account)
    if plan is None:
        raise Refused(NO_PLAN)
    return plan


def calendar_of(account: Account) -> Calendar:
    """The account's days off."""
    return Calendar(account.country, read_own(account.own_holidays))


def invoices_of(session: Session) -> tuple[AccountInvoice, ...]:
    """The invoices to the account, newest first."""
    newest = select(InvoiceRow).order_by(col(InvoiceRow.issued_on).desc(), col(InvoiceRow.id).desc())
    return tuple(
        AccountInvoice(row.id or 0, row.number, row.issued_on, Money(row.amount_minor, row.currency), row.paid_on)
        for row in session.execute(newest).scalars()
    )


def assessed(session: Session, account: Account, received_on: date) -> Assessment:
    """Assess a request received on a day, with the stored plan and invoices. Raises Refused without a plan."""
    return assess_account(
        require_plan(account), received_on, invoices=invoices_of(session), holidays=calendar_of(account)
    )


def people(session: Session, role: Role) -> tuple[PersonRow, ...]:
    """The users with a role, the verified first."""
    users = select(User).where(col(User.role) == role.value, col(User.active).is_(True)).order_by(col(User.id))
    rows = [
        PersonRow(user.id or 0, user.name, user.email, user.role, user.verified)
        for user in session.execute(users).scalars()
    ]
    return tuple(sorted(rows, key=lambda row: not row.verified))


def billing(session: Session, today: date, day: Day) -> BillingView:
    """The screen Billing & Account, without the parts that depend on the user."""
    account = load_account(session)
    plan, invoices = plan_of(account), invoices_of(session)
    now = until = later = None
    clock = ""
    if plan is not None:
        now = assessed(session, account, today)
        until, later = holds_until(plan, now, invoices=invoices, holidays=calendar_of(account))
        later = seen_from_today(plan, now, later)
        clock = clock_words(now, today=today, day=day)
    return BillingView(
        account=account.name,
        today=today,
        plan=plan,
        invoices=invoices,
        owners=people(session, Role.OWNER),
        admins=people(session, Role.ADMIN),
        phone=account.phone,
        hours=account.opening_hours,
        clock=clock,
        now=now,
        holds_until=until,
        later=later,
    )


# --- settings ---------------------------------------------------------------------------------------------------------


@answers(GetSettings)
def settings(reader: Reader, _query: GetSettings) -> SettingsView:
    """Handle `GetSettings`."""
    account = load_account(reader.session)
    fee = Money(account.fee_minor, account.fee_currency or account.currency)
    return SettingsView(
        version=account.version,
        fee=fee.format_amount(),
        currency=fee.currency,
        own_holidays=read_own(account.own_holidays),
        limits=limits_text(account.refund_limits),
        batch_limits=batch_limits_text(account.batch_limits),
        reasons=reasons_of(account),
        **{setting.name: getattr(account, setting.column) for setting in SETTINGS if setting.column},
    )


@handles(SaveSettings)
def save_settings(tx: Transaction, act: SaveSettings) -> str:
    """Handle `SaveSettings`."""
    account = lock_account(tx)
    if account.version != act.version:
        raise Refused("Another user changed these settings after you opened them. Nothing was saved: open them again.")
    values, problems = read_settings_form(act.draft, why_not_country=_why_not_country, why_not_zone=_why_not_zone)
    if problems:
        raise Invalid(problems)
    after = _image(_stored(values))
    before = _image(
        {name: getattr(account, name) for name in _stored(values)}
        | {"fee_currency": account.fee_currency or account.currency}
    )
    if before == after:
        raise Refused("No changes to save.")
    changed = (
        update(Account)
        .where(col(Account.id) == account.id, col(Account.version) == act.version)
        .values(**_stored(values), version=act.version + 1)
    )
    if tx.session.execute(changed).rowcount != 1:  # type: ignore[attr-defined]
        raise Refused("Another user changed these settings at the same time. Nothing was saved: open them again.")
    different = [name for name in before if before[name] != after[name]]
    tx.log(
        EventType.SAVE_SETTINGS,
        subject=Subject(SubjectType.ACCOUNT, account.id),
        before={name: before[name] for name in different},
        after={name: after[name] for name in different},
    )
    return "Saved. Account settings changed."


@handles(MarkDrill)
def mark_drill(tx: Transaction, act: MarkDrill) -> str:
    """Handle `MarkDrill`."""
    account = lock_account(tx)
    if account.demo_day is not None or account.drill:
        raise Refused(f"This is already a {'drill' if account.drill else 'demo'}: use --at to act on any date.")
    account.drill = True
    tx.log(
        EventType.MARK_DRILL,
        subject=Subject(SubjectType.ACCOUNT, account.id),
        before={"drill": False},
        after={"drill": True},
    )
    return "Marked as a drill: use --at to act on any date."


@answers(CheckSettings)
def settings_problems(_reader: Reader, query: CheckSettings) -> tuple[Problem, ...]:
    """Handle `CheckSettings`."""
    return read_settings_form(query.draft, why_not_country=_why_not_country, why_not_zone=_why_not_zone)[1]


def _why_not_country(code: str) -> str | None:
    try:
        require_country(code)
    except WrongInput as error:
        return str(error)
    return None


def _why_not_zone(name: str) -> str | None:
    from datetime import UTC, datetime  # noqa: PLC0415

    try:
        local_day(datetime(2026, 1, 1, tzinfo=UTC), name)
    except ValueError as error:
        return str(error)
    return None


def _stored(values: SettingsValues) -> dict[str, Any]:
    """The columns to store."""
    plain = {setting.column: getattr(values, setting.name) for setting in SETTINGS if setting.column}
    return plain | {
        "cycle": values.cycle.value,
        "fee_minor": values.fee.minor,
        "fee_currency": values.fee.currency,
        "own_holidays": [day.isoformat() for day in values.own_holidays],
        "refund_limits": values.limits,
        "batch_limits": values.batch_limits,
        "cancel_reasons": [
            {"code": reason.code, "label": reason.label, "needs_note": reason.needs_note} for reason in values.reasons
        ],
    }


def _image(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns in the form of the log: plain JSON values."""
    image: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()
    }
    image["fee"] = Money(columns["fee_minor"], columns["fee_currency"]).format()
    del image["fee_minor"], image["fee_currency"]
    image["batch_limits"] = batch_limits_text(columns["batch_limits"])
    image["refund_limits"] = limits_text(columns["refund_limits"])
    image["own_holidays"] = ", ".join(columns["own_holidays"])
    image["cancel_reasons"] = reasons_text([Reason(**row) for row in columns["cancel_reasons"]]).replace("\n", ", ")
    return image
