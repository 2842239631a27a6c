"""Workbooks that are damaged, hostile, or of other programs: each gives its rows, or a sentence, in little memory."""

import io
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook

from subtui.tabular.errors import TabularError
from subtui.tabular.types import Limits
from tests.tabular.corpus import read, read_all, refusal, zipped

MB = 1_000_000
DAMAGED = (
    "b.xlsx is a damaged workbook. Open it in a spreadsheet program and save it as .xlsx or CSV, then import that."
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = "http://schemas.openxmlformats.org/package/2006/relationships"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>'
)
_HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.xlsx"


def relationships(**targets: str) -> str:
    links = "".join(
        f'<Relationship Id="{at}" Type="{_LINK}/{target.partition("!")[0]}" Target="{target.partition("!")[2]}"/>'
        for at, target in targets.items()
    )
    return f'<Relationships xmlns="{_PARTS}">{links}</Relationships>'


def package(sheet: str, **parts: str | bytes | None) -> bytes:
    """A workbook with the rows `sheet`; a part that is None is left out."""
    whole: dict[str, str | bytes | None] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": relationships(a="worksheet!worksheets/s.xml", b="sharedStrings!texts.xml"),
        "xl/worksheets/s.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        **{
            {"book": "xl/workbook.xml", "links": "xl/_rels/workbook.xml.rels"}.get(k, f"xl/{k}.xml"): v
            for k, v in parts.items()
        },
    }
    return zipped({name: content for name, content in whole.items() if content is not None})


def cells(path: Path, row: str, **parts: str | bytes | None) -> list[str]:
    """The cells of the first row below a header of three columns."""
    head = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("a", "b", "c"))
    found = read(path, package(f"<row>{head}</row>{row}", **parts))
    assert not found.bad
    row_cells: list[str] = found.good[0][1]
    return row_cells


# --- other programs ---------------------------------------------------------------------------------------------------


def test_rows_and_cells_without_their_places(path: Path) -> None:
    assert cells(path, "<row><c><v>1</v></c><c/><c><v>2</v></c></row>") == ["1", "", "2"]


def test_numbers_as_they_are_stored(path: Path) -> None:
    stored = ("49.900000000000006", "1.0420000000000000E3", "1.2345678901234501E+18")
    row = "".join(f"<c><v>{number}</v></c>" for number in stored)
    assert cells(path, f"<row>{row}</row>") == ["49.9", "1042", "1.23E+18"]


def test_days_in_words_and_formulas_with_results(path: Path) -> None:
    row = (
        '<row><c t="d"><v>2026-03-02T00:00:00</v></c><c t="d"><v>2026-03-02T14:30:00</v></c>'
        '<c t="str"><f>A1</f><v></v></c></row>'
    )
    assert cells(path, row) == ["2026-03-02", "2026-03-02 14:30:00", ""]
    assert cells(path, '<row><c><f>A1*2</f><v>4</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>') == [
        "4",
        "#DIV/0!",
        "",
    ]


def test_texts_of_the_table(path: Path) -> None:
    texts = (
        f'<sst xmlns="{_MAIN}"><si><t>plain</t></si><si><r><t>in </t></r><r><t>parts</t></r></si>'
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000D_b_x0041_ _x_ _xD800_</t></si></sst>"
    )
    row = "".join(f'<c t="s"><v>{at}</v></c>' for at in (1, 2, 3))
    assert cells(path, f"<row>{row}</row>", texts=texts) == ["in parts", "東京", "a\nbA _x_ _xD800_"]


def test_extensions_within_rows(path: Path) -> None:
    extension = "<extLst><ext><t>x</t></ext></extLst>"
    row = f"<row><c><v>1</v>{extension}</c><c><v>2</v></c>{extension}</row><row><c><v>3</v></c></row>"
    found = read(path, package(_HEAD.replace("</row>", '<c t="str"><v>b</v></c></row>') + row))
    assert found.rows == [(2, ["1", "2"]), (3, ["3", ""])]


def test_names_with_prefixes_and_of_the_strict_format(path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>'
    sheet += "<x:row><x:c><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    content = zipped(
        {
            "xl/workbook7.xml": _BOOK.replace(_LINK, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
            "xl/_rels/workbook7.xml.rels": relationships(a="worksheet!/xl/other/s.xml"),
            "xl/other/s.xml": sheet,
        }
    )
    assert read(path, content).rows == [(2, ["2"])]


def test_utf_16(path: Path) -> None:
    content = package(
        "",
        **{
            "worksheets/s": f'<?xml version="1.0" encoding="utf-16"?><w><sheetData>{_HEAD}</sheetData></w>'.encode(
                "utf-16"
            )
        },
    )
    assert read(path, content).shape == ("id",)


# --- damaged ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "parts"),
    [
        (_HEAD, {"links": None}),
        (_HEAD, {"worksheets/s": None}),
        (_HEAD, {"book": ""}),
        (_HEAD, {"book": "<workbook>"}),
        (_HEAD, {"book": "<workbook><sheets><sheet/></sheets></workbook>"}),
        (_HEAD + "<row", {}),
        (_HEAD + "<row></c>", {}),
        ('<row r="0"/>', {}),
        ('<row r="x"/>', {}),
        ('<row r="2"/><row r="1"/>', {}),
        ('<row r="99999999999"/>', {}),
        ('<row><c r="XFE1"><v>1</v></c></row>', {}),
        ('<row><c r="AAAAAAAA1"><v>1</v></c></row>', {}),
        ('<row><c r="é1"><v>1</v></c></row>', {}),
        ('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', {}),
        ('<row><c t="s"><v>0</v></c></row>', {}),
        ('<row><c t="s"><v>x</v></c></row>', {}),
        ("<row><c><v>x</v></c></row>", {}),
        (_HEAD, {"texts": "<sst><si>"}),
        ("<a>" * 200_000, {}),
        (_HEAD, {"texts": "<a>" * 200_000}),
        (_HEAD + f"<row><c><v>{'1' * 6 * MB}</v></c></row>", {}),
        (_HEAD + f"<!--{'x' * 6 * MB}-->", {}),
        ("".join(f"<n{number}/>" for number in range(11_000)), {}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_parts_that_are_not_what_they_should_be(path: Path, sheet: str, parts: dict[str, str | None]) -> None:
    assert refusal(path, package(sheet, **parts)) == DAMAGED


def test_it_is_cut_off(path: Path) -> None:
    whole = package(_HEAD)
    for length in (50, len(whole) // 2, len(whole) - 1):
        assert refusal(path, whole[:length]).startswith("b.xlsx is cut off or damaged: the list of contents")


def test_any_byte_may_be_wrong(path: Path) -> None:
    whole = package(_HEAD + "<row><c><v>1</v></c></row>")
    for at in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[at] ^= 0x5A
        path.write_bytes(broken)
        with suppress(TabularError):
            read_all(path)


# --- hostile ----------------------------------------------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["worksheets/s", "texts", "book", "links"])
@pytest.mark.parametrize("declared", [f"[{_LAUGHS}]", '[<!ENTITY l11 SYSTEM "file:///etc/passwd">]', 'SYSTEM "x.dtd"'])
def test_a_document_type(path: Path, part: str, declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a {declared}><a>&l11;</a>'
    sentence = "b.xlsx contains a document type, so it was not saved by a spreadsheet program."
    assert refusal(path, package(_HEAD, **{part: text.encode(encoding)})) == sentence


def test_a_bomb(path: Path) -> None:
    small = Limits(ratio_from=200_000)
    sentence = "b.xlsx grows to more than 200 times its size unpacked, so it is not an export."
    for bomb in (_HEAD + "<row/>" * 400_000, _HEAD + " " * 2 * MB):
        assert refusal(path, package(bomb), small) == sentence
    assert refusal(path, package(_HEAD, texts="<sst>" + "<si/>" * 400_000), small) == sentence


def test_too_much_text(path: Path) -> None:
    sentence = "b.xlsx holds too much text to be read as a workbook. Save its sheet as CSV, then import that."
    texts = f"<sst><si><t>{'x' * 2_000}</t></si></sst>"
    assert refusal(path, package(_HEAD, texts=texts), Limits(texts=1_000)) == sentence
    assert refusal(path, package(_HEAD), Limits(unpacked=300)).startswith("b.xlsx is too large: at most 300 bytes")
    long = f'<row r="2"><c t="str"><v>{"x" * 101}</v></c></row>'
    sentence = "b.xlsx: S, line 2: a cell is longer than 100 characters."
    assert refusal(path, package(_HEAD + long), Limits(cell=100)) == sentence


def test_a_cell_far_away(path: Path) -> None:
    down = '<row r="1048576"><c r="A1048576"><v>7</v></c></row>'
    tracemalloc.start()
    try:
        assert read(path, package(_HEAD + down)).rows == [(1_048_576, ["7"])]
        assert tracemalloc.get_traced_memory()[1] < 20 * MB
    finally:
        tracemalloc.stop()
    right = '<row r="5"><c r="XFD5"><v>7</v></c></row>'
    assert refusal(path, package(_HEAD + right)) == (
        "b.xlsx: S, line 5: cell XFD5 holds a value, far to the right of the table; at most 2,000 columns can be read. "
        "Delete it."
    )
    assert read(path, package(_HEAD + right.replace("<v>7</v>", "") + down)).rows == [(1_048_576, ["7"])]


def test_memory_does_not_grow_with_the_sheet(path: Path) -> None:
    row = "<row>" + "".join(f'<c t="inlineStr"><is><t>{"x" * 100}{at}</t></is></c>' for at in range(20)) + "</row>"
    content = package(row * 5_000)
    tracemalloc.start()
    try:
        assert len(read(path, content).rows) == 4_999
        # The rows that the test itself keeps are most of it.
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()


# --- other formats ----------------------------------------------------------------------------------------------------


def compound(*streams: str) -> bytes:
    """What begins like a file in Microsoft's older container, with streams of these names."""
    entries = b"".join(f"\0{name}\0".encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 300_000 + entries


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            compound("Root Entry", "EncryptionInfo", "EncryptedPackage"),
            "b.xlsx is password-protected. Open it in a spreadsheet program, remove the password, save it, then import "
            "it again.",
        ),
        (
            compound("Root Entry", "Workbook"),
            "b.xlsx is a workbook of the old format (.xls). Save it as .xlsx or CSV, then import that.",
        ),
        (
            compound("Root Entry", "Book"),
            "b.xlsx is a workbook of the old format (.xls). Save it as .xlsx or CSV, then import that.",
        ),
        (
            compound("Root Entry", "WordDocument"),
            "b.xlsx is not a text file. Import CSV or JSON, also packed as .gz or .zip, or .xlsx.",
        ),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}),
            "b.xlsx is an OpenDocument file (.ods). Save it as .xlsx or CSV, then import that.",
        ),
        (
            zipped({"[Content_Types].xml": "", "xl/workbook.bin": "x"}),
            "b.xlsx is a binary workbook (.xlsb). Save it as .xlsx or CSV, then import that.",
        ),
        (
            zipped({"[Content_Types].xml": "", "word/document.xml": "x"}),
            "b.xlsx is an Office document without a workbook. Import .xlsx, CSV or JSON.",
        ),
        (
            zipped({"Index/Document.iwa": "x"}),
            "b.xlsx is a Numbers document. Export it as .xlsx or CSV, then import that.",
        ),
    ],
)
def test_other_formats(path: Path, content: bytes, sentence: str) -> None:
    assert refusal(path, content) == sentence


def test_a_workbook_with_macros_and_many_pictures(path: Path) -> None:
    book, made = Workbook(), io.BytesIO()
    book.active.append(["id"])
    book.active.append([1])
    book.save(made)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)
        for number in range(1_100):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert read(path.with_suffix(".xlsm"), made.getvalue()).rows == [(2, ["1"])]
