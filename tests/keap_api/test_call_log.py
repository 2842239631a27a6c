"""The local log of calls."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subtui.keap_api.call_log import CallLog

posix_only = pytest.mark.skipif(os.name != "posix", reason="modes of files and locks are POSIX")


def write(log: CallLog, path: str = "/rest/v2/tags", error: str = "") -> None:
    log.write(
        now=datetime(2026, 11, 30, 12, tzinfo=UTC),
        method="GET",
        path=path,
        status=200,
        seconds=0.12345,
        attempt=1,
        size=17,
        error=error,
    )


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line(tmp_path: Path) -> None:
    write(CallLog(tmp_path / "new" / "calls.log"), 'a"\n\u202e', "ReadTimeoutError")
    assert rows(tmp_path / "new" / "calls.log") == [
        {
            "time": "2026-11-30T12:00:00+00:00",
            "method": "GET",
            "path": 'a"\n\u202e',
            "status": 200,
            "seconds": 0.123,
            "attempt": 1,
            "bytes": 17,
            "error": "ReadTimeoutError",
        }
    ]


@posix_only
def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.log"
    before = os.umask(0)
    try:
        write(CallLog(path))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    write(CallLog(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_one_older_log_is_kept(tmp_path: Path) -> None:
    log = CallLog(tmp_path / "calls.log", largest=1000)
    for number in range(50):
        write(log, f"/{number}")
    assert sorted(os.listdir(tmp_path)) == ["calls.log", "calls.log.1"]
    kept = [row["path"] for row in rows(log.older) + rows(tmp_path / "calls.log")]
    assert kept == [f"/{number}" for number in range(50 - len(kept), 50)]
    assert (tmp_path / "calls.log").stat().st_size <= 1000
    assert 0 < log.older.stat().st_size <= 1000


def test_what_cannot_be_written_fails_no_call(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write(CallLog(tmp_path / "file" / "calls.log"))
    (tmp_path / "folder").mkdir()
    write(CallLog(tmp_path / "folder"))
    write(CallLog(tmp_path / "nul\0"))


@posix_only
def test_a_link_is_not_followed_and_a_pipe_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write(CallLog(tmp_path / "link"))
    assert (tmp_path / "target").read_text() == "mine"
    os.mkfifo(tmp_path / "pipe")
    write(CallLog(tmp_path / "pipe"))


@posix_only
def test_two_programs_write_one_log(tmp_path: Path) -> None:
    path = tmp_path / "calls.log"
    code = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from subtui.keap_api.call_log import CallLog
log = CallLog(Path({str(path)!r}), largest=60_000)
for number in range(300):
    log.write(now=datetime.now(UTC), method=sys.argv[1], path=str(number), status=200, seconds=0.0, attempt=1, size=0,
              error="")
"""
    programs = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("A", "B")]
    assert [program.wait(60) for program in programs] == [0, 0]
    older = path.with_name("calls.log.1")
    found = rows(older) + rows(path)
    for name in ("A", "B"):
        assert [row["path"] for row in found if row["method"] == name] == [str(number) for number in range(300)]


@posix_only
def test_a_held_lock_is_not_waited_for(tmp_path: Path) -> None:
    import fcntl  # noqa: PLC0415  (not on every system)

    path = tmp_path / "calls.log"
    log = CallLog(path, largest=10)
    write(log)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        write(log)
    assert len(rows(path)) == 2
