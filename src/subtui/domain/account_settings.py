"""The account settings form: reads each field from its text, and collects its problems."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from subtui.domain.billing import Cycle
from subtui.domain.contact_details import why_not_phone
from subtui.domain.errors import Problem
from subtui.domain.money import Money, minor_units
from subtui.domain.reasons import Reason

Limits = dict[str, dict[str, int]]
"""The amount above which a refund awaits approval, by role and currency, in minor units."""

BatchLimits = dict[str, int]
"""The number of subscriptions above which a batch awaits approval, by role."""

LIMITED_ROLES = ("agent", "admin", "owner")
MOST_HOLIDAYS = 200
MOST_REASONS = 40
LONGEST = 120
NEEDS_NOTE = "*"
"""The sign after a reason that needs a note: `other: Other *`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name in the draft, the values and the view, its label and hint on the form, and its column.

    Without a `column` its form in the table is made by hand. `section` is the heading above it, if it begins one.
    """

    name: str
    label: str
    column: str = ""
    hint: str = ""
    section: str = ""


SETTINGS = (
    Setting("plan", "Plan", "plan", section="Plan"),
    Setting("fee", "Fee"),
    Setting("currency", "Currency", hint="three letters"),
    Setting("cycle", "Billed in", "cycle"),
    Setting("frequency", "Every", "frequency", "(months)"),
    Setting("anchor", "First bill", "anchor", "billing cycle starts here"),
    Setting("began_on", "Began on", "created_on"),
    Setting("notice_days", "Notice days", "notice_days", "before an invoice", section="Cancellation terms"),
    Setting("answer_days", "Answer days", "answer_days", "business days"),
    Setting("minimum_months", "Minimum term", "minimum_months", "months (blank: none)"),
    Setting("phone", "Phone", "phone", section="Cancellations team"),
    Setting("hours", "Open", "opening_hours"),
    Setting("country", "Country", "country", "two letters", section="Calendar"),
    Setting("time_zone", "Time zone", "time_zone"),
    Setting("own_holidays", "Days off"),
    Setting("access_in_pause", "In a pause", "access_in_pause", section="Customers"),
    Setting("limits", "Limits", section="Refunds"),
    Setting("batch_limits", "Batch limits", hint="subscriptions"),
    Setting("name", "Name", "name", section="Account"),
    Setting("reasons", "Reasons"),
)
"""The settings in the order of the form."""


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """The account settings form as filled in: text as typed, dates parsed."""

    name: str
    plan: str
    fee: str
    currency: str
    cycle: Cycle
    frequency: str
    anchor: date | None
    began_on: date | None
    minimum_months: str
    notice_days: str
    answer_days: str
    phone: str
    hours: str
    country: str
    time_zone: str
    own_holidays: str
    limits: str
    reasons: str
    access_in_pause: bool = False
    batch_limits: str = ""


@dataclass(frozen=True, slots=True)
class SettingsValues:
    """The settings of a draft without problems."""

    name: str
    plan: str
    fee: Money
    cycle: Cycle
    frequency: int
    anchor: date | None
    began_on: date | None
    minimum_months: int | None
    notice_days: int
    answer_days: int
    phone: str
    hours: str
    country: str
    time_zone: str
    own_holidays: tuple[date, ...]
    limits: Limits
    reasons: tuple[Reason, ...]
    access_in_pause: bool = False
    batch_limits: BatchLimits = field(default_factory=dict)


class _Reader:
    """Reads one field after the other, and collects the problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def no(self, field: str, sentence: str) -> None:
        self.problems.append(Problem(field, sentence))

    def words(self, field: str, text: str, *, needed: str = "") -> str:
        if needed and not text.strip():
            self.no(field, needed)
        if len(text) > LONGEST:
            self.no(field, f"Enter at most {LONGEST} characters.")
        return text.strip()

    def number(self, field: str, text: str, least: int, most: int) -> int:
        written = text.strip()
        if not (written.isascii() and written.isdecimal() and len(written) <= 9 and least <= int(written) <= most):
            self.no(field, f"Enter a whole number from {least} to {most}.")
            return least
        return int(written)

    def money(self, text: str, currency: str) -> Money:
        code = currency.strip().upper()
        try:
            minor_units(code)
        except ValueError as error:
            self.no("currency", str(error))
            return Money(0, "USD")
        try:
            fee = Money.parse(text, code)
        except ValueError as error:
            self.no("fee", str(error))
            return Money(0, "USD")
        if fee.minor < 0:
            self.no("fee", "The fee can't be negative.")
        return fee


def read_settings_form(
    draft: SettingsDraft, *, why_not_country: Callable[[str], str | None], why_not_zone: Callable[[str], str | None]
) -> tuple[SettingsValues, tuple[Problem, ...]]:
    """The settings in the draft, and its problems in the order of the form; with problems they are unusable."""
    reader = _Reader()
    months = draft.minimum_months.strip()
    values = SettingsValues(
        name=reader.words("name", draft.name, needed="Enter a name for the account."),
        plan=reader.words("plan", draft.plan),
        fee=reader.money(draft.fee, draft.currency),
        cycle=draft.cycle,
        frequency=reader.number("frequency", draft.frequency, 1, 366),
        anchor=draft.anchor,
        began_on=draft.began_on,
        minimum_months=reader.number("minimum_months", months, 1, 120) if months else None,
        notice_days=reader.number("notice_days", draft.notice_days, 0, 366),
        answer_days=reader.number("answer_days", draft.answer_days, 0, 60),
        phone=reader.words("phone", draft.phone),
        hours=reader.words("hours", draft.hours),
        country=draft.country.strip().upper(),
        time_zone=draft.time_zone.strip(),
        own_holidays=_holidays(reader, draft.own_holidays),
        limits=_limits(reader, draft.limits),
        reasons=_reasons(reader, draft.reasons),
        access_in_pause=draft.access_in_pause,
        batch_limits=_batch_limits(reader, draft.batch_limits),
    )
    if values.plan and values.anchor is None:
        reader.no("anchor", "Enter the first bill date: the billing cycle starts there.")
    if values.minimum_months and values.began_on is None:
        reader.no("began_on", "Enter the date the account began: the minimum term starts there.")
    for place, why in (("country", why_not_country(values.country)), ("time_zone", why_not_zone(values.time_zone))):
        if why:
            reader.no(place, why)
    if values.phone and (why := why_not_phone(values.phone, values.country)):
        reader.no("phone", why)
    order = [field.name for field in fields(SettingsDraft)]
    return values, tuple(sorted(reader.problems, key=lambda problem: order.index(problem.field)))


def _holidays(reader: _Reader, text: str) -> tuple[date, ...]:
    days: list[date] = []
    for word in text.replace(",", " ").split():
        try:
            days.append(date.fromisoformat(word))
        except ValueError:
            reader.no("own_holidays", f"“{word[:20]}” is not a date: write dates as 2026-12-24, separated by commas.")
            return ()
    if len(days) > MOST_HOLIDAYS:
        reader.no("own_holidays", f"Enter at most {MOST_HOLIDAYS} days.")
    return tuple(sorted(set(days)))


def _limits(reader: _Reader, text: str) -> Limits:
    found: Limits = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        role, _, amount = entry.partition(" ")
        currency = amount.strip()[-3:].upper()
        try:
            limit = Money.parse(amount.strip(), currency)
        except ValueError:
            limit = None
        if role not in LIMITED_ROLES or limit is None or limit.minor < 0:
            reader.no("limits", f"“{entry[:30]}” is not a limit: write “agent 200.00 USD”, separated by semicolons.")
            return {}
        found.setdefault(role, {})[currency] = limit.minor
    return found


def _batch_limits(reader: _Reader, text: str) -> BatchLimits:
    found: BatchLimits = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        role, _, count = entry.partition(" ")
        count = count.strip()
        if role not in LIMITED_ROLES or not (count.isascii() and count.isdecimal() and len(count) <= 6):
            reader.no("batch_limits", f"“{entry[:30]}” is not a limit: write “agent 50”, separated by semicolons.")
            return {}
        found[role] = int(count)
    return found


def batch_limits_text(limits: BatchLimits) -> str:
    """The limits in the form of the field: `agent 50; admin 500`."""
    return "; ".join(f"{role} {count}" for role, count in limits.items())


def limits_text(limits: Limits) -> str:
    """The limits in the form of the field: `agent 200.00 USD; agent 180.00 EUR`."""
    return "; ".join(
        f"{role} {Money(minor, currency).format()}"
        for role, by_currency in limits.items()
        for currency, minor in by_currency.items()
    )


def _reasons(reader: _Reader, text: str) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, colon, label = (part.strip() for part in line.partition(":"))
        needs_note = label.endswith(NEEDS_NOTE)
        label = label.removesuffix(NEEDS_NOTE).strip()
        if not colon or not label or not code.replace("_", "").isalnum() or not code.isascii() or code != code.lower():
            reader.no("reasons", f"“{line[:30]}” is not a reason: write “too_expensive: Too expensive”, one per line.")
            return ()
        if code in [reason.code for reason in found]:
            reader.no("reasons", f"The code “{code[:30]}” appears twice.")
            return ()
        if max(len(code), len(label)) > LONGEST:
            reader.no("reasons", f"A code or its label can have at most {LONGEST} characters.")
            return ()
        found.append(Reason(code, label, needs_note))
    if not found:
        reader.no("reasons", "Enter at least one reason.")
    if len(found) > MOST_REASONS:
        reader.no("reasons", f"Enter at most {MOST_REASONS} reasons.")
    return tuple(found)


def reasons_text(reasons: Sequence[Reason]) -> str:
    """The reasons in the form of the field: `other: Other *`, one on each line."""
    return "\n".join(
        f"{reason.code}: {reason.label}{f' {NEEDS_NOTE}' if reason.needs_note else ''}" for reason in reasons
    )
