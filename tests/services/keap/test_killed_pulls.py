"""Processes that are killed while they read: what is there in the end is what an undisturbed one brings."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from subtui.acts.keap import ConnectKeap
from subtui.acts.log import VerifyLog
from subtui.clock import Clock
from subtui.domain.permissions import Role
from subtui.keap_mock import Account, Limits, MockKeap, faults
from subtui.services.backend import Backend
from subtui.services.keap.line import line_opener
from tests.services.keap.direct import STARTS_AT
from tests.services.keap.world import everything_but_times, unlike

pytestmark = pytest.mark.files_only
KILLS = 5


def _process(place: Path, server: MockKeap, at: datetime) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.services.keap.pull_worker", str(place), server.key, at.isoformat()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def test_pulls_that_are_killed_go_on_where_they_were(empty_place: Callable[[], Path]) -> None:
    account = Account.made(contacts=60, subscriptions=80, orders=150, seed=5, clock=lambda: STARTS_AT)
    places = [empty_place(), empty_place()]
    chance = Random(5)  # noqa: S311
    with MockKeap(account, limits=Limits().times(100_000)) as server:
        opener = line_opener({"SUBTUI_KEAP_KEY": server.key}, places[0].parent, places[0].parent)
        for place in places:
            with Backend.open(str(place), clock=Clock(STARTS_AT)) as backend:
                backend.sign_in_demo(Role.OWNER)
                backend.do(ConnectKeap(server.base_url, opener))
        at = STARTS_AT
        for _ in range(KILLS):
            at += timedelta(minutes=3)
            process = _process(places[0], server, at)
            # Killed while the server is at one of its calls, or a moment later: then it writes.
            server.faults.add(
                faults.meanwhile(process.kill, after=chance.random() < 0.5), nth=chance.randrange(1, 5), times=1
            )
            assert process.communicate()[0] == ""
            assert process.returncode != 0
            server.faults.clear()
        for place in places:
            finished = _process(place, server, at + timedelta(minutes=3))
            assert finished.communicate()[0] == "done\n"
        assert (server.forbidden_calls, server.over_limit) == ([], 0)
    found = unlike(*map(everything_but_times, places))
    assert set(found) <= {"keap_walk"}
    with Backend.open(str(places[0]), clock=Clock(STARTS_AT), read_only=True) as backend:
        backend.sign_in_demo(Role.OWNER)
        assert backend.read(VerifyLog()).broken is None
