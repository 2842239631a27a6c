"""A process that is killed while it makes a database leaves none or a whole one, and the next one tidies up."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from subtui.acts.log import VerifyLog
from subtui.services.backend import Backend
from subtui.storage.new_file import place_to_make

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")

COMMANDS = {
    "init": ("db", "init"),
    "reset": ("db", "reset", "--yes"),
    "generate": ("db", "generate", "--contacts", "300"),
}


def killed_at(db: Path, words: tuple[str, ...], seconds: float) -> int:
    command = [sys.executable, "-m", "subtui", "--db", str(db), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(60)


def left_beside(db: Path) -> list[str]:
    """What lies beside a database and would be laid over it."""
    beside = (db.with_name(db.name + ending) for ending in ("-wal", "-journal"))
    return [file.name for file in beside if file.exists() and file.stat().st_size]


def campaign(folder: Path, name: str, rounds: int, *, seed: int) -> int:
    """Kill a command at moments spread over its life; returns how often it was killed before its end."""
    chance = random.Random(seed)  # noqa: S311  (moments, not secrets)
    began = time.perf_counter()
    db = folder / "x.db"
    assert killed_at(db, ("db", "init") if name == "reset" else COMMANDS[name], 120) == 0
    longest = time.perf_counter() - began
    killed = 0
    for _ in range(rounds):
        if name != "reset":
            db.unlink(missing_ok=True)
        killed += killed_at(db, COMMANDS[name], chance.uniform(0.1, longest)) == -9
        if name != "reset":
            assert not left_beside(db), "a new database has nothing beside it"
        if db.exists():
            with Backend.open(str(db)) as backend:
                assert backend.read(VerifyLog()).broken is None
        # A reset that was killed while it let go of the old file leaves what SQLite takes that file back with.
        assert not left_beside(db)
        assert name != "reset" or db.exists()
    with Backend.open(str(db)) as backend:
        assert backend.read(VerifyLog()).broken is None
    assert [file.name for file in folder.iterdir()] == ["x.db"]
    return killed


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_moment(name: str, tmp_path: Path) -> None:
    campaign(tmp_path, name, 3, seed=len(name))


_HOLDS = """
import sys, time
from pathlib import Path
from subtui.storage.new_file import place_to_make
with place_to_make(Path(sys.argv[1])) as made:
    made.write_bytes(b"half")
    print("made", flush=True)
    sys.stdin.read()
"""


def test_what_another_process_is_making_is_left_to_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDS, str(tmp_path / "other.db")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == b"made\n"
    (theirs,) = tmp_path.iterdir()
    Backend.open(str(tmp_path / "x.db"), empty=True).close()
    assert (theirs / "other.db").read_bytes() == b"half"
    process.kill()
    process.communicate()
    assert theirs.exists()
    Backend.open(str(tmp_path / "x.db")).close()
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]


def test_only_what_is_certainly_ours_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".subtui-notes").mkdir()
    (tmp_path / ".subtui-new-file").write_text("a file of somebody's")
    (tmp_path / ".subtui-new-link").symlink_to(tmp_path / ".subtui-notes")
    before = {file.name for file in tmp_path.iterdir()}
    Backend.open(str(tmp_path / "x.db"), empty=True).close()
    assert {file.name for file in tmp_path.iterdir()} == before | {"x.db"}


def test_nothing_is_left_of_what_goes_wrong(tmp_path: Path) -> None:
    def broken_off() -> None:
        with place_to_make(tmp_path / "x.db") as made:
            made.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(tmp_path.iterdir()) == []


if __name__ == "__main__":
    import tempfile

    for each in COMMANDS:
        with tempfile.TemporaryDirectory() as place:
            print(each, campaign(Path(place), each, int(sys.argv[1]), seed=os.getpid()))  # noqa: T201
