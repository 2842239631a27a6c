"""Fixtures of the services' tests: the owner's backend, a business for files, a demo without customers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from subtui.domain.permissions import Role
from subtui.services.backend import Backend
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


@pytest.fixture
def business(business_file: Path, tmp_path: Path) -> Iterator[Business]:
    """Such a business of the test's own."""
    made = Business(tmp_path, Path(shutil.copy(business_file, tmp_path / "business.db")))
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's account and users, and no customers, made once."""
    return make_bare(tmp_path_factory.mktemp("bare"))
