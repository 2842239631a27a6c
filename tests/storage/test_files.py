"""A text goes to a new file that only the user may read, never over one that is there."""

import os
import stat
import sys
from pathlib import Path

import pytest

from subtui.domain.errors import FileProblem
from subtui.storage.files import write_new

TEXT = "Dear Ann Lee,\n\nYour request — recorded.\n喂\n"


def test_a_new_file_holds_the_text_as_it_is(tmp_path: Path) -> None:
    path = write_new(tmp_path / "letter.txt", TEXT)
    assert path == tmp_path / "letter.txt"
    assert path.read_bytes() == TEXT.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_user_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        path = write_new(tmp_path / "letter.txt", TEXT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["my letter.txt", "50%.txt", "ümläut.txt", "日本.txt", "-f", "a'b\"c.txt", "letter"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert write_new(tmp_path / name, TEXT).read_text(encoding="utf-8") == TEXT


def test_a_path_is_counted_from_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_new(Path("letter.txt"), TEXT) == tmp_path / "letter.txt"


def test_the_home_folder_may_be_named_by_its_sign(home: Path) -> None:
    path = write_new(Path("~/letter.txt"), TEXT)
    assert path == home / "letter.txt"
    path.unlink()


def test_an_empty_text_makes_an_empty_file(tmp_path: Path) -> None:
    assert write_new(tmp_path / "letter.txt", "").read_bytes() == b""


def refused(path: Path) -> str:
    with pytest.raises(FileProblem) as error:
        write_new(path, TEXT)
    sentence = str(error.value)
    assert sentence.endswith(".")
    return sentence


def test_a_file_that_is_there_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear diary")
    assert refused(path) == f"{path} already exists and was not overwritten. Choose another name."
    assert path.read_text() == "dear diary"


def test_a_folder_is_left_as_it_was(tmp_path: Path) -> None:
    assert "already exists" in refused(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_never_written_through(tmp_path: Path, there: bool) -> None:
    target = tmp_path / "target.txt"
    if there:
        target.write_text("dear diary")
    (tmp_path / "letter.txt").symlink_to(target)
    assert "already exists" in refused(tmp_path / "letter.txt")
    assert target.exists() is there
    assert not there or target.read_text() == "dear diary"


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none" / "letter.txt"
    assert refused(path) == f"{path} cannot be written: No such file or directory."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be written: Not a directory" in refused(tmp_path / "file" / "letter.txt")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a\0b.txt", "cannot be written: not a valid file name"),
        ("\0", "cannot be written: not a valid file name"),
        ("x" * 300, "cannot be written: File name too long"),
    ],
)
def test_what_is_not_the_name_of_a_file_is_refused(tmp_path: Path, name: str, words: str) -> None:
    assert words in refused(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_home_folder_of_nobody() -> None:
    said = refused(Path("~nobody-of-that-name/letter.txt"))
    assert said == "That is the home folder of an unknown user. Give a full path."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write everything")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        assert "Permission denied" in refused(tmp_path / "letter.txt")
    finally:
        tmp_path.chmod(0o755)


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "cannot be written: No space left on device." in refused(tmp_path / "letter.txt")
    assert list(tmp_path.iterdir()) == []
