"""What the program starts with, what it imports for that, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from subtui import __version__
from subtui.app_config import AppConfig
from subtui.cli import main
from subtui.cli.errors import guarded

from .conftest import Shell
from .small_seed import ACTIVE

HEAVY = ("textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "argon2", "babel")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[AppConfig]:
    """What the screens were started with, in the order they were; there is a terminal."""
    found: list[AppConfig] = []

    def run(app_config: AppConfig) -> int:
        found.append(app_config)
        return 0

    monkeypatch.setitem(sys.modules, "subtui.app.main", SimpleNamespace(run=run))
    monkeypatch.setattr(main, "why_no_screens", lambda: None)
    return found


def test_alone_it_opens_the_dashboard(shell: Shell, launched: list[AppConfig]) -> None:
    assert shell.run().exit_code == 0
    (app_config,) = launched
    assert (app_config.where, app_config.route, app_config.sign_in_as) == (str(shell.db), "/", None)
    assert (app_config.display_config.theme, app_config.display_config.date_format, app_config.read_only) == (
        "dark",
        "d MMM yyyy",
        False,
    )
    assert app_config.clock.frozen is None


def test_open_a_route(shell: Shell, launched: list[AppConfig]) -> None:
    assert shell.run("open", "/subscriptions/1042/").exit_code == 0
    assert launched[0].route == "/subscriptions/1042"


def test_options_win_over_variables_over_the_file(bare: Shell, launched: list[AppConfig]) -> None:
    config = bare.folder / "settings.toml"
    config.write_text('db = "file.db"\ntheme = "light"\nread_only = true\ndate_format = "yyyy-MM-dd"\n')
    base = ("--config", str(config))
    runner_env = dict(bare.env)
    for args, env in (
        ((), {}),
        ((), {"SUBTUI_THEME": "high-contrast", "SUBTUI_READ_ONLY": "0", "SUBTUI_DB": "variable.db"}),
        (
            ("--theme", "dark", "--read-only", "--db", "option.db"),
            {"SUBTUI_THEME": "light", "SUBTUI_DB": "variable.db"},
        ),
    ):
        result = click.testing.CliRunner().invoke(main.main, [*base, *args], env=runner_env | env)
        assert result.exit_code == 0, result.output
    looks = [(app_config.display_config.theme, app_config.read_only, app_config.where) for app_config in launched]
    assert looks == [
        ("light", True, str(bare.folder / "file.db")),
        ("high-contrast", False, "variable.db"),
        ("dark", True, "option.db"),
    ]


def test_day_person_and_seed_are_handed_on(bare: Shell, launched: list[AppConfig]) -> None:
    bare.run("--at", "2026-03-14", "--as", "viewer", "--seed", "s.json", "--theme", "light", SUBTUI_NOW="2020-01-01")
    (app_config,) = launched
    assert str(app_config.clock.today()) == "2026-03-14"
    assert (app_config.sign_in_as, app_config.seed, app_config.display_config.theme) == (
        "viewer",
        Path("s.json"),
        "light",
    )


def test_nothing_is_made_before_the_screens_are_there(bare: Shell, launched: list[AppConfig]) -> None:
    bare.run()
    assert list(bare.folder.iterdir()) == []


def test_what_the_screens_return_is_the_exit_code(
    shell: Shell, launched: list[AppConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "subtui.app.main", SimpleNamespace(run=lambda _launch: 7))
    assert shell.run().exit_code == 7


def test_a_keymap_that_cannot_be_used_is_told_before_the_screens(shell: Shell, launched: list[AppConfig]) -> None:
    config = shell.folder / "settings.toml"
    config.write_text('theme = "light"\n[keymap]\n"form.save" = "ctrl+w"\n"form.sve" = "x"\n')
    result = shell.run("--config", str(config))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{config}, line 4: ")
    assert "form.save" in result.stderr
    assert launched == []
    assert shell.run("--config", str(config), "find", "x").exit_code == 0


def test_without_a_terminal_there_are_no_screens(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "subtui", "--db", str(shell.db)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "need a terminal" in done.stderr


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2026-03-02T10:00:00", "\x1b[31m", "2026-3-2"])
def test_a_day_that_is_none(shell: Shell, day: str) -> None:
    for args, env in ((("--at", day), {}), ((), {"SUBTUI_NOW": day})):
        result = shell.run(*args, "roll", **env)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "\x1b" not in result.stderr


def test_an_unknown_variable_is_refused(shell: Shell) -> None:
    result = shell.run("find", "x", SUBTUI_TEHME="dark")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "There is no variable SUBTUI_TEHME. Did you mean SUBTUI_THEME?\n"


def test_wrong_settings_in_json(shell: Shell) -> None:
    error = shell.answers("--config", str(shell.folder / "no.toml"), "find", "x", exit_code=2)["error"]
    assert error["kind"] == "file_problem"


@pytest.mark.parametrize(
    "args",
    [
        ("--nonsense",),
        ("--theme", "pink"),
        ("nonsense",),
        ("find",),
        ("find", "x", "--nonsense"),
        ("show",),
        ("db",),
        ("db", "nonsense"),
        ("log",),
        ("user",),
        ("open",),
    ],
)
def test_wrong_usage(shell: Shell, args: tuple[str, ...]) -> None:
    result = shell.run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_wrong_usage_in_json(shell: Shell) -> None:
    assert shell.answers("cancel", str(ACTIVE), exit_code=2)["error"]["kind"] == "usage"
    assert shell.says("find", "--", "--json") == "No contact matches “--json”.\n"


TICKETS = (("account",), ("account", "cancel"), ("account", "show"), ("requests",), ("ask",), ("user", "verify"))


def test_help_needs_no_settings_that_work(bare: Shell) -> None:
    for args in (
        (),
        ("find",),
        ("cancel",),
        ("db",),
        ("db", "reset"),
        ("log", "verify"),
        ("user", "add"),
        ("open",),
        *TICKETS,
    ):
        for option in ("-h", "--help"):
            result = bare.run("--config", "/nonsense", *args, option, SUBTUI_NONSENSE="1")
            assert result.exit_code == 0
            assert "Usage:" in result.stdout


def test_version(bare: Shell) -> None:
    assert bare.run("--version").stdout == f"subtui {__version__}\n"


def loaded(*args: str) -> set[str]:
    """The modules in memory after a command line, in a fresh process."""
    script = (
        "import sys, json\nfrom subtui.cli.main import main\n"
        f"try: main({list(args)!r})\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["cancel", "--help"],
        ["account", "cancel", "--help"],
        ["reasons"],
        ["open", "/nonsense"],
        ["--at", "x", "roll"],
    ],
)
def test_what_needs_nothing_heavy_imports_nothing_heavy(args: list[str]) -> None:
    assert loaded(*args).isdisjoint(HEAVY)


def test_plain_commands_draw_nothing(shell: Shell) -> None:
    assert loaded("--db", str(shell.db), "find", "lop").isdisjoint({"textual", "rich", "alembic", "babel"})


def raising(error: BaseException) -> Any:
    """Something that fails."""

    def run() -> None:
        raise error

    return run


def test_a_fault_is_one_sentence_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(KeyError("maria@small.example")), as_json=False) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "maria" not in said.err
    assert "KeyError in test_starting.py" in said.err


def test_ctrl_c_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(KeyboardInterrupt()), as_json=False) == 130
    assert guarded(raising(click.Abort()), as_json=True) == 130
    assert capsys.readouterr() == ("", "")


def interrupted(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What a process has written once ctrl+c has ended it; one just before it waits for input is not seen."""
    for _ in range(20):
        process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("ctrl+c did not end it")


def test_ctrl_c_at_a_question(shell: Shell) -> None:
    before = shell.rows()
    main_end, end = pty.openpty()
    command = [sys.executable, "-m", "subtui", "--db", str(shell.db), "db", "reset"]
    process = subprocess.Popen(command, stdin=end, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr
    assert process.stdout
    question = b""
    while not question.endswith(b"]: "):
        byte = process.stderr.read(1)
        assert byte, question
        question += byte
    out, err = interrupted(process)
    os.close(main_end)
    os.close(end)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert shell.rows() == before


def test_a_reader_that_goes_away_is_no_fault(shell: Shell) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "subtui", "--db", str(shell.db), "show", "/subscriptions"]
    done = subprocess.run(command, check=False, stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(shell: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "subtui", "--db", str(shell.db), "reasons"]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "The answer could not be printed: No space left on device. Nothing was saved.\n"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_terminal_that_lacks_a_character(shell: Shell, encoding: str) -> None:
    env = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "subtui", "--db", str(shell.db), "find", "eve"]
    done = subprocess.run(command, check=False, capture_output=True, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    exact = json.loads(subprocess.run([*command, "--json"], capture_output=True, env=env, check=True).stdout)
    assert exact["rows"][0]["name"].startswith("王, Eve")
