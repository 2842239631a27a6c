"""What an import changed reads in the log as what a person changed, and is understood where the log is read back."""

import csv
import json
from dataclasses import replace

from subtui.acts.data import ExportChanges
from subtui.acts.log import ListEvents
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.event_types import Subject
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.views.customers import EventView
from subtui.views.exports import ChangesFormat
from tests.services.importing import Business
from tests.services.keap_files import WIZARD, gold, pat, sheet, table, wizard


def last_change(business: Business) -> EventView:
    """The newest entry about the subscription, as the Activity tab of its contact shows it."""
    backend = business.backend(Role.AGENT)
    (view,) = backend.read(
        ListEvents(contact_id=business.subscription()["contact_id"], subject=Subject.read("subscription:131"), limit=1)
    )
    backend.close()
    return view


def shown(view: EventView) -> dict[str, tuple[str, str]]:
    return {change.field: (change.before, change.after) for change in view.changes}


def test_it_is_shown_in_words(business: Business) -> None:
    business.bring(wizard(gold(**{"Promo Code": "SPRING"})))
    changed = gold(Price="1,059.50", **{"Auto Charge": "No", "End Date": "2026-03-20", "Promo Code": "SUMMER"})
    business.bring(wizard(changed))
    view = last_change(business)
    assert (view.title, view.actor) == ("Changed by an import", "Ned Admin")
    assert shown(view) == {
        "Price": ("49.00 USD", "1,059.50 USD"),
        "Auto Charge": ("Yes", "No"),
        "End date": ("-", "2026-03-20"),
        "Promo Code": ("SPRING", "SUMMER"),
    }
    business.check()


def test_another_contact_plan_and_currency(business: Business) -> None:
    business.bring(wizard(gold()))
    moved = gold(Price="EUR 49.00", **{"Infusionsoft's Contact Id": 5, "Subscription Plan Id": 18})
    business.bring({"s.csv": sheet(WIZARD, moved), "c.csv": table(pat(Id=5))})
    assert shown(last_change(business)) == {
        "Contact": ("1204", "5"),
        "Plan": ("17", "18"),
        "Price": ("49.00 USD", "49.00 EUR"),
    }


def test_what_stands_beside_the_columns_is_a_change_too(business: Business) -> None:
    business.bring(wizard(gold(**{"Promo Code": "SPRING"})))
    # A column that Keap's users have added may be called like one of ours.
    business.bring({"s.csv": sheet(f"{WIZARD},status", gold(status="gone"))})
    view = last_change(business)
    assert shown(view) == {"Promo Code": ("SPRING", "-"), "status": ("-", "gone")}
    entry = business.row("SELECT before, after FROM event WHERE id = ?", view.id)
    assert json.loads(entry["before"]) == {"more": {"Promo Code": "SPRING"}}
    assert json.loads(entry["after"]) == {"more": {"status": "gone"}}


def test_an_end_that_was_recorded_here_and_is_gone(business: Business) -> None:
    business.bring(wizard(gold()))
    backend = business.backend(Role.AGENT)
    record = backend.read(GetSubscription(131))
    draft = replace(draft_of(record.terms), end_date=record.billing.paid_through, reason_code="unused")
    ended = backend.do(SaveSubscription(131, draft, version=record.version)).record.terms.ending
    backend.close()
    business.bring(wizard(gold()), overwrite=True)
    assert ended.recorded_at is not None
    changes = shown(last_change(business))
    assert changes["Recorded"] == (ended.recorded_at.isoformat(), "-")
    assert changes["End date"] == ("2026-03-14", "-")


def test_the_changes_for_keap_know_what_came_from_there(business: Business) -> None:
    business.bring(wizard(gold()))
    backend = business.backend()
    record = backend.read(GetSubscription(131))
    draft = replace(draft_of(record.terms), quantity=2, price=Money(5500, "USD"))
    backend.do(SaveSubscription(131, draft, version=record.version))
    business.bring(wizard(gold(Price="60.00", **{"Auto Charge": "No"})), overwrite=True)
    backend.do(ExportChanges(business.folder / "out.jsonl", form=ChangesFormat.REST))
    backend.do(ExportChanges(business.folder / "out.csv"))
    (line,) = (business.folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["body"] == {"quantity": 2}
    with (business.folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["What"], row["Auto Charge"]) for row in csv.DictReader(file)] == [
            ("Subscription changed", "Yes"),
            ("Changed by an import", "No"),
        ]
