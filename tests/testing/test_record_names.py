"""Where screens are on record: a file for each name, and nothing taken away that a run did not come to."""

import pytest

from tests.testing.test_plugin import project, records, write_tests

__all__ = ["project"]

pytest_plugins = ["pytester"]

EACH = """
    @pytest.mark.parametrize("who", {names!r})
    def test_each(screen_snapshot, who):
        screen_snapshot(shown(who.encode("unicode_escape").decode()))
"""


@pytest.mark.parametrize(
    "names",
    [
        ["2026/03/02", "2026-03-02", "20260302", "2026:03:02"],
        ["ann@example.com", "annexample.com", "100 %", "100 "],
        ["Lopez", "lopez", "LOPEZ"],
        ["Jos\u00e9", "Jose\u0301", "JOS\u00c9"],
        ["x" * 300, "x" * 299, "y" * 150 + "\u738b" * 60, "y" * 150 + "\u738b" * 61],
        ["CON", "con.", "con"],
        ["stra\u00dfe", "strasse"],
    ],
)
def test_names_that_differ_never_share_a_record(project: pytest.Pytester, names: list[str]) -> None:
    write_tests(project, EACH.format(names=names))
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=len(names))
    files = [name for name in records(project) if name.endswith(".txt")]
    assert len(files) == len({name.casefold() for name in files}) == len(names)
    assert all(len(name.encode()) < 255 for name in files)
    project.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=len(names))
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update", f"test_it.py::test_each[{names[1]}]")
    assert [name for name in records(project) if name.endswith(".txt")] == files


def test_a_screen_and_a_parameter_are_not_taken_for_each_other(project: pytest.Pytester) -> None:
    write_tests(
        project,
        """
    @pytest.mark.parametrize("who", ["a", "a][b"])
    def test_each(screen_snapshot, who):
        screen_snapshot(shown(who))
        screen_snapshot(shown(who + " again"), "b")
    """,
    )
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=2)
    assert len(records(project)) == 8
    project.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=2)


THREE = """
    def test_one(screen_snapshot):
        screen_snapshot(shown("one"))

    def test_two(screen_snapshot):
        screen_snapshot(shown("two"))
        screen_snapshot(shown("two"), "again")

    def test_three(screen_snapshot):
        {fault}
        screen_snapshot(shown("three"))
"""


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")])
@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--collect-only",), "pass"),
        (("-k", "one"), "pass"),
        (("--deselect", "test_it.py::test_two"), "pass"),
        (("test_it.py::test_one",), "pass"),
        ((), "raise ValueError"),
        (("-x",), "assert False"),
        (("--lf",), "assert False"),
        ((), "pytest.skip('not today')"),
    ],
)
def test_a_run_takes_nothing_away_that_it_did_not_come_to(
    project: pytest.Pytester, workers: tuple[str, ...], options: tuple[str, ...], fault: str
) -> None:
    write_tests(project, THREE.format(fault="pass"))
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    before = records(project)
    write_tests(project, THREE.format(fault=fault))
    result = project.runpytest_subprocess(*workers, "--snapshot-update", *options)
    assert records(project) == before
    if options == ("--collect-only",):
        assert "nused" not in result.stdout.str()


def test_a_file_that_cannot_be_collected_keeps_its_records(project: pytest.Pytester) -> None:
    write_tests(project, THREE.format(fault="pass"))
    project.makepyfile(test_other="def test_nothing(): pass")
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=4)
    before = records(project)
    write_tests(project, "\n    import no_such_module\n")
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update", "--continue-on-collection-errors")
    assert records(project) == before


def test_a_whole_run_still_takes_away_what_no_test_needs(project: pytest.Pytester) -> None:
    write_tests(project, THREE.format(fault="pass"))
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    write_tests(project, THREE.format(fault="return"))
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    assert not [name for name in records(project) if name.startswith("test_three")]
