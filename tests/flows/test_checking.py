"""A flow is checked: what does not come out as written fails it, with the step, the expectation and the screen."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from subtui.flows.check import check, record_of
from subtui.flows.flow import Flow
from subtui.flows.junit import junit
from subtui.flows.temp_db import Copies

Make = Callable[..., Flow]


async def test_what_is_expected_and_not_shown_ends_it_with_the_screen(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsay = "Look."\nexpect = "Dashboard"\n[[step]]\nexpect = "Nobody says this"\n')
    outcome = await check(made, copies, patience=0.2)
    (missed,) = outcome.problems
    assert (missed.step, missed.say) == (2, "Look.")
    assert missed.sentence == "“Nobody says this” is not shown."
    assert "64 contacts" in missed.screen


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ('[[step]]\nroute = "/reports"\n', "the route should be /reports, but is /."),
        ('[[step]]\nexpect = { text = "Saved.", where = "message" }\n', "“Saved.” in the message is not shown."),
        ('[[step]]\nexpect = { text = "admin", where = "top" }\n', "It shows: “Dashboard agent"),
        ('[[step]]\nexpect = { text = "Status", where = "panel" }\n', "“Status” in the panel is not shown."),
        ('[[step]]\npress = "escape q"\n[[step]]\npress = "ctrl+c"\n', "the program was closed."),
    ],
)
async def test_each_kind_of_miss_has_its_sentence(flow: Make, copies: Copies, steps: str, says: str) -> None:
    outcome = await check(flow(steps), copies, patience=0.2)
    assert says in outcome.problems[-1].sentence


async def test_what_comes_late_is_waited_for(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\ntype = "lop mar"\nexpect = "López, María"\n')
    assert (await check(made, copies)).passed


async def test_a_picture_is_put_on_record_and_then_compared(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\ntype = "lop mar"\nsnapshot = "found"\n')
    missing = await check(made, copies)
    assert missing.problems[0].sentence.startswith("snapshot “found” is not recorded yet")
    updated = await check(made, copies, update=True)
    assert updated.passed
    assert updated.written == (record_of(made, "found"),)
    assert (await check(made, copies)).passed
    assert (await check(made, copies, update=True)).written == ()


async def test_another_wording_fails_with_the_lines_that_differ(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\ntype = "lop mar"\nsnapshot = "found"\n[[step]]\nexpect = "López"\n')
    await check(made, copies, update=True)
    file = record_of(made, "found")
    file.write_text(file.read_text().replace("2 of 2 contacts", "2 of 2 customers"))
    outcome = await check(made, copies)
    (problem,) = outcome.problems
    lines = problem.sentence.split("\n")
    assert lines[0] == "snapshot “found” differs from the recorded one:"
    assert "-   2 of 2 customers" in lines
    assert "+   2 of 2 contacts" in lines
    assert len(lines) < 10


async def test_a_picture_that_is_no_longer_taken_goes_with_the_update(flow: Make, copies: Copies) -> None:
    await check(flow('[[step]]\nsnapshot = "old"\n'), copies, update=True)
    made = flow('[[step]]\nsnapshot = "new"\n')
    await check(made, copies, update=True)
    assert [file.name for file in record_of(made, "new").parent.iterdir()] == ["new.txt"]


async def test_nothing_is_put_on_record_of_a_flow_that_fails(flow: Make, copies: Copies) -> None:
    made = flow('[[step]]\nsnapshot = "first"\n[[step]]\nexpect = "Nobody says this"\n')
    assert not (await check(made, copies, update=True, patience=0.1)).passed
    assert not record_of(made, "first").exists()


async def test_it_plays_on_data_to_throw_away(flow: Make, copies: Copies) -> None:
    """Saved twice in two checks of one flow: the second begins where the first began."""
    made = flow(
        '[[step]]\npress = "x t ctrl+s"\nexpect = { text = "Saved. Monthly plan is Inactive", where = "message" }\n',
        head='title = "A"\nstart = "/subscriptions/1042"\n',
    )
    assert (await check(made, copies)).passed
    assert (await check(made, copies)).passed


async def test_the_outcome_for_a_build_server(flow: Make, copies: Copies) -> None:
    good = await check(flow('[[step]]\nexpect = "Dashboard"\n'), copies)
    bad = await check(flow('[[step]]\nexpect = "<b>&\\u0007</b>"\n'), copies, patience=0.1)
    suite = ElementTree.fromstring(junit([good, bad]))  # noqa: S314  (our own)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    passed, failed = suite.findall("testcase")
    assert passed.find("failure") is None
    failure = failed.find("failure")
    assert failure is not None
    assert "<b>&" in str(failure.get("message"))
    assert "64 contacts" in str(failure.text)
