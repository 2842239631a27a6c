"""Notes from the command line."""

import pytest

from .conftest import Shell
from .small_seed import ACTIVE, BOUGHT

CONTACT = "/contacts/1"


@pytest.mark.parametrize("route", [f"/subscriptions/{ACTIVE}", f"/orders/{BOUGHT}", CONTACT, f"{CONTACT}/orders"])
def test_a_note_is_added_and_listed(route: str, shop: Shell) -> None:
    assert shop.says("note", "add", route, "--text", "A word") == "Note added. It is for your team; nothing is sent.\n"
    assert "A word" in shop.says("note", "list", route)
    assert "A word" in shop.says("show", route.removesuffix("/orders") if route.startswith(CONTACT) else route)
    (note,) = [note for note in shop.answers("note", "list", route)["notes"] if note["text"] == "A word"]
    assert (note["author"], note["about"]) == ("Ann Agent", "")
    assert shop.says("note", "undo", route) == "Note taken back. The log keeps it.\n"
    assert "A word" not in shop.says("note", "list", route)


def test_json_and_a_second_one_with_the_same_key(shop: Shell) -> None:
    route = f"/subscriptions/{ACTIVE}"
    assert shop.says("note", "list", route) == "No notes yet\n"
    added = shop.answers("note", "add", route, "--text", "A word", "--intention", "call-7")["added"]
    assert added["note"]["text"] == "A word"
    assert "Nothing was repeated." in shop.says("note", "add", route, "--text", "A word", "--intention", "call-7")
    assert len(shop.answers("note", "list", route)["notes"]) == 1


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("add", "/requests/1", "--text", "x"), 2, "A note is about a contact, a subscription or an order"),
        (("add", "/nowhere", "--text", "x"), 2, "There is no screen at"),
        (("add", "/orders/999", "--text", "x"), 2, "There is no order 999."),
        (("add", f"/orders/{BOUGHT}", "--text", " "), 1, "Enter the note."),
        (("list", "/orders/999"), 2, "There is no order 999."),
    ],
)
def test_what_is_refused(args: tuple[str, ...], code: int, said: str, shop: Shell) -> None:
    result = shop.run("note", *args)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
