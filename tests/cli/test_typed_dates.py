"""Dates as options take them: the last such day where the past is meant, one order of day and month, no silent year."""

import pytest

from .conftest import Shell
from .small_seed import ACTIVE, UNPAID

CANCEL = ("cancel", str(ACTIVE), "--reason", "unused")
PAY = ("order", "pay", str(UNPAID), "--amount", "1")
ASK = ("--as", "owner", "account", "cancel", "--reason", "unused", "--acknowledge")


def requested(shell: Shell) -> str:
    return str(shell.answers("show", f"/subscriptions/{ACTIVE}")["terms"]["ending"]["requested_on"])


@pytest.mark.parametrize("written", ["28 feb", "feb 28", "28.2.", "28/2", "28", "saturday", "-2d", "2026-02-28"])
def test_a_day_that_was_asked_on_is_the_last_such_day(shell: Shell, written: str) -> None:
    shell.says(*CANCEL, "--end-date", "paid", "--requested-on", written)
    assert requested(shell) == "2026-02-28"


@pytest.mark.parametrize("written", ["28 feb", "28/2", "saturday"])
def test_the_account_too_was_asked_for_on_the_last_such_day(shell: Shell, written: str) -> None:
    filed = shell.answers(*ASK, "--requested-on", written)["filed"]["request"]
    assert filed["requested_on"] == "2026-02-28"


@pytest.mark.parametrize("written", ["25 feb", "feb 25", "25.2.", "25/2", "25", "wednesday"])
def test_money_was_paid_on_the_last_such_day(shop: Shell, written: str) -> None:
    rows = shop.answers(*PAY, "--date", written)["booked"]["order"]["rows"]
    assert rows[-1]["paid_on"] == "2026-02-25"


@pytest.mark.parametrize(
    ("since", "day"),
    [("1 feb", "2026-02-01"), ("feb 1", "2026-02-01"), ("1.2.", "2026-02-01"), ("monday", "2026-02-23")],
)
def test_changes_since_a_day_that_was(shell: Shell, since: str, day: str) -> None:
    shell.says(*CANCEL, "--end-date", "paid")
    as_said, as_iso = shell.folder / "said.csv", shell.folder / "iso.csv"
    shell.says("export-changes", str(as_said), "--since", since)
    shell.says("export-changes", str(as_iso), "--since", day)
    assert "Inactive" in as_said.read_text()
    assert as_said.read_text() == as_iso.read_text()


@pytest.mark.parametrize("since", ["tomorrow", "2027-02-01", "1 feb 2027", "eom"])
def test_since_a_day_that_is_still_to_come_is_refused(shell: Shell, since: str) -> None:
    result = shell.run("export-changes", str(shell.folder / "c.csv"), "--since", since)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is in the future, so there are no changes since then." in result.stderr
    assert not (shell.folder / "c.csv").exists()


def test_a_report_speaks_of_days_that_were(shell: Shell) -> None:
    days = ("--from", "1 jan", "--to", "28 feb")
    assert shell.says("report", "refunds", *days) == shell.says(
        "report", "refunds", "--from", "2026-01-01", "--to", "2026-02-28"
    )
    assert "1 Jan 2026" in shell.says("report", "refunds", *days)


def test_an_end_date_is_the_next_such_day_and_another_year_is_told(shell: Shell) -> None:
    result = shell.run(*CANCEL, "--end-date", "1 mar", "--dry-run")
    assert result.exit_code == 0
    assert result.stderr == "--end-date: “1 mar” was read as 1 Mar 2027, next year.\n"
    assert "Access         until 1 Mar 2027, next year\n" in result.stdout


@pytest.mark.parametrize("end", ["2029-01-01", "1 jan 2029", "+3y", "+800d"])
def test_an_end_date_far_away_is_shown_as_unusual(shell: Shell, end: str) -> None:
    assert ", over 2 years away\n" in shell.says(*CANCEL, "--end-date", end, "--dry-run")


def test_an_end_date_within_two_years_is_not(shell: Shell) -> None:
    assert "years away" not in shell.says(*CANCEL, "--end-date", "2 mar 2028", "--dry-run")


@pytest.mark.parametrize(
    ("written", "day"), [("3/14/2026", "14 Mar 2026"), ("14/3/2026", "14 Mar 2026"), ("4/4/2026", "4 Apr 2026")]
)
def test_a_date_with_slashes_that_reads_in_one_way_is_taken(shell: Shell, written: str, day: str) -> None:
    assert f"until {day}\n" in shell.says(*CANCEL, "--end-date", written, "--dry-run")


@pytest.mark.parametrize("written", ["3/4/2026", "3/4", "04/03/2026", "12/11"])
def test_a_date_with_slashes_that_reads_in_two_ways_is_asked_about(shell: Shell, written: str) -> None:
    rows = shell.rows()
    result = shell.run(*CANCEL, "--end-date", written)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"--end-date: {written} is ")
    assert "write the month by its name" in result.stderr
    assert shell.rows() == rows


@pytest.mark.parametrize(
    ("settings", "written", "day"),
    [
        ({"SUBTUI_DATE_ORDER": "dmy"}, "3/4/2026", "3 Apr 2026"),
        ({"SUBTUI_DATE_ORDER": "mdy"}, "4/3/2026", "3 Apr 2026"),
        ({"SUBTUI_DATE_FORMAT": "dd/MM/yyyy"}, "3/4/2026", "03/04/2026"),
        ({"SUBTUI_DATE_FORMAT": "MM/dd/yyyy"}, "4/3/2026", "04/03/2026"),
    ],
)
def test_the_order_of_the_settings_holds(shell: Shell, settings: dict[str, str], written: str, day: str) -> None:
    assert f"until {day}\n" in shell.says(*CANCEL, "--end-date", written, "--dry-run", **settings)


@pytest.mark.parametrize(("order", "written"), [("dmy", "3/14/2026"), ("mdy", "14/3/2026")])
def test_no_other_order_is_taken_where_one_is_set(shell: Shell, order: str, written: str) -> None:
    result = shell.run(*CANCEL, "--end-date", written, "--dry-run", SUBTUI_DATE_ORDER=order)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no month 14: dates with slashes are read" in result.stderr
