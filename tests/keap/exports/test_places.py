"""Where an export ends up: whole, for its user alone, and never over something that is there."""

import os
import stat
from pathlib import Path

import pytest

from subtui.domain.errors import FileProblem
from subtui.keap.exports.destination import Destination


def fill(place: Destination, *names: str) -> None:
    for name in names or ("",):
        with place.open(name) as handle:
            os.write(handle, b"rows")


def there(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with Destination(tmp_path / "out", folder=True) as place:
        fill(place, "a.csv", "b.csv")
        assert not (tmp_path / "out").exists()
        place.publish()
    assert there(tmp_path) == {"out/a.csv": b"rows", "out/b.csv": b"rows"}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "out" / "a.csv").stat().st_mode) == 0o600


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    inode = (tmp_path / "out").stat().st_ino
    with Destination(tmp_path / "out", folder=True) as place:
        fill(place, "a.csv")
        place.publish()
    assert there(tmp_path) == {"out/a.csv": b"rows"}
    assert (tmp_path / "out").stat().st_ino == inode


def test_a_file_is_moved_there_whole(tmp_path: Path) -> None:
    with Destination(tmp_path / "out.jsonl", folder=False) as place:
        fill(place)
        assert not (tmp_path / "out.jsonl").exists()
        place.publish()
    assert there(tmp_path) == {"out.jsonl": b"rows"}
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


@pytest.mark.parametrize("folder", [True, False])
def test_what_is_there_is_left_alone(tmp_path: Path, folder: bool) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(FileProblem, match="already exists"):
        Destination(tmp_path / "out", folder=folder)
    assert there(tmp_path) == {"out": b"mine"}


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").write_bytes(b"mine")
    with pytest.raises(FileProblem, match="is not an empty folder"):
        Destination(tmp_path / "out", folder=True)
    with pytest.raises(FileProblem, match="already exists"):
        Destination(tmp_path / "out", folder=False)
    assert there(tmp_path) == {"out/x": b"mine"}


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileProblem, match="already exists"):
        Destination(tmp_path / "out", folder=False)


@pytest.mark.parametrize("name", ["missing/out", "file/out", "nul\0", "~nobody-of-that-name/out"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileProblem):
        Destination(Path(name), folder=True)
    assert there(tmp_path) == {"file": b""}


@pytest.mark.parametrize("folder", [True, False])
def test_whoever_was_faster_keeps_the_place(tmp_path: Path, folder: bool) -> None:
    def too_late() -> None:
        with Destination(tmp_path / "out", folder=folder) as place:
            fill(place, "a" if folder else "")
            (tmp_path / "out").write_bytes(b"theirs")
            place.publish()

    with pytest.raises(FileProblem, match="already exists"):
        too_late()
    assert there(tmp_path) == {"out": b"theirs"}


def test_of_a_folder_that_fills_meanwhile_only_what_is_ours_is_taken_back(tmp_path: Path) -> None:
    def too_late() -> None:
        with Destination(tmp_path / "out", folder=True) as place:
            fill(place, "a.csv", "b.csv")
            (tmp_path / "out" / "b.csv").write_bytes(b"theirs")
            place.publish()

    (tmp_path / "out").mkdir()
    with pytest.raises(FileProblem, match="already exists"):
        too_late()
    assert there(tmp_path) == {"out/b.csv": b"theirs"}


@pytest.mark.parametrize("folder", [True, False])
def test_an_error_takes_everything_back(tmp_path: Path, folder: bool) -> None:
    def interrupted() -> None:
        with Destination(tmp_path / "out", folder=folder) as place:
            fill(place, "a" if folder else "")
            place.publish()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_without_hard_links_it_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("subtui.keap.exports.destination.os.link", refuses)
    with Destination(tmp_path / "out", folder=False) as place:
        fill(place)
        place.publish()
    assert there(tmp_path) == {"out": b"rows"}
