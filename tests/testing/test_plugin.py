"""The plugin in the run of somebody else: recording, what a failure tells, the report, and what it leaves alone."""

import re
from pathlib import Path

import pytest

from subtui.testing.versions import pins

pytest_plugins = ["pytester"]

# The screens here are stand-ins, so that only what is looked at takes time; the driver has its own tests.
SCREENS = """
    from types import SimpleNamespace
    import pytest

    def shown(words, color="#aaa"):
        text = f"Name\\n{words}\\nBack"
        svg = f'<svg viewBox="0 0 9 9"><style>.terminal-r1 {{ fill: {color} }}</style>' + "".join(
            f'<text class="terminal-r1" x="0" y="2" textLength="9" clip-path="url(#terminal-line-{at})">{line}</text>'
            for at, line in enumerate(text.split("\\n"))
        ) + "</svg>"
        return SimpleNamespace(text=text, svg=svg, route="/contacts/7")
"""
TWO = """
    def test_one(screen_snapshot):
        screen_snapshot(shown("Ann"))
        screen_snapshot(shown("Ann, elsewhere"))

    @pytest.mark.parametrize("who", ["Bob", "Cy"])
    def test_two(screen_snapshot, who):
        screen_snapshot(shown(who), "first")
        screen_snapshot(shown(who, "#bbb"), "second")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of another developer, with tests of its own; warnings are errors there too."""
    # Its run is no worker of ours: syrupy would take it for one, and neither report nor remove anything.
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = -p no:asyncio -p no:hypothesispytest -q\n")
    return pytester


def write_tests(project: pytest.Pytester, tests: str) -> None:
    project.makepyfile(test_it=SCREENS + tests)


def records(project: pytest.Pytester) -> dict[str, str]:
    folder = project.path / "__snapshots__" / "test_it"
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*"))}


def test_recorded_then_changed_then_recorded_again(project: pytest.Pytester) -> None:
    write_tests(project, TWO)
    missing = project.runpytest_subprocess("-p", "no:xdist")
    missing.assert_outcomes(failed=3)
    missing.stdout.fnmatch_lines(
        [
            "E  *There is no snapshot yet of the screen at /contacts/7.",
            "E  *pytest --snapshot-update test_it.py::test_one",
        ]
    )
    assert not records(project)

    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    recorded = records(project)
    assert [name for name in recorded if name.endswith(".txt")] == [
        "test_one.1.txt",
        "test_one.txt",
        "test_two[Bob][first].txt",
        "test_two[Bob][second].txt",
        "test_two[Cy][first].txt",
        "test_two[Cy][second].txt",
    ]
    assert len(recorded) == 12, "each with its picture"

    write_tests(project, TWO.replace('"Ann"', '"Anna <b>"').replace('"#bbb"', '"#c00"'))
    changed = project.runpytest_subprocess("-n", "2", "--screen-report", "out/screens.html")
    changed.assert_outcomes(failed=3)
    changed.stdout.fnmatch_lines_random(
        [
            "E  *The screen at /contacts/7 differs from its snapshot.",
            "E  *--- snapshot: __snapshots__/test_it/test_one.txt",
            "E  *-Ann",
            "E  *+Anna <b>",
            "E  *The screen at /contacts/7 has the same text as its snapshot, but other colours in lines 1 to 3.",
            "3 screens differ from their snapshots. Before, after and the difference:",
            (project.path / "out" / "screens.html").as_uri(),
        ]
    )
    changed.stdout.no_fnmatch_line("*<text class=*")
    page = (project.path / "out" / "screens.html").read_text(encoding="utf-8")
    assert re.findall("<h2>(.*?)</h2>", page) == [
        "test_it.py::test_one",
        "test_it.py::test_two[Bob]",
        "test_it.py::test_two[Cy]",
    ]
    assert "+ Anna &lt;b&gt;" in page

    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    assert "Anna <b>" in records(project)["test_one.txt"]
    assert len(records(project)) == 12


def test_the_report_stays_in_the_cache_until_a_run_passes(project: pytest.Pytester) -> None:
    write_tests(project, "\n    def test_it(screen_snapshot):\n        screen_snapshot(shown('Ann'))\n")
    done = project.runpytest_subprocess("-p", "no:xdist")
    page = project.path / ".pytest_cache" / "d" / "subtui" / "subtui-screens.html"
    done.stdout.fnmatch_lines(["1 screen differs from its snapshot.*", page.as_uri()])
    assert page.exists()
    project.runpytest_subprocess("-p", "no:xdist", "--collect-only")
    assert page.exists()
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=1)
    assert not page.exists()


def test_another_version_of_what_draws_records_nothing_and_takes_nothing_away(project: pytest.Pytester) -> None:
    write_tests(project, TWO)
    project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update").assert_outcomes(passed=3)
    before = records(project)
    project.makeconftest("import subtui.testing.versions as versions\nversions.pins = lambda: {'rich': '1.0'}\n")
    write_tests(
        project,
        TWO.replace('"Ann"', '"Anna"')
        + "\n    def test_of_their_own(snapshot):\n        assert snapshot == 'something else altogether'\n",
    )
    refused = project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update")
    refused.assert_outcomes(failed=1, passed=3)
    refused.stdout.fnmatch_lines(["E  *It was not recorded: screens are drawn with rich 1.0 (this is *"])
    assert records(project) == before
    assert (project.path / "__snapshots__" / "test_it.ambr").exists()


def test_mistakes_in_a_test_are_told(project: pytest.Pytester) -> None:
    write_tests(
        project,
        """
    def test_twice(screen_snapshot):
        screen_snapshot(shown("Ann"), "a")
        screen_snapshot(shown("Ann"), "a")
    """,
    )
    done = project.runpytest_subprocess("-p", "no:xdist", "--snapshot-update")
    done.stdout.fnmatch_lines(["E  *“a” is already used in this test.*"])
    done = project.runpytest_subprocess("-p", "no:xdist", "-p", "no:syrupy")
    done.stdout.fnmatch_lines(["screen_snapshot needs syrupy: pip install 'subtui*testing*'."])


def test_a_test_that_fails_otherwise_shows_the_screen(project: pytest.Pytester) -> None:
    write_tests(
        project,
        """
    def test_it(subtui_app):
        app = subtui_app(user=None)
        assert app.route == "/"
    """,
    )
    done = project.runpytest_subprocess("-p", "no:xdist")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*Captured screen of The demo call*", "at /sign-in", "*Demo accounts*"])


def test_a_run_that_does_not_ask_for_it_has_no_trace_of_it(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile("""
        import os, sys

        def test_theirs():
            assert os.environ["SUBTUI_DB"] == "theirs.db"
            assert not {"textual", "sqlmodel", "msgspec"} & set(sys.modules)
    """)
    monkeypatch.setenv("SUBTUI_DB", "theirs.db")
    project.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)
    assert not list((project.path / ".pytest_cache").rglob("subtui*"))


def test_the_program_is_imported_as_it_is(request: pytest.FixtureRequest) -> None:
    hook = getattr(request.config.pluginmanager, "rewrite_hook")  # noqa: B009  (no public name)
    assert "syrupy" in hook._must_rewrite
    assert "subtui" not in hook._must_rewrite


def test_the_versions_are_those_that_the_program_requires() -> None:
    assert set(pins()) == {"textual", "rich"}
    required = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    for name, version in pins().items():
        assert f'"{name}=={version}",' in required
