"""What is half done, from the command line: listed, noted for later, and finished."""

from .conftest import Shell
from .refunding import BIG, DECLINE, VIEWER, newest
from .small_seed import ACTIVE, BOUGHT, ENDING


def test_nothing_is_half_done(shop: Shell) -> None:
    assert shop.says("refunds", "list") == "Open refunds: 0 of 0\n  No open refunds\n"
    assert shop.answers("refunds", "list") == {"rows": [], "total": 0, "waiting": []}
    assert "Refunds  " not in shop.says("show", "/")


def test_what_is_half_done(shop: Shell) -> None:
    shop.says("refunds", "later", str(ENDING))
    shop.says(*BIG)
    shop.says("refund", "21", "--reason", "duplicate")
    said = shop.says("refunds", "list")
    assert said.splitlines() == [
        "Open refunds: 3 of 3",
        "       Since  Contact          Amount  Next step                                  Where",
        "  2 Mar 2026  López, María          -  cancelled, refund pending                  /subscriptions/13",
        "  2 Mar 2026  López, María  60.00 USD  awaiting approval, requested by Ann Agent  /orders/22",
        "  2 Mar 2026  López, María  49.00 USD  recorded, gateway reference missing        /orders/21",
        "",
        "Awaiting approval",
        "  Refund 1      60.00 USD, refund by gateway",
        "  Order         22, López, María",
        "  Requested by  Ann Agent, 2 Mar 2026 09:30",
        "  Reason        Duplicate",
        "  Approval      You requested this refund yourself, so another user has to approve it.",
        "",
        "Commands",
        "  Decide  subtui refunds approve ID, or subtui refunds decline ID --note WHY",
    ]
    assert shop.says("show", "/refunds") == said
    assert "Open refunds          3\n" in shop.says("show", "/")
    assert shop.answers("show", "/")["refunds_to_finish"] == 3


def test_what_is_half_done_in_json(shop: Shell) -> None:
    shop.says(*BIG)
    shop.says(*BIG, "--amount", "55")
    answer = shop.answers("refunds", "list")
    assert (set(answer), answer["total"]) == ({"rows", "total", "waiting"}, 2)
    assert [(row["kind"], row["route"]) for row in answer["rows"]] == [("approval", f"/orders/{BOUGHT}")] * 2
    assert [(row["id"], row["amount"]["minor"]) for row in answer["waiting"]] == [(1, 6000), (2, 5500)]
    assert answer["waiting"][0]["why_not_approve"].startswith("You requested this refund yourself")
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
    sentence = "Refund noted as pending. F lists it until it is recorded."
    assert shop.says(*later) == f"{sentence}\n"
    assert "Refund    pending\n" in shop.says("show", f"/subscriptions/{ENDING}")
    assert (newest(shop)["title"], newest(shop)["route"]) == (
        "Refund noted as pending",
        f"/subscriptions/{ENDING}",
    )
    rows = shop.rows()
    result = shop.run(*later)
    assert (result.exit_code, result.stderr) == (1, "A refund is already noted as pending.\n")
    result = shop.run("refunds", "later", str(ACTIVE))
    assert (result.exit_code, result.stderr) == (
        1,
        "This subscription has not been cancelled: refund one of its orders instead.\n",
    )
    assert shop.rows() == rows


def test_a_note_for_later_in_json(shop: Shell) -> None:
    noted = shop.answers("refunds", "later", str(ENDING))["noted"]
    assert noted["subscription_id"] == ENDING
    assert noted["sentence"].startswith("Refund noted as pending")
    error = shop.answers("--as", "viewer", "refunds", "later", str(ENDING), exit_code=1)["error"]
    assert (error["kind"], f"{error['message']}\n") == ("not_allowed", VIEWER)
