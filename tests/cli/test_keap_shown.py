"""The text and the JSON of the screens of Keap, by `subtui show`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.keap_office import Office, office
from tests.cli.conftest import Shell


@pytest.fixture
def place(demo_db: Path) -> Iterator[Office]:
    with office(demo_db) as made:
        yield made


def at(place: Office, shell: Shell) -> Shell:
    return Shell(shell.folder, place.db, shell.env | {"SUBTUI_AS": "agent"})


def test_without_a_connection_it_says_how_to_connect(shell: Shell) -> None:
    said = shell.says("show", "/keap")
    assert "Not connected to Keap" in said
    assert "subtui keap connect" in said
    assert shell.answers("show", "/keap")["connected"] is False
    assert shell.answers("show", "/keap/outbox") == {"changes": []}
    assert shell.answers("show", "/keap/left-out") == {"rows": []}
    assert shell.answers("show", "/keap/checks") == {"findings": []}
    assert shell.answers("show", "/")["keap"] is None


def test_the_connection_and_what_was_read(place: Office, shell: Shell) -> None:
    said = at(place, shell).says("--as", "agent", "show", "/keap")
    assert "Lakeside Membership" in said
    assert "Keap account  ab123 at http://127.0.0.1:8080/crm" in said
    assert "contacts" in said


def test_a_change_with_its_three_sides(place: Office, shell: Shell) -> None:
    number = place.cancel("5")
    place.server.account.patch_subscription("5", end_date="2026-04-30")
    place.pull()
    line = at(place, shell)
    assert "conflict" in line.says("--as", "agent", "show", "/keap/outbox")
    said = line.says("--as", "agent", "show", f"/keap/outbox/{number}")
    assert "≠  End date" in said
    assert "Saved, sent, verified" in said
    answer = line.answers("--as", "agent", "show", f"/keap/outbox/{number}")
    assert answer["row"]["state"] == "conflict"
    assert [side["label"] for side in answer["sides"] if side["differs"]] == ["End date"]
    assert line.run("--as", "agent", "show", "/keap/outbox/99").exit_code != 0
