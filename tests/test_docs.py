"""The documentation says what the program does: a command, key or setting that is not described fails here."""

import re
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import make_docs
import msgspec
import pytest

from subtui import settings_file
from subtui.app.commands.catalog import COMMANDS
from subtui.app.commands.keymap import check_keymap
from subtui.app.commands.keys import _NOT_TO_BE_HAD
from subtui.app_config import THEMES
from subtui.domain.days import DATE_FORMATS
from subtui.settings import VARIABLES, read_settings
from subtui.storage.seed_check import check_seed

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(chain(ROOT.glob("*.md"), DOCS.rglob("*.md"), (ROOT / "examples").rglob("README.md")))
START = "pip install uv && uv run subtui"
TEST = "pip install uv && uv run pytest"

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [block for name, block in _CODE_BLOCK.findall(text) if name == language]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without their backquotes."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


# --- pages made by the program --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", make_docs.PAGES)
def test_the_page_is_as_the_program_would_write_it(name: str) -> None:
    assert read(DOCS / name) == make_docs.PAGES[name](), "run: python tools/make_docs.py"


def test_every_command_is_on_the_page_of_keys() -> None:
    described = {row[0]: row for row in rows(read(DOCS / "keys.md"))}
    assert set(described) == {command.id for command in COMMANDS}
    for command in COMMANDS:
        assert described[command.id][2] == command.help
        assert ("(fixed)" in described[command.id][1]) is command.widget


def test_every_plain_command_and_option_has_its_place() -> None:
    text = read(DOCS / "commands.md")
    for name, command in make_docs.plain_commands():
        section = text.partition(f"\n## subtui {name}\n")[2].partition("\n## ")[0]
        assert section, f"subtui {name} is not described"
        for option in chain.from_iterable(param.opts for param in command.params if param.param_type_name == "option"):
            assert option in section or option == "--help"


# --- settings -------------------------------------------------------------------------------------------------------


def test_every_setting_and_variable_is_described() -> None:
    described = {row[0] for row in rows(read(DOCS / "settings.md"))}
    assert described == {*settings_file.Written.__struct_fields__, *VARIABLES}


def test_every_value_of_a_setting_is_named() -> None:
    described = {row[0]: row[1] for row in rows(read(DOCS / "settings.md"))}
    assert re.findall(r"[\w-]+", described["theme"]) == list(THEMES)
    assert tuple(described["date_format"].replace("`", "").split(", ")) == DATE_FORMATS


def test_the_example_of_a_settings_file_can_be_used(tmp_path: Path) -> None:
    (example,) = blocks(read(DOCS / "settings.md"), "toml")
    file = tmp_path / "settings.toml"
    file.write_text(example, encoding="utf-8")
    found = read_settings(file, {})
    assert found.keymap
    assert check_keymap(found.keymap) == []
    assert set(msgspec.toml.decode(example)) == set(settings_file.Written.__struct_fields__)


def test_the_example_of_a_seed_file_is_right(tmp_path: Path) -> None:
    (example,) = blocks(read(DOCS / "data.md"), "json")
    file = tmp_path / "shop.json"
    file.write_text(example, encoding="utf-8")
    checked = check_seed(file)
    assert (checked.problems, checked.doubts) == ((), ())
    assert checked.counts["subscriptions"] == 1


def test_a_key_that_cannot_be_had_is_named() -> None:
    text = read(DOCS / "settings.md")
    assert not [key for key in _NOT_TO_BE_HAD if f"`{key}`" not in text]


def test_the_five_lines_are_the_first_test_of_the_sample_project() -> None:
    (five,) = blocks(read(DOCS / "snapshots.md"), "python")
    assert len(five.splitlines()) == 5
    assert read(ROOT / "examples" / "own-data" / "test_screens.py").partition("\n\n\n")[2].startswith(five)


# --- pages written by hand ------------------------------------------------------------------------------------------


def test_the_readme_gives_the_two_commands() -> None:
    lines = [line for block in blocks(read(ROOT / "README.md"), "console") for line in block.splitlines()]
    assert [line for line in lines if "pip install" in line] == [START, TEST]


def test_the_commands_of_the_readme_exist() -> None:
    lines = [line for block in blocks(read(ROOT / "README.md"), "console") for line in block.splitlines()]
    known = [name for name, _ in make_docs.plain_commands()]
    used = [line.removeprefix("uv run subtui ") for line in lines if line.startswith("uv run subtui ")]
    assert used
    for line in used:
        words = re.sub(r"^(--(db|as) \S+ )+", "", line)
        assert any(words == name or words.startswith(f"{name} ") for name in known), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    targets = [target for target in _LINK.findall(read(page)) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target.partition("#")[0]).exists()]
    assert not missing


def test_the_pictures_are_well_formed_and_hold_text() -> None:
    pictures = sorted((DOCS / "guides").rglob("*.svg"))
    assert len(pictures) > 30
    for picture in pictures:
        root = ElementTree.fromstring(read(picture))  # noqa: S314  (our own drawing)
        assert root.tag.endswith("svg")
        assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) > 20


def test_the_layers_of_the_design_page_are_those_of_the_program() -> None:
    text = read(DOCS / "design.md")
    parts = {
        path.name for path in (ROOT / "src" / "subtui").iterdir() if path.is_dir() and (path / "__init__.py").exists()
    }
    assert not [part for part in parts if f"`subtui.{part}`" not in text]
