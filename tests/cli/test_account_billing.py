"""Billing & Account from the command line: the plan, the clock, the invoices, and who may see them."""

import pytest

from .cancelling import DAY_AFTER, LAST_SAFE_DAY, NEW, SAVE
from .conftest import Shell
from .small_seed import PASSWORD


@pytest.mark.parametrize("who", ["owner", "admin", "newadmin@small.example"])
def test_billing_at_a_glance(shell: Shell, who: str) -> None:
    said = shell.says("--as", who, "account", "show")
    for part in (
        "Max Classic, 249.00 USD a month · Small Shop, since 12 Feb 2025\n",
        "Billed        monthly, from 19 Feb 2025\n",
        "Next invoice   19 Mar 2026\n",
        "Last safe day  9 Mar 2026\n",
        "Notice clock\n  7 days left: cancel by 9 Mar to avoid the 19 Mar invoice.\n",
        "If you cancel  by 9 Mar 2026        on 10 Mar 2026\n",
        "Last invoice   No further invoices  19 Mar 2026\n",
        "Account ends   18 Mar 2026          18 Apr 2026\n",
        "Still to pay   249.00 USD           498.00 USD\n",
        "Invoices\n  Invoice         Date      Amount  State\n  I-2      19 Feb 2026  249.00 USD  open\n",
        "I-1      19 Jan 2026  249.00 USD  paid 20 Jan 2026\n",
        "Owner  Olga Owner, verified\n         owner@small.example\n",
        "Admin  Ada Admin, verified\n         admin@small.example\n",
        "         Ned Newadmin, not verified\n         newadmin@small.example\n",
        "Phone  +1 602-555-0142\n  Hours  Weekdays, 9 to 5\n",
    ):
        assert part in said
    assert shell.says("--as", who, "show", "/admin/billing") == said


def test_billing_in_json(shell: Shell) -> None:
    view = shell.answers("--as", "owner", "account", "show")
    assert (view["account"], view["today"], view["plan"]["fee"]["minor"]) == ("Small Shop", "2026-03-02", 24900)
    assert (view["now"]["ends_on"], view["holds_until"]) == ("2026-03-18", LAST_SAFE_DAY)
    assert (view["later"]["ends_on"], view["later"]["last_invoice"]) == ("2026-04-18", "2026-03-19")
    assert [invoice["paid_on"] for invoice in view["invoices"]] == [None, "2026-01-20"]
    assert [person["verified"] for person in view["admins"]] == [True, False]
    assert (view["standing"], view["why_not_cancel"]) == (None, "")
    assert shell.answers("--as", "owner", "show", "/admin/billing") == view


@pytest.mark.parametrize(
    ("day", "clock", "ends_on"),
    [
        (LAST_SAFE_DAY, "Last day: cancel today", "18 Mar 2026"),
        (DAY_AFTER, "Too late for the 19 Mar invoice", "18 Apr 2026"),
    ],
)
def test_billing_as_the_clock_runs_out(shell: Shell, day: str, clock: str, ends_on: str) -> None:
    said = shell.says("--at", day, "--as", "owner", "account", "show")
    assert f"Notice clock\n  {clock}" in said
    assert f"Account ends   {ends_on}  " in said


def test_billing_names_the_cancellation_in_force(shell: Shell) -> None:
    assert "Commands\n  Cancel  subtui account cancel --help\n" in shell.says("--as", "owner", "account", "show")
    unverified = shell.says("--as", "newadmin@small.example", "account", "show")
    assert "you are not verified yet.\n" in unverified
    assert "Commands\n  By phone  subtui show /account/phone\n" in unverified
    shell.says(*SAVE)
    said = shell.says("--as", "owner", "account", "show")
    ends = "requested cancellation on 2 Mar 2026; the account ends on 18 Mar 2026.\n"
    assert f"! {NEW} (open): Olga Owner {ends}" in said
    assert "Commands\n  Ticket  subtui show /requests/1002\n" in said
    assert shell.answers("--as", "owner", "account", "show")["standing"]["ticket"] == NEW


@pytest.mark.parametrize("args", [("account", "show"), ("show", "/admin/billing"), ("show", "/admin/settings")])
@pytest.mark.parametrize("who", ["agent", "viewer"])
def test_billing_is_not_for_everybody(shell: Shell, who: str, args: tuple[str, ...]) -> None:
    result = shell.run("--as", who, *args)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot open the account billing" in result.stderr
    assert shell.answers("--as", who, *args, exit_code=1)["error"]["kind"] == "not_allowed"


@pytest.fixture
def no_plan(bare: Shell) -> Shell:
    """A shell on an account that has an owner, and nothing else."""
    bare.says("db", "init", "--empty")
    add = ("user", "add", "me@small.example", "--name", "Me", "--role", "owner")
    bare.says(*add, SUBTUI_PASSWORD=PASSWORD)
    bare.env |= {"SUBTUI_AS": "me@small.example", "SUBTUI_PASSWORD": PASSWORD}
    return bare


def test_without_a_plan_there_is_nothing_to_end(no_plan: Shell) -> None:
    said = no_plan.says("account", "show")
    assert "are not set yet, so the end date cannot be worked out. The owner sets them" in said
    assert "Invoices\n  No invoices yet\n" in said
    assert no_plan.answers("account", "show")["now"] is None
    for more in (["--acknowledge"], ["--dry-run"], []):
        result = no_plan.run("account", "cancel", "--reason", "unused", *more)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "are not set yet" in result.stderr
    assert "No number is set. The owner sets it" in no_plan.says("show", "/account/phone")
    assert "First bill    not set\n" in no_plan.says("show", "/admin/settings")
