"""Files are found, pipes are kept, progress is told, and nothing stays open or lies about afterwards."""

import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from subtui.tabular.errors import TabularError
from subtui.tabular.files import named_files, read_files
from subtui.tabular.types import Limits
from tests.tabular.corpus import gz, read_all, refusal, zipped

TABLE = "id,name\n" + "".join(f"{number},Ann Lee\n" for number in range(100_000))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "contacts.csv"


def test_what_is_not_there(tmp_path: Path, path: Path) -> None:
    assert refusal(path) == f"There is no file {path}."
    assert refusal(tmp_path) == f"{tmp_path} is a folder. Name the files in it."
    path.write_text("id\n")
    assert refusal(path / "x") == f"There is no file {path / 'x'}."
    assert refusal(Path("a\0b")) == "There is no file a\0b."


def test_all_names_are_looked_at_before_the_first_file_is_read(path: Path, tmp_path: Path) -> None:
    path.write_text("id\n")
    with pytest.raises(TabularError) as refused:
        next(iter(read_files([path, tmp_path / "missing.csv"])))
    assert str(refused.value) == f"There is no file {tmp_path / 'missing.csv'}."


def test_a_file_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("id\n")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert refusal(path) == f"{path} cannot be read: permission denied."


@pytest.mark.skipif(sys.platform == "win32", reason="there are no devices")
def test_a_device() -> None:
    assert refusal(Path("/dev/null")) == "/dev/null is not a file."


@pytest.mark.parametrize("pack", [str.encode, gz, lambda content: zipped({"x.csv": content})])
def test_standard_input(pack: Any) -> None:
    (found,) = read_all("-", stdin=io.BytesIO(pack("id,name\n1,Ann\n")))
    assert found.name.startswith("standard input")
    assert found.rows == [(2, ["1", "Ann"])]


def test_standard_input_that_ends_early(path: Path) -> None:
    for content, sentence in (
        (b"", "standard input is empty."),
        (b'a,b\n1,"2', "standard input, line 2: a quote is opened and never closed."),
        (gz(TABLE)[:-5], "standard input is cut off: its end is missing. Download or copy it again."),
    ):
        with pytest.raises(TabularError) as refused:
            read_all("-", stdin=io.BytesIO(content))
        assert str(refused.value) == sentence


def test_standard_input_twice_or_without_an_end() -> None:
    with pytest.raises(TabularError, match=r"^Standard input can be read only once\.$"):
        read_all("-", "-", stdin=io.BytesIO(b"id\n"))
    with pytest.raises(TabularError, match=r"^standard input is too large: at most 1,000 bytes can be read"):
        read_all("-", stdin=io.BytesIO(b"id\n" * 500), limits=Limits(unpacked=1_000))


class _Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_pipe_that_fails_and_a_disk_that_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TabularError, match=r"^standard input cannot be read: input/output error\.$"):
        read_all("-", stdin=_Failing())

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(TabularError, match=r"^standard input cannot be read: no space left on device\.$"):
        read_all("-", stdin=io.BytesIO(b"id\n"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_named_pipe(path: Path) -> None:
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(TABLE,))
    writer.start()
    (found,) = read_all(path)
    writer.join()
    assert len(found.rows) == 100_000


def test_files_can_be_read_again_a_pipe_too(path: Path) -> None:
    path.write_text("id\n1\n")
    with named_files([path, "-"], stdin=io.BytesIO(b'{"id": 2}')) as files:
        for _ in range(2):
            assert [list(found.rows) for found in files.read()] == [[(2, ["1"])], [(1, {"id": 2})]]


def _open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    return {os.readlink(link) for link in folder.iterdir() if link.exists()} if folder.exists() else set()


@pytest.mark.parametrize("fault", ["", '"', "end"])
def test_nothing_stays_behind(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    before = _open_files()
    path.write_text(TABLE + ("" if fault == "end" else fault))
    found = read_files(["-", path], stdin=io.BytesIO(path.read_bytes()))
    if fault == '"':
        with pytest.raises(TabularError):
            list(next(found).rows)
    elif fault == "end":
        next(next(found).rows)
        found.close()  # type: ignore[attr-defined]
    else:
        assert sum(1 for sheet in found for _ in sheet.rows) == 200_000
    del found
    assert _open_files() <= before
    assert not list(spool.iterdir())


@pytest.mark.parametrize("pack", [str.encode, gz, lambda content: zipped({"x.csv": content, "y.csv": content})])
def test_progress_counts_the_bytes_on_disk(path: Path, tmp_path: Path, pack: Any) -> None:
    path.write_bytes(pack(TABLE))
    other = tmp_path / "other.json"
    other.write_text("[" + ",".join('{"id": 1}' for _ in range(100_000)) + "]")
    total = path.stat().st_size + other.stat().st_size
    told: list[tuple[int, int]] = []
    for found in read_files([path, other], progress=lambda done, of: told.append((done, of))):
        assert found.name != path.name or not told, "looking at a file does not count"
        list(found.sample(10))
        for _ in found.rows:
            pass
    assert {of for _, of in told} == {total}
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert done[-1] == total
    assert len(set(done)) >= 5


def test_a_file_that_changes_while_it_is_read(path: Path) -> None:
    path.write_text(TABLE)
    for found in read_files([path]):
        with path.open("r+b") as file:
            file.seek(500_000)
            file.write(b"\xff" * 10)
        with pytest.raises(TabularError, match=r"^contacts\.csv changed while being read\. Wait until"):
            list(found.rows)


def test_a_failing_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(TABLE)

    def fail(*_: Any) -> Iterator[int]:
        raise OSError(5, "Input/output error")

    for found in read_files([path]):
        monkeypatch.setattr("subtui.tabular.sources.View.readinto", fail)
        with pytest.raises(TabularError, match=r"^contacts\.csv cannot be read: input/output error\.$"):
            list(found.rows)
