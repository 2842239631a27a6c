"""A flow file is read strictly: what is wrong is named by file, step and field."""

from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.domain.errors import FileProblem, WrongInput
from subtui.flows.flow import (
    Expect,
    Expectation,
    ExpectRoute,
    Flow,
    Pause,
    Press,
    Say,
    Snapshot,
    Type,
)
from subtui.flows.parser import LARGEST_FILE, read_flow, read_keys, read_size
from subtui.flows.registry import ORDER, find_flow, shipped, shipped_folder

Make = Callable[..., Flow]

WHOLE = """
[[step]]
snapshot = "done"
pause = 1.5
route = "/contacts/7/"
expect = ["one", { text = "two", where = "message" }]
type = "lop mar"
press = "tab  ctrl+s ?"
say = "Look for\\n  the customer."
"""


def test_a_step_is_done_in_one_order_whatever_the_order_in_the_file(flow: Make) -> None:
    (step,) = flow(WHOLE).steps
    assert step.actions == (
        Say("Look for the customer."),
        Press("tab"),
        Press("ctrl+s"),
        Press("?"),
        Type("lop mar"),
        Expect(Expectation("one")),
        Expect(Expectation("two", "message")),
        ExpectRoute("/contacts/7"),
        Snapshot("done"),
        Pause(1.5),
    )


def test_steps_without_a_caption_belong_to_the_one_before(flow: Make) -> None:
    made = flow('[[step]]\npress = "tab"\n[[step]]\nsay = "A"\n[[step]]\ntype = "x"\n[[step]]\nsay = "B"\n')
    assert [(passage.say, passage.first, len(passage.steps)) for passage in made.passages] == [
        ("", 0, 1),
        ("A", 1, 2),
        ("B", 3, 1),
    ]


def test_it_takes_as_long_as_its_beats_and_a_look_at_each_passage(flow: Make) -> None:
    once = flow("[[step]]\npause = 10\n").seconds
    assert flow("[[step]]\npause = 12\n").seconds == once + 2
    assert 10 < once < 13


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("[[step]]\nsaay = 1\n", "step 1: object contains unknown field “saay”."),
        ('[[step]]\nsay = "A"\n[[step]]\npress = 3\n', "step 2, press: expected “str”, got “int”."),
        ('[[step]]\npress = "entr"\n', "step 1, press: “entr” is not a key."),
        ('[[step]]\npress = "ctrl+m"\n', "step 1, press: “ctrl+m” cannot be used: a terminal sends it for enter."),
        ('[[step]]\ntype = "a\\nb"\n', "step 1, type: takes text only"),
        ('[[step]]\nroute = "/contcts/1"\n', "step 1, route: There is no screen at “/contcts/1”."),
        (
            '[[step]]\nexpect = { text = "a", where = "left" }\n',
            "step 1, expect: invalid enum value 'left'; it is one of screen, top,",
        ),
        ('[[step]]\nexpect = { text = "" }\n', "step 1, expect: expected “str” of length >= 1."),
        ('[[step]]\nsnapshot = "../up"\n', "step 1, snapshot: expected “str” matching regex"),
        ("[[step]]\npause = -1\n", "step 1, pause: expected “float” >= 0.0."),
        ("[[step]]\npause = 1e9\n", "step 1, pause: expected “float” <= 60.0."),
        ("[[step]]\n", "step 1: it is empty."),
        ('[[step]]\nsnapshot = "a"\n[[step]]\nsnapshot = "a"\n', "step 2, snapshot: “a” is already used in step 1."),
        ("step = []\n", "step: expected “array” of length >= 1."),
        ("", "the file as a whole: object missing required field “step”."),
        ("[[step]\n", "is not TOML:"),
        ('data = "no.json"\n[[step]]\nsay = "A"\n', "data: there is no file"),
        ('size = "8x2"\n[[step]]\nsay = "A"\n', "size: 8x2 is too small: the minimum is 40x12."),
        ('start = "/nowhere"\n[[step]]\nsay = "A"\n', "start: There is no screen at “/nowhere”."),
        ('at = "2 March"\n[[step]]\nsay = "A"\n', "at: invalid RFC3339 encoded date."),
        ("as = 3\n[[step]]\n", "as: expected “str”, got “int”."),
    ],
)
def test_what_is_wrong_is_named_by_file_step_and_field(flow: Make, tmp_path: Path, steps: str, says: str) -> None:
    with pytest.raises(FileProblem) as caught:
        flow(steps, head='title = "A"\n')
    assert str(caught.value).startswith(str(tmp_path / "mine.toml"))
    assert says in str(caught.value)


@pytest.mark.parametrize(("content", "says"), [(b"\xff\xfe", "is not UTF-8 text"), (b"", "required field")])
def test_bytes_that_are_no_flow(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "bytes.toml"
    file.write_bytes(content)
    with pytest.raises(FileProblem, match=says):
        read_flow(file)


def test_a_file_that_is_too_large_or_too_deep_is_not_read(tmp_path: Path) -> None:
    large, deep = tmp_path / "large.toml", tmp_path / "deep.toml"
    large.write_text("#" * (LARGEST_FILE + 1))
    deep.write_text("a = " + "[" * 200_000)
    with pytest.raises(FileProblem, match="too large"):
        read_flow(large)
    with pytest.raises(FileProblem, match="deep"):
        read_flow(deep)


@pytest.mark.parametrize("text", ["80", "80x", "x24", "80x24x1", "39x24", "80x11", "301x24", "80x121", "ax b", ""])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(WrongInput):
        read_size(text)


def test_sizes_and_keys() -> None:
    assert read_size("100X30") == read_size("100×30") == (100, 30)
    assert read_keys(" tab  é ctrl+s ") == ("tab", "é", "ctrl+s")
    assert read_keys("") == ()


# --- which there are ------------------------------------------------------------------------------------------------


def test_every_flow_that_ships_is_listed_and_can_be_found() -> None:
    assert {file.stem for file in shipped_folder().glob("*.toml")} == set(ORDER)
    assert [flow.name for flow in shipped()] == list(ORDER)
    for flow in shipped():
        assert flow.purpose
        assert all(passage.say for passage in flow.passages)
        assert [step.snapshot for step in flow.steps if step.snapshot]


def test_a_flow_is_found_by_name_in_a_folder_of_ones_own_or_by_path(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('title = "Ours"\n[[step]]\nsay = "A"\n')
    assert find_flow("ours", tmp_path).title == find_flow(str(file), Path("/nowhere")).title == "Ours"
    with pytest.raises(WrongInput, match="Did you mean cancel"):
        find_flow("cancle", tmp_path)
    with pytest.raises(FileProblem, match="cannot be read"):
        find_flow("./no.toml", tmp_path)
