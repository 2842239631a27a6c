"""What a part of the program loads, looked at in a fresh process."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import subtui

PACKAGE = Path(subtui.__file__).parent
RULES = [f"subtui.domain.{path.stem}" for path in sorted((PACKAGE / "domain").glob("[a-z]*.py"))]


def loaded_by(*modules: str) -> set[str]:
    """The names of all modules in a fresh process that imports these."""
    code = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def heavy(loaded: set[str], *names: str) -> set[str]:
    return {name for name in loaded if name.split(".")[0] in names or name in names}


def test_the_rules_load_neither_screens_nor_tables() -> None:
    loaded = loaded_by(*RULES)
    assert set(RULES) <= loaded
    assert not heavy(loaded, "textual", "rich", "sqlmodel", "sqlalchemy", "babel")
    assert not {name for name in loaded if name.startswith("subtui.") and not name.startswith("subtui.domain")}


def test_the_screens_load_no_tables_before_they_are_painted() -> None:
    loaded = loaded_by("subtui.app.app")
    assert "textual.app" in loaded
    assert not heavy(loaded, "sqlmodel", "sqlalchemy", "alembic", "pydantic", "babel", "argon2", "subtui.storage")


@pytest.mark.parametrize("module", ["subtui.services.backend", "subtui.storage.database"])
def test_services_and_storage_load_no_screens(module: str) -> None:
    loaded = loaded_by(module)
    assert not heavy(loaded, "textual", "rich", "click", "subtui.app", "subtui.cli.main")
    assert not heavy(loaded, "babel"), "money in the default format needs no locale data"


def test_the_first_search_waits_for_no_table() -> None:
    loaded = loaded_by("subtui.services.backend", "subtui.services.contact_search")
    assert not heavy(loaded, "sqlmodel", "pydantic", "msgspec", "subtui.storage.tables", "alembic", "argon2")


def test_the_command_line_answers_without_screens_and_tables() -> None:
    loaded = loaded_by("subtui.cli.main")
    assert not heavy(loaded, "textual", "rich", "sqlmodel", "sqlalchemy", "alembic", "babel", "argon2")


def test_the_plugin_loads_next_to_nothing_into_runs_that_do_not_use_it() -> None:
    loaded = loaded_by("subtui.testing.plugin")
    assert not heavy(loaded, "textual", "rich", "sqlmodel", "sqlalchemy", "msgspec", "syrupy", "subtui.flows.driver")


def test_one_kind_of_database_is_known_in_one_place() -> None:
    graph = grimp.build_graph("subtui", include_external_packages=True)
    drivers = {"sqlite3", "psycopg", "sqlalchemy.dialects"} & graph.modules
    users = {module for driver in drivers for module in graph.find_modules_that_directly_import(driver)}
    assert {"sqlite3", "psycopg"} <= drivers
    assert {user for user in users if not user.startswith("subtui.storage.dialects")} == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("subtui", exclude_type_checking_imports=False)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    # What can be taken away again and again because it imports nothing that is left lies in no circle.
    while free := {module for module, others in imported.items() if not others & imported.keys()}:
        imported = {module: others for module, others in imported.items() if module not in free}
    assert not imported, sorted(imported)
