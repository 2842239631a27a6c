"""Packed files are read as if they were not, and what cannot be unpacked is refused in a sentence."""

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from subtui.tabular.errors import TabularError
from subtui.tabular.types import LIMITS, Limits
from tests.tabular.corpus import gz, read, read_all, refusal, zipped

TABLE = "id,name\n1,Ann\n"
NOISE = "id\n" + "".join(f"{os.urandom(20).hex()}\n" for _ in range(2_000))
CUT_OFF = "is cut off: its end is missing. Download or copy it again."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "all.zip"


def test_gzip_whatever_it_is_called(path: Path) -> None:
    found = read(path, gz(TABLE))
    assert (found.name, found.rows) == ("all.zip", [(2, ["1", "Ann"])])
    assert read(path, gz("id\n1\n") + gz("2\n")).rows == [(2, ["1"]), (3, ["2"])]


def test_the_members_of_a_zip_come_in_its_order(path: Path) -> None:
    members: dict[str, bytes | str] = {
        "export/": "",
        "export/orders.csv": TABLE,
        "__MACOSX/export/._orders.csv": b"\0\1\2",
        "export/.DS_Store": b"\0\1\2",
        ".git/config": "x",
        "./contacts.json": '[{"id": 1}]',
        "two\nlines": "{}\n{}",
    }
    path.write_bytes(zipped(members))
    found = read_all(path)
    assert [(read.name, len(read.rows)) for read in found] == [
        ("all.zip: export/orders.csv", 1),
        ("all.zip: ./contacts.json", 1),
        ("all.zip: two�lines", 2),
    ]


def test_stored_members_are_read_too(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", TABLE)
    assert read_all(path)[0].rows == [(2, ["1", "Ann"])]


@pytest.mark.parametrize("inner", [gz(TABLE), zipped({"a.csv": TABLE})], ids=["gz", "zip"])
def test_an_archive_inside_an_archive(path: Path, inner: bytes) -> None:
    sentence = "is an archive inside an archive. Unpack it first, then import its contents."
    assert refusal(path, zipped({"a": inner})) == f"all.zip: a {sentence}"
    assert refusal(path, gz(inner)) == f"all.zip {sentence}"


def test_nothing_in_it(path: Path) -> None:
    assert refusal(path, zipped({})) == "all.zip contains no file to import."
    assert refusal(path, zipped({"folder/": "", ".hidden": "x"})) == "all.zip contains no file to import."
    assert refusal(path, zipped({"a.csv": ""})) == "all.zip: a.csv is empty."
    assert refusal(path, gz("")) == "all.zip is empty."


def test_a_password(path: Path) -> None:
    packed = bytearray(zipped({"a.csv": TABLE}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + flags] |= 1
    sentence = "all.zip: a.csv is password-protected. Unpack it first, then import its contents."
    assert refusal(path, bytes(packed)) == sentence


def test_an_unusual_way_of_packing(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.csv", TABLE)
    sentence = "all.zip: a.csv uses an unsupported compression. Unpack it first, then import its contents."
    assert refusal(path) == sentence


def test_a_gzip_that_is_cut_off(path: Path) -> None:
    packed = gz(NOISE)
    for length in (2, 5, 12, 1_000, len(packed) // 2, len(packed) - 9, len(packed) - 1):
        assert refusal(path, packed[:length]) == f"all.zip {CUT_OFF}"


def test_a_zip_that_is_cut_off(path: Path) -> None:
    packed = zipped({"a.csv": NOISE, "b.csv": TABLE})
    sentence = "all.zip is cut off or damaged: the list of contents at its end is broken. Download or copy it again."
    for length in (4, 100, len(packed) // 2, len(packed) - 30, len(packed) - 1):
        assert refusal(path, packed[:length]) == sentence


def test_damage_inside_an_archive_is_found_before_the_first_row(path: Path) -> None:
    zip_sentence = "all.zip: a.csv is damaged and cannot be unpacked. Download or copy"
    for pack, sentence in ((gz, "all.zip is damaged and cannot be unpacked. Download or copy"), (_zip, zip_sentence)):
        whole = pack(NOISE)
        for at in range(60, len(whole) - 150, len(whole) // 40):
            broken = bytearray(whole)
            broken[at] ^= 0xFF
            said = refusal(path, bytes(broken))
            assert said.startswith(sentence) or said.endswith(CUT_OFF)


def _zip(content: str) -> bytes:
    return zipped({"a.csv": content})


def test_any_byte_of_a_small_archive_may_be_wrong(path: Path) -> None:
    # Whatever comes of it, it is rows or a sentence.
    for whole in (zipped({"a.csv": TABLE, "b.csv": TABLE}), gz(TABLE)):
        for at in range(len(whole)):
            broken = bytearray(whole)
            broken[at] ^= 0x5A
            path.write_bytes(broken)
            with suppress(TabularError):
                read_all(path)


def test_a_bomb(path: Path) -> None:
    zeros = "a\n" + "0\n" * 150_000
    small = Limits(ratio_from=200_000)
    sentence = "all.zip grows to more than 200 times its size unpacked, so it is not an export."
    assert refusal(path, gz(zeros), small) == sentence
    assert refusal(path, zipped({"a.csv": zeros}), small) == sentence
    # Each member for itself is within bounds.
    many = zipped({f"{number}.csv": "a\n" + "0\n" * 60_000 for number in range(5)})
    assert refusal(path, many, small) == sentence
    assert len(read(path, gz(zeros)).rows) == 150_000


def test_a_bomb_that_tells_a_small_size(path: Path) -> None:
    packed = bytearray(zipped({"a.csv": "a\n" + "0\n" * 1_000_000}))
    for signature, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.index(signature) + size
        packed[at : at + 4] = (100).to_bytes(4, "little")
    sentence = "all.zip: a.csv is damaged and cannot be unpacked. Download or copy the archive again."
    assert refusal(path, bytes(packed)) == sentence


def test_too_much_comes_out(path: Path) -> None:
    limits = Limits(unpacked=1_000)
    sentence = "all.zip is too large: at most 1,000 bytes can be read from one file."
    for content in (
        NOISE.encode(),
        gz(NOISE),
        zipped({"a.csv": NOISE}),
        zipped({str(n): "a\n" * 200 for n in range(4)}),
    ):
        assert refusal(path, content, limits) == sentence


def test_too_many_members(path: Path) -> None:
    packed = zipped({f"{number}.csv": "a" for number in range(1_001)})
    assert refusal(path, packed) == "all.zip holds 1,001 files; at most 1,000 can be read at once."
    assert LIMITS.members == 1_000


def test_a_list_of_contents_that_is_far_too_long_is_not_even_read(path: Path) -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        for number in range(70_000):
            member = zipfile.ZipInfo(f"{number:040}.csv")
            member.header_offset = member.CRC = 0
            archive.filelist.append(member)
    packed = b"PK\x03\x04" + empty.getvalue()
    assert refusal(path, packed) == "all.zip contains too many files; at most 1,000 can be read at once."
