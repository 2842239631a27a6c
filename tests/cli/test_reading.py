"""The commands that only look."""

import json

import pytest

from .conftest import Shell
from .small_seed import ACTIVE, ENDING, LOOSE


def test_find_lists_what_matches(shell: Shell) -> None:
    said = shell.says("find", "lop mar")
    assert said.splitlines() == [
        "Id  Name          Company    E-mail               Active   Last order",
        " 1  López, María  Blue Door  maria@small.example       2  15 Feb 2026",
        "1 of 1 contacts",
    ]


def test_find_in_json(shell: Shell) -> None:
    assert shell.answers("find", "lop") == {
        "query": "lop",
        "rows": [
            {
                "id": 1,
                "name": "López, María",
                "company": "Blue Door",
                "email": "maria@small.example",
                "phone": "+1 555 0100",
                "active": 2,
                "last_order": "2026-02-15",
            }
        ],
        "total": 1,
        "capped": False,
        "similar": 0,
        "records": [],
    }


def test_find_other_records(shell: Shell) -> None:
    said = shell.says("find", f"subscription {ACTIVE}").splitlines()
    assert said[0] == "No contact matches “subscription 11”."
    assert said[1:3] == ["Other records", "  Record        Number or name  Contact       About"]
    (found,) = shell.answers("find", f"subscription {ACTIVE}")["records"]
    assert (found["kind"], found["name"], found["route"]) == ("subscription", "11", "/subscriptions/11")


def test_find_by_operators(shell: Shell) -> None:
    found = shell.answers("find", "status:active lop")
    assert [row["contact"] for row in found["subscriptions"]["rows"]] == ["López, María"] * 2
    assert shell.says("find", "status:active lop").splitlines()[-1] == "2 of 2 subscriptions"
    assert shell.says("find", "status:paused zzz") == "No subscription matches “status:paused zzz”.\n"
    assert shell.answers("find", "lop -tag:nothing")["rows"][0]["id"] == 1
    refused = shell.run("find", "ends:soon")
    assert refused.exit_code == 2
    assert "takes a date" in refused.stderr


def test_find_without_a_match_is_done_all_the_same(shell: Shell) -> None:
    assert shell.says("find", "zzz") == "No contact matches “zzz”.\n"


def test_find_keeps_to_its_limit(shell: Shell) -> None:
    assert len(shell.answers("find", "small", "--limit", "1")["rows"]) == 1


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x"])
def test_a_limit_that_is_none(shell: Shell, limit: str) -> None:
    assert shell.run("find", "x", "--limit", limit).exit_code == 2


def test_show_the_dashboard(shell: Shell) -> None:
    said = shell.says("show", "/")
    assert "Active subscriptions  3" in said
    assert "13  20 Mar 2026  Monthly plan  López, María" in said
    assert "inactive, but Auto Charge is on" in said
    assert shell.answers("show", "/")["loose_ends"][0] == {"kind": "still_charging", "count": 1}


def test_show_a_contact(shell: Shell) -> None:
    said = shell.says("show", "/contacts/1")
    for part in (
        "López, María  (contact 1)",
        "1 Main St\n             Phoenix\n",
        "Members",
        "Newsletter",
        "Ann Agent",
        "2 subscriptions",
    ):
        assert part in said
    assert shell.answers("show", "/contacts/1")["addresses"] == [{"kind": "Billing", "lines": ["1 Main St", "Phoenix"]}]


def test_show_the_orders_tab(shell: Shell) -> None:
    said = shell.says("show", "/contacts/1/orders/")
    order = ["Recent orders: 1 of 1", "Subscriptions: 2 of 2", "Credit cards", "Recent recurring charges: 1 of 1"]
    assert [said.index(title) for title in order] == sorted(said.index(title) for title in order)
    row = shell.answers("show", "/contacts/1/orders")["subscriptions"]["rows"][0]
    assert row["bill_amount"] == {"minor": 4900, "currency": "USD", "text": "49.00 USD"}


def test_show_the_activity(shell: Shell) -> None:
    said = shell.says("show", "/contacts/1/activity")
    for part in (
        "Activity: ",
        "Order",
        "Charge",
        "Note",
        "Cancellation",
        "/subscriptions/",
        "End date: - → 20 Mar 2026",
    ):
        assert part in said
    answer = shell.answers("show", "/contacts/1/activity")
    assert (answer["contact"], answer["kind"], answer["more"]) == ("López, María", "all", False)
    assert len(answer["events"]) == 1
    (cancellation,) = [line for line in answer["lines"] if line["kind"] == "cancellation"]
    assert cancellation["event"] == answer["events"][0]["id"]
    charge = next(line for line in answer["lines"] if line["kind"] == "charge")
    assert (charge["amount"]["text"], charge["event"], "position" in charge) == ("49.00 USD", None, False)


def test_show_hands_on_the_filter_of_the_route(shell: Shell) -> None:
    said = shell.says("show", "/contacts/1/activity?kind=orders")
    assert "Activity, orders: 1\n" in said
    assert "Charge" not in said
    assert {line["kind"] for line in shell.answers("show", "/contacts/1/activity?kind=orders")["lines"]} == {"order"}
    assert "No letters." in shell.says("show", "/contacts/1/activity?kind=letters")
    assert "“post” is no kind" in shell.run("show", "/contacts/1/activity?kind=post").stderr


def test_show_all_subscriptions(shell: Shell) -> None:
    assert "All subscriptions: 4 of 4" in shell.says("show", "/subscriptions")
    assert shell.answers("show", "/subscriptions")["total"] == 4


def test_show_the_subscriptions_of_a_state(shell: Shell) -> None:
    rows = shell.answers("show", "/subscriptions?state=inactive")["rows"]
    assert {row["status"] for row in rows} == {"Inactive"}
    assert [row["id"] for row in shell.answers("show", "/subscriptions?state=ending")["rows"]] == [ENDING]


def test_show_a_subscription(shell: Shell) -> None:
    said = shell.says("show", f"/subscriptions/{ACTIVE}")
    for part in ("1 × 49.00 USD a month", "Paid through  14 Mar 2026", "Auto Charge  Yes", "Visa ···· 4242, 08/27"):
        assert part in said
    assert "inactive without an end date" in shell.says("show", f"/subscriptions/{LOOSE}")


def test_a_subscription_in_json_has_all_that_a_save_needs(shell: Shell) -> None:
    answer = shell.answers("show", f"/subscriptions/{ENDING}")
    assert answer["version"] == 1
    ending = answer["terms"]["ending"]
    assert (ending["status"], ending["end_date"], ending["reason_code"]) == ("Active", "2026-03-20", "unused")
    assert answer["terms"]["price"]["minor"] == 4900
    assert answer["billing"]["cycle"] == "month"


@pytest.mark.parametrize("route", ["/sign-in", "/help"])
def test_screens_without_data_say_so(shell: Shell, route: str) -> None:
    assert shell.says("show", route).endswith("\n")
    assert shell.answers("show", route)["route"] == route


@pytest.mark.parametrize("route", ["/contacts/99", "/contacts/99/orders", "/contacts/99/activity", "/letters/9"])
def test_show_what_is_not_there(shell: Shell, route: str) -> None:
    assert shell.answers("show", route, exit_code=2)["error"]["kind"] == "not_found"


@pytest.mark.parametrize("command", ["show", "open"])
def test_a_route_that_leads_nowhere(shell: Shell, command: str) -> None:
    result = shell.run(command, "/contactz")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no screen at “/contactz”" in result.stderr


def test_reasons(shell: Shell) -> None:
    said = shell.says("reasons")
    assert "too_expensive" in said
    assert "Too expensive" in said
    assert {"code": "other", "label": "Other", "needs_note": True} in shell.answers("reasons")["reasons"]


def test_keys_are_those_of_the_catalogue(shell: Shell) -> None:
    commands = shell.answers("keys")["commands"]
    assert {"id", "title", "keys", "help", "where"} == set(commands[0])
    said = shell.says("keys")
    assert all(command["id"] in said for command in commands)


def test_keys_with_a_keymap(shell: Shell) -> None:
    config = shell.folder / "settings.toml"
    config.write_text('[keymap]\n"form.save" = "w"\n')
    commands = shell.answers("--config", str(config), "keys")["commands"]
    assert next(command["keys"] for command in commands if command["id"] == "form.save") == ["w"]


def test_dates_in_the_format_of_the_settings(shell: Shell) -> None:
    assert "2026-03-20" in shell.says("show", f"/subscriptions/{ENDING}", SUBTUI_DATE_FORMAT="yyyy-MM-dd")


def test_the_log(shell: Shell) -> None:
    said = shell.says("log", "show")
    assert said.startswith("    1  20 Feb 2026 11:00  Ann Agent (agent)  ")
    assert len(shell.answers("log", "show", "--contact", "1")["events"]) == 1
    assert shell.answers("log", "show", "--contact", "2")["events"] == []
    assert len(shell.answers("log", "show", "--subscription", str(ENDING))["events"]) == 1
    assert shell.answers("log", "show", "--subscription", "99", exit_code=2)["error"]["kind"] == "not_found"


def test_nothing_from_data_steers_the_terminal(shell: Shell) -> None:
    harmless = {"\n"} | {chr(code) for code in range(0x20, 0x7F)}
    for args in (["find", "王"], ["show", "/contacts/2"], ["show", "/subscriptions"], ["show", "/subscriptions/12"]):
        for more in ([], ["--json"]):
            said = shell.says(*args, *more)
            assert "Eve" in said
            control = [mark for mark in said if mark not in harmless and not mark.isprintable()]
            assert control == []
    name = json.loads(shell.says("find", "王", "--json"))["rows"][0]["name"]
    assert "\x1b]0;owned\x07\u202e\u009b31m" in name
