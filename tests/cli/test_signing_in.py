"""Who acts in a plain command, and who may be added."""

import sys

import click
import pytest

from subtui.cli import context

from .conftest import Shell
from .small_seed import ACTIVE, ENDING, PASSWORD

CANCEL = ("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal at which the answers in the list are typed, one for each hidden prompt."""
    answers: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", lambda *_args, **_options: answers.pop(0))
    return answers


def newest_actor(shell: Shell) -> str:
    """Who wrote the newest entry of the log, read as an account that may."""
    actor: str = shell.rows()["event"][-1][3]
    return actor


@pytest.mark.parametrize(
    ("who", "actor"),
    [
        (None, "Ann Agent"),
        ("agent", "Ann Agent"),
        ("owner", "Olga Owner"),
        ("admin", "Ada Admin"),
        ("owner@small.example", "Olga Owner"),
        ("OWNER@small.example", "Olga Owner"),
    ],
)
def test_who_acts_on_demo_data(shell: Shell, who: str | None, actor: str) -> None:
    shell.says(*(["--as", who] if who else []), *CANCEL)
    assert newest_actor(shell) == actor


def test_the_option_wins_over_the_variable(shell: Shell) -> None:
    shell.says("--as", "admin", *CANCEL, SUBTUI_AS="viewer")
    assert newest_actor(shell) == "Ada Admin"


def test_the_variable_names_who_acts(shell: Shell) -> None:
    shell.says(*CANCEL, SUBTUI_AS="owner")
    assert newest_actor(shell) == "Olga Owner"


def test_an_account_that_the_demo_does_not_have(shell: Shell) -> None:
    assert shell.answers("--as", "nobody@x.example", "find", "x", exit_code=1)["error"]["kind"] == "not_allowed"


def test_a_viewer_is_refused(shell: Shell) -> None:
    rows = shell.rows()
    error = shell.answers("--as", "viewer", *CANCEL, exit_code=1)["error"]
    assert error["kind"] == "not_allowed"
    assert error["message"].startswith("A viewer cannot")
    assert shell.run("--as", "viewer", "undo", str(ENDING)).exit_code == 1
    assert shell.run("--as", "viewer", *CANCEL, "--dry-run").exit_code == 1
    assert shell.rows() == rows
    assert shell.run("--as", "viewer", "show", f"/subscriptions/{ACTIVE}").exit_code == 0


def test_own_data_takes_a_name_and_a_password(own: Shell) -> None:
    assert own.answers("find", "lop", exit_code=2)["error"]["kind"] == "wrong_input"
    assert own.run("--as", "agent@small.example", "find", "lop").exit_code == 2
    wrong = own.answers("--as", "agent@small.example", "find", "lop", exit_code=1, SUBTUI_PASSWORD="nonsense")
    assert wrong["error"]["kind"] == "sign_in_refused"
    assert own.answers("--as", "agent@small.example", "find", "lop", SUBTUI_PASSWORD=PASSWORD)["total"] == 1


def test_a_role_is_no_name_on_own_data(own: Shell) -> None:
    assert own.run("--as", "owner", "find", "lop", SUBTUI_PASSWORD=PASSWORD).exit_code == 1


def test_the_password_is_asked_for_on_a_terminal(own: Shell, keyboard: list[str]) -> None:
    keyboard.append(PASSWORD)
    assert context.ask_password("Password of x") == PASSWORD
    assert sys.stdin.isatty()


def test_the_password_is_never_shown(own: Shell) -> None:
    result = own.run("--as", "agent@small.example", "find", "lop", SUBTUI_PASSWORD="s3cret-nonsense")
    assert "s3cret" not in result.output


ADD = ("user", "add", "new@small.example", "--name", "Nea New", "--role", "agent")


def test_an_admin_adds_a_user(shell: Shell) -> None:
    answer = shell.answers("--as", "admin", *ADD, SUBTUI_PASSWORD="long enough")
    assert answer["user"]["email"] == "new@small.example"
    assert answer["user"]["role"] == "agent"
    assert newest_actor(shell) == "Ada Admin"
    assert "long enough" not in str(shell.rows())


def test_an_agent_adds_nobody(shell: Shell) -> None:
    rows = shell.rows()
    assert shell.run(*ADD, SUBTUI_PASSWORD="long enough").exit_code == 1
    assert shell.rows() == rows


@pytest.mark.parametrize(
    ("args", "password"),
    [
        (ADD, "short"),
        (ADD, ""),
        (("user", "add", "no-address", "--name", "N", "--role", "agent"), "long enough"),
        (("user", "add", "viewer@small.example", "--name", "N", "--role", "agent"), "long enough"),
        (("user", "add", "n@small.example", "--name", "N", "--role", "king"), "long enough"),
        (("user", "add", "n@small.example", "--role", "agent"), "long enough"),
    ],
)
def test_users_that_cannot_be_added(shell: Shell, args: tuple[str, ...], password: str) -> None:
    rows = shell.rows()
    result = shell.run("--as", "admin", *args, SUBTUI_PASSWORD=password)
    assert (result.exit_code, result.stdout) == (2, "")
    assert shell.rows() == rows


def test_on_own_data_the_variable_is_the_adders_password(own: Shell) -> None:
    admin = ("--as", "admin@small.example", *ADD)
    result = own.run(*admin, SUBTUI_PASSWORD=PASSWORD)
    assert result.exit_code == 2
    assert "--password-stdin" in result.stderr
    assert own.run(*admin, "--password-stdin", typed="brand new one\n", SUBTUI_PASSWORD=PASSWORD).exit_code == 0
    assert own.run("--as", "new@small.example", "find", "x", SUBTUI_PASSWORD="brand new one").exit_code == 0


def test_the_first_user_of_an_empty_database_is_its_owner(bare: Shell) -> None:
    bare.says("db", "init", "--empty")
    assert "There are no users yet. Add the owner: " in bare.run("find", "x").stderr
    assert bare.run(*ADD, SUBTUI_PASSWORD="long enough").exit_code == 1
    owner = ("user", "add", "me@small.example", "--name", "Me", "--role", "owner")
    assert bare.says(*owner, SUBTUI_PASSWORD="long enough") == "Added Me (me@small.example), owner.\n"
    answer = bare.answers("--as", "me@small.example", "find", "x", SUBTUI_PASSWORD="long enough")
    assert answer["total"] == 0
