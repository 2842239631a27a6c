"""Letters come out right from each encoding in which tables are written."""

import random
from pathlib import Path

import pytest

from subtui.storage.importing.shapes import Unreadable
from subtui.storage.importing.sources import BLOCK
from tests.storage.importing.corpus import gz, read, refusal, zipped

TABLE = "id,name\n1,Zoë Müller\n2,“Ann” – 5 €\n"
OBJECTS = '[{"name": "Zoë"},\n {"name": "“Ann” – 5 €"}]'
NO_TEXT = "any is not a text file. CSV and JSON can be imported, also as .gz or .zip."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "any"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gz, lambda content: zipped({"any": content})])
def test_tables_and_objects_in_each_encoding(path: Path, encoding: str, mark: bytes, pack: type[bytes]) -> None:
    table = read(path, pack(mark + TABLE.encode(encoding)))
    assert table.shape == ("id", "name")
    assert table.rows == [(2, ["1", "Zoë Müller"]), (3, ["2", "“Ann” – 5 €"])]
    objects = read(path, pack(mark + OBJECTS.encode(encoding)))
    assert objects.rows == [(1, {"name": "Zoë"}), (2, {"name": "“Ann” – 5 €"})]


def test_a_quoted_header_behind_a_mark(path: Path) -> None:
    assert read(path, b'\xef\xbb\xbf"id, of it",b\n').shape == ("id, of it", "b")


def test_one_accent_in_the_last_row_decides(path: Path) -> None:
    rows = "id,name\n" + "1,Ann Lee\n" * 60_000
    assert read(path, rows.encode() + "2,Zoë\n".encode("cp1252")).rows[-1] == (60_002, ["2", "Zoë"])
    assert read(path, rows.encode() + "2,Zoë\n".encode()).rows[-1] == (60_002, ["2", "Zoë"])


def test_bytes_that_windows_1252_does_not_have_are_latin(path: Path) -> None:
    assert read(path, b"id,name\n1,Zo\xeb \x81\n").rows == [(2, ["1", "Zoë \x81"])]


def test_a_letter_across_two_blocks_is_one_letter(path: Path) -> None:
    for before in range(4):
        text = "a,b\n1," + "x" * (BLOCK - 6 - before) + "é€😀\n"
        assert read(path, text).rows[0][1][1].endswith("xé€😀")


def test_broken_bytes_in_utf_8_cost_their_row_only(path: Path) -> None:
    content = "id,name\n1,Zoë\n2,Jürgen\n3,Béla ?\n4,Ann\n".encode().replace(b"?", b"\xc3")
    bad = Unreadable(4, "name", "Béla �", "The cell holds bytes that are not UTF-8.")
    good = [(2, ["1", "Zoë"]), (3, ["2", "Jürgen"])]
    assert read(path, content).rows == [*good, bad, (5, ["4", "Ann"])]
    with_mark = read(path, b"\xef\xbb\xbfid,name\n1,\xff\n2,Ann\n")
    assert [row.line for row in with_mark.bad] == [2]
    assert with_mark.good == [(3, ["2", "Ann"])]


def test_broken_bytes_in_a_name_of_the_header(path: Path) -> None:
    sentence = "any, line 1: a name in the header holds bytes that are not UTF-8. Save the file as UTF-8."
    assert refusal(path, b"id,na\xffme\n1,\xc3\xa9\xc3\xa9\n") == sentence


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n1 0 obj\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"id,name\n1,Ann\0Lee\n",
        b"id,name\n" + b"1,Ann\n" * 100_000 + b"\0",
        bytes(code for code in range(1, 256)) * 20,
        random.Random(1).randbytes(100_000),  # noqa: S311
        b"\xff\xfe\0\0i\0\0\0d\0\0\0",
        "数据,名称\n".encode("utf-16-le"),
    ],
)
def test_what_is_no_text_is_refused(path: Path, content: bytes) -> None:
    assert refusal(path, content) == NO_TEXT
    assert refusal(path, gz(content)) == NO_TEXT


def test_utf_16_that_is_cut_off(path: Path) -> None:
    sentence = "any, line 3: the text is UTF-16, and is cut off or damaged here."
    assert refusal(path, b"\xff\xfe" + "id,name\n1,Ann\n2,Bo".encode("utf-16-le")[:-1]) == sentence
    assert refusal(path, b"\xfe\xff" + "id,name\n1,Ann\n".encode("utf-16-be") + b"\xd8\0\0x") == sentence
