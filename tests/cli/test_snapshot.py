"""Pictures of the screens from the command line."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from subtui.cli.main import main
from subtui.flows import pictures, screenshot
from subtui.flows.driver import DrivenApp
from subtui.flows.flow import Press
from subtui.flows.screenshot import Drawing, Stopped
from subtui.flows.states import Way
from tests.flows.drawings import drawing_of

from .small_seed import small_seed, write_seed


def run(*args: str | Path) -> Result:
    """The result of `subtui snapshot ARGS`."""
    return CliRunner().invoke(main, ["snapshot", *map(str, args)])


@dataclass
class Asked:
    """What the command asked to be drawn, instead of drawing it."""

    way: Way | None = None
    sizes: object = None
    themes: object = None


@pytest.fixture(autouse=True)
def _the_environment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtui.flows.environment.make_neutral", lambda: None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Nothing is drawn: what would have been is kept."""
    kept = Asked()

    def draw(_database: Path, way: Way, sizes: object, themes: object) -> list[Drawing]:
        kept.way, kept.sizes, kept.themes = way, sizes, themes
        return [drawing_of("the text")]

    monkeypatch.setattr(screenshot, "draw", draw)
    return kept


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_keys_and_text_are_done_in_the_order_they_are_given_in(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    result = run(
        "/", "--type", "lop", "--press=down enter", "--type=a b", "--size", "100x30", "--press", "? ctrl+s", "-o", file
    )
    assert (result.exit_code, result.output) == (0, "")
    assert asked.way is not None
    assert [getattr(act, "key", None) or getattr(act, "text", None) for act in asked.way.acts] == [
        *("lop", "down", "enter", "a b", "?", "ctrl+s")
    ]
    assert (asked.sizes, asked.themes) == (((100, 30),), ("dark",))
    assert file.read_text(encoding="utf-8") == "the text\n"


def test_who_and_when_and_the_options_before_the_command(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    options = ["--as", "owner", "--at", "2026-03-09", "--theme", "light", "--read-only"]
    assert CliRunner().invoke(main, [*options, "snapshot", "/account/", "-o", str(file)]).exit_code == 0
    assert asked.way is not None
    assert (asked.way.route, asked.way.who, str(asked.way.at)) == ("/account", "owner", "2026-03-09")
    assert asked.way.read_only
    assert asked.themes == ("light",)
    assert file.read_text(encoding="utf-8") == "<svg/>"
    assert run("/", "-o", file).exit_code == 0
    assert (asked.way.who, str(asked.way.at)) == ("agent", "2026-03-02")


def test_a_file_of_data_stands_on_its_own_day(asked: Asked, tmp_path: Path) -> None:
    seed = small_seed() | {"day": "2026-04-01"}
    file = write_seed(tmp_path, seed)
    assert run("/", "--data", file, "-o", tmp_path / "a.svg").exit_code == 0
    assert asked.way is not None
    assert str(asked.way.at) == "2026-04-01"
    del seed["day"]
    write_seed(tmp_path, seed)
    result = run("/", "--data", file, "-o", tmp_path / "b.svg")
    assert (result.exit_code, 'has no "day"' in result.stderr) == (2, True)
    assert run("/", "--data", file, "--at", "2026-05-01", "-o", tmp_path / "b.svg").exit_code == 0
    assert str(asked.way.at) == "2026-05-01"


# --- what is refused ------------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown route": (("/contracts/1",), "There is no screen at “/contracts/1”. Did you mean /contacts/{id}?"),
    "no route": ((), "Name a screen: a route"),
    "an unknown key": (("/", "--press", "tab hyper+x"), "“hyper+x” is not a key."),
    "a key that no terminal sends": (("/", "--press", "ctrl+i"), "a terminal sends it for tab"),
    "text that cannot be typed": (("/", "--type", "a\nb"), "--type takes text only"),
    "no size": (("/", "--size", "big"), "“big” is not a terminal size."),
    "too small a size": (("/", "--size", "20x5"), "20x5 is too small"),
    "two sizes": (("/", "--size", "80x24", "--size", "90x24"), "Several sizes or themes need --all"),
    "an unknown theme": (("/", "--theme", "mauve"), "'mauve' is not one of"),
    "no date": (("/", "--at", "soon"), "“soon” is not a date."),
    "data that is not there": (("/", "--data", "no.json"), "There is no file no.json."),
    "all and a route": (("/", "--all"), "--all draws every screen"),
    "all and somebody": (("--all", "--as", "owner"), "--all writes many files"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_drawn_is_said_in_a_sentence(name: str, tmp_path: Path) -> None:
    arguments, words = WRONG[name]
    result = run(*arguments, "-o", tmp_path / "a.svg")
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert left_in(tmp_path) == []


def test_data_that_is_wrong_is_named_by_its_place(tmp_path: Path) -> None:
    seed = small_seed()
    seed["orders"][0]["currency"] = "usd"
    file = write_seed(tmp_path, seed)
    result = run("/", "--data", file, "-o", tmp_path / "a.svg")
    assert result.exit_code == 2
    assert f"{file} is not a seed file" in result.stderr
    assert "$.orders[0].currency" in result.stderr
    assert left_in(tmp_path) == ["seed.json"]


def test_where_it_cannot_be_written_is_said_before_anything_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.svg").mkdir()
    for place, words in (
        ("a.gif", "“a.gif” needs an ending that sets the format: .svg, .txt, .png."),
        ("a", "needs an ending that sets the format"),
        ("none/a.svg", f"There is no folder {tmp_path / 'none'}."),
        ("file/a.svg", f"{tmp_path / 'file'} is not a folder."),
        ("folder.svg", "is a folder. Name a file in it."),
    ):
        result = run("/", "-o", tmp_path / place)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert words in result.stderr
    assert left_in(tmp_path) == ["file", "folder.svg"]


def test_a_database_of_ones_own_has_no_part_in_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--db", str(tmp_path / "my.db"), "snapshot", "/", "-o", str(tmp_path / "a.svg")])
    assert result.exit_code == 2
    assert "Snapshots use throwaway data" in result.stderr
    assert left_in(tmp_path) == []


def test_without_the_package_no_png(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    result = run("/", "-o", tmp_path / "a.png")
    assert result.exit_code == 2
    assert 'pip install "subtui[png]"' in result.stderr
    assert left_in(tmp_path) == []


def test_without_a_font_no_png(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_drawn", lambda _svg, _family: b"nothing")
    result = run("/", "-o", tmp_path / "a.png")
    assert result.exit_code == 2
    assert result.stderr.startswith("Drawing a PNG needs a font")
    assert left_in(tmp_path) == []


# --- what is drawn --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_seed(tmp_path_factory.mktemp("shop"), small_seed())


def test_the_text_goes_to_standard_output(shop: Path) -> None:
    result = run("/", "--data", shop, "--type", "lop", "--press", "enter o", "-o", "-")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "López, María › Orders" in result.stdout
    assert len(result.stdout.splitlines()) <= 24


def test_a_row_that_is_not_there_is_a_picture_of_that(shop: Path) -> None:
    result = run("/orders/9", "--data", shop, "-o", "-")
    assert result.exit_code == 0
    assert "There is no order 9." in result.stdout


def test_nobody_is_signed_in_where_one_signs_in(shop: Path) -> None:
    result = run("/sign-in", "--data", shop, "--as", "owner", "-o", "-")
    assert result.exit_code == 0
    assert "Demo accounts" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as", "nobody@small.example"), "No user “nobody@small.example”. The data has "),
        (("--press", "tab q"), "“q” closed the program: there is no screen to draw."),
    ],
)
def test_where_there_is_no_screen_it_is_said(
    shop: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run("/", "--data", shop, *arguments, "-o", tmp_path / "a.txt")
    assert result.exit_code == 2
    assert words in result.stderr
    assert left_in(tmp_path) == []


def test_a_fault_of_the_program_is_its_sentence(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_app: DrivenApp) -> None:
        raise ZeroDivisionError("María López")

    monkeypatch.setattr(DrivenApp, "do_app_help", fail)
    result = run("/", "--data", shop, "--press", "tab ?", "-o", tmp_path / "a.txt")
    assert result.exit_code == 2
    assert "subtui crashed (ZeroDivisionError)." in result.stderr
    assert "María" not in result.output
    assert left_in(tmp_path) == []


def test_the_same_everywhere_and_nothing_is_left_at_home(shop: Path, tmp_path: Path) -> None:
    """Another machine: other language, time zone, terminal, settings that are wrong, and a database that is none."""
    config = tmp_path / "config" / "subtui"
    config.mkdir(parents=True)
    (config / "settings.toml").write_text("theme = 'mauve'\nnonsense = 1\n")
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONUTF8": "1"}
    odd = plain | {
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "TZ": "Pacific/Kiritimati",
        "TERM": "dumb",
        "COLUMNS": "41",
        "LINES": "13",
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "COLORTERM": "",
        "TEXTUAL_THEME": "nord",
        "TEXTUAL_ANIMATIONS": "full",
        "SUBTUI_THEME": "light",
        "SUBTUI_DB": str(tmp_path / "no.db"),
        "SUBTUI_NOW": "2030-01-01",
        "SUBTUI_AS": "viewer",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    running = []
    for name, env in (("one", plain), ("two", odd)):
        line = ["snapshot", "/subscriptions/11", "--data", str(shop), "--press", "x t ctrl+s a", "--size", "100x30"]
        command = [sys.executable, "-m", "subtui", *line, "-o", str(tmp_path / f"{name}.svg")]
        running.append(subprocess.Popen(command, env=env, stderr=subprocess.PIPE, cwd=tmp_path))
    for process in running:
        assert process.communicate(timeout=120)[1] == b""
        assert process.returncode == 0
    drawn = (tmp_path / "one.svg").read_bytes()
    assert b"Inactive" in drawn
    assert drawn == (tmp_path / "two.svg").read_bytes()
    assert b"font-face" not in drawn
    assert b"url(http" not in drawn
    assert left_in(tmp_path) == ["config", "one.svg", "two.svg"]


def test_a_screen_that_does_not_come_to_rest_is_given_up(monkeypatch: pytest.MonkeyPatch, demo_db: Path) -> None:
    monkeypatch.setattr(screenshot, "PATIENCE", 0)
    with pytest.raises(Stopped, match="was not ready"):
        screenshot.draw(demo_db, Way(), [(80, 24)], ["dark"])


def test_a_file_that_proposes_a_place_names_no_home_of_anybodys(demo_db: Path) -> None:
    way = Way("/reports", acts=(Press("e"),))
    (drawn,) = screenshot.draw(demo_db, way, [(80, 24)], ["dark"])
    assert "/home/you" in drawn.text
