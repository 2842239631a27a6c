"""Correcting a contact from the command line."""

import pytest

from .conftest import Shell

EDIT = ("contact", "edit", "1")


def test_the_given_fields_are_corrected_and_undone(shell: Shell) -> None:
    before = shell.answers("show", "/contacts/1")
    said = shell.says(
        *EDIT, "--email", "new@x.example", "--tag", "+Wholesale", "--billing", "1 Main St;Tucson, AZ 85701"
    )
    assert said.endswith("Saved: E-mail, Billing and Tags.\nUndo it with: subtui contact undo 1\n")
    assert "Wholesale (a new tag)" in said
    now = shell.answers("show", "/contacts/1")
    assert (now["emails"][0], now["tags"][-1]) == ("new@x.example", "Wholesale")
    assert now["addresses"][0]["lines"] == ["1 Main St", "Tucson, AZ 85701"]
    assert "new@x.example" in shell.says("find", "new@x")
    assert shell.says("contact", "undo", "1") == "Undone: E-mail, Billing and Tags as before.\n"
    after = shell.answers("show", "/contacts/1")
    assert after | {"version": 0} == before | {"version": 0}


def test_a_dry_run_saves_nothing_and_json_tells_all(shell: Shell) -> None:
    rows = shell.rows()
    assert "Nothing was saved: this was a dry run." in shell.says(*EDIT, "--website", "https://x.example", "--dry-run")
    assert shell.rows() == rows
    answer = shell.answers(*EDIT, "--website", "https://x.example", "--intention", "call-7")
    assert answer["preview"]["lines"][0]["label"] == "Website"
    assert answer["saved"]["sentence"].startswith("Saved: Website.")
    again = shell.says(*EDIT, "--website", "https://x.example", "--intention", "call-7")
    assert "Nothing was repeated." in again


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "Name what to correct"),
        (("--email", "x"), 1, "must have an @-sign"),
        (("--phone", "abc"), 1, "This is not a phone number"),
        (("--tag", "Members"), 2, "write +Members to add the tag"),
        (("--tag", "-Nothing"), 2, "this contact has no tag “Nothing”"),
        (("--first-name", "a\x1bb"), 1, "First name can't contain control characters."),
    ],
)
def test_what_is_refused(args: tuple[str, ...], code: int, said: str, shell: Shell) -> None:
    rows = shell.rows()
    result = shell.run(*EDIT, *args)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert shell.rows() == rows


def test_there_is_nothing_to_undo(shell: Shell) -> None:
    result = shell.run("contact", "undo", "1")
    assert (result.exit_code, result.stderr) == (1, "There is no correction to undo.\n")


def test_a_duplicate_is_merged_and_given_back(shell: Shell) -> None:
    as_admin, rows = ("--as", "admin"), shell.rows()
    assert "Nothing was saved: this was a dry run." in shell.says("contact", "merge", "1", "2", "--dry-run")
    refused = shell.run("contact", "merge", "1", "2")
    assert (refused.exit_code, refused.stderr) == (1, "An agent cannot merge contacts: ask an admin or the owner.\n")
    assert shell.rows() == rows
    said = shell.says(*as_admin, "contact", "merge", "1", "2")
    assert said.endswith("Undo it with: subtui contact unmerge 2\n")
    assert "Contact 2 was merged into this one, contact 1." in shell.says("show", "/contacts/2")
    assert shell.answers("show", "/contacts/2")["id"] == 1
    again = shell.run(*as_admin, "contact", "merge", "1", "2")
    assert (again.exit_code, again.stderr) == (1, "Contact 2 was already merged into contact 1.\n")
    undone = shell.answers(*as_admin, "contact", "unmerge", "2")["undone"]
    assert undone["sentence"] == "Undone: contact 2 has its records again."
    assert shell.answers("show", "/contacts/2")["id"] == 2
