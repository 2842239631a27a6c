"""Flows from the command line: listed, checked, recorded, made into articles; and what is refused, in a sentence."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from subtui.cli.flow_files import ENDINGS
from subtui.cli.main import main
from subtui.flows.driver import DrivenApp
from subtui.flows.registry import ORDER
from subtui.flows.temp_db import Copies

from .small_seed import small_seed, write_seed

HEAD = 'title = "Look around"\nat = 2026-03-02\nsize = "80x24"\n'
LOOK = '[[step]]\nsay = "Look."\npress = "tab"\nexpect = "64 contacts"\nsnapshot = "seen"\n'
MISSED = '[[step]]\nsay = "Look."\nexpect = { text = "Nobody says this", where = "top" }\n'

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _the_environment_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("subtui.flows.environment.make_neutral", lambda: None)
    monkeypatch.setattr("subtui.cli.flow_files.make_neutral", lambda: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a flow file."""

    def write_flow(steps: str, name: str = "mine.toml", head: str = HEAD) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(head + steps, encoding="utf-8")
        return file

    return write_flow


def run(*args: str | Path) -> Result:
    """The result of `subtui ARGS`."""
    return CliRunner().invoke(main, [*map(str, args)])


def done(*args: str | Path) -> str:
    """What a command prints that must be done."""
    result = run(*args)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*args: str | Path, exit_code: int = 2) -> str:
    """The one sentence of a command that must be refused."""
    result = run(*args)
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "error in subtui" not in result.stderr
    return result.stderr.strip()


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- which there are ------------------------------------------------------------------------------------------------


def test_all_flows_are_listed_with_ones_own(write: Write) -> None:
    write(LOOK, "config/subtui/flows/around.toml")
    text = done("flow", "list")
    assert [line.split()[0] for line in text.splitlines()[1:-3]] == [*ORDER, "around"]
    assert "Look around" in text
    listed = json.loads(done("flow", "list", "--json"))
    assert [each["name"] for each in listed] == [*ORDER, "around"]
    assert set(listed[-1]) == {"name", "title", "purpose", "seconds", "keys", "file"}
    assert (listed[-1]["title"], listed[-1]["keys"]) == ("Look around", 1)
    assert done("demo", "--list") == done("demo")
    assert done("demo") == text.split("\n\n")[0] + "\n"


def test_a_flow_of_ones_own_stands_for_the_one_of_its_name(write: Write) -> None:
    write('[[step]]\nexpect = "Dashboard"\n', "config/subtui/flows/undo.toml", head='title = "Our way back"\n')
    listed = [line for line in done("flow", "list").splitlines() if line.startswith("undo ")]
    assert len(listed) == 1
    assert "Our way back" in listed[0]


def test_a_folder_beside_other_settings_is_looked_in(write: Write, tmp_path: Path) -> None:
    write(LOOK, "elsewhere/flows/theirs.toml")
    settings = tmp_path / "elsewhere" / "settings.toml"
    settings.write_text("")
    assert "theirs" in done("--config", settings, "flow", "list")


def test_a_file_of_ones_own_that_is_wrong_is_named_and_hides_no_other(write: Write) -> None:
    file = write("[[step]]\nsaay = 1\n", "config/subtui/flows/around.toml")
    words = f"{file}, step 1: object contains unknown field “saay”."
    for command in (("flow", "list"), ("flow", "list", "--json"), ("demo", "--list")):
        result = run(*command)
        assert result.exit_code == 0
        assert "by-phone" in result.stdout
        assert result.stderr.splitlines() == [words]
    assert refused("flow", "check", "around") == words


# --- checked --------------------------------------------------------------------------------------------------------


def test_a_check_puts_on_record_passes_and_then_fails(write: Write, tmp_path: Path) -> None:
    file = write(LOOK)
    missing = run("flow", "check", file)
    assert missing.exit_code == 2
    assert "snapshot “seen” is not recorded yet" in missing.stdout
    assert done("flow", "check", file, "--update").startswith("✓ mine: 1 step, 1 of 1 snapshot recorded, ")
    assert done("flow", "check", file).startswith("✓ mine: 1 step, 1 snapshot compared, ")
    record = tmp_path / "mine" / "seen.txt"
    record.write_bytes(b"\xff\n")
    other = run("flow", "check", file)
    assert other.exit_code == 1
    assert "snapshot “seen” differs from the recorded one:" in other.stdout
    done("flow", "check", file, "--update")
    assert "64 contacts" in record.read_text(encoding="utf-8")


def test_a_check_that_fails_shows_step_expectation_and_screen(write: Write) -> None:
    file = write(MISSED)
    result = run("flow", "check", file, "--within", "0.1")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "✗ mine, step 1 (Look.):"
    assert lines[1].startswith("  “Nobody says this” in the top is not shown. It shows: “Dashboard agent")
    assert "The screen at step 1:" in lines
    assert "┌" + "─" * 80 + "┐" in lines or any(line.startswith("┌──") for line in lines)
    assert any(line.startswith("│   64 contacts") for line in lines)
    assert result.stderr == "1 of 1 flows failed.\n"


def test_the_outcome_for_a_script_and_a_build_server(write: Write, tmp_path: Path) -> None:
    own = write('[[step]]\nexpect = "Dashboard"\n', "config/subtui/flows/good.toml")
    bad = write(MISSED, "bad.toml")
    xml = tmp_path / "out.xml"
    result = run("flow", "check", "good", bad, "--within", "0.1", "--json", "--junit", xml)
    assert (result.exit_code, result.stderr) == (1, "")
    good, failed = json.loads(result.stdout)
    assert (good["name"], good["passed"], good["problems"]) == (own.stem, True, [])
    assert (failed["passed"], failed["problems"][0]["step"]) == (False, 1)
    assert "64 contacts" in failed["problems"][0]["screen"]
    suite = ElementTree.fromstring(xml.read_text(encoding="utf-8"))  # noqa: S314  (our own)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_a_check_on_other_data(write: Write, tmp_path: Path) -> None:
    file = write('[[step]]\nexpect = "2 contacts"\n')
    assert done("flow", "check", file, "--data", write_seed(tmp_path, small_seed())).startswith("✓ mine")
    dayless = {name: value for name, value in small_seed().items() if name != "day"}
    write_seed(tmp_path, dayless, "dayless.json")
    assert done("flow", "check", file, "--data", "dayless.json").startswith("✓ mine")


# --- recorded, and made into articles -------------------------------------------------------------------------------


def test_a_recording_by_its_ending(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    outputs = [f"--output=out{ending}" for ending in ENDINGS]
    text = done("flow", "record", write(LOOK), *outputs, "--output=~/home.cast", "--cast", "3", "--theme", "light")
    assert text == "Wrote out.cast\nWrote out.svg\nWrote out.txt\nWrote ~/home.cast\n"
    head = json.loads((tmp_path / "out.cast").read_text().splitlines()[0])
    assert head["version"] == 3
    assert (tmp_path / "home" / "home.cast").read_bytes() == (tmp_path / "out.cast").read_bytes()
    ElementTree.parse(tmp_path / "out.svg")  # noqa: S314  (our own)
    assert (tmp_path / "out.txt").read_text().startswith("Look around\n===========\n\n1. Look.\n   tab\n\n┌─")
    assert left_in(tmp_path) == ["home", "mine.toml", "out.cast", "out.svg", "out.txt"]


@pytest.mark.parametrize("folder", ["all", "docs.v2/", "new/deep/"])
def test_a_recording_into_a_folder_has_everything(write: Write, tmp_path: Path, folder: str) -> None:
    done("flow", "record", write(LOOK), "-o", folder)
    assert left_in(tmp_path / folder) == ["mine", "mine.svg", "mine.txt", "mine.v2.cast", "mine.v3.cast"]
    assert left_in(tmp_path / folder / "mine") == ["seen.svg"]
    assert json.loads((tmp_path / folder / "mine.v2.cast").read_text().splitlines()[0])["version"] == 2


def test_articles_of_several_flows(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write(LOOK, "config/subtui/flows/around.toml")
    mine = write(LOOK)
    done("flow", "guide", "around", mine, "--output=~/site")
    assert left_in(tmp_path / "site") == ["around", "around.html", "around.md", "mine", "mine.html", "mine.md"]
    for form in ("md", "html"):
        done("flow", "guide", mine, "-o", form, "--format", form)
        assert left_in(tmp_path / form) == ["mine", f"mine.{form}"]
    assert (tmp_path / "md" / "mine.md").read_text().startswith("# Look around\n")
    assert "~" not in left_in(tmp_path)


# --- what is refused ------------------------------------------------------------------------------------------------

COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("flow", "check"),
    "record": ("flow", "record", "-o", "out.svg"),
    "guide": ("flow", "guide", "-o", "out"),
    "demo": ("demo",),
}

WRONG: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("title=", "mine.toml is not TOML:"),
    "no text": (b"\xff", "mine.toml is not UTF-8 text."),
    "an unknown field": (HEAD + 'colour = "red"\n' + LOOK, "object contains unknown field “colour”."),
    "no key": (HEAD + '[[step]]\npress = "hyper+x"\n', "step 1, press: “hyper+x” is not a key."),
    "no data": ('data = "no.json"\n' + HEAD + LOOK, "data: there is no file"),
    "a folder as data": ('data = "."\n' + HEAD + LOOK, "There is no file"),
    "data that is none": ('data = "mine.toml"\n' + HEAD + LOOK, "mine.toml is not a seed file: JSON is malformed"),
    "data on no day": (
        'data = "dayless.json"\ntitle = "A"\n' + LOOK,
        'dayless.json has no "day", so its pictures would change daily: add one, or give the flow an "at".',
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_wrong_is_a_sentence(tmp_path: Path, name: str, command: str) -> None:
    write_seed(tmp_path, {key: value for key, value in small_seed().items() if key != "day"}, "dayless.json")
    content, words = WRONG[name]
    file = tmp_path / "mine.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert words in refused(*COMMANDS[command], file)
    assert left_in(tmp_path) == ["dayless.json", "mine.toml"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_flow_or_data_that_is_not_there(write: Write, tmp_path: Path, command: str) -> None:
    words = COMMANDS[command]
    assert "no.toml cannot be read: No such file or directory." in refused(*words, "./no.toml")
    assert "There is no flow “expres”. Did you mean express?" in refused(*words, "expres")
    assert "There are: cancel, express" in refused(*words, "zzz")
    assert refused(*words, write(LOOK), "--data", "no.json") == "There is no file no.json."
    assert left_in(tmp_path) == ["mine.toml"]


OUTPUTS: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown ending": (("record", "-o", "a.gif"), "a.gif needs an ending that sets the format: .cast, .svg"),
    "nothing": (("record", "-o", ""), "-o needs a file name."),
    "no folder": (("record", "-o", "no/a.svg"), "There is no folder"),
    "a file as a folder": (("record", "-o", "file/a.svg"), "file is not a folder."),
    "a folder as a file": (("record", "-o", "file/"), "file is not a folder."),
    "one of several": (("record", "-o", "a.svg", "-o", "no/a.svg"), "There is no folder"),
    "an unknown version": (("record", "-o", "a.cast", "--cast", "1"), "'1' is not one of '2', '3'"),
    "an unknown theme": (("record", "-o", "a.cast", "--theme", "mauve"), "'mauve' is not one of"),
    "nowhere": (("record",), "Missing option '-o'"),
    "a guide in a file": (("guide", "-o", "file"), "file is not a folder."),
    "a guide below a file": (("guide", "-o", "file/out"), "file is not a folder."),
    "an outcome nowhere": (("check", "--junit", "no/a.xml"), "There is no folder"),
    "an outcome below a file": (("check", "--junit", "file/a.xml"), "file is not a folder."),
    "no time": (("check", "--within", "0"), "0.0 is not in the range"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_where_it_cannot_be_written_is_said_before_anything_is_played(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Copies, "fresh", lambda *_args, **_options: pytest.fail("It is played."))
    (tmp_path / "file").touch()
    (command, *rest), words = OUTPUTS[name]
    assert words in refused("flow", command, write(LOOK), *rest)
    assert left_in(tmp_path) == ["file", "mine.toml"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="has no folder in which even root makes nothing")
def test_a_folder_that_only_refuses_when_it_is_written(write: Write, tmp_path: Path) -> None:
    file = write('[[step]]\nexpect = "Dashboard"\n')
    assert refused("flow", "record", file, "-o", "/proc/a.svg").startswith("/proc/a.svg cannot be written: ")
    assert refused("flow", "guide", file, "-o", "/proc/guide").startswith("/proc/guide cannot be created: ")
    assert left_in(tmp_path) == ["mine.toml"]


def test_pictures_that_cannot_be_on_record(write: Write, tmp_path: Path) -> None:
    file = write(LOOK)
    (tmp_path / "mine").touch()
    for options in ((), ("--update",)):
        assert refused("flow", "check", file, *options).endswith("seen.txt cannot be read: Not a directory.")


def test_no_place_for_data_to_throw_away(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    file = write(LOOK)
    for command in ("check", "record", "guide"):
        words = refused(*COMMANDS[command], file)
        assert words == "There is no folder for temporary data: No such file or directory. Set TMPDIR to one."
    assert left_in(tmp_path) == ["mine.toml"]


@pytest.mark.parametrize("command", ["check", "record", "guide"])
def test_a_role_that_nobody_has_does_not_play_as_somebody_else(write: Write, tmp_path: Path, command: str) -> None:
    seed = small_seed()
    seed["users"] = [user for user in seed["users"] if user["role"] != "owner"]
    write_seed(tmp_path, seed)
    file = write('[[step]]\npress = "enter"\n', head='as = "owner"\ndata = "seed.json"\n' + HEAD)
    assert refused(*COMMANDS[command], file).startswith("mine: No user “owner”. ")
    assert left_in(tmp_path) == ["mine.toml", "seed.json"]


@pytest.mark.parametrize("command", ["check", "record", "guide"])
def test_a_program_that_does_not_start(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def spoilt(self: Copies, *_args: object, **_options: object) -> Path:
        file = self._folder / "spoilt.db"
        file.write_text("This is no database, and long enough to be looked at as one. " * 20)
        return file

    monkeypatch.setattr(Copies, "fresh", spoilt)
    words = refused(*COMMANDS[command], write(LOOK))
    assert words.startswith("mine: ")
    assert "spoilt.db" in words
    assert left_in(tmp_path) == ["mine.toml"]


def test_a_fault_of_the_program_is_told_with_its_step(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_app: DrivenApp) -> None:
        raise ZeroDivisionError("María López")

    monkeypatch.setattr(DrivenApp, "do_app_help", fail)
    file = write('[[step]]\nsay = "Look."\n[[step]]\npress = "tab ?"\n')
    good = write('[[step]]\nexpect = "Dashboard"\n', "good.toml")
    result = run("flow", "check", file, good)
    assert result.exit_code == 1
    assert "✗ mine, step 2 (Look.):\n  subtui crashed" in result.stdout
    assert "✓ good: 1 step" in result.stdout
    assert "María" not in result.output
    words = refused("flow", "record", file, "-o", "out.svg", exit_code=1)
    assert words.startswith("mine, step 2: subtui crashed (ZeroDivisionError).")


@pytest.mark.parametrize("command", [("record", "-o", "out.svg"), ("guide", "-o", "out")], ids=lambda words: words[0])
def test_what_is_recorded_and_does_not_come_out_shows_the_screen(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("subtui.flows.runner.PATIENCE", 0.1)
    file = write('[[step]]\nroute = "/reports"\n')
    name, *rest = command
    result = run("flow", name, file, *rest)
    assert (result.exit_code, result.stdout) == (1, "")
    *screen, sentence = result.stderr.splitlines()
    assert any(line.startswith("│   64 contacts") for line in screen)
    assert sentence == "mine, step 1: the route should be /reports, but is /."
    assert not list(tmp_path.glob("out*"))


def test_what_needs_a_terminal_says_so_without_one(write: Write, tmp_path: Path) -> None:
    assert refused("demo", write(LOOK)) == "A demo needs a terminal. Without one, use: subtui flow record FLOW -o FILE"
    assert refused("flow", "new", "-o", "new.toml") == "Recording a flow needs a terminal."
    assert left_in(tmp_path) == ["mine.toml"]


def test_what_no_flow_is_written_to(write: Write, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    write(LOOK)
    there = refused("flow", "new", "-o", "mine.toml", exit_code=1)
    assert there == "mine.toml already exists. Choose another name, or move it."
    for arguments, words in (
        (("-o", "new.txt"), "new.txt: the name of a flow file ends with .toml."),
        (("-o", "no/new.toml"), "There is no folder"),
        (("-o", "file/new.toml"), "file is not a folder."),
        (("-o", "new.toml", "--open", "/nowhere"), "There is no screen at “/nowhere”."),
        (("-o", "new.toml", "--data", "no.json"), "There is no file no.json."),
        (("-o", "new.toml", "--data", "mine.toml"), "mine.toml is not a seed file"),
        (("-o", "new.toml", "--title", "x" * 121), "--title: at most 120 characters."),
        ((), "Missing option '-o'"),
    ):
        assert words in refused("flow", "new", *arguments)
    assert left_in(tmp_path) == ["file", "mine.toml"]


@pytest.mark.parametrize(
    ("command", "end"), [("check", signal.SIGINT), ("check", signal.SIGHUP), ("record", signal.SIGTERM)]
)
def test_broken_off_in_the_middle_it_leaves_nothing_behind(tmp_path: Path, command: str, end: signal.Signals) -> None:
    passing, here = tmp_path / "passing", tmp_path / "here"
    passing.mkdir()
    here.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "subtui", *COMMANDS[command], "cancel"],
        cwd=here,
        env=os.environ | {"TMPDIR": str(passing)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for _ in range(600):
        if list(passing.glob("*/copy-1.db")):
            break
        time.sleep(0.05)
    process.send_signal(end)
    assert process.communicate(timeout=30) == (b"", b"\n")
    assert process.returncode == 130
    assert left_in(passing) == left_in(here) == []
