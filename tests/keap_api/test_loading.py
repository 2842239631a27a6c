"""What the modules of the calls load: next to nothing before a call is made."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import subtui.keap_api

MODULES = sorted(f"subtui.keap_api.{path.stem}" for path in Path(subtui.keap_api.__file__).parent.glob("[a-z]*.py"))


def loaded_by(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        (["subtui.keap_api.errors", "subtui.keap_api.calls"], {"urllib3", "msgspec", "ssl", "http.client"}),
        (["subtui.keap_api.credentials", "subtui.keap_api.pages"], {"urllib3", "msgspec", "ssl", "keyring"}),
        ([name for name in MODULES if not name.endswith(".connections")], {"urllib3", "ssl", "keyring"}),
    ],
)
def test_what_is_loaded(modules: list[str], unwanted: set[str]) -> None:
    loaded = loaded_by(*modules)
    assert set(modules) <= loaded
    assert not unwanted & loaded


def test_one_module_knows_urllib3_and_none_the_database() -> None:
    graph = grimp.build_graph("subtui", include_external_packages=True)
    assert graph.find_modules_that_directly_import("urllib3") == {"subtui.keap_api.connections"}
    for module in MODULES:
        for imported in graph.find_modules_directly_imported_by(module):
            top = imported.split(".")[:2]
            assert top[0] != "subtui" or top in (
                ["subtui"],
                ["subtui", "keap_api"],
                ["subtui", "domain"],
                ["subtui", "clock"],
            )
            assert top[0] not in ("sqlalchemy", "sqlmodel", "textual", "rich")


def test_modules_are_small() -> None:
    for path in Path(subtui.keap_api.__file__).parent.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 250, path.name
