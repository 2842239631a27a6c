"""Fixtures of the services' tests: the owner's backend, a business for files, a demo without customers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from tests.lanes import SQLITE
from tests.postgres_places import Copies, ServerPlace
from tests.postgres_server import PostgresServer
from tests.services.exporting import make_bare
from tests.services.importing import Business, make_business


@pytest.fixture
def owner(desk_as: Callable[[Role], Backend]) -> Backend:
    """A backend at which the demo's owner sits, who is verified."""
    return desk_as(Role.OWNER)


@pytest.fixture(scope="session")
def business_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a business with three people and nothing else, made once."""
    return make_business(tmp_path_factory.mktemp("business"))


@pytest.fixture(scope="session")
def business_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerPlace]:
    """The same on the server."""
    copies = Copies(postgres_server)
    place: Any = copies.empty()
    make_business(tmp_path_factory.mktemp("business_seed"), db=place)
    yield place
    copies.remove()


@pytest.fixture
def business(
    request: pytest.FixtureRequest, database_kind: str, business_file: Path, tmp_path: Path
) -> Iterator[Business]:
    """Such a business of the test's own."""
    if database_kind == SQLITE:
        db = Path(shutil.copy(business_file, tmp_path / "business.db"))
    else:
        place: Any = request.getfixturevalue("copies").of(request.getfixturevalue("business_template"))
        db = cast("Path", place)
    made = Business(tmp_path, db)
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's account and users, and no customers, made once."""
    return make_bare(tmp_path_factory.mktemp("bare"))
