"""Flags, statuses and cycles: every spelling that Keap uses, and nothing else."""

import pytest

from subtui.domain.billing import Cycle
from subtui.domain.subscriptions import Status
from subtui.keap.values import cycle, cycle_and_frequency, flag, status


@pytest.mark.parametrize("text", ["1", "yes", "Yes", "YES", "y", "true", "TRUE", "on", "Active", " yes ", "\u00a0yes"])
def test_yes(text: str) -> None:
    assert flag(text) is True


@pytest.mark.parametrize("text", ["0", "no", "No", "N", "false", "False", "off", "Inactive", "\tno\n"])
def test_no(text: str) -> None:
    assert flag(text) is False


@pytest.mark.parametrize("text", ["2", "-1", "1.0", "ja", "yes no", "１", "y\u0131", "act"])
def test_neither_yes_nor_no(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not yes or no$"):
        flag(text)


@pytest.mark.parametrize("read", [flag, status, cycle, cycle_and_frequency])
@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_an_empty_cell_is_named_as_such(read: object, text: str) -> None:
    with pytest.raises(ValueError, match=r"^is empty$"):
        read(text)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, Status.ACTIVE) for text in ("Active", "active", "ACTIVE ", "1", "true", "Yes")),
        *((text, Status.INACTIVE) for text in ("Inactive", "inactive", "0", "False", "no")),
    ],
)
def test_status(text: str, expected: Status) -> None:
    assert status(text) is expected


@pytest.mark.parametrize("text", ["Cancelled", "Paused", "on", "y", "2", "In active"])
def test_no_status(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not Active or Inactive$"):
        status(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, Cycle.YEAR) for text in ("1", "YEAR", "YEARLY", "Annually", "yearly", "annual")),
        *((text, Cycle.MONTH) for text in ("2", "MONTH", "MONTHLY", "monthly ", "Month")),
        *((text, Cycle.WEEK) for text in ("3", "WEEK", "WEEKLY", "weekly")),
        *((text, Cycle.DAY) for text in ("6", "DAY", "DAILY", "daily")),
    ],
)
def test_cycle(text: str, expected: Cycle) -> None:
    assert cycle(text) is expected
    assert cycle_and_frequency(text) == (expected, None)


@pytest.mark.parametrize("text", ["Quarterly", "QUARTER"])
def test_a_quarter_is_three_months_and_never_one(text: str) -> None:
    assert cycle_and_frequency(text) == (Cycle.MONTH, 3)
    with pytest.raises(ValueError, match=r"^counts 3 months"):
        cycle(text)


@pytest.mark.parametrize("text", ["0", "4", "5", "7", "biweekly", "12", "2.0", "months"])
def test_no_cycle(text: str) -> None:
    for read in (cycle, cycle_and_frequency):
        with pytest.raises(ValueError, match=r"^is not a billing cycle"):
            read(text)
