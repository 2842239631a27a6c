"""Who is verified, from the command line: by whom, and taken back."""

import pytest

from .conftest import Shell


def test_verify_somebody_and_take_it_back(shell: Shell) -> None:
    verify = ("--as", "owner", "user", "verify", "newadmin@small.example")
    assert shell.says(*verify) == "Ned Newadmin (newadmin@small.example) is verified now.\n"
    assert shell.run(*verify).exit_code == 1
    assert shell.says(*verify, "--not") == "Ned Newadmin (newadmin@small.example) is no longer verified.\n"
    assert shell.answers(*verify)["user"]["verified"] is True
    assert shell.answers("log", "show", "--limit", "1")["events"][0]["title"] == "User verification changed"


@pytest.mark.parametrize(
    ("who", "email", "exit_code", "kind"),
    [
        ("agent", "newadmin@small.example", 1, "not_allowed"),
        ("newadmin@small.example", "newadmin@small.example", 1, "not_allowed"),
        ("owner", "owner@small.example", 1, "not_allowed"),
        ("owner", "nobody@small.example", 2, "not_found"),
    ],
)
def test_who_is_not_verified_like_that(shell: Shell, who: str, email: str, exit_code: int, kind: str) -> None:
    rows = shell.rows()
    error = shell.answers("--as", who, "user", "verify", email, exit_code=exit_code)["error"]
    assert error["kind"] == kind
    assert shell.rows() == rows
