"""The documented steps on the demo data, as a script would take them."""

from .conftest import Shell


def test_a_customer_is_found_and_cancelled_and_it_can_be_proved(bare: Shell) -> None:
    found = bare.answers("find", "lopez maria")["rows"][0]
    tab = bare.answers("show", f"/contacts/{found['id']}/orders")
    number = str(next(row["id"] for row in tab["subscriptions"]["rows"] if row["status"] == "Active"))
    bare.says("cancel", number, "--end-date", "paid", "--reason", "too_expensive", "--dry-run")
    saved = bare.answers("cancel", number, "--end-date", "paid", "--reason", "too_expensive")["saved"]
    letter = bare.answers("show", f"/letters/{saved['letter_id']}")
    assert bare.answers("log", "verify", "--contains", letter["log_hash"])["contains"]["entry"] == saved["event_id"]
    bare.says("undo", number)
    assert bare.answers("show", f"/subscriptions/{number}")["terms"]["ending"]["status"] == "Active"


def test_every_screen_of_the_demo_can_be_printed(bare: Shell) -> None:
    contacts = [row["id"] for row in bare.answers("find", "a", "--limit", "20")["rows"]]
    subscriptions = [row["id"] for row in bare.answers("show", "/subscriptions")["rows"][:20]]
    assert contacts
    assert subscriptions
    for number in contacts:
        for tab in ("", "/orders", "/activity"):
            assert bare.says("show", f"/contacts/{number}{tab}")
    for number in subscriptions:
        assert bare.says("show", f"/subscriptions/{number}")


def test_each_role_has_its_account(bare: Shell) -> None:
    for role in ("owner", "admin", "agent", "viewer"):
        bare.says("--as", role, "find", "x")


def test_a_call_for_the_account_is_completed_and_it_can_be_proved(bare: Shell) -> None:
    why = bare.answers("account", "cancel", "--reason", "unused", exit_code=1)["error"]
    assert why["phone_route"]["phone"]
    ticket = bare.answers("account", "call", "--phone", "602 555 0199")["filed"]["request"]["ticket"]
    admin = ("--as", "admin", "account", "cancel", "--reason", "unused", "--for", ticket)
    bare.says(*admin, "--dry-run")
    filed = bare.answers(*admin, "--acknowledge")["filed"]
    letter = bare.answers("show", f"/letters/{filed['request']['letter_id']}")
    assert bare.answers("log", "verify", "--contains", letter["log_hash"])["contains"]["entry"] == filed["event_id"]
    bare.says("--as", "owner", "account", "withdraw", ticket)
    assert bare.answers("--as", "owner", "account", "show")["standing"] is None


def test_every_ticket_of_the_demo_can_be_printed(bare: Shell) -> None:
    rows = bare.answers("requests", "--all")["rows"]
    assert rows
    for row in rows:
        assert row["ticket"] in bare.says("show", f"/requests/{row['id']}")
