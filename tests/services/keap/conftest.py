"""Worlds to try the connection in: a database without customers, and an account in Keap with a few."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from subtui.keap_mock import Account
from tests.lanes import SQLITE
from tests.services.keap.direct import STARTS_AT, Hands
from tests.services.keap.world import World

SIZES = {"contacts": 8, "subscriptions": 14, "orders": 10}
_numbers = count(1)


@pytest.fixture
def empty_place(
    request: pytest.FixtureRequest, database_kind: str, business_file: Path, tmp_path: Path
) -> Callable[[], Path]:
    """Makes databases of a business without customers."""

    def make() -> Path:
        if database_kind == SQLITE:
            return Path(shutil.copy(business_file, tmp_path / f"business{next(_numbers)}.db"))
        return cast("Path", request.getfixturevalue("copies").of(request.getfixturevalue("business_template")))

    return make


@pytest.fixture
def world_of(empty_place: Callable[[], Path]) -> Iterator[Callable[..., World]]:
    """Makes worlds that are connected; by default with a made account of a few rows, in pages of six."""
    made: list[World] = []

    def make(account: Account | None = None, *, page: int | None = 6, seed: int = 3, **how: Any) -> World:
        hands = Hands()
        there = account or Account.made(**(SIZES | how), seed=seed, clock=hands.now)
        there.clock = hands.now
        world = World(empty_place(), there, hands, page)
        made.append(world)
        world.connect()
        return world

    yield make
    for world in made:
        world.close()


@pytest.fixture(scope="session")
def pulled_file(business_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which the usual account has been read, made once."""
    path = Path(shutil.copy(business_file, tmp_path_factory.mktemp("pulled") / "pulled.db"))
    world = World(path, _usual(Hands()), Hands(), 6)
    world.connect()
    world.pull()
    world.close()
    return path


@pytest.fixture
def world(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[World]:
    """A world whose account has been read, an hour ago."""
    if database_kind == SQLITE:
        hands = Hands(STARTS_AT + timedelta(hours=1))
        account = _usual(Hands())
        account.clock = hands.now
        copied = shutil.copy(request.getfixturevalue("pulled_file"), tmp_path / "pulled.db")
        found = World(Path(copied), account, hands, 6)
        yield found
        found.close()
    else:
        found = request.getfixturevalue("world_of")()
        found.pull()
        found.hands.move(3600)
        yield found


def _usual(hands: Hands) -> Account:
    sizes: Any = SIZES
    return Account.made(**sizes, seed=3, clock=hands.now)
