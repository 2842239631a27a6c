"""The settings: what is read, what is refused, and that the sentence names the place."""

from pathlib import Path

import pytest

from subtui.domain.errors import FileProblem, WrongInput
from subtui.settings import Settings, line_of, read_settings


def read(folder: Path, text: str | bytes, **environ: str) -> Settings:
    """The settings in a file with this text."""
    file = folder / "settings.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(file, environ)


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = (
        'db = "/data/shop.db"\ntheme = "light"\ndate_format = "yyyy-MM-dd"\nread_only = true\n\n'
        '[keymap]\n"form.save" = "ctrl+w"\nlist.open = "enter, o"\n'
    )
    settings = read(tmp_path, text)
    assert (settings.db, settings.theme, settings.date_format) == ("/data/shop.db", "light", "yyyy-MM-dd")
    assert settings.read_only is True
    assert settings.keymap == {"form.save": "ctrl+w", "list.open": "enter, o"}
    assert settings.keymap_lines == {"form.save": 7, "list.open": 8}
    assert settings.file == tmp_path / "settings.toml"


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    assert (settings.db, settings.theme, settings.date_format, settings.read_only) == ("", "dark", "d MMM yyyy", False)
    assert settings.keymap == {}


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbftheme = "light"\r\n').theme == "light"


def test_a_relative_database_lies_beside_the_settings(tmp_path: Path) -> None:
    assert read(tmp_path, 'db = "shop.db"').db == str(tmp_path / "shop.db")
    assert read(tmp_path, 'db = "sqlite:///shop.db"').db == "sqlite:///shop.db"
    assert read(tmp_path, 'db = "~/shop.db"').db == str(Path("~/shop.db").expanduser())


def test_the_default_file_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtui.settings.default_file", lambda: tmp_path / "none" / "settings.toml")
    assert read_settings(None, {}).file is None


def test_the_default_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text('theme = "light"')
    monkeypatch.setattr("subtui.settings.default_file", lambda: tmp_path / "settings.toml")
    assert read_settings(None, {}).theme == "light"


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    for config, environ in ((missing, {}), (None, {"SUBTUI_CONFIG": str(missing)})):
        with pytest.raises(FileProblem, match=r"none\.toml does not exist"):
            read_settings(config, environ)


def test_the_option_wins_over_the_variable(tmp_path: Path) -> None:
    assert read(tmp_path, 'theme = "light"', SUBTUI_CONFIG="/nonsense").theme == "light"


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    environ = {
        "SUBTUI_DB": "other.db",
        "SUBTUI_THEME": "high-contrast",
        "SUBTUI_DATE_FORMAT": "dd/MM/yyyy",
        "SUBTUI_DATE_ORDER": "dmy",
        "SUBTUI_READ_ONLY": "False",
        "SUBTUI_NOW": "2026-03-02",
        "SUBTUI_AS": "agent",
        "SUBTUI_PASSWORD": "s3cret",
        "PATH": "/bin",
    }
    settings = read(tmp_path, 'db = "file.db"\ntheme = "light"\nread_only = true', **environ)
    assert (settings.db, settings.theme, settings.date_format) == ("other.db", "high-contrast", "dd/MM/yyyy")
    assert (settings.read_only, settings.now, settings.who) == (False, "2026-03-02", "agent")
    assert settings.password == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("value", "read_only"), [("1", True), ("true", True), ("TRUE", True), ("0", False), ("", True)]
)
def test_read_only_by_variable(tmp_path: Path, value: str, read_only: bool) -> None:
    assert read(tmp_path, "read_only = true", SUBTUI_READ_ONLY=value).read_only is read_only


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SUBTUI_THEMES", "dark", "There is no variable SUBTUI_THEMES. Did you mean SUBTUI_THEME?"),
        ("SUBTUI_QQQQQQQQ", "1", "There is no variable SUBTUI_QQQQQQQQ. There are: SUBTUI_DB, "),
        ("SUBTUI_THEME", "pink", "“pink” is not a valid SUBTUI_THEME: use one of dark, light, high-contrast."),
        ("SUBTUI_DATE_FORMAT", "dd", "“dd” is not a valid SUBTUI_DATE_FORMAT: use one of d MMM yyyy, "),
        ("SUBTUI_READ_ONLY", "yes", "“yes” is not a valid SUBTUI_READ_ONLY: use one of 1, true, 0, false."),
    ],
)
def test_variables_that_are_refused(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(WrongInput) as raised:
        read(tmp_path, "", **{name: value})
    assert str(raised.value).startswith(said)


REFUSED = [
    ('theme = "light"\ncolour = 1', 2, "there is no setting “colour”."),
    ('\nthem = "light"', 2, "there is no setting “them”; did you mean “theme”?"),
    ('[key]\nx = "y"', 1, "there is no setting “key”"),
    ('[keymap]\n[colours]\nx = "y"', 2, "there is no setting “colours”"),
    ('# a\n\n  theme = "pink"', 3, "“pink” is not a valid theme: use one of dark, light, high-contrast."),
    ('"theme" = ""', 1, "“” is not a valid theme"),
    (
        'date_format = "yyyy"',
        1,
        "“yyyy” is not a valid date_format: use one of d MMM yyyy, yyyy-MM-dd, MM/dd/yyyy, dd/MM/yyyy; "
        "did you mean “yyyy-MM-dd”?",
    ),
    ("theme = 1", 1, "“theme” takes text in quotes."),
    ("\n\ndb = true", 3, "“db” takes text in quotes."),
    ('read_only = "yes"', 1, "“read_only” takes true or false, without quotes."),
    ("read_only = 1", 1, "“read_only” takes true or false, without quotes."),
    ('keymap = "x"', 1, "“keymap” takes a table, written as [keymap]."),
    ('[keymap]\n"form.save" = 1', 2, "“form.save” takes a key, or keys separated by commas, in quotes."),
    ('[keymap]\nform.save = ["x"]', 2, "“form.save” takes a key"),
    ('[keymap.form]\na = "x"\nsave = 1', 3, "“form.save” takes a key"),
    ('keymap = {"form.save" = 1}', 1, "“form.save” takes a key"),
    ("theme = light", 1, "Invalid value."),
    ('theme = "light"\ntheme = "dark"', 2, "Cannot overwrite a value."),
    ('theme = "light', 1, "Unterminated string."),
    ("a = [", 1, "Invalid value."),
    (b"\n\xff", 2, "this is not UTF-8 text."),
]


@pytest.mark.parametrize(("text", "line", "said"), REFUSED)
def test_files_that_are_refused(tmp_path: Path, text: str | bytes, line: int, said: str) -> None:
    with pytest.raises(FileProblem) as raised:
        read(tmp_path, text)
    assert str(raised.value).startswith(f"{tmp_path / 'settings.toml'}, line {line}: ")
    if not said.startswith(("Invalid", "Cannot", "Unterminated")):  # words of the parser, which differ by version
        assert said in str(raised.value)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 10_000, "\x00", "x" * 2_000_000])
def test_nonsense_is_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileProblem, match=r"settings\.toml"):
        read(tmp_path, text)


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(FileProblem) as raised:
        read(tmp_path, '"\\u001b[31m" = 1')
    assert "\x1b" not in str(raised.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read"):
        read_settings(tmp_path, {})


TEXT = """\
# theme = "commented"
theme = "light"
note = \"\"\"
db = "inside a text"
\"\"\"
db = 'x'

[keymap]
"form.save" = "w"
'form.undo' = "u"
list.open = "o"

[ keymap . form ]
letter = "l"
[other]
theme = "z"
inline = { a = 1 }
"""


@pytest.mark.parametrize(
    ("key", "table", "line"),
    [
        ("theme", None, 2),
        ("db", None, 6),
        ("keymap", None, 8),
        ("form.save", "keymap", 9),
        ("form.undo", "keymap", 10),
        ("list.open", "keymap", 11),
        ("form.letter", "keymap", 14),
        ("theme", "other", 16),
        ("a", "other.inline", 17),
        ("nothing", None, None),
        ("nothing", "nowhere", None),
    ],
)
def test_line_of(key: str, table: str | None, line: int | None) -> None:
    assert line_of(TEXT, key, table) == line


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ('date_format = "MM/dd/yyyy"\ndate_order = "dmy"', {}),
        ('date_format = "MM/dd/yyyy"', {"SUBTUI_DATE_ORDER": "dmy"}),
        ('date_order = "mdy"', {"SUBTUI_DATE_FORMAT": "dd/MM/yyyy"}),
    ],
)
def test_dates_are_not_written_in_one_order_and_read_in_another(
    tmp_path: Path, text: str, environ: dict[str, str]
) -> None:
    with pytest.raises(WrongInput, match="contradicts date_format"):
        read(tmp_path, text, **environ)
