"""A recording is data: played back it shows what was shown, and it is the same on every machine."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyte
import pytest

from subtui.flows.asciinema import cast
from subtui.flows.bar import BAR_ROWS, Caption, draw_bar
from subtui.flows.frames import Frame, Paint, Run
from subtui.flows.guide import html, markdown, pictures
from subtui.flows.recorder import Recording, record
from subtui.flows.registry import find_flow
from subtui.flows.svg import film, still
from subtui.flows.temp_db import Copies
from subtui.flows.text_export import transcript

NOWHERE = Path("/nowhere")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
async def express(copies: Copies) -> Recording:
    return await record(find_flow("express", NOWHERE), copies)


def shown(recording: Recording, upto: float) -> str:
    """What a terminal shows that was sent a cast of version 2 up to a moment."""
    head, *events = map(json.loads, cast(recording, 2).splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    for at, kind, data in events:
        if at <= upto and kind == "o":
            stream.feed(data)
    return "\n".join(line.rstrip() for line in screen.display)


async def test_a_cast_played_on_a_terminal_shows_every_frame(express: Recording) -> None:
    assert len(express.moments) > 10
    for moment in express.moments:
        assert shown(express, moment.at) == moment.frame.text


async def test_both_versions_tell_the_same_at_the_same_times(express: Recording) -> None:
    head2, *events2 = map(json.loads, cast(express, 2).splitlines())
    head3, *events3 = map(json.loads, cast(express, 3).splitlines())
    assert (head2["version"], head3["version"]) == (2, 3)
    assert (head2["width"], head2["height"]) == (head3["term"]["cols"], head3["term"]["rows"]) == (100, 30 + BAR_ROWS)
    now = 0.0
    for second, third in zip(events2, events3, strict=True):
        now += third[0]
        assert second[0] == pytest.approx(now, abs=0.02)
        assert second[1:] == third[1:]
    assert [data for _, kind, data in events2 if kind == "m"] == [chapter.say for chapter in express.chapters]


async def test_it_lasts_as_long_as_the_flow_says(express: Recording) -> None:
    assert express.seconds == pytest.approx(express.flow.seconds, abs=2)
    times = [moment.at for moment in express.moments]
    assert times == sorted(times)
    assert times[-1] < express.seconds


async def test_the_film_holds_every_moment_and_is_well_formed(express: Recording) -> None:
    text = film(express)
    root = ElementTree.fromstring(text)  # noqa: S314  (our own)
    known = {group.get("id") for group in root.iter(f"{SVG}g") if group.get("id")}
    used = {use.get("href", "").removeprefix("#") for use in root.iter(f"{SVG}use")}
    assert used == known
    film_group = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "film")
    assert len(list(film_group)) == len(express.moments)
    assert "prefers-reduced-motion" in text
    assert "url(" not in text
    assert "@import" not in text


async def test_text_and_articles_tell_the_steps_with_their_keys(express: Recording) -> None:
    text = transcript(express)
    page, site = markdown(express), html(express)
    for number, chapter in enumerate(express.chapters, 1):
        assert f"{number}. {chapter.say}" in text
        assert chapter.say in page
    assert "ctrl+s" in text
    assert "<kbd>ctrl+s</kbd>" in page
    assert "<kbd>ctrl+s</kbd>" in site
    for name in pictures(express):
        assert f"]({name})" in page
        assert f'src="{name}"' in site


def test_a_still_draws_each_word_where_it_stands() -> None:
    plain, loud = Paint("#111111", "#ffffff"), Paint("#ff0000", "#00ff00", bold=True)
    frame = Frame(12, ((Run("  a b   日本 ", 13, plain),), (Run("<&>", 3, loud), Run("         ", 9, plain))))
    root = ElementTree.fromstring(still(frame, "A & B"))  # noqa: S314  (our own)
    texts = {text.text: (text.get("x"), text.get("textLength")) for text in root.iter(f"{SVG}text")}
    assert texts == {"a b": ("16.8", "25.2"), "日本": ("67.2", "33.6"), "<&>": ("0", "25.2")}
    assert [rect.get("fill") for rect in root.iter(f"{SVG}rect")] == ["#ffffff", "#00ff00"]


@pytest.mark.parametrize("width", [40, 64, 80, 200])
@pytest.mark.parametrize("text", ["", "Short.", "word " * 30, "word " * 90, "日本語" * 30])
def test_the_bar_is_as_wide_as_the_screen_whatever_it_says(width: int, text: str) -> None:
    rows = draw_bar(Caption(text, key="ctrl+s", place="1 of 2", foot="space Pause"), width)
    assert [row.cell_length for row in rows] == [width] * BAR_ROWS
    assert "ctrl+s" in rows[1].text


def test_what_is_typed_is_shown_by_its_end_where_there_is_no_room() -> None:
    rows = draw_bar(Caption(typed="a long text that somebody typed"), 80)
    assert "body typed │" in rows[1].text


def test_two_recordings_are_the_same_bytes_whatever_the_machine_has_set(tmp_path: Path) -> None:
    """Two processes as unlike as two machines: language, zone, terminal, colours, size, settings, hash seed."""
    settings = tmp_path / "settings.toml"
    settings.write_text('theme = "light"\ndate_format = "yyyy-MM-dd"\n[keymap]\n"form.save" = "ctrl+w"\n')
    here = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
    unlike = (
        {"LC_ALL": "C", "TZ": "Asia/Tokyo", "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "40", "PYTHONHASHSEED": "1"},
        {
            "LC_ALL": "de_DE.UTF-8",
            "TZ": "America/Los_Angeles",
            "TERM": "xterm-256color",
            "COLORTERM": "",
            "TEXTUAL_THEME": "nord",
            "SUBTUI_CONFIG": str(settings),
            "PYTHONHASHSEED": "2",
        },
    )
    endings = ("cast", "svg", "txt")
    for number, environment in enumerate(unlike):
        files = [word for ending in endings for word in ("-o", str(tmp_path / f"{number}.{ending}"))]
        command = [sys.executable, "-m", "subtui", "flow", "record", "undo", *files]
        done = subprocess.run(command, env=here | environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
    for ending in endings:
        one, other = ((tmp_path / f"{number}.{ending}").read_bytes() for number in range(2))
        assert one == other, ending
        assert len(one) > 10_000


def test_lines_and_blocks_are_shapes_that_fill_their_cells() -> None:
    paint = Paint("#ff0000", "#000000")
    frame = Frame(6, ((Run("╭──╮▄│", 6, paint),), (Run("a─b ┃", 5, paint), Run(" ", 1, paint))))
    root = ElementTree.fromstring(still(frame, "A"))  # noqa: S314  (our own)
    assert [text.text for text in root.iter(f"{SVG}text")] == ["a", "b"]
    drawn = [str(path.get("d")) for path in root.iter(f"{SVG}path")]
    assert drawn[0].startswith("M4.2 18.5Q4.2 9 8.4 9M8.4 9H16.8M16.8 9H25.2")
    assert drawn[1] == "M8.4 9H16.8"
    half = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") == "#ff0000")
    assert (half.get("x"), half.get("y"), half.get("height")) == ("33.6", "9", "9.5")
