"""`subtui export` and `subtui export-changes`: what they say, what they refuse, how they answer scripts."""

import csv
import json
from pathlib import Path

import pytest

from .conftest import Shell
from .small_seed import ACTIVE, ENDING, PLAIN


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_into_a_new_folder(shell: Shell) -> None:
    out = shell.folder / "out"
    said = shell.says("export", str(out))
    assert "subscriptions.csv" in said
    assert f"Written to {out} in " in said
    assert sorted(path.stem for path in out.iterdir()) == [
        *("automations", "cards", "contacts", "notes", "order_items", "orders", "payments", "plans", "products"),
        *("subscriptions", "tags"),
    ]
    assert (out / "contacts.csv").read_bytes().startswith(b"\xef\xbb\xbfId,Name,First Name")
    assert sheet(out / "contacts.csv")[0]["Tags"] == "Members"


def test_what_is_there_is_left_alone(shell: Shell) -> None:
    (shell.folder / "out").write_text("mine")
    result = shell.run("export", str(shell.folder / "out"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "already exists" in result.stderr
    assert (shell.folder / "out").read_text() == "mine"


def test_it_answers_in_json(shell: Shell) -> None:
    out = shell.folder / "out.jsonl"
    answer = shell.answers("export", str(out), "--only", "subscriptions,contacts")
    assert answer["path"] == str(out)
    assert [(part["kind"], part["rows"]) for part in answer["files"]] == [("contact", 2), ("subscription", 4)]
    assert answer["rows"] == 6
    assert [json.loads(line)["kind"] for line in out.read_text(encoding="utf-8").splitlines()] == [
        *["contact"] * 2,
        *["subscription"] * 4,
    ]


def test_the_name_tells_the_form(shell: Shell) -> None:
    shell.says("export", str(shell.folder / "a.jsonl.gz"))
    shell.says("export", str(shell.folder / "b"), "--format", "jsonl")
    assert (shell.folder / "a.jsonl.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (shell.folder / "b").read_bytes().startswith(b"{")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("x.csv",), "Name a folder"),
        (("x.jsonl", "--format", "csv"), "Name a folder"),
        (("x", "--only", "people"), "Choose from: tags, products"),
        (("x", "--only", ","), "Say what to export"),
        (("x", "--contact", "99"), "no contact 99"),
        (("missing/x",), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(shell: Shell, args: tuple[str, ...], said: str) -> None:
    result = shell.run("export", str(shell.folder / args[0]), *args[1:])
    assert result.exit_code == 2
    assert said in result.stderr
    assert (
        sorted(path.name for path in shell.folder.iterdir() if path.suffix not in (".db", ".db-wal", ".db-shm")) == []
    )


def test_whoever_may_not_gets_nothing(shell: Shell) -> None:
    for command in ("export", "export-changes"):
        assert shell.run("--as", "viewer", command, str(shell.folder / "out")).exit_code == 1
        assert shell.run("--read-only", command, str(shell.folder / "out")).exit_code == 1
    assert not (shell.folder / "out").exists()


def test_one_contact(shell: Shell) -> None:
    shell.says("export", str(shell.folder / "out"), "--contact", "1")
    assert [row["Id"] for row in sheet(shell.folder / "out" / "subscriptions.csv")] == [str(ACTIVE), str(ENDING)]


def test_the_changes_as_a_table(shell: Shell) -> None:
    shell.says("cancel", str(PLAIN), "--reason", "unused", "--end-date", "2026-03-14")
    out = shell.folder / "changes.csv"
    said = shell.says("export-changes", str(out))
    assert "2 changes" in said
    assert "Next time: --since 2" in said
    table = sheet(out)
    assert [(row["Entry"], row["Subscription Id"], row["Status After"]) for row in table] == [
        ("1", str(ENDING), "Active"),
        ("2", str(PLAIN), "Inactive"),
    ]
    hash_of_first = table[0]["Hash"]
    for at, since in enumerate(("1", hash_of_first[:12], "2026-03-02", "today")):
        answer = shell.answers("export-changes", str(shell.folder / f"{at}.csv"), "--since", since)
        assert answer["lines"] == 1, since
    assert shell.run("export-changes", str(shell.folder / "no.csv"), "--since", "sometime").exit_code == 2
    assert shell.run("export-changes", str(shell.folder / "no.csv"), "--since", "9999").exit_code == 2
    assert not (shell.folder / "no.csv").exists()


def test_the_changes_as_requests(shell: Shell) -> None:
    shell.says("cancel", str(PLAIN), "--reason", "unused", "--end-date", "2026-03-14")
    out = shell.folder / "changes.jsonl"
    answer = shell.answers("export-changes", str(out), "--since", "1")
    assert (answer["lines"], answer["skipped"]) == (0, 1)
    assert json.loads(out.read_text(encoding="utf-8"))["skipped"] == 1
