"""The lanes: what is slow is named as it is called, and the rest is fast."""

from pathlib import Path

import pytest

from tests.lanes import ABOUT_RULES, FAST_FILES, SLOW_FILES, SLOW_FOLDERS, SLOW_TESTS, databases_of, is_slow

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("file", sorted({*SLOW_FOLDERS, *FAST_FILES, *SLOW_FILES, *ABOUT_RULES}))
def test_what_is_named_is_there(file: str) -> None:
    assert (ROOT / file).exists()


@pytest.mark.parametrize("nodeid", sorted(SLOW_TESTS))
def test_a_slow_test_that_is_named_is_there(nodeid: str) -> None:
    file, _, name = nodeid.partition("::")
    words = name.split("::")[0]
    assert words in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("nodeid", "slow"),
    [
        ("tests/app/test_snapshots.py::test_state[form]", True),
        ("tests/app/test_sign_in.py::test_it", False),
        ("tests/domain/test_money.py::test_it", False),
        ("tests/services/test_log.py::test_it[postgresql]", True),
        ("tests/services/test_log.py::test_it[sqlite]", False),
        ("tests/cli/test_importing.py::test_without_a_terminal", True),
        ("tests/cli/test_importing.py::test_without_a_terminal_at_all", False),
    ],
)
def test_the_lane_of_a_test(nodeid: str, slow: bool) -> None:
    assert is_slow(nodeid) is slow


@pytest.mark.parametrize(
    ("nodeid", "asked", "kinds"),
    [
        ("tests/services/test_log.py::test_it", "", ("sqlite", "postgresql")),
        ("tests/services/test_who_may.py::test_it", "", ("sqlite",)),
        ("tests/services/test_who_may.py::test_it", "postgresql", ("postgresql",)),
        ("tests/storage/test_database.py::test_it", "postgresql", ("sqlite",)),
    ],
)
def test_the_kinds_of_database_of_a_test(nodeid: str, asked: str, kinds: tuple[str, ...]) -> None:
    assert databases_of(nodeid, asked) == kinds
