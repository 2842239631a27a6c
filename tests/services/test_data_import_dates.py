"""Whether the month or the day comes first is found out, asked for or said, and never guessed."""

import pytest

from subtui.domain.date_order import DateOrder
from subtui.domain.errors import DateOrderNeeded, FileProblem
from tests.services.importing import Business, left_out
from tests.services.keap_files import (
    WIZARD,
    answer,
    gold,
    pat,
    sheet,
    table,
    wizard,
)

# --- the order of dates -----------------------------------------------------------------------------------------------

OPEN = gold(**{"Start Date": "3/4/2025", "Paid Thru Date": "2/4/2026"})
DAY_FIRST = gold(**{"Your System's Subscription Id": 132, "Start Date": "15/1/2025", "Paid Thru Date": ""})
MONTH_FIRST = gold(**{"Your System's Subscription Id": 133, "Start Date": "1/15/2025", "Paid Thru Date": ""})


@pytest.mark.parametrize(
    ("proof", "order", "start"),
    [(DAY_FIRST, DateOrder.DAY_FIRST, "2025-04-03"), (MONTH_FIRST, DateOrder.MONTH_FIRST, "2025-03-04")],
    ids=["day first", "month first"],
)
def test_the_order_of_dates_is_found_out(
    business: Business, proof: dict[str, object], order: DateOrder, start: str
) -> None:
    report = business.bring(wizard(OPEN, proof))
    assert report.files[0].date_order is order
    assert business.subscription()["start_date"] == start


def test_one_file_proves_it_for_the_others(business: Business) -> None:
    contacts = table(pat(**{"Date Created": "13/2/2025 3:04 PM"}))
    report = business.bring({"s.csv": sheet(WIZARD, OPEN), "c.csv": contacts})
    assert report.notes == ("Dates in s.csv are read like those in c.csv.",)
    assert business.subscription()["start_date"] == "2025-04-03"


def test_it_is_asked_for_where_nothing_proves_it(business: Business) -> None:
    files = wizard(OPEN)
    sentence = (
        "subscriptions.csv: a date such as 3/4/2025 can be read two ways. "
        "Choose with --date-order mdy (month first) or dmy."
    )
    with pytest.raises(DateOrderNeeded) as needed:
        business.bring(files)
    assert (str(needed.value), needed.value.example) == (sentence, "3/4/2025")
    assert business.refusal(files) == sentence
    business.bring(files, order=DateOrder.DAY_FIRST)
    assert business.subscription()["start_date"] == "2025-04-03"


def test_dates_that_contradict_each_other(business: Business) -> None:
    sentence = business.refusal(wizard(DAY_FIRST, MONTH_FIRST))
    assert sentence == (
        "subscriptions.csv: some dates have the month first (1/15/2025), some the day (15/1/2025). "
        "Choose with --date-order; the others are refused."
    )
    report = business.bring(wizard(DAY_FIRST, MONTH_FIRST), order=DateOrder.MONTH_FIRST)
    assert left_out(report) == [
        (
            "subscriptions.csv",
            2,
            "Start Date",
            "15/1/2025",
            "does not exist (month 15, if the month comes first)",
        )
    ]


def test_two_files_that_contradict_each_other(business: Business) -> None:
    files: dict[str, str | bytes] = {"a.csv": sheet(WIZARD, DAY_FIRST), "b.csv": sheet(WIZARD, MONTH_FIRST)}
    with pytest.raises(FileProblem, match=r"use different date orders\. Import them one at a time\.$"):
        business.bring(files)


def test_the_proof_may_stand_in_the_last_of_many_rows(business: Business) -> None:
    rows = [
        gold(**{"Your System's Subscription Id": at, "Start Date": "3/4/2025", "Paid Thru Date": ""})
        for at in range(1, 10_300)
    ]
    refused = [{**row, "Infusionsoft's Contact Id": 5} for row in rows]
    report = business.bring(wizard(*refused, DAY_FIRST), order=None)
    assert report.files[0].date_order is DateOrder.DAY_FIRST
    assert (len(report.left_out), report.left_out_total, report.refused) == (1000, 10_299, 10_299)


# --- where and in what the account counts -----------------------------------------------------------------------------


def test_days_are_those_of_the_account(business: Business) -> None:
    business.run("UPDATE account SET time_zone = 'Pacific/Auckland'")
    late = {"id": "1204", "given_name": "Pat", "create_time": "2025-01-15T22:04:00Z"}
    business.bring({"c.json": answer("contacts", late), "d.csv": table(pat(Id=5, DateCreated="2025-01-15 22:04:00"))})
    rows = business.rows("SELECT created_on FROM contact ORDER BY id DESC")
    # An instant has another day there; a day and time without an offset are the account's own.
    assert [row["created_on"] for row in rows] == ["2025-01-16", "2025-01-15"]


def test_amounts_are_in_the_currency_of_the_account(business: Business) -> None:
    business.run("UPDATE account SET currency = 'JPY'")
    report = business.bring(wizard(gold(Price="4900"), gold(Price="49.50", **{"Your System's Subscription Id": 132})))
    row = business.subscription()
    assert (row["price_minor"], row["currency"]) == (4900, "JPY")
    assert left_out(report) == [
        ("subscriptions.csv", 3, "Price", "49.50", "has more decimals than JPY, which has none")
    ]
