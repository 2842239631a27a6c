"""What Keap answers is shown as it stands: no markup, no escape, no control, no bidi character reaches the screen."""

import sqlite3
from pathlib import Path

from subtui.acts.keap import ListOutbox
from tests.app.driver import running
from tests.app.hostile import FORBIDDEN, HOSTILE
from tests.app.keap_office import NOW, Office, office

BAD = " ".join(HOSTILE)


def spoil(place: Office) -> int:
    """Put the worst texts wherever one of Keap's is shown; the id of a conflict."""
    account = place.server.account
    account.documents["business_profile"]["name"] = BAD
    place.connect()
    place.pull()
    number = place.cancel("5")
    account.patch_subscription("5", reason_stopped=BAD)
    place.pull()
    with sqlite3.connect(place.db) as connection:
        connection.execute("UPDATE keap_outbox SET note = ?, keap_id = ?, settled_by = ?", [BAD, BAD, BAD])
        connection.execute("UPDATE keap_outbox SET steps = json_array(?)", [BAD])
        connection.execute("UPDATE keap_connection SET connected_by = ?, base_url = ?", [BAD, BAD])
        connection.execute("UPDATE keap_walk SET refused = ? WHERE kind = 'companies'", [BAD])
        connection.execute("UPDATE contact SET first_name = ? WHERE keap_id IS NOT NULL", [BAD])
        values = ("subscriptions", BAD, "left_out", BAD, "{}", "2026-03-02 16:30:00")
        connection.execute(
            "INSERT INTO keap_remark (kind, keap_id, what, reason, body, at) VALUES (?, ?, ?, ?, ?, ?)", values
        )
        for name in ("account", "of a later version"):
            connection.execute(
                "INSERT INTO keap_finding (name, answer, detail, found_at) VALUES (?, ?, ?, ?)",
                (name, BAD, BAD, values[5]),
            )
    return number


async def test_no_text_of_keaps_acts_or_ends_the_program(demo_db: Path) -> None:
    with office(demo_db, connect=False, read=False) as place:
        number = spoil(place)
        ways = {
            "/": (),
            "/keap": ("down",) * 5,
            "/keap/outbox": (),
            f"/keap/outbox/{number}": ("t",),
            "/keap/left-out": (),
            "/keap/checks": (),
        }
        for route, keys in ways.items():
            async with running(demo_db, route=route, at=NOW, size=(120, 36), open_calls=place.calls) as driver:
                await driver.press(*keys)
                assert driver.app.failure is None, route
                assert not FORBIDDEN & set(driver.text), route
                if route != "/":
                    assert "[/foo] b [@click=app.quit]Bob[/] [b" in driver.text, route
        with place.backend() as backend:
            assert backend.read(ListOutbox())
