"""Every screen in a folder: what is written, what is removed, what is left alone, and the page that shows it."""

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subtui.app.routes import PATTERNS, parse
from subtui.cli.main import main
from subtui.flows import gallery
from subtui.flows.gallery_page import command_for
from subtui.flows.screenshot import Drawing, Size, Stopped
from subtui.flows.states import STATES, State, Way
from tests.cli.small_seed import small_seed, write_seed
from tests.flows.drawings import drawing_of

FEW = (
    State("first", "Ending <soon>"),
    State(
        "second", "a & b", "/contacts/1", keys=("x", "question_mark"), typed='say "it"', then=("enter",), who="owner"
    ),
)


@pytest.fixture(autouse=True)
def _nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(
        _database: Path, way: Way, sizes: Sequence[Size], themes: Sequence[str], *, start_at: Size
    ) -> list[Drawing]:
        assert start_at == (80, 24)
        where = parse(way.route).pattern
        return [replace(drawing_of("x"), size=s, theme=t, where=where) for s in sizes for t in themes]

    monkeypatch.setattr(gallery, "draw", draw)
    monkeypatch.setattr("subtui.flows.environment.make_neutral", lambda: None)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtui.flows.states.STATES", FEW)


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["snapshot", "--all", "-o", str(folder), *args])


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class Page(HTMLParser):
    """What a page links to, and which tags it leaves open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: dict[str, str] = {}
        self.scripts = 0
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        found = dict(attrs)
        self.scripts += tag in ("script", "link", "iframe")
        if tag == "img":
            assert found["loading"] == "lazy"
            self.images[found["src"] or ""] = found["alt"] or ""
        if tag not in ("img", "meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It closes the one before it."""
        assert self.open.pop() == tag


@pytest.mark.usefixtures("few")
def test_it_draws_every_state_at_every_size_in_every_theme(tmp_path: Path) -> None:
    result = run(tmp_path / "new" / "all")
    folder = tmp_path / "new" / "all"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"12 pictures of 2 states on 2 screens: {folder / 'index.html'}\n"
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert set(page.images) | {"index.html"} == left_in(folder)
    assert len(page.images) == 12
    assert page.images["first.120x36.light.svg"] == "Dashboard: first, 120x36, light. Shows: Ending <soon>"
    assert (page.open, page.scripts) == ([], 0)


@pytest.mark.usefixtures("few")
def test_what_a_run_before_drew_is_removed_and_nothing_else(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "notes.txt").touch()
    (tmp_path / "third.80x24.dark.svg").touch()
    result = run(tmp_path, "--size", "100x30", "--theme", "dark")
    assert "2 pictures of 2 states on 2 screens" in result.stdout
    assert "12 from an earlier run removed." in result.stdout
    assert left_in(tmp_path) == {
        *("index.html", "notes.txt", "third.80x24.dark.svg", "first.100x30.dark.svg", "second.100x30.dark.svg")
    }


def test_a_page_of_somebody_elses_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Mine</h1>")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "was not made by subtui snapshot" in result.stderr
    assert left_in(tmp_path) == {"index.html"}


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        result = run(place)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert str(tmp_path / "file") in result.stderr


@pytest.mark.usefixtures("few")
def test_a_state_that_cannot_be_drawn_is_named_and_no_page_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> list[Drawing]:
        raise Stopped("It fell over.")

    monkeypatch.setattr(gallery, "draw", fail)
    result = run(tmp_path / "all")
    assert (result.exit_code, result.stderr) == (2, "first, /: It fell over.\n")
    assert left_in(tmp_path / "all") == set()


def test_of_own_data_it_draws_every_route_that_there_is_a_row_for(tmp_path: Path) -> None:
    seed = small_seed()
    seed["requests"] = []
    seed["users"] = [user for user in seed["users"] if user["role"] != "owner"]
    file = write_seed(tmp_path, seed)
    result = run(tmp_path / "all", "--data", str(file), "--size", "80x24", "--theme", "dark")
    assert result.exit_code == 0
    without = "/batches/{id}, /keap/outbox/{id}, /letters/{id}, /requests/{id}"
    assert result.stdout.endswith(f"The file has no row for {without}.\n")
    names = left_in(tmp_path / "all")
    assert len(names) == len(PATTERNS) - 4 + 1
    assert "contact_orders.80x24.dark.svg" in names
    text = (tmp_path / "all" / "index.html").read_text(encoding="utf-8")
    assert "seed.json" in text
    assert "/orders/21/refund" in text
    assert "· admin ·" in text
    assert run(tmp_path / "b", "--data", str(file), "--as", "viewer").exit_code == 0
    assert "· viewer ·" in (tmp_path / "b" / "index.html").read_text(encoding="utf-8")


def test_the_command_that_is_named_reaches_the_same_state() -> None:
    assert command_for(FEW[1]) == (
        "subtui snapshot /contacts/1 --press 'x ?' --type 'say \"it\"' --press enter --as owner -o second.svg"
    )


def test_the_states_have_names_of_their_own_and_routes_that_lead_somewhere() -> None:
    assert len({state.name for state in STATES}) == len(STATES)
    for state in STATES:
        assert parse(state.route).link == state.route
