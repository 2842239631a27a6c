"""The states of the screens of Keap with a connection: their text at four sizes, their picture at one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.message_pump import MessagePump

from subtui.app.background_job import BackgroundJob
from subtui.app.screens.keap_job_screen import KeapJobScreen
from subtui.domain.progress import Progress
from subtui.flows.runner import collapse_whitespace
from subtui.testing.sheet import Sheet
from tests.app.conftest import ScreenSnapshot
from tests.app.driver import running
from tests.app.keap_office import NOW, Office, office
from tests.app.test_snapshots import PICTURED, SIZES, in_every_theme

CANCELLED, CONFLICT, REFUND, GONE = 1, 2, 3, 4
"""The changes of the busy office by their ids."""


def new(place: Office) -> None:
    """Connected, not read, and not allowed to send."""
    place.connect(writing=False)


def busy(place: Office) -> None:
    """Changes in every state that matters, a row left out, and a kind that Keap does not give."""
    account = place.server.account
    account.add("subscriptions", place.there("3") | {"id": "77", "contact_id": "999"})
    place.server.switches = replace(place.server.switches, forbidden=frozenset({"companies"}))
    place.connect()
    place.pull()
    place.cancel("3")
    place.push()
    place.cancel("5")
    account.patch_subscription("5", end_date="2026-04-30")
    place.refund("13")
    place.cancel("7")
    account.delete("subscriptions", "7")
    place.pull()
    place.push()
    place.cancel("2")


@dataclass(frozen=True)
class Shown:
    """A state: the route, the keys from there, and a text that identifies it at every size."""

    name: str
    shows: str
    route: str = "/keap"
    keys: tuple[str, ...] = ()
    before: Callable[[Office], None] = busy
    who: str = "agent"
    half: bool = False


STATES = (
    Shown("keap_new", "never read", before=new),
    Shown("keap_viewer", "A viewer cannot read from Keap", keys=("r",), before=new, who="viewer"),
    Shown("keap_read", "Read from Keap:", keys=("r",), before=new),
    Shown("keap_reading", "reading contacts · 1,500 rows", keys=("r",), before=new, half=True),
    Shown("keap_busy", "1 conflict"),
    Shown("keap_sent", "1 verified in Keap.", keys=("s",)),
    Shown("keap_refused_kind", "The key's user may not", keys=("down",) * 5),
    Shown("keap_outbox_open", "saved here", "/keap/outbox"),
    Shown("keap_outbox_all", "verified in Keap", "/keap/outbox", keys=("f", "f")),
    Shown("keap_verified", "Saved here, sent, and verified in Keap.", f"/keap/outbox/{CANCELLED}"),
    Shown("keap_conflict", "compare both sides", f"/keap/outbox/{CONFLICT}"),
    Shown("keap_take_theirs", "Take Keap's values?", f"/keap/outbox/{CONFLICT}", keys=("t",)),
    Shown("keap_keep_ours", "Keep our values and send them?", f"/keap/outbox/{CONFLICT}", keys=("o",)),
    Shown("keap_by_hand", "done by hand in Keap.", f"/keap/outbox/{REFUND}"),
    Shown("keap_ticked_off", "Noted as done by hand.", f"/keap/outbox/{REFUND}", keys=("d",)),
    Shown("keap_gone", "To do in Keap", f"/keap/outbox/{GONE}"),
    Shown("keap_left_out_rows", "not taken", "/keap/left-out"),
    Shown("keap_checks_none", "Not checked yet.", "/keap/checks", who="admin"),
    Shown("keap_dashboard", "Pending", "/"),
)
THEMED = frozenset({"keap_conflict", "keap_busy", "keap_outbox_all"})


def stays_half_way(patch: pytest.MonkeyPatch) -> None:
    """A reading that has come so far, and stays there."""

    def start(job: BackgroundJob[object], asker: MessagePump, _route: str) -> None:
        job.progress = Progress(0, 0, 1500, "contacts")
        assert isinstance(asker, KeapJobScreen)
        asker.busy = False  # the driver need not wait for it

    patch.setattr(BackgroundJob, "start", start)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
async def test_state(
    demo_db: Path, state: Shown, screen_snapshot: ScreenSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    if state.half:
        stays_half_way(monkeypatch)
    with office(demo_db, connect=False, read=False) as place:
        state.before(place)
        async with running(
            demo_db, route=state.route, size=PICTURED, who=state.who, at=NOW, open_calls=place.calls
        ) as driver:
            await driver.press(*state.keys)
            assert driver.app.failure is None
            sheet = Sheet(pictured="80x24")
            for width, height in SIZES:
                await driver.resize(width, height)
                if (width, state.route) != (60, "/"):  # without the room for what is pending
                    assert state.shows in collapse_whitespace(driver.text), f"{width}x{height}"
                sheet.add(f"{width}x{height}", driver)
            screen_snapshot(sheet)
            if state.name in THEMED:
                await in_every_theme(driver, screen_snapshot)
