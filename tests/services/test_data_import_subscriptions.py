"""Subscriptions come in from every form of Keap's; what was done here stays, and what is wrong is counted."""

import json
from dataclasses import replace
from datetime import date

import pytest

from subtui.acts.subscriptions import GetSubscription, ListSubscriptions, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import DataIssue, Status
from subtui.views.customers import SubscriptionFilter
from subtui.views.imports import Kind
from tests.services.importing import Business, counted, kinds, left_out
from tests.services.keap_files import (
    CONTACTS,
    RECURRING_DUMP,
    V1_SUBSCRIPTION,
    V2_SUBSCRIPTION,
    WIZARD,
    XML_RPC_SUBSCRIPTION,
    answer,
    gold,
    pat,
    sheet,
    table,
    wizard,
)

GOLD = {
    "id": 131,
    "contact_id": 1204,
    "plan_id": 17,
    "quantity": 1,
    "price_minor": 4900,
    "currency": "USD",
    "cycle": "month",
    "frequency": 1,
    "start_date": "2025-01-15",
    "anchor": "2025-01-15",
    "status": "Active",
    "auto_charge": 1,
    "credit_card_id": None,
    "max_attempts": 3,
    "days_between_attempts": 2,
    "paid_through": "2026-03-14",
    "next_bill_date": "2026-03-15",
    "credits": 0,
    "end_date": None,
    "reason_code": None,
    "reason_note": "",
    "requested_on": None,
    "charging_stops_on": None,
    "recorded_at": None,
    "recorded_by": None,
    "version": 1,
    "keap_id": "131",
    "more": {},
    "merchant_account": "",
    "paused_from": None,
    "resumes_on": None,
    "restarts_cycle": 0,
    "access_in_pause": 0,
    "imported_on": "2026-03-02",
    "imported_version": 1,
}
V2_ENDED = V2_SUBSCRIPTION | {
    "id": "132",
    "active": False,
    "auto_charge": False,
    "end_date": "2026-02-28",
    "reason_stopped": "Too expensive - JD",
}

# --- the forms --------------------------------------------------------------------------------------------------------


def test_the_labels_of_the_wizard(business: Business) -> None:
    row = gold(**{"Credit Card Id": 77, "Promo Code": "SPRING", "Max Charge Attempts": 5, "Num Days Between Retry": 4})
    report = business.bring(wizard(row))
    assert kinds(report) == [(Kind.SUBSCRIPTION,), (Kind.CONTACT,)]
    assert counted(report) == {"contact": {"new": 1}, "subscription": {"new": 1}}
    assert business.subscription() == GOLD | {
        "max_attempts": 5,
        "days_between_attempts": 4,
        "more": {"CC1": "77", "Promo Code": "SPRING"},
    }
    business.check()


def test_the_dump_of_recurring_orders(business: Business) -> None:
    row = {
        "ContactId": 1204,
        "SubscriptionPlanId": 17,
        "ProductId": 42,
        "ProgramId": 17,
        "CC1": 77,
        "Frequency": 1,
        "BillingCycle": "2",
        "BillingAmt": "49.0000",
        "Status": "Active",
        "StartDate": "2025-01-15 00:00:00",
        "PaidThruDate": "2026-02-15 00:00:00 UTC",
        "NextBillDate": "2026-03-15 00:00:00",
        "AutoCharge": "1",
        "MaxRetry": 3,
        "NumDaysBetweenRetry": 2,
    }
    dump = sheet(RECURRING_DUMP, row, row | {"Status": "Inactive", "AutoCharge": "0"})
    files: dict[str, str | bytes] = {"dump.csv": dump, "contacts.csv": CONTACTS}
    assert counted(business.bring(files)) == {"contact": {"new": 1}, "subscription": {"new": 2}}
    rows = business.rows("SELECT id, status, auto_charge, next_bill_date, keap_id FROM subscription ORDER BY id")
    assert [(row["status"], row["auto_charge"], row["next_bill_date"]) for row in rows] == [
        ("Active", 1, "2026-03-15"),
        ("Inactive", 0, None),
    ]
    assert all(row["keap_id"].startswith("~") for row in rows)
    assert counted(business.bring(files)) == {"contact": {"same": 1}, "subscription": {"same": 2}}


def test_rows_of_the_table_as_xml_rpc_gives_them(business: Business) -> None:
    business.bring({"r.json": json.dumps([XML_RPC_SUBSCRIPTION]), "contacts.csv": CONTACTS})
    row = business.subscription()
    more = row.pop("more")
    assert row | {"more": {}} == GOLD | {"quantity": 2}
    assert (more["Originating Order Id"], more["CC1"]) == ("8950", "77")


def test_an_answer_of_rest_v1(business: Business) -> None:
    business.bring(
        {"s.json": answer("subscriptions", V1_SUBSCRIPTION, count=1, next="", previous=""), "c.csv": CONTACTS}
    )
    row = business.subscription()
    more = row.pop("more")
    # Version 1 does not tell until when it is paid.
    assert row | {"more": {}} == GOLD | {"paid_through": None}
    assert more == {"CC1": "77", "allow_tax": "No", "use_default_payment_gateway": "Yes"}


def test_an_answer_of_rest_v2(business: Business) -> None:
    business.bring(
        {"s.json": answer("subscriptions", V2_SUBSCRIPTION, V2_ENDED, next_page_token=""), "c.csv": CONTACTS}
    )
    row = business.subscription()
    more = row.pop("more")
    assert row | {"more": {}} == GOLD
    assert more == {"payment_method_id": "pm-77", "modification_time": "2026-02-15T07:02:11.000Z"}
    ended = business.subscription("132")
    assert (ended["status"], ended["end_date"], ended["next_bill_date"]) == ("Inactive", "2026-02-28", None)
    assert (ended["reason_code"], ended["reason_note"]) == ("too_expensive", "JD")


def test_pages_of_answers_one_after_the_other(business: Business) -> None:
    pages = "\n".join(answer("subscriptions", row, next_page_token="x") for row in (V2_SUBSCRIPTION, V2_ENDED))
    report = business.bring({"s.json": pages, "c.csv": CONTACTS})
    assert counted(report)["subscription"] == {"new": 2}


def test_version_1_leaves_what_it_does_not_tell(business: Business) -> None:
    ended = gold(Status="Inactive", **{"End Date": "2026-02-28", "Reason Stopped": "Not used", "Auto Charge": "No"})
    business.bring(wizard(ended))
    before = business.subscription()
    without_end = {name: value for name, value in V1_SUBSCRIPTION.items() if name != "end_date"}
    report = business.bring({"s.json": answer("subscriptions", without_end | {"active": False, "auto_charge": False})})
    assert counted(report) == {"subscription": {"changed": 1}}
    after = business.subscription()
    assert after.pop("more")["CC1"] == "77"
    assert after | {"more": {}} == before | {"version": 2, "imported_version": 2}


@pytest.mark.parametrize(
    ("columns", "changed"),
    [
        ({"Price": "59"}, {"price_minor": 5900}),
        ({"Subscription Plan Id": 18}, {"plan_id": 18}),
        ({"Status": "Active", "Price": ""}, {"status": "Active", "next_bill_date": "2026-03-15"}),
        ({"Price": "", "Qty": 3}, {"quantity": 3}),
        ({"Price": "", "End Date": ""}, {"end_date": None}),
        ({"Price": "", "Reason Stopped": "Slow"}, {"reason_code": "other", "reason_note": "Slow"}),
        ({"Price": "", "Cycle": "annually"}, {"cycle": "year"}),
        ({"Price": "", "Cycle": "quarterly"}, {"frequency": 3}),
        ({"Price": "", "Paid Thru Date": "2026-03-15"}, {"paid_through": "2026-04-14"}),
    ],
    ids=str,
)
def test_a_file_with_a_few_columns_leaves_the_others(
    business: Business, columns: dict[str, object], changed: dict[str, object]
) -> None:
    ended = gold(Status="Inactive", **{"End Date": "2026-02-28", "Reason Stopped": "Not used", "Auto Charge": "No"})
    business.bring(wizard(ended))
    before = business.subscription()
    if "Status" in columns:
        columns |= {"Start Date": "2025-01-15"}
    report = business.bring(table({"Subscription Id": 131, "Contact Id": 1204, "Cycle": 2} | columns))
    assert counted(report) == {"subscription": {"changed": 1}}
    assert business.subscription() == before | changed | {"version": 2, "imported_version": 2}


# --- again, and what was done here ------------------------------------------------------------------------------------


def cancel(business: Business, number: int = 131) -> None:
    backend = business.backend(Role.AGENT)
    record = backend.read(GetSubscription(number))
    draft = replace(draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused")
    backend.do(SaveSubscription(number, draft, version=record.version))
    backend.close()


def test_again_on_another_day_is_the_same(business: Business) -> None:
    business.bring(wizard(gold()))
    before = business.rows("SELECT * FROM subscription")
    business.at = date(2026, 3, 3)
    assert counted(business.bring(wizard(gold()))) == {"contact": {"same": 1}, "subscription": {"same": 1}}
    assert business.rows("SELECT * FROM subscription") == before
    commands = [row["command"] for row in business.rows("SELECT command FROM event ORDER BY id")]
    assert commands == ["data.import", "data.import"]


def test_a_change_is_logged_with_what_was_before(business: Business) -> None:
    business.bring(wizard(gold()))
    ended = gold(Status="Inactive", **{"End Date": "2026-03-20", "Auto Charge": "No"})
    assert counted(business.bring(wizard(ended)))["subscription"] == {"changed": 1}
    row = business.subscription()
    assert (row["version"], row["imported_version"], row["status"]) == (2, 2, "Inactive")
    event = business.row("SELECT * FROM event WHERE subject_type = 'subscription' AND subject_id = 131")
    assert (event["actor"], event["role"], event["contact_id"]) == ("Ned Admin", "admin", 1204)
    assert json.loads(event["before"]) == {
        "auto_charge": True,
        "end_date": None,
        "next_bill_date": "2026-03-15",
        "status": "Active",
    }
    assert json.loads(event["after"]) == {
        "auto_charge": False,
        "end_date": "2026-03-20",
        "next_bill_date": None,
        "status": "Inactive",
    }
    business.check()


def test_what_was_changed_here_is_kept(business: Business) -> None:
    business.bring(wizard(gold()))
    cancel(business)
    here = business.subscription()
    report = business.bring(wizard(gold()))
    assert counted(report)["subscription"] == {"kept": 1}
    assert left_out(report) == [("subscriptions.csv", 2, "Id", "131", "was edited here; the edited version was kept")]
    assert not report.left_out[0].refused
    assert business.subscription() == here
    assert counted(business.bring(wizard(gold()), strict=True))["subscription"] == {"kept": 1}


def test_what_was_changed_here_is_taken_where_somebody_wants_it(business: Business) -> None:
    business.bring(wizard(gold()))
    cancel(business)
    assert business.subscription()["recorded_by"] == "Ann Agent"
    report = business.bring(wizard(gold()), overwrite=True)
    assert counted(report)["subscription"] == {"changed": 1}
    assert business.subscription() == GOLD | {"version": 3, "imported_version": 3}
    assert counted(business.bring(wizard(gold())))["subscription"] == {"same": 1}
    business.check()


def test_what_was_done_in_both_places_is_the_same(business: Business) -> None:
    business.bring(wizard(gold()))
    cancel(business)
    here = business.subscription()
    there = gold(
        Status="Inactive", **{"End Date": "2026-03-14", "Auto Charge": "No", "Reason Stopped": "Not used enough"}
    )
    reason = business.backend().read(GetSubscription(131)).reasons
    there["Reason Stopped"] = next(each.label for each in reason if each.code == "unused")
    assert counted(business.bring(wizard(there)))["subscription"] == {"same": 1}
    assert business.subscription() == here


def test_an_end_that_had_passed_is_left_for_a_person(business: Business) -> None:
    past, future = gold(**{"End Date": "2026-03-01"}), gold(**{"End Date": "2026-03-02"})
    business.bring(wizard(past, future | {"Your System's Subscription Id": 132}))
    business.at = date(2026, 3, 9)
    business.backend().close()
    assert (business.subscription()["status"], business.subscription("132")["status"]) == ("Active", "Inactive")


def test_a_subscription_moves_to_another_contact(business: Business) -> None:
    business.bring(wizard(gold()))
    moved = sheet(WIZARD, gold(**{"Infusionsoft's Contact Id": 5}))
    business.bring({"s.csv": moved, "c.csv": table(pat(Id=5))})
    assert (business.subscription()["contact_id"], business.subscription()["version"]) == (5, 2)


# --- loose ends -------------------------------------------------------------------------------------------------------

STRANGE = (
    gold(),  # nothing wrong
    gold(Status="Inactive", **{"End Date": "2026-02-01", "Reason Stopped": "Too slow", "Auto Charge": "No"}),
    gold(Status="Inactive", **{"End Date": "2026-02-01", "Reason Stopped": "Too slow"}),  # still charged
    gold(Status="Inactive", **{"Reason Stopped": "Too slow", "Auto Charge": "No"}),  # no end
    gold(Status="Inactive", **{"End Date": "2026-02-01", "Auto Charge": "No"}),  # no reason
    gold(Status="Inactive"),  # all three
    gold(**{"End Date": "2026-03-01"}),  # past its end
    gold(**{"End Date": "2026-03-02"}),  # ends today
)
ANSWER = {
    DataIssue.STILL_CHARGING: 2,
    DataIssue.NO_END_DATE: 2,
    DataIssue.NO_REASON: 2,
    DataIssue.PAST_END_DATE: 1,
}


def strange() -> dict[str, str | bytes]:
    return wizard(*({**row, "Your System's Subscription Id": at} for at, row in enumerate(STRANGE, start=1)))


def test_loose_ends_are_counted(business: Business) -> None:
    report = business.bring(strange())
    assert (dict(report.loose_ends), report.loose_before) == (ANSWER, 0)
    backend = business.backend(Role.AGENT)
    page = backend.read(ListSubscriptions(SubscriptionFilter(state="loose")))
    assert sorted(row.id for row in page.rows) == [3, 4, 5, 6, 7]
    again = business.bring(strange())
    assert (dict(again.loose_ends), again.loose_before) == (ANSWER, 7)


def test_loose_ends_are_put_right(business: Business) -> None:
    business.bring(strange())
    backend = business.backend(Role.AGENT)
    for number in (3, 4, 5, 6, 7):
        record = backend.read(GetSubscription(number))
        draft = draft_of(record.terms)
        draft = replace(
            draft,
            status=Status.INACTIVE,
            auto_charge=False,
            end_date=draft.end_date if number in (3, 5) else date(2026, 3, 14),
            reason_code=draft.reason_code or "unused",
        )
        backend.do(SaveSubscription(number, draft, version=record.version))
    assert backend.read(ListSubscriptions(SubscriptionFilter(state="loose"))).rows == ()
    report = business.bring(strange())
    assert counted(report)["subscription"] == {"same": 3, "kept": 5}
    assert (report.loose_ends, report.loose_before) == ((), 0)
    business.check()
