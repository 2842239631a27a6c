"""The HTML report: complete in itself, and what is in the data stays text."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from subtui.testing import report
from subtui.testing.differences import Difference, Picture
from subtui.testing.report import carried, write

HOSTILE = '</pre></style><script>alert("x")</script><img src=http://evil.example/x> \x1b[2J \u202e'
SVG = '<svg viewBox="0 0 100 50" xmlns="http://www.w3.org/2000/svg"><text id="terminal-1">before</text></svg>'


def page(tmp_path: Path, *differences: Difference, name: str = "") -> str:
    path = tmp_path / "deep" / "report.html"
    write(path, {f"test_it.py::test_{at}[{HOSTILE}]": carried(each, name) for at, each in enumerate(differences)})
    return path.read_text(encoding="utf-8")


def changed(before: str = "one\ntwo", after: str = "one\n2") -> Difference:
    return Difference(Picture(before, SVG), Picture(after, SVG.replace("before", "after")), "/contacts/7", "a.txt")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(text)
    return parser.seen


def test_before_after_and_the_difference_stand_side_by_side_above_the_words(tmp_path: Path) -> None:
    text = page(tmp_path, changed())
    shown = [attributes.get("class") for _, attributes in tags(text) if attributes.get("role") == "img"]
    assert shown == ["picture before", "picture after", "picture difference"]
    assert "--shape:100/50" in text
    pictures = [base64.b64decode(each).decode() for each in re.findall(r"base64,([\w+/=]+)\)", text)]
    assert sorted("after" in each for each in pictures) == [False, True]
    assert '<span class=""><i>  1</i>   one</span>' in text
    assert '<span class="went"><i>  2</i> - two</span><span class="came"><i>  2</i> + 2</span>' in text


def test_nothing_of_the_data_is_markup_and_nothing_is_loaded(tmp_path: Path) -> None:
    hostile = Difference(Picture(HOSTILE, HOSTILE), Picture(HOSTILE + "!", HOSTILE), HOSTILE, HOSTILE)
    text = page(tmp_path, hostile, name=HOSTILE)
    found = {tag for tag, _ in tags(text)}
    assert found.isdisjoint({"script", "img", "link", "iframe", "object"})
    assert not [name for _, attributes in tags(text) for name in attributes if name in ("src", "href", "onload")]
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "Content-Security-Policy" in text
    assert "default-src 'none'" in text


def test_where_nothing_is_on_record_there_is_one_picture(tmp_path: Path) -> None:
    text = page(tmp_path, Difference(None, Picture("one", SVG), "/", "a.txt"))
    assert [a.get("class") for _, a in tags(text) if a.get("role") == "img"] == ["picture after"]
    assert "no snapshot yet" in text
    assert "There is no snapshot yet of the screen at /." in text


def test_beyond_a_number_there_are_words_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_PICTURES", 2)
    text = page(tmp_path, *[changed()] * 3)
    assert text.count('class="pictures"') == 2
    assert text.count("<section>") == 3
    assert "The first 2 have their pictures here" in text
