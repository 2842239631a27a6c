"""Users from the command line: lists, invitations and codes, roles, sessions, one's own password."""

import pytest

from tests.services.database import everything

from .conftest import Shell
from .small_seed import PASSWORD

OWNER = ("--as", "owner@small.example")
AGENT = "agent@small.example"
BO = "bo@small.example"


def test_the_lists(shell: Shell) -> None:
    listed = shell.says("--as", "owner", "user", "list")
    assert listed.splitlines()[0].endswith("users · 1 here now")
    assert "Ann Agent" in listed
    users = shell.answers("--as", "owner", "user", "list")["users"]
    assert users[0]["role"] == "owner"
    assert shell.answers("--as", "owner", "show", "/users")["users"] == users
    record = shell.answers("--as", "owner", "user", "show", AGENT.upper())
    assert record["user"]["email"] == AGENT
    assert record["sessions"] == []
    text = shell.says("--as", "owner", "user", "show", AGENT)
    assert f"subtui user role {AGENT} ROLE" in text
    assert text == shell.says("--as", "owner", "show", f"/users/{record['user']['id']}")


def test_every_attempt_is_listed(own: Shell) -> None:
    assert own.run(*OWNER, "user", "list", SUBTUI_PASSWORD="wrong").exit_code == 1
    found = own.answers(*OWNER, "user", "sign-ins", SUBTUI_PASSWORD=PASSWORD)["sign_ins"]
    assert [row["outcome"] for row in found] == ["signed_in", "refused"]
    assert {row["program"] for row in found} == {"command"}
    text = own.says(*OWNER, "user", "sign-ins", "--email", BO, SUBTUI_PASSWORD=PASSWORD)
    assert text == "No sign-ins yet\n"


def test_somebody_is_invited_and_chooses_a_password(own: Shell) -> None:
    invite = ("user", "invite", BO, "--name", "Bo New", "--role", "agent")
    made = own.answers(*OWNER, *invite, SUBTUI_PASSWORD=PASSWORD)
    assert made["user"]["state"] == "invited"
    refused = own.run("--as", BO, "show", "/", SUBTUI_PASSWORD=made["code"])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("This is a one-time code: choose a password with it first. Use: subtui --db ")
    assert refused.stderr.endswith(f"--as {BO} user password\n")
    choose = ("--as", BO, "user", "password", "--password-stdin")
    done = own.run(*choose, typed="a long password\n", SUBTUI_PASSWORD=made["code"])
    assert (done.exit_code, done.stdout) == (0, f"The password of Bo New ({BO}) is changed.\n")
    assert own.run("--as", BO, "show", "/", SUBTUI_PASSWORD="a long password").exit_code == 0
    assert own.run(*choose, typed="another password\n", SUBTUI_PASSWORD="a long password").exit_code == 0
    assert own.run("--as", BO, "show", "/", SUBTUI_PASSWORD="a long password").exit_code == 1
    assert own.run("--as", BO, "show", "/", SUBTUI_PASSWORD="another password").exit_code == 0
    text = own.says(*OWNER, "user", "reset-password", BO, SUBTUI_PASSWORD=PASSWORD)
    assert text.startswith("Bo New has a new code.")
    assert "This code is shown only once" in text
    assert own.run("--as", BO, "show", "/", SUBTUI_PASSWORD="another password").exit_code == 1


def test_a_new_password_is_typed_or_piped(own: Shell) -> None:
    error = own.answers(*OWNER, "user", "password", exit_code=2, SUBTUI_PASSWORD=PASSWORD)["error"]
    assert error["message"] == "No terminal to type the new password in: pass it with --password-stdin."
    short = own.run(*OWNER, "user", "password", "--password-stdin", typed="short\n", SUBTUI_PASSWORD=PASSWORD)
    assert (short.exit_code, short.stderr) == (2, "The password needs at least 8 characters.\n")
    nobody = own.run("user", "password", SUBTUI_PASSWORD=PASSWORD)
    assert (nobody.exit_code, nobody.stderr) == (2, "Name whose password it is with --as E-MAIL or SUBTUI_AS.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("role", AGENT, "viewer"), "Ann Agent is now viewer (before: agent).\n"),
        (("deactivate", AGENT, "--reason", "Left"), "Ann Agent is deactivated.\n"),
    ],
)
def test_an_act_on_a_user_tried_and_done(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    before = everything(shell.db)
    tried = shell.says("--as", "owner", "user", *words, "--dry-run")
    assert tried.endswith("Nothing was saved: this was a dry run.\n")
    assert shell.answers("--as", "owner", "user", *words, "--dry-run")["user"] is None
    assert everything(shell.db) == before
    assert shell.says("--as", "owner", "user", *words) == sentence
    assert shell.run("--as", "owner", "user", *words).exit_code == 1


def test_back_and_out_of_all_sessions(shell: Shell) -> None:
    shell.says("--as", "owner", "user", "deactivate", AGENT, "--reason", "Left")
    assert shell.run("--as", AGENT, "show", "/").exit_code == 1
    done = shell.answers("--as", "owner", "user", "reactivate", AGENT, "--reason", "Back")
    assert done["user"]["state"] == "active"
    assert shell.answers("log", "show", "--limit", "1")["events"][0]["reason"] == "Back"
    ended = shell.run("--as", "owner", "user", "end-sessions", AGENT)
    assert (ended.exit_code, ended.stderr) == (1, "Ann Agent has no open sessions.\n")


@pytest.mark.parametrize(
    ("who", "words", "exit_code", "kind"),
    [
        ("agent", ("list",), 1, "not_allowed"),
        ("agent", ("role", AGENT, "owner"), 1, "not_allowed"),
        ("admin", ("role", AGENT, "owner"), 1, "refused"),
        ("admin", ("deactivate", "owner@small.example", "--reason", "x"), 1, "not_allowed"),
        ("owner", ("deactivate", "owner@small.example", "--reason", "x"), 1, "refused"),
        ("owner", ("deactivate", AGENT, "--reason", " "), 2, "wrong_input"),
        ("owner", ("show", BO), 2, "not_found"),
        ("owner", ("invite", AGENT, "--name", "A", "--role", "agent"), 2, "wrong_input"),
    ],
)
def test_what_is_refused(shell: Shell, who: str, words: tuple[str, ...], exit_code: int, kind: str) -> None:
    before = everything(shell.db)
    assert shell.answers("--as", who, "user", *words, exit_code=exit_code)["error"]["kind"] == kind
    assert everything(shell.db) == before
