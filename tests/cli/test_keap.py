"""The connection to Keap from the command line, against a mock of it: the key, reading, sending, deciding."""

import json
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from subtui.clock import Clock
from subtui.flows.keap import MockLine
from subtui.keap_api.base_url import DEFAULT
from subtui.keap_mock import Limits, MockKeap
from subtui.services.keap.demo_account import account_of

from .conftest import Shell

OWNER = ("--as", "owner")
DAY = date(2026, 3, 2)
SUBSCRIPTION = "1"


@pytest.fixture
def home(shell: Shell) -> Path:
    """The folders of the shell: for the key, and for the log of the calls."""
    return shell.folder


@pytest.fixture
def keap(shell: Shell, home: Path) -> Iterator[MockKeap]:
    """A mock of Keap with the business of the shell's database."""
    account = account_of(str(shell.db), Clock(DAY).now)
    with MockKeap(account, limits=Limits().times(10_000)) as server:
        yield server


def connect(shell: Shell, keap: MockKeap, *allowed: str) -> None:
    done = shell.run(*OWNER, "keap", "connect", "--url", keap.base_url, typed=f"{keap.key}\n")
    assert done.exit_code == 0, done.output
    shell.says(*OWNER, "keap", "pull")
    if allowed:
        shell.says(*OWNER, "keap", *allowed)


def active(shell: Shell) -> tuple[str, str]:
    """Our id and Keap's of a subscription that is active."""
    with closing(sqlite3.connect(shell.db)) as connection:
        found = "SELECT id, keap_id FROM subscription WHERE status = 'Active' AND end_date IS NULL ORDER BY id"
        number, keap_id = connection.execute(found).fetchone()
    return str(number), str(keap_id)


def cancel(shell: Shell, number: str, **env: str) -> str:
    done = shell.run(*OWNER, "cancel", number, "--end-date", "eom", "--reason", "too_expensive", **env)
    assert done.exit_code == 0, done.output
    return done.stderr


# --- the key ----------------------------------------------------------------------------------------------------------


def test_a_key_is_kept_in_a_file_that_only_its_user_can_read(shell: Shell, keap: MockKeap, home: Path) -> None:
    done = shell.run(*OWNER, "keap", "connect", "--url", keap.base_url, typed=f"{keap.key}\n")
    assert done.exit_code == 0
    assert "Connected to " in done.stdout
    assert "Nothing is sent: an owner has to allow it." in done.stdout
    assert keap.key not in done.output
    (file,) = home.rglob("keap-key*")
    assert file.read_text().strip() == keap.key
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # It is found there from now on.
    assert shell.run(*OWNER, "keap", "pull").exit_code == 0


def test_a_key_from_the_environment_is_kept_nowhere(shell: Shell, keap: MockKeap, home: Path) -> None:
    connected = ("keap", "connect", "--url", keap.base_url)
    shell.says(*OWNER, *connected, SUBTUI_KEAP_KEY=keap.key)
    assert not list(home.rglob("keap-key*"))
    assert shell.run(*OWNER, "keap", "pull").exit_code == 1
    assert shell.run(*OWNER, "keap", "pull", SUBTUI_KEAP_KEY=keap.key).exit_code == 0


def test_a_wrong_key_is_refused_and_not_kept(shell: Shell, keap: MockKeap, home: Path) -> None:
    done = shell.run(*OWNER, "keap", "connect", "--url", keap.base_url, typed="KeapAK-wrong\n")
    assert done.exit_code == 2
    assert "Keap does not accept the key" in done.stderr
    assert "KeapAK-wrong" not in done.output
    assert not list(home.rglob("keap-key*"))
    assert not shell.answers("--as", "owner", "keap", "status")["tenant"]


@pytest.mark.parametrize("url", ["http://keap.example/crm", "ftp://localhost", "https://me:secret@keap.example"])
def test_an_address_that_the_key_must_not_be_sent_to_is_refused(shell: Shell, home: Path, url: str) -> None:
    done = shell.run(*OWNER, "keap", "connect", "--url", url, typed="KeapAK-1\n")
    assert done.exit_code == 2
    assert "secret" not in done.stderr
    assert not list(home.rglob("keap-key*"))


def test_demo_data_are_connected_to_this_machine_only(
    shell: Shell, home: Path, keap: MockKeap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opener(*_: object, **__: object) -> MockLine:
        return MockLine(keap)

    monkeypatch.setattr("subtui.services.keap.line.line_opener", opener)
    done = shell.run(*OWNER, "keap", "connect", "--url", DEFAULT, SUBTUI_KEAP_KEY=keap.key)
    assert done.exit_code == 1
    assert done.stderr == "These are demo data. They can be connected to a Keap on this machine only.\n"


def test_only_an_owner_connects(shell: Shell, keap: MockKeap) -> None:
    done = shell.run("--as", "agent", "keap", "connect", "--url", keap.base_url, SUBTUI_KEAP_KEY=keap.key)
    assert done.exit_code == 1
    assert done.stderr == "An agent cannot connect Keap: ask the owner.\n"


def test_another_account_is_refused_for_good(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap)
    shell.says(*OWNER, "keap", "disconnect")
    keap.account.documents["userinfo"]["tenant_id"] = "zz999"
    done = shell.run(*OWNER, "keap", "connect", "--url", keap.base_url)
    assert done.exit_code == 1
    assert "The key opens the Keap account zz999, and this database belongs to ab123." in done.stderr


def test_disconnecting_ends_reading_and_forgets_the_key(shell: Shell, keap: MockKeap, home: Path) -> None:
    connect(shell, keap)
    shell.says(*OWNER, "keap", "disconnect", "--forget-key")
    assert not list(home.rglob("keap-key*"))
    done = shell.run(*OWNER, "keap", "pull", SUBTUI_KEAP_KEY=keap.key)
    assert (done.exit_code, done.stderr[:40]) == (1, "This database is not connected to Keap. ")


# --- reading, sending, deciding ---------------------------------------------------------------------------------------


def test_a_cancellation_is_saved_sent_and_verified(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap)
    number, keap_id = active(shell)
    assert cancel(shell, number) == ""
    (waiting,) = shell.answers(*OWNER, "keap", "outbox")["changes"]
    assert waiting["state"] == "waiting"
    refused = shell.run(*OWNER, "keap", "push")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Sending to Keap is not allowed yet. The owner allows it: subtui keap allow-writing\n",
    )
    shell.says(*OWNER, "keap", "allow-writing")
    assert shell.says(*OWNER, "keap", "push") == "1 verified in Keap.\n"
    there = keap.account.row("subscriptions", keap_id)
    assert there is not None
    assert (there["active"], there["auto_charge"], there["end_date"]) == (False, False, "2026-03-31")
    assert there["reason_stopped"] == "Too expensive"
    assert "Saved here, sent, and verified in Keap." in shell.says(*OWNER, "keap", "change", str(waiting["id"]))
    assert re.search(
        r"Keap +Saved here, sent, and verified in Keap\.", shell.says(*OWNER, "show", f"/subscriptions/{number}")
    )
    assert keap.forbidden_calls == []


def test_by_itself_a_change_is_sent_after_the_answer(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap, "allow-writing", "--by-itself")
    number, keap_id = active(shell)
    assert cancel(shell, number) == "Keap: 1 verified in Keap.\n"
    undone = shell.run(*OWNER, "undo", number)
    assert undone.exit_code == 0
    # The end date cannot be cleared by a call that is known.
    assert undone.stderr == "Keap: 1 to do in Keap.\n"
    there = keap.account.row("subscriptions", keap_id)
    assert there is not None
    assert there["active"]
    assert there["end_date"] == "2026-03-31"


def test_a_keap_that_does_not_answer_fails_no_act(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap, "allow-writing", "--by-itself")
    number, _ = active(shell)
    keap.close()
    said = cancel(shell, number)
    assert said.startswith("Keap: ")
    assert said.endswith("The change waits in the outbox.\n")
    (waiting,) = shell.answers(*OWNER, "keap", "outbox")["changes"]
    assert waiting["state"] == "waiting"


def test_a_conflict_is_shown_and_decided(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap, "allow-writing")
    number, keap_id = active(shell)
    cancel(shell, number)
    keap.account.patch_subscription(keap_id, end_date="2026-06-30")
    pushed = shell.run(*OWNER, "keap", "push")
    assert (pushed.exit_code, pushed.stdout) == (1, "1 conflict.\n")
    (row,) = shell.answers(*OWNER, "keap", "outbox", "--state", "conflict")["changes"]
    decided = shell.says(*OWNER, "keap", "decide", str(row["id"]), "--take", "theirs")
    assert decided == "Saved here. It was decided to leave Keap as it is.\n"
    record = shell.answers(*OWNER, "show", f"/subscriptions/{number}")
    assert record["terms"]["ending"]["status"] == "Active"
    assert record["terms"]["ending"]["end_date"] == "2026-06-30"


def test_a_reading_says_what_it_brought_and_can_be_stopped(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap)
    _, keap_id = active(shell)
    keap.account.patch_subscription(keap_id, quantity=3)
    assert shell.says(*OWNER, "keap", "pull").startswith("Read from Keap: 1 changed, 1 left out.\n")
    report = shell.answers(*OWNER, "keap", "pull", "--whole")
    assert (report["stopped"], report["refused"], report["left_out"]) == ("", {}, 1)
    assert report["counts"]["subscriptions"]["changed"] == 0


def test_the_checks_are_a_table_and_write_only_where_it_is_allowed(shell: Shell, keap: MockKeap) -> None:
    connect(shell, keap)
    _, keap_id = active(shell)
    text = shell.says(*OWNER, "keap", "doctor")
    assert "May subscriptions be read, do their ids rise?  yes" in text
    assert {call.method for call in keap.calls} == {"GET"}
    refused = shell.run(*OWNER, "keap", "doctor", "--write", keap_id)
    assert (refused.exit_code, refused.stderr[:36]) == (1, "Sending to Keap is not allowed yet. ")
    shell.says(*OWNER, "keap", "allow-writing")
    before = keap.account.row("subscriptions", keap_id)
    found = {row["name"]: row["answer"] for row in shell.answers(*OWNER, "keap", "doctor", "--write", keap_id)}
    assert found["write_reason"] == "yes"
    assert found["write_past"] == "yes"
    assert found["write_null"] == "is ignored"
    after = keap.account.row("subscriptions", keap_id)
    assert before is not None
    assert after is not None
    for name in ("active", "auto_charge", "reason_stopped"):
        assert (after.get(name) or None) == (before.get(name) or None)


def test_the_log_of_calls_holds_no_key(shell: Shell, keap: MockKeap, home: Path) -> None:
    connect(shell, keap)
    (file,) = home.rglob("keap-calls.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["method"] for line in lines} == {"GET"}
    assert keap.key not in file.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
