"""What is mistyped is answered with what was meant, where something comes near it."""

from pathlib import Path

import pytest

from subtui.domain.suggestions import nearest

from .conftest import Shell
from .small_seed import ACTIVE

MEANT = {
    "a command": (("undp", "1042"), "Did you mean 'undo'?"),
    "letters the other way round": (("rolle",), "Did you mean 'roll'?"),
    "a longer command": (("export-chnages",), "Did you mean 'export-changes'?"),
    "another case": (("FIND", "lop"), "Did you mean 'find'?"),
    "a command of a group": (("db", "rest"), "Did you mean 'reset'?"),
    "a command of another group": (("refunds", "aprove", "1"), "Did you mean 'approve'?"),
    "a command of the flows": (("flow", "recrod"), "Did you mean 'record'?"),
    "an option": (("find", "lop", "--limti", "3"), "Did you mean '--limit'?"),
    "an option that stands before": (("find", "lop", "--read-only"), "--read-only goes before the command"),
    "a choice": (("--theme", "dakr", "show", "/"), "Did you mean 'dark'?"),
    "a role": (("user", "add", "a@b.example", "--name", "A", "--role", "agnet"), "Did you mean 'agent'?"),
    "who acts, by role": (("--as", "viewr", "find", "lop"), "Did you mean viewer?"),
    "a reason": (
        ("cancel", str(ACTIVE), "--end-date", "paid", "--reason", "unusde"),
        "Did you mean unused?",
    ),
    "a report": (("report", "month"), "Did you mean months?"),
    "what is exported": (("export", "x", "--only", "contact"), "Did you mean contacts?"),
    "a flow": (("demo", "expres"), "Did you mean express?"),
    "a route": (("show", "/orers/17"), "Did you mean /orders/{id}?"),
    "a route to open": (("open", "/letter/3"), "Did you mean /letters/{id}?"),
}


@pytest.mark.parametrize("name", MEANT)
def test_what_was_meant_is_named(name: str, shell: Shell) -> None:
    words, said = MEANT[name]
    before = shell.rows()
    result = shell.run(*words)
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert result.stderr.count("Did you mean") <= 1
    assert result.stderr.count("\n") == 1
    assert shell.rows() == before


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SUBTUI_THEM", "dark", "Did you mean SUBTUI_THEME?"),
        ("SUBTUI_THEME", "high-contrats", "did you mean “high-contrast”?"),
        ("SUBTUI_READ_ONLY", "ture", "did you mean “true”?"),
    ],
)
def test_a_variable(variable: str, value: str, said: str, shell: Shell) -> None:
    result = shell.run("find", "lop", **{variable: value})
    assert result.exit_code == 2
    assert result.stderr.endswith(f"{said}\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [('theme = "drak"', "did you mean “dark”?"), ('keymp = "x"', "did you mean “keymap”?")],
)
def test_the_settings_file(line: str, said: str, shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text(line)
    result = shell.run("--config", str(file), "find", "lop")
    assert result.exit_code == 2
    assert result.stderr.endswith(f"{said}\n")


@pytest.mark.parametrize("words", [("xyzzy",), ("db", "qqq"), ("--theme", "purple", "show", "/")])
def test_where_nothing_comes_near_nothing_is_proposed(words: tuple[str, ...], shell: Shell) -> None:
    assert "Did you mean" not in shell.run(*words).stderr


@pytest.mark.parametrize(
    ("word", "words", "near"),
    [
        ("cancle", ("cancel", "find"), "cancel"),
        ("ref", ("refund", "find"), "refund"),
        ("ex", ("export", "export-changes"), None),
        ("x", ("export", "find"), None),
        ("", ("export", "find"), None),
        ("FIND", ("Find",), "Find"),
        ("anything", (), None),
    ],
)
def test_the_nearest_word(word: str, words: tuple[str, ...], near: str | None) -> None:
    assert nearest(word, words) == near
