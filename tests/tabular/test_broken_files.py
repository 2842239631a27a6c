"""Each way in which a file can be broken has its sentence, with the line where to look."""

from pathlib import Path

import pytest

from tests.tabular.corpus import gz, read, refusal, zipped

DOUBLED = "A quote inside a quoted cell is written twice."
NEVER = "a quote is opened and never closed."
CUT_OFF = "the file is cut off. Download or copy it again."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "f"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        # Nothing in it.
        (b"", "f is empty."),
        (b"\xef\xbb\xbf", "f is empty."),
        (b"\xff\xfe", "f is empty."),
        (b" \r\n\t\n", "f is empty."),
        (b",,,\n , ,\n", "f is empty."),
        # Quotes.
        (b'a,b\n1,2\n3,"4\n5,6\n', f"f, line 3: {NEVER}"),
        (b'a,b\n1,"2\n', f"f, line 2: {NEVER}"),
        (b'a,b\n1,"', f"f, line 2: {NEVER}"),
        (b'a,"b\n1,2\n', f"f, line 1: {NEVER}"),
        (b'a,b\n"1\n1\n1", "2\n2\n', f"f, line 4: {NEVER}"),
        (b'a,b\n1,"2""\n', f"f, line 2: {NEVER}"),
        (b'a;b\r\n"x"";x";2\r\n3;"4', f"f, line 3: {NEVER}"),
        (
            b'a,b\n1,"5" pipe"\n',
            f"f, line 2: a quoted cell begins here, and text follows its closing quote. {DOUBLED}",
        ),
        (
            b'a,b,c\n1,"Ann\n2,"Bo","x"\n',
            f"f, line 2: a quoted cell begins here, and text follows its closing quote on line 3. {DOUBLED}",
        ),
        (
            b'a,b\n"1\n","2\n"3,"4"\n',
            f"f, line 3: a quoted cell begins here, and text follows its closing quote on line 4. {DOUBLED}",
        ),
        (b'a,"b" x\n', f"f, line 1: a quoted cell begins here, and text follows its closing quote. {DOUBLED}"),
        # JSON that is neither a list nor an object.
        (b"42\n", "f holds a number, neither a table nor a list of objects."),
        (b"-1.5e3", "f holds a number, neither a table nor a list of objects."),
        (b'"text"', "f holds a text, neither a table nor a list of objects."),
        (b"true", "f holds true or false, neither a table nor a list of objects."),
        (b"null", "f holds null, neither a table nor a list of objects."),
        # JSON that is cut off.
        (b"[", f"f, line 1: {CUT_OFF}"),
        (b"{", f"f, line 1: {CUT_OFF}"),
        (b'[{"id": 1},\n', f"f, line 2: {CUT_OFF}"),
        (b'[{"id": 1}\n', f"f, line 2: {CUT_OFF}"),
        (b'[{"id": 1},\n{"id"', f"f, line 2: {CUT_OFF}"),
        (b'[{"id": 1},\n{"id":\n"two', f"f, line 3: {CUT_OFF}"),
        (b'[{"id": 1}, 2', f"f, line 1: {CUT_OFF}"),
        (b'[{"id": 1}, "a', f"f, line 1: {CUT_OFF}"),
        (b'{"orders": [{"id": 1},\n{"id": 2}', f"f, line 2: {CUT_OFF}"),
        (b'{"orders": [{"id": 1}]\n', f"f, line 2: {CUT_OFF}"),
        (b'{\n"id": 1,\n"x": "y', f"f, line 3: {CUT_OFF}"),
        (b'{\n"id": 1\n}\n{\n"id": 2\n', f"f, line 6: {CUT_OFF}"),
        # JSON that is wrong.
        (b'[{"id": 1}\n{"id": 2}]', 'f, line 2: this is not JSON: "," or "]" is missing after an element of the list.'),
        (b'[{"id": 1},\n]', "f, line 2: this is not JSON: a value is missing."),
        (b'[{"id": 1},\n{"id": 2,}]', "f, line 2: this is not JSON: trailing comma in object."),
        (b'[{"id": 1},\n{"id": 2,\n"x": y}]', "f, line 3: this is not JSON: invalid character."),
        (b"{'id': 1}", "f, line 1: this is not JSON: object keys must be strings."),
        (b'{"id": 1}}', "f, line 1: this is neither a list nor an object."),
        (b'{"id": 1} 5', "f, line 1: this is neither a list nor an object."),
        (b'[{"id": 1]', "f, line 1: this is not JSON: expected ',' or '}'."),
        (b'[{"id": 1},\n{"id: 2},\n{"id": 3},\n{"id": 4}]', "f, line 2: this is not JSON: invalid character."),
        (b'[{"id": "1},\n{"id": "2"}]', "f, line 1: this is not JSON: invalid character."),
        (b'[{"id": 1},\n{"id":\nnu}]', "f, line 3: this is not JSON: it breaks off."),
        (b'[{"a": NaN}]', "f, line 1: this is not JSON: invalid character."),
        (b"[{}]\n[", f"f, line 2: {CUT_OFF}"),
    ],
)
def test_broken(path: Path, content: bytes, sentence: str) -> None:
    assert refusal(path, content) == sentence
    if content:
        assert refusal(path, gz(content)) == sentence
    assert refusal(path, zipped({"x": content})) == sentence.replace("f", "f: x", 1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_rows_before_the_fault_were_handed_out(path: Path, end: str) -> None:
    rows = [f"{number},x" for number in range(1_000)]
    assert refusal(path, end.join(["a,b", *rows, '1,"x', *rows, ""])) == f"f, line 1002: {NEVER}"


def test_a_header_alone_is_a_table_without_rows(path: Path) -> None:
    for content in ("id", "id\n", "id,name", "id,name\r\n\r\n", '"id","name"\n'):
        assert read(path, content).rows == []


def test_what_only_begins_like_json_is_a_table(path: Path) -> None:
    assert read(path, "[Name],[City]\nAnn,Bern\n").shape == ("[Name]", "[City]")
    assert read(path, "true,false\n1,2\n").shape == ("true", "false")
    assert read(path, "1\n2\n3\n").rows == [(2, ["2"]), (3, ["3"])]
