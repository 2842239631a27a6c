"""Letters come out right from each encoding in which tables are written."""

import json
import random
from pathlib import Path

import pytest

from subtui.tabular.code_pages import Reading, known_encoding, looked_at
from subtui.tabular.errors import TabularError
from subtui.tabular.sources import BLOCK
from subtui.tabular.types import Unreadable
from tests.tabular.corpus import gz, read, read_all, refusal, zipped

TABLE = "id,name\n1,Zoë Müller\n2,“Ann” – 5 €\n"
OBJECTS = '[{"name": "Zoë"},\n {"name": "“Ann” – 5 €"}]'
NO_TEXT = "any is not a text file. Import CSV or JSON, also packed as .gz or .zip, or .xlsx."


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


def test_a_byte_that_windows_1252_does_not_have_costs_its_row_only(path: Path) -> None:
    rows = b"".join(b"%d,Zo\xeb M\xfcller\n" % number for number in range(1, 11))
    found = read(path, b"id,name\n" + rows + b"11,Zo\xeb \x81\n12,Ann\n")
    assert found.bad == [Unreadable(12, "name", "Zoë �", "The cell contains bytes that are not Windows-1252.")]
    assert len(found.good) == 11


def test_a_letter_across_two_blocks_is_one_letter(path: Path) -> None:
    for before in range(4):
        text = "a,b\n1," + "x" * (BLOCK - 6 - before) + "é€😀\n"
        assert read(path, text).rows[0][1][1].endswith("xé€😀")


def test_broken_bytes_in_utf_8_cost_their_row_only(path: Path) -> None:
    content = "id,name\n1,Zoë\n2,Jürgen\n3,Béla ?\n4,Ann\n".encode().replace(b"?", b"\xc3")
    bad = Unreadable(4, "name", "Béla �", "The cell contains bytes that are not UTF-8.")
    good = [(2, ["1", "Zoë"]), (3, ["2", "Jürgen"])]
    assert read(path, content).rows == [*good, bad, (5, ["4", "Ann"])]
    with_mark = read(path, b"\xef\xbb\xbfid,name\n1,\xff\n2,Ann\n")
    assert [row.line for row in with_mark.bad] == [2]
    assert with_mark.good == [(3, ["2", "Ann"])]


def test_broken_bytes_in_a_name_of_the_header(path: Path) -> None:
    sentence = "any, line 1: a name in the header contains bytes that are not UTF-8. Save the file as UTF-8."
    assert refusal(path, b"id,na\xffme\n1,\xc3\xa9\xc3\xa9\n") == sentence


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n1 0 obj\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"id\0,name\n1,Ann\n",
        b"id,name\n" + b"1,A\0nn\n" * 100,
        b"GIF89a\1\0\1\0",
        b"\xff\xd8\xff\xe0JFIF",
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


def test_a_nul_stays_in_its_cell_for_the_caller_to_judge(path: Path) -> None:
    assert read(path, b"id,name\n1,Ann\0Lee\n2,Bo\n").rows == [(2, ["1", "Ann\0Lee"]), (3, ["2", "Bo"])]
    assert len(read(path, b"id,name\n" + b"1,Ann\n" * 100_000 + b"2,\0").rows) == 100_001


# --- code pages -------------------------------------------------------------------------------------------------------


def looked_at_text(text: str, encoding: str) -> Reading:
    return looked_at([text.encode(encoding)])


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Müller",
        "“Ann” – 5 €",
        "José Muñoz, Núria Puig, João Conceição",
        "François Lefèvre, Sébastien Créée",
        "Åse Sørensen, Björn Åkesson, Väinö Hämäläinen",
        "Jürgen Groß, Strauß & Söhne",
        "Sigurður Þórsson",
        "l’eau d’été, O’Brien, it’s",
        "word—word — don’t",
        "Acme™ Ltd ©2020, £5 only, 5°C, ½ cup",
        "Mª José, nº 5, ¿Qué tal? ¡Hola!",
        "«Bonjour» à la carte. Garçon, ça va?",
        "Çelik, Ó Súilleabháin, São Paulo",
        "Ö",
        "Tõnu Sé, Señor Peña, Ángel Núñez, Élan, Zoë, Noël, Müller, José, García, Pérez, François",
    ],
)
def test_western_texts(text: str) -> None:
    reading = looked_at_text(text, "cp1252")
    assert reading.is_western
    assert reading.example in text or not reading.word


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("cp1250", "Łukasz|Dvořák|Jiří Novák|Tomáš Dvořák|Erdős|Šarić|Wałęsa|Żaneta|Świątek|Iaşi"),
        ("cp1251", "Иван|Ян|Ольга Петрова"),
        ("cp1253", "Γιάννης"),
        ("cp1254", "Yılmaz|Şahin|Güneş|İstanbul|Aydoğan"),
        ("cp1257", "Žemaitis|Šimonytė"),
        ("cp1255", "שלום"),
        ("mac_roman", "José|Müller|Göteborg|Björn|François|López|Åse|Weiß"),
        ("cp437", "José|Müller|Björn|Åse|García"),
        ("cp850", "José|Peña|Søren"),
        ("koi8_r", "Иван"),
        ("iso8859_2", "Łukasz|Šárka"),
        ("iso8859_15", "5 €"),
        ("shift_jis", "太郎|ヤマダ|株式会社"),
        ("gb18030", "张三"),
        ("big5", "陳大文"),
        ("euc_kr", "김철수"),
    ],
)
def test_texts_of_other_code_pages(encoding: str, texts: str) -> None:
    for text in texts.split("|"):
        assert not looked_at_text(text, encoding).is_western, text


def test_how_a_text_would_read_is_told(path: Path) -> None:
    sentence = refusal(path, "id,name\n1,Ann\n2,Łukasz\n".encode("cp1250"))
    assert sentence == (
        "any: the encoding of this file is unclear. Line 3 would read “£ukasz” as Windows-1252, "
        "as cp1250 “Łukasz”, as cp850 “úukasz”. Choose with --encoding, such as --encoding cp1250, "
        "or save the file as UTF-8."
    )


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1250", "Łukasz"), ("mac-roman", "José"), ("shift_jis", "太郎"), ("cp1251", "Иван"), ("latin-1", "Zoë")],
)
def test_an_encoding_that_is_said_is_taken(path: Path, encoding: str, text: str) -> None:
    path.write_bytes(f"id,name\n1,{text}\n".encode(encoding))
    (found,) = read_all(path, encoding=encoding)
    assert found.rows == [(2, ["1", text])]
    path.write_bytes(json.dumps([{"name": text}], ensure_ascii=False).encode(encoding))
    (found,) = read_all(path, encoding=encoding)
    assert found.rows == [(1, {"name": text})]


def test_a_file_that_says_what_it_is_needs_no_encoding(path: Path) -> None:
    path.write_bytes("\ufeffid,name\n1,Zoë\n".encode())
    (found,) = read_all(path, encoding="cp1250")
    assert (found.encoding, found.rows) == ("UTF-8", [(2, ["1", "Zoë"])])


def test_bytes_that_are_not_in_the_encoding_that_was_said(path: Path) -> None:
    path.write_bytes(b"id,name\n1,Zo\xeb\n2,Ann\n")
    (found,) = read_all(path, encoding="utf-8")
    reason = "The cell contains bytes that are not UTF-8."
    assert found.rows == [Unreadable(2, "name", "Zo�", reason), (3, ["2", "Ann"])]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cp125", "There is no encoding cp125. Did you mean cp125"),
        ("shiftjis2", "Did you mean"),
        ("klingon", "Known encodings: utf-8, cp1252, cp1250"),
        ("rot13", "There is no encoding rot13."),
        ("base64", "There is no encoding base64."),
        ("", "There is no encoding without a name."),
        ("a\0b", "There is no encoding"),
    ],
)
def test_encodings_that_there_are_not(name: str, said: str) -> None:
    with pytest.raises(TabularError) as refused:
        known_encoding(name)
    assert said in str(refused.value)
