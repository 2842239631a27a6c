"""Flows for tests: from text, on the demo data, on databases made once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from subtui.flows.flow import Flow
from subtui.flows.parser import flow_of
from subtui.flows.temp_db import Copies, temporary

HEAD = 'title = "A test"\nat = 2026-03-02\nsize = "80x24"\n'


@pytest.fixture(scope="session")
def copies() -> Iterator[Copies]:
    """Databases to throw away."""
    with temporary() as made:
        yield made


@pytest.fixture
def flow(tmp_path: Path) -> Callable[[str], Flow]:
    """Makes a flow of text; its pictures are on record in the test's own folder."""

    def make(steps: str, head: str = HEAD) -> Flow:
        file = tmp_path / "mine.toml"
        file.write_text(head + steps, encoding="utf-8")
        return flow_of(head + steps, file)

    return make
