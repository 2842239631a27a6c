"""A file beyond the limits is refused before it fills the memory, and one within them never fills it."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from subtui.tabular.errors import TabularError
from subtui.tabular.files import read_files
from subtui.tabular.types import LIMITS, Limits
from tests.tabular.corpus import gz, read, refusal

MB = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "f"


def test_columns(path: Path) -> None:
    for separator in ",;\t":
        assert len(read(path, separator.join("x" * 2_000) + "\n").shape) == 2_000
        sentence = "f, line 1: there are 2,001 columns; at most 2,000 can be read."
        assert refusal(path, separator.join("x" * 2_001) + "\n") == sentence
    assert refusal(path, "\n\na,b\n1,2\n" + "," * 2_000 + "\n").startswith("f, line 5: there are 2,001 columns")
    assert refusal(path, '"x\n",' * 2_000 + "\n").startswith("f, line 1: there are 2,001 columns")


def test_cells(path: Path) -> None:
    limits = Limits(cell=100)
    assert read(path, "a\n" + "x" * 100 + "\n", limits).rows == [(2, ["x" * 100])]
    assert refusal(path, "a\n1\n" + "x" * 101 + "\n", limits) == "f, line 3: a cell is longer than 100 characters."
    assert refusal(path, "x" * 101 + "\n", limits) == "f, line 1: a cell is longer than 100 characters."
    sentence = "f, line 4: a quote is opened but not closed within 100 characters."
    assert refusal(path, 'a,b\n1,2\n"3\n3","4\n' + "5,6\n" * 100, limits) == sentence
    assert read(path, "a\n" + "x" * 200_000, Limits()).rows[0][1] == ["x" * 200_000]


def test_rows_without_an_end(path: Path) -> None:
    limits = Limits(cell=10 * MB, record=100_000)
    assert refusal(path, "a,b\n1,2\n3," + "4" * 2 * MB, limits) == "f, line 3: the row is longer than 100,000 bytes."
    sentence = "f, line 3: a quote is opened but not closed nearby. A quote inside a quoted cell is written twice."
    assert refusal(path, 'a,b\n1,2\n3,"4\n' + "5,6\n" * 300_000, limits) == sentence
    assert refusal(path, "a," + "b" * 2 * MB, limits).startswith("f, line 1: ")
    # Each cell is short and closed, but there are ever more of them.
    assert refusal(path, "a,b\n" + 'x,"\n",' * 300_000, limits) == "f, line 2: the row is longer than 100,000 bytes."


def test_objects(path: Path) -> None:
    limits = Limits(record=1_000)
    good, long = '{"id": 1}', json.dumps({"id": 2, "x": "y" * 1_000})
    assert refusal(path, f"[{good},\n{long}]", limits) == "f, line 2: one value is longer than 1,000 bytes."
    assert refusal(path, f"{good}\n{long}\n{good}", limits) == "f, line 2: the line is longer than 1,000 bytes."
    assert refusal(path, f'{{"list": [{good},\n{long}]}}', limits) == "f, line 2: one value is longer than 1,000 bytes."
    assert (
        refusal(path, f"\n{long.replace(' ', chr(10))}", limits) == "f, line 2: one value is longer than 1,000 bytes."
    )
    assert refusal(path, f'[{good},\n"{"x" * MB}"]', limits) == "f, line 2: one value is longer than 1,000 bytes."
    assert refusal(path, f"[{good},\n{'1' * MB}]", limits) == "f, line 2: one value is longer than 1,000 bytes."
    fits = json.dumps({"id": 2, "x": "y" * 980})
    assert len(fits) <= 1_000
    assert len(read(path, f"[{good},{fits}]", limits).rows) == 2


@pytest.mark.parametrize("shape", ["%s", '{"id": 1}\n%s\n', "[%s]", '{"list": [%s]}', '{"id": 1,\n"x": %s}'])
def test_depth(path: Path, shape: str) -> None:
    around = {"%s": 0, '{"id": 1}\n%s\n': 0, "[%s]": 1, '{"list": [%s]}': 2, '{"id": 1,\n"x": %s}': 1}[shape]

    def nested(levels: int) -> str:
        return shape % ('{"a":' * (levels - around) + "1" + "}" * (levels - around))

    assert read(path, nested(50)).rows
    line = 2 if "\n" in shape else 1
    assert refusal(path, nested(51)) == f"f, line {line}: more than 50 levels of nested lists and objects."
    # So deep that a decoder would fall over.
    for opening in ("[", '{"a":'):
        assert "levels of nested lists and objects" in refusal(path, shape % (opening * 200_000))


def _csv() -> Iterator[str]:
    yield "id,name,city,note\n"
    for number in range(50 * MB // 2_000):
        yield f"{number},Ann Lee,Zürich,{'x' * 1_980}\n"


def _list() -> Iterator[str]:
    yield "["
    for number in range(50 * MB // 2_000):
        yield f'{"," if number else ""}{{"id": {number}, "name": "Zoë", "note": "{"x" * 1_960}"}}'
    yield "]"


def _answer() -> Iterator[str]:
    yield '{"count": 1, "orders": '
    yield from _list()
    yield "}"


def _lines() -> Iterator[str]:
    for number in range(50 * MB // 2_000):
        yield f'{{"id": {number}, "name": "Zoë", "note": "{"x" * 1_960}"}}\n'


@pytest.mark.parametrize("pieces", [_csv, _list, _answer, _lines])
def test_memory_does_not_grow_with_the_file(path: Path, pieces: Callable[[], Iterator[str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(pieces())
    assert path.stat().st_size > 48 * MB
    assert _peak(path, 50 * MB // 2_000) < 20 * MB


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20 * MB,
        "a\n" + "x" * 20 * MB,
        "a\n" + "," * 20 * MB,
        'a\n"' + "x\n" * 10 * MB,
        "a\n" + ',"\n"' * 4 * MB,
        "[" * 20 * MB,
        '[{"a": "' + "x" * 20 * MB,
        '{"a": "' + "x" * 20 * MB,
        '[{"a": "' + '\\"' * 10 * MB,
        "[1" + "1" * 20 * MB,
        '{"a": 1}\n{"a": ' + "1" * 20 * MB,
        "\n" * 20 * MB,
        "[" + " " * 20 * MB,
    ],
    ids=lambda text: text[:12],
)
def test_memory_is_bounded_while_finding_out(path: Path, text: str) -> None:
    path.write_bytes(gz(text))
    tracemalloc.start()
    try:
        with pytest.raises(TabularError):
            _consume(path, Limits(ratio=10_000, record=MB, cell=MB // 2))
        assert tracemalloc.get_traced_memory()[1] < 20 * MB
    finally:
        tracemalloc.stop()


def _peak(path: Path, rows: int) -> int:
    tracemalloc.start()
    try:
        assert _consume(path) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _consume(path: Path, limits: Limits = LIMITS) -> int:
    return sum(1 for found in read_files([path], limits=limits) for _ in found.rows)
