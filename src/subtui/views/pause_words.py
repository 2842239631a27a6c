"""Pauses in words: the preview panel, the sentence after a save, and the letter to the customer."""

from datetime import date

from subtui.domain.days import Day, days_words, format_day
from subtui.domain.pauses import paid_days_lost, skipped_bills
from subtui.domain.subscriptions import Billing, Pause, Terms
from subtui.views.letters import Wording, facts_block
from subtui.views.preview import Line


def pause_words(pause: Pause, day: Day = format_day) -> str:
    """The days of a pause: `from 2 Mar 2026 until resumed`."""
    until = f"until {day(pause.resumes_on)}" if pause.resumes_on else "until resumed"
    return f"from {day(pause.paused_from)} {until}"


def describe_pause(
    before: Terms, after: Terms, billing: Billing, *, today: date, day: Day = format_day
) -> tuple[Line, ...]:
    """The lines of the panel: what saving the pause form does."""
    pause = after.pause
    if pause is None:
        return _resumed(before, after, day)
    stored = before.pause
    changed = pause != stored
    status = "Active → Paused" if pause.covers(today) else "Active, paused later"
    lines = [
        Line("Status", "stays Paused" if stored and stored.covers(today) else status, changed=stored is None),
        Line("Paused", pause_words(pause, day), changed=changed),
        Line("Charges", _skipped(after, pause, billing), changed=changed),
        Line("Next bill", _bill(after, day), changed=after.ending.next_bill_date != before.ending.next_bill_date),
    ]
    if pause.resumes_on:
        lines.append(Line("Bills after", _after_words(pause, after, day), changed=changed))
    lines.append(Line("Access", "goes on during the pause" if pause.access_in_pause else "stops during the pause"))
    lost = paid_days_lost(pause, billing)
    if lost:
        lines.append(Line("Paid days", f"{days_words(lost)} already paid fall into the pause"))
    end = after.ending.end_date
    if end is not None and pause.covers(end):
        lines.append(Line("Ends", f"on {day(end)}, within the pause"))
    lines.append(Line("Letter", "ready after saving", changed=changed))
    lines.append(Line("Undo", f"until {day(pause.resumes_on)}" if pause.resumes_on else "until resumed"))
    return tuple(lines)


def _resumed(before: Terms, after: Terms, day: Day) -> tuple[Line, ...]:
    pause = before.pause
    if pause is None:
        return (Line("Status", "is not paused"),)
    is_new = after.anchor != before.anchor
    return (
        Line("Status", "Paused → Active", changed=True),
        Line("Next bill", _bill(after, day), changed=after.ending.next_bill_date != before.ending.next_bill_date),
        Line("Bills after", "a new cycle from that day" if is_new else "on the same days as before", changed=is_new),
        Line("Access", "goes on" if pause.access_in_pause else "again from today", changed=not pause.access_in_pause),
        Line("Letter", "ready after saving", changed=True),
    )


def _skipped(after: Terms, pause: Pause, billing: Billing) -> str:
    count = skipped_bills(after, pause, billing)
    if count is None:
        return "No bills until it is resumed"
    if not count:
        return "No bill falls into the pause"
    each = after.bill_amount.format()
    return f"1 bill of {each} is not made" if count == 1 else f"{count} bills of {each} are not made"


def _bill(after: Terms, day: Day) -> str:
    bill = after.ending.next_bill_date
    return f"{after.bill_amount.format()} on {day(bill)}" if bill else "none until it is resumed"


def _after_words(pause: Pause, after: Terms, day: Day) -> str:
    return "a new cycle from the end of the pause" if pause.restarts_cycle else "on the same days as before"


def saved_words(plan: str, after: Terms, today: date, day: Day = format_day) -> str:
    """The sentence after the save."""
    pause, bill = after.pause, after.ending.next_bill_date
    if pause is None:
        return f"Saved. {plan} is Active again{f'; next bill {day(bill)}' if bill else ''}."
    if not pause.covers(today):
        return f"Saved. {plan} will be paused {pause_words(pause, day)}."
    until = f"until {day(pause.resumes_on)}" if pause.resumes_on else "until it is resumed"
    return f"Saved. {plan} is Paused {until}, no charges meanwhile."


def confirm_pause(
    *,
    account: str,
    customer: str,
    plan: str,
    subscription_id: int,
    before: Terms,
    after: Terms,
    written_on: date,
    by: str,
    log_hash: str,
    day: Day,
) -> Wording:
    """The letter for a subscription that was paused or resumed."""
    pause, bill = after.pause, after.ending.next_bill_date
    facts = [("Subscription", f"{plan} (no. {subscription_id})"), ("Recorded on", day(written_on))]
    if pause is None:
        subject = f"Your subscription “{plan}” has been resumed"
        first = "As you requested, your subscription has been resumed."
    else:
        later = pause.paused_from > written_on
        subject = f"Your subscription “{plan}” {'will be' if later else 'has been'} paused"
        first = f"As you requested, your subscription {'will be' if later else 'has been'} paused."
        facts.append(("Paused", pause_words(pause, day)))
        facts.append(("Access", "continues during the pause" if pause.access_in_pause else "stops during the pause"))
    facts.append(("Next bill", f"{after.bill_amount.format()} on {day(bill)}" if bill else "none until you resume"))
    paragraphs = [f"Dear {customer},", first, facts_block(*facts)]
    if pause is not None:
        ends = f"It resumes by itself on {day(pause.resumes_on)}." if pause.resumes_on else "Tell us when to resume it."
        paragraphs.append(f"No charges are made for the paused days. {ends}")
    paragraphs.append(f"Kind regards,\n{by}\n{account}")
    paragraphs.append(f"Record {log_hash[:16]}")
    return Wording(subject, "\n\n".join(paragraphs))
