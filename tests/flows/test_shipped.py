"""Every flow that comes with the program is a test: it comes out as written, and docs/guides says what it shows now."""

from pathlib import Path

import make_docs
import pytest

from subtui.flows.check import difference, record_of, records_of
from subtui.flows.recorder import record
from subtui.flows.registry import ORDER, find_flow
from subtui.flows.temp_db import Copies

RENEW = "look at the difference; if it is meant: subtui flow check --update, python tools/make_docs.py"


@pytest.mark.parametrize("name", ORDER)
async def test_it_comes_out_as_written_and_its_guide_is_up_to_date(copies: Copies, name: str) -> None:
    """Played once: what it expects must come, its pictures must be as on record, and so must the article."""
    flow = find_flow(name, Path("/nowhere"))
    recording = await record(flow, copies)
    for shot, frame in recording.shots.items():
        before = record_of(flow, shot).read_text(encoding="utf-8")
        assert before == frame.text + "\n", f"{difference(before, frame.text)}\n{RENEW}"
    assert {file.stem for file in records_of(flow).iterdir()} == set(recording.shots)
    for page, text in make_docs.guide_pages(recording).items():
        assert (make_docs.GUIDES / page).read_text(encoding="utf-8") == text, f"docs/guides/{page}: {RENEW}"


def test_the_index_of_the_guides_names_them_all() -> None:
    assert (make_docs.GUIDES / "README.md").read_text(encoding="utf-8") == make_docs.guides_index(), RENEW
    assert {file.stem for file in make_docs.GUIDES.glob("*.md")} == {"README", *ORDER}
