"""The preview, in words, of a save. The panel on the form and a dry run show the same lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from subtui.domain.billing import next_bill_date
from subtui.domain.cancellation import Draft, is_unchanged
from subtui.domain.days import far_words, format_day, short_day
from subtui.domain.endings import unused
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.domain.subscriptions import Billing, Status, Terms
from subtui.views.endings import unused_words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview panel. `changed` marks what the save writes, as opposed to what stays the same."""

    label: str
    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The lines in reading order and the problems of the draft; with `problems` nothing can be saved."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def saves_something(self) -> bool:
        """Whether a save would write anything at all."""
        return any(line.changed for line in self.lines)


@dataclass(frozen=True, slots=True)
class SubscriptionContext:
    """The related records of a subscription that do not stop with it."""

    automations: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owed: Money | None = None
    card: str = ""
    other_active: int = 0


def describe(
    terms: Terms,
    draft: Draft,
    billing: Billing,
    around: SubscriptionContext,
    *,
    reasons: Sequence[Reason],
    today: date,
    day: Callable[[date], str] = format_day,
    cards: dict[int, str] | None = None,
) -> tuple[Line, ...]:
    """The lines of the panel for a draft; of a draft with problems, as many as can be told."""
    words = _Words(terms, draft, billing, around, tuple(reasons), today, day, cards or {})
    if is_unchanged(terms, draft):
        return words.unchanged()
    if draft.status is Status.INACTIVE:
        return (*words.inactive(), *words.commercial())
    return (*words.active(), *words.commercial())


@dataclass(frozen=True, slots=True)
class _Words:
    terms: Terms
    draft: Draft
    billing: Billing
    around: SubscriptionContext
    reasons: tuple[Reason, ...]
    today: date
    day: Callable[[date], str]
    cards: dict[int, str]

    def unchanged(self) -> tuple[Line, ...]:
        ending = self.terms.ending
        if ending.status is Status.INACTIVE:
            return (
                Line("Status", "stays Inactive"),
                Line("Access", f"until {self.day(ending.end_date)}" if ending.end_date else "no end date recorded"),
                Line("Save", "no changes yet"),
            )
        lines = [Line("Status", f"stays {self.terms.state(self.today)}")]
        if ending.end_date:
            lines[0] = Line("Status", f"Active until {self.day(ending.end_date)}, then Inactive")
        lines += self._paused()
        lines.append(Line("Charges", self._next_charge()))
        lines.append(Line("Save", "no changes yet"))
        return tuple(lines)

    def inactive(self) -> tuple[Line, ...]:
        stored = self.terms.ending
        newly = stored.status is Status.ACTIVE
        end = self.draft.end_date
        lines = [
            Line("Status", "Active → Inactive" if newly else "stays Inactive", changed=newly),
            Line("Charges", self._charges_stopped(newly), changed=newly),
            Line("Access", self._until(end) if end else "until the end date", changed=end != stored.end_date),
            self._auto_charge(to=False),
            self._reason(),
            *self._requested(),
            *self._owed(),
            Line("Refund", self._refund()),
            Line("Still running", self._still_running()),
        ]
        if newly:
            lines.append(Line("Letter", "ready after saving", changed=True))
            lines.append(Line("Undo", f"until {self.day(end)}" if end else "until the end date"))
        return tuple(lines)

    def active(self) -> tuple[Line, ...]:
        stored, end = self.terms.ending, self.draft.end_date
        if stored.status is Status.INACTIVE:
            return (Line("Status", "use Undo to reactivate"),)
        if end is None:
            taken_out = stored.end_date is not None
            status = "stays Active (end date removed)" if taken_out else "stays Active"
            lines = [Line("Status", status, changed=taken_out)]
            if self.draft.auto_charge != stored.auto_charge:
                lines.append(self._auto_charge(to=self.draft.auto_charge))
            lines.append(Line("Charges", self._next_charge()))
            return tuple(lines)
        return (
            Line("Status", f"Active until {self.day(end)}, then Inactive", changed=end != stored.end_date),
            Line("Charges", self._charges_until(end)),
            Line("Access", self._until(end), changed=end != stored.end_date),
            self._auto_charge(to=self.draft.auto_charge, later=True),
            self._reason(),
            *self._requested(),
            *self._owed(),
            Line("Refund", "not included"),
            Line("Still running", self._still_running()),
            Line("Undo", f"until {self.day(end)}"),
        )

    def _paused(self) -> tuple[Line, ...]:
        pause = self.terms.pause
        if pause is None:
            return ()
        until = f"until {self.day(pause.resumes_on)}" if pause.resumes_on else "until resumed"
        return (Line("Paused", f"from {self.day(pause.paused_from)} {until}"),)

    def _until(self, end: date) -> str:
        far = far_words(end, self.today)
        return f"until {self.day(end)}, {far}" if far else f"until {self.day(end)}"

    def commercial(self) -> tuple[Line, ...]:
        old, new = self.terms, self.draft
        lines: list[Line] = []
        if new.quantity != old.quantity:
            lines.append(Line("Quantity", f"{old.quantity} → {new.quantity}", changed=True))
        if new.price != old.price:
            lines.append(Line("Price", f"{old.price.format()} → {new.price.format()} from the next bill", changed=True))
        if new.max_attempts != old.max_attempts:
            lines.append(Line("Attempts", f"{old.max_attempts} → {new.max_attempts} for a charge", changed=True))
        if new.credit_card_id != old.credit_card_id:
            before = self.cards.get(old.credit_card_id or 0, "none")
            after = self.cards.get(new.credit_card_id or 0, "none")
            lines.append(Line("Card", f"{before} → {after}", changed=True))
        return tuple(lines)

    def _next_bill(self) -> date:
        stored = self.terms.ending.next_bill_date
        return stored or next_bill_date(
            self.billing.anchor, self.billing.cycle, self.billing.frequency, after=self.today
        )

    def _charged(self) -> str:
        return self.draft.price.times(max(self.draft.quantity, 0)).format()

    def _next_charge(self) -> str:
        if self.terms.pause is not None and self.terms.ending.next_bill_date is None:
            return "none until it is resumed"
        how = "charged" if self.draft.auto_charge else "billed (not charged)"
        return f"{self._charged()} {how} on {self.day(self._next_bill())}"

    def _charges_stopped(self, newly: bool) -> str:
        if newly:
            return f"No further charges ({short_day(self._next_bill(), self.today, self.day)} bill cancelled)"
        return "No further charges" if self.terms.ending.auto_charge else "No charges (unchanged)"

    def _charges_until(self, end: date) -> str:
        pause, bill = self.terms.pause, self.terms.ending.next_bill_date
        if pause is not None and (bill is None or bill > end):
            return "No bill before the end date: it is paused"
        # From the next bill, not from tomorrow: one that is due today or overdue is still charged.
        count, last = self.billing.bills_between(self._next_bill(), end)
        if last is None:
            return "No bill before the end date"
        if count == 1:
            return f"1 more bill, {self._charged()} on {self.day(last)}"
        return f"{count} more bills of {self._charged()}, the last on {self.day(last)}"

    def _auto_charge(self, *, to: bool, later: bool = False) -> Line:
        words = {True: "Yes", False: "No"}
        was = self.terms.ending.auto_charge
        if was == to:
            text = "Yes until the end date, then No" if later and to else f"stays {words[to]}"
            return Line("Auto Charge", text)
        return Line("Auto Charge", f"{words[was]} → {words[to]}", changed=True)

    def _reason(self) -> Line:
        labels = {reason.code: reason.label for reason in self.reasons}
        code = self.draft.reason_code
        stored = self.terms.ending
        changed = (code, self.draft.reason_note.strip()) != (stored.reason_code, stored.reason_note)
        return Line("Reason", labels.get(code, code) if code else "not chosen yet", changed=changed and bool(code))

    def _requested(self) -> tuple[Line, ...]:
        """The line for the requested day, only where the agent sets one: by default it is the day of the save."""
        asked = self.draft.requested_on
        if asked is None or asked == self.terms.ending.requested_on:
            return ()
        return (Line("Requested", f"on {self.day(asked)}", changed=True),)

    def _refund(self) -> str:
        """Keap prorates nothing, and neither does a cancellation: what is unused is said, for a refund to decide on."""
        end, billing = self.draft.end_date, self.billing
        left = unused_words(unused(billing, self.terms.bill_amount, end)) if end else ""
        return f"not included; {left}" if left else "not included"

    def _owed(self) -> tuple[Line, ...]:
        owed = self.around.owed
        return (Line("Open orders", f"{owed.format()} still due"),) if owed and owed.minor > 0 else ()

    def _still_running(self) -> str:
        parts: list[str] = []
        if self.around.automations:
            count = len(self.around.automations)
            parts.append(f"{count} automation{'s' if count > 1 else ''}")
        if self.around.tags:
            names = ", ".join(f"“{name}”" for name in self.around.tags[:2])
            more = f" and {len(self.around.tags) - 2} more" if len(self.around.tags) > 2 else ""
            parts.append(f"tag {names}{more}")
        if self.around.other_active:
            count = self.around.other_active
            parts.append(f"{count} other subscription{'s' if count > 1 else ''}")
        return ", ".join(parts) if parts else "any external fulfilment"
