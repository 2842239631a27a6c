"""What is half done, from the command line: listed, noted for later, and finished."""

from .conftest import Shell
from .refunding import BIG, DECLINE, VIEWER, newest
from .small_seed import ACTIVE, BOUGHT, ENDING


def test_nothing_is_half_done(shop: Shell) -> None:
    assert shop.says("refunds", "list") == "Refunds to finish: 0 of 0\n\nnone\n"
    assert shop.answers("refunds", "list") == {"rows": [], "total": 0, "waiting": []}
    assert "Refunds  " not in shop.says("show", "/")


def test_what_is_half_done(shop: Shell) -> None:
    shop.says("refunds", "later", str(ENDING))
    shop.says(*BIG)
    shop.says("refund", "21", "--reason", "duplicate")
    said = shop.says("refunds", "list")
    assert said.splitlines() == [
        "Refunds to finish: 3 of 3",
        "",
        "Since       Contact          Amount  What is left to do                         Where",
        "2 Mar 2026  López, María          -  cancelled, refund still to do              /subscriptions/13",
        "2 Mar 2026  López, María  60.00 USD  waits for approval, asked by Ann Agent     /orders/22",
        "2 Mar 2026  López, María  49.00 USD  recorded, waits for the gateway reference  /orders/21",
        "",
        "Waiting for approval",
        "  Id  Order  Contact          Amount  How                Asked by   Asked             You may  Reason",
        "   1     22  López, María  60.00 USD  Refund by gateway  Ann Agent  2 Mar 2026 09:30  No       Duplicate",
        "  To decide: subtui refunds approve ID, or subtui refunds decline ID --note WHY",
    ]
    assert shop.says("show", "/refunds") == said
    assert "Refunds               3 to finish\n" in shop.says("show", "/")
    assert shop.answers("show", "/")["refunds_to_finish"] == 3


def test_what_is_half_done_in_json(shop: Shell) -> None:
    shop.says(*BIG)
    shop.says(*BIG, "--amount", "55")
    answer = shop.answers("refunds", "list")
    assert (set(answer), answer["total"]) == ({"rows", "total", "waiting"}, 2)
    assert [(row["kind"], row["route"]) for row in answer["rows"]] == [("approval", f"/orders/{BOUGHT}")] * 2
    assert [(row["id"], row["amount"]["minor"]) for row in answer["waiting"]] == [(1, 6000), (2, 5500)]
    assert answer["waiting"][0]["why_not_approve"].startswith("You asked for this refund yourself")
    assert shop.answers("show", "/refunds") == answer
    assert shop.answers("--as", "admin", "refunds", "list")["waiting"][0]["why_not_approve"] == ""


def test_what_is_finished_is_no_longer_listed(shop: Shell) -> None:
    shop.says("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")
    shop.says("refunds", "later", str(ACTIVE))
    assert "/orders/21\n" in shop.says("refunds", "list")
    shop.says("refund", "21", "--reason", "duplicate")
    shop.says(*BIG)
    assert [row["kind"] for row in shop.answers("refunds", "list")["rows"]] == ["approval", "reference"]
    shop.says("order", "reference", "21", "--row", "8", "--reference", "re_1")
    shop.says("--as", "admin", *DECLINE)
    assert shop.answers("refunds", "list")["total"] == 0


def test_a_refund_is_noted_for_later(shop: Shell) -> None:
    later = ("refunds", "later", str(ENDING))
    sentence = "Noted: the refund is still to do. F lists it until it is recorded."
    assert shop.says(*later) == f"{sentence}\n"
    assert "Refund    still to do\n" in shop.says("show", f"/subscriptions/{ENDING}")
    assert (newest(shop)["title"], newest(shop)["route"]) == (
        "Refund noted as still to do",
        f"/subscriptions/{ENDING}",
    )
    rows = shop.rows()
    result = shop.run(*later)
    assert (result.exit_code, result.stderr) == (1, "It is noted already that a refund is still to do.\n")
    result = shop.run("refunds", "later", str(ACTIVE))
    assert (result.exit_code, result.stderr) == (
        1,
        "This subscription has not been cancelled: refund one of its orders instead.\n",
    )
    assert shop.rows() == rows


def test_a_note_for_later_in_json(shop: Shell) -> None:
    noted = shop.answers("refunds", "later", str(ENDING))["noted"]
    assert noted["subscription_id"] == ENDING
    assert noted["sentence"].startswith("Noted: ")
    error = shop.answers("--as", "viewer", "refunds", "later", str(ENDING), exit_code=1)["error"]
    assert (error["kind"], f"{error['message']}\n") == ("not_allowed", VIEWER)
