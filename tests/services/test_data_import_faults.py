"""Whatever is wrong with a file, the disk or the machine: a sentence, bounded memory, and all is as it was before."""

import gzip
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.data import ImportFiles
from subtui.domain.errors import SubtuiError
from subtui.domain.progress import Progress
from subtui.keap.imports.upsert import Seen
from subtui.services.data_import import Stopped
from subtui.views.imports import ImportOptions
from tests.services.importing import Business, check, counted, dump, left_out
from tests.services.keap_files import CONTACTS, ITEMS_DUMP, ORDERS_EXPORT, WIZARD, answer, gold, pat, sheet, table

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal, and no fork")
MEGABYTE = 1_000_000


class Worker:
    """A process that imports as it is told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def does(self, db: Path, *files: Path, **what: int) -> dict[str, Any]:
        """What a child says of an import, and how it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"db": str(db), "files": [str(file) for file in files]} | what) + "\n")
        said: dict[str, Any] = {}
        while "exit" not in said:
            said |= json.loads(self._process.stdout.readline())
        return said


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.services.importing_worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=Path(__file__).parents[2]
    ) as process:
        yield Worker(process)
        assert process.stdin is not None
        process.stdin.close()


# --- files that are broken --------------------------------------------------------------------------------------------


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def bomb() -> bytes:
    """200 MB of contacts in 200 KB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("c.csv", "w") as member:
        member.write(b"Id,Email\n")
        for _ in range(200):
            member.write(b"1,a\n" * 250_000)
    return packed.getvalue()


NEVER = "a quote is opened and never closed."
NO_TEXT = "f is not a text file. Import CSV or JSON, also packed as .gz or .zip, or .xlsx."
UNKNOWN = (
    "f: its columns ({}…) do not show what it contains. "
    "Import a Keap file with its header: contacts, orders, subscriptions, payments, products or tags."
)
MANY = sheet(
    "Id,First Name,Email", *({"Id": n, "First Name": "Pat", "Email": f"p{n}@x"} for n in range(1, 2000))
).encode()

BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "f is empty."),
    "blank": (lambda: b"\xef\xbb\xbf \r\n,,,\n", "f is empty."),
    "header only": (lambda: b"Id,Email\r\n", "Nothing to import: no rows in f."),
    "no object": (lambda: b'{"contacts": [], "count": 0}', "Nothing to import: no rows in f."),
    "nothing of Keap's": (lambda: b"colour,shape\nred,round\n", UNKNOWN.format("colour, shape")),
    "no header": (lambda: b"1204,Pat,Lee\n1205,Ann,Lee\n", UNKNOWN.format("1204, Pat, Lee")),
    "truncated in quotes": (lambda: MANY + b'2000,"Pat', f"f, line 2001: {NEVER}"),
    "unbalanced quotes": (lambda: MANY + b'2000,"Pat,p\n' + MANY, f"f, line 2001: {NEVER}"),
    "truncated JSON": (
        lambda: answer("contacts", *({"id": n, "given_name": "Pat"} for n in range(1, 2000))).encode()[:-20],
        "f, line 1: the file is cut off. Download or copy it again.",
    ),
    "truncated gzip": (
        lambda: gzip.compress(MANY, mtime=0)[:-100],
        "f is cut off: its end is missing. Download or copy it again.",
    ),
    "truncated zip": (
        lambda: zipped({"c.csv": MANY})[:-100],
        "f is cut off or damaged: the list of contents at its end is broken. Download or copy it again.",
    ),
    "binary": (lambda: random.Random(1).randbytes(100_000), NO_TEXT),  # noqa: S311
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, NO_TEXT),
    "a workbook": (
        lambda: zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
        "f is a damaged workbook. Open it in a spreadsheet program and save it as .xlsx or CSV, then import that.",
    ),
    "half of UTF-16": (
        lambda: MANY.decode().encode("utf-16")[:-1],
        "f, line 2000: the text is UTF-16, and is cut off or damaged here.",
    ),
    "10 MB in a cell": (
        lambda: b"Id,Email\n1," + b"x" * 10_000_000,
        "f, line 2: the row is longer than 5,000,000 bytes.",
    ),
    "2 MB in a cell": (
        lambda: b"Id,Email\n1," + b"x" * 2_000_000,
        "f, line 2: a cell is longer than 1,000,000 characters.",
    ),
    "10 MB in a value": (
        lambda: b'[{"id": 1, "given_name": "' + b"x" * 10_000_000 + b'"}]',
        "f, line 1: one value is longer than 5,000,000 bytes.",
    ),
    "a million columns": (
        lambda: ",".join(f"c{n}" for n in range(1_000_000)).encode() + b"\n",
        "f, line 1: there are 138,889 columns; at most 2,000 can be read.",
    ),
    "a row of a million cells": (
        lambda: b"Id,Email\n" + b"," * 1_000_000 + b"\n",
        "f, line 2: there are 1,000,001 columns; at most 2,000 can be read.",
    ),
    "deeper than anything": (
        lambda: b"[" * 100_000,
        "f, line 1: more than 50 levels of nested lists and objects.",
    ),
    "a zip bomb": (bomb, "f grows to more than 200 times its size unpacked, so it is not an export."),
    "a gzip bomb": (
        lambda: gzip.compress(b"Id,Email\n" + b"1,a\n" * 50_000_000, 1, mtime=0),
        "f grows to more than 200 times its size unpacked, so it is not an export.",
    ),
    "an archive in an archive": (
        lambda: zipped({"c.zip": zipped({"c.csv": MANY})}),
        "f: c.zip is an archive inside an archive. Unpack it first, then import its contents.",
    ),
}


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory, business_file: Path) -> Path:
    """A database with something in it."""
    folder = tmp_path_factory.mktemp("fair")
    business = Business(folder, Path(shutil.copy(business_file, folder / "fair.db")))
    business.bring({"c.csv": CONTACTS, "s.csv": sheet(WIZARD, gold())})
    business.close()
    return business.db


@pytest.fixture
def stocked(fair: Path, tmp_path: Path) -> Iterator[Business]:
    """Such a database of the test's own."""
    business = Business(tmp_path, Path(shutil.copy(fair, tmp_path / "business.db")))
    yield business
    business.close()


@POSIX
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_its_sentence_and_changes_nothing(
    fair: Path, tmp_path: Path, worker: Worker, name: str
) -> None:
    make, sentence = BROKEN[name]
    before = dump(fair)
    path = tmp_path / "f"
    path.write_bytes(make())
    said = worker.does(fair, path)
    assert (said.get("sentence"), said["exit"]) == (sentence, 0)
    assert dump(fair) == before
    # A row that is too long is held until it is known to be.
    assert said["grown"] < 60 * MEGABYTE


@POSIX
@pytest.mark.files_only("measures the pages of a file that are held")
def test_a_large_file_takes_no_more_memory_than_a_small_one(business: Business, worker: Worker) -> None:
    rows = ({"Id": n, "First Name": "Pat", "Email": f"pat{n}@example.com"} for n in range(1, 8001))
    small, large = business.written({"small.csv": MANY, "large.csv": sheet("Id,First Name,Email", *rows)})
    shutil.copy(business.db, business.folder / "other.db")
    grown = worker.does(business.db, small)["grown"]
    # Pages of the database are held while it writes, up to a fixed number of them; rows are not.
    assert worker.does(business.folder / "other.db", large)["grown"] < grown + 12 * MEGABYTE


def test_ids_far_apart_do_not_fill_the_memory() -> None:
    draw = random.Random(7)  # noqa: S311
    tracemalloc.start()
    seen = Seen()
    assert all(seen.add(str(draw.randrange(10**14))) for _ in range(20_000))
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 10 * MEGABYTE


# --- paths that are no files ------------------------------------------------------------------------------------------


def refusal(business: Business, *paths: str | Path) -> str:
    """The sentence with which paths are refused; nothing may have changed by it."""
    before = dump(business.db)
    with pytest.raises(SubtuiError) as refused:
        business.backend().do(ImportFiles(list(paths), ImportOptions()))
    assert dump(business.db) == before
    return str(refused.value)


@POSIX
def test_paths_that_are_no_files(stocked: Business) -> None:
    folder = stocked.folder
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "dangling").symlink_to(folder / "nowhere.csv")
    for path, sentence in (
        (folder, f"{folder} is a folder. Name the files in it."),
        (folder / "no.csv", f"There is no file {folder / 'no.csv'}."),
        (folder / "no" / "c.csv", f"There is no file {folder / 'no' / 'c.csv'}."),
        (folder / "dangling", f"There is no file {folder / 'dangling'}."),
        (folder / "loop", f"{folder / 'loop'} cannot be read: too many levels of symbolic links."),
        ("/dev/zero", "/dev/zero is not a file."),
        ("/dev/null", "/dev/null is not a file."),
        ("a\0b", "There is no file a\0b."),
        ("x" * 3000, f"{'x' * 199}… cannot be read: file name too long."),
        (os.fsdecode(b"caf\xe9.csv"), "There is no file caf?.csv."),
    ):
        assert refusal(stocked, path) == sentence


@POSIX
def test_a_name_that_is_no_text(stocked: Business) -> None:
    path = Path(os.fsdecode(os.fsencode(stocked.folder) + b"/caf\xe9.csv"))
    path.write_text(table(pat(Id=5), pat(Id="x" * 65)))
    report = stocked.backend().do(ImportFiles([path], ImportOptions()))
    assert [row.file for row in report.left_out] == ["caf?.csv"]
    stocked.check()


@POSIX
def test_a_link_and_a_pipe_are_files(stocked: Business) -> None:
    (target,) = stocked.written({"c.csv": table(pat(Id=7))})
    (stocked.folder / "link.csv").symlink_to(target)
    pipe = stocked.folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(table(pat(Id=8))))
    writer.start()
    report = stocked.backend().do(ImportFiles([stocked.folder / "link.csv", pipe], ImportOptions()))
    writer.join()
    assert ([file.name for file in report.files], counted(report)) == (["link.csv", "pipe"], {"contact": {"new": 2}})


# --- while it is under way --------------------------------------------------------------------------------------------


def meanwhile(business: Business, path: Path, does: Callable[[], object], doing: str = "writing") -> Any:
    """Import a file to which something is done once the import has begun to write; the report, or the sentence."""
    done: list[bool] = []

    def tell(progress: Progress) -> None:
        if progress.doing == doing and not done:
            done.append(True)
            does()

    try:
        return business.backend().do(ImportFiles([path], ImportOptions(), tell=tell))
    except SubtuiError as error:
        return str(error)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "c.csv is empty."),
        (b'Id,Email\n5,"x', f"c.csv, line 2: {NEVER}"),
        (b"colour,shape\nred,round\n", {"contact": {"refused": 1}}),
        (b"[1, 2]", {}),
        (table(pat(Id=5), pat(Id=6)).encode(), {"contact": {"new": 2}}),
    ],
    ids=["emptied", "cut off", "another table", "JSON", "longer"],
)
def test_a_file_that_changes_while_it_is_read(stocked: Business, content: bytes, expected: Any) -> None:
    before = dump(stocked.db)
    (path,) = stocked.written({"c.csv": table(pat(Id=5))})
    found = meanwhile(stocked, path, lambda: path.write_bytes(content))
    if isinstance(expected, str):
        assert found == expected
        assert dump(stocked.db) == before
    else:
        assert counted(found) == expected
    stocked.check()


def test_a_file_that_goes_away_while_it_is_read(stocked: Business) -> None:
    before = dump(stocked.db)
    (path,) = stocked.written({"c.csv": table(pat(Id=5))})
    found = meanwhile(stocked, path, path.unlink)
    assert found == f"{path} cannot be read: no such file or directory."
    assert dump(stocked.db) == before


@pytest.mark.parametrize("doing", ["looking", "writing", "indexing", "counting"])
def test_stopping_leaves_everything_as_it_was(stocked: Business, doing: str) -> None:
    before = dump(stocked.db)
    now: list[str] = []
    (path,) = stocked.written({"c.csv": MANY})
    with pytest.raises(Stopped, match=r"^The import was stopped\. Nothing was written\.$"):
        stocked.backend().do(
            ImportFiles(
                [path], ImportOptions(), tell=lambda told: now.append(told.doing), stop=lambda: now[-1:] == [doing]
            )
        )
    assert dump(stocked.db) == before
    assert counted(stocked.bring({"c.csv": MANY})) == {"contact": {"new": 1998, "changed": 1}}
    stocked.check()


def test_another_program_that_writes_is_waited_for_and_then_named(stocked: Business) -> None:
    before = dump(stocked.db)
    (path,) = stocked.written({"c.csv": CONTACTS})
    backend, other = stocked.backend(busy_ms=50), stocked.backend()
    with (
        other._work.transaction(other.person),
        pytest.raises(SubtuiError, match="is locked: another program is writing"),
    ):
        backend.do(ImportFiles([path], ImportOptions()))
    assert dump(stocked.db) == before


# --- the disk ---------------------------------------------------------------------------------------------------------


ROWS = 4 * 600 + 2 + 200
KILLS = 50


def some_thousand(folder: Path) -> list[Path]:
    """Files with contacts, subscriptions, orders, lines and payments."""
    numbers = range(1, 601)
    contacts = [
        {"Id": n, "First Name": f"Pat{n}", "Last Name": "Lee", "Email": f"p{n}@x.example", "Tag Ids": n % 7 + 1}
        for n in numbers
    ]
    contacts.append(pat(Email="changed@example.com"))
    subscriptions = [
        gold(**{"Your System's Subscription Id": n, "Infusionsoft's Contact Id": n, "Subscription Plan Id": n % 5 + 1})
        for n in numbers
    ]
    subscriptions.append(gold(**{"Your System's Subscription Id": 131_000, "Price": "59"}))
    orders = [
        {"Id": n, "ContactId": n, "Order Title": "Gold", "Order Date": "2025-06-15", "Order Total": "$49.00"}
        for n in numbers
    ]
    items = [{"OrderId": n, "ProductId": 42, "ItemName": "Gold", "Qty": 1, "PricePerUnit": "40"} for n in numbers]
    payments = [
        {"Id": n, "OrderId": n, "PayDate": "2025-06-15", "PayType": "Credit Card", "PayAmt": "49.00"}
        for n in range(1, 101)
    ]
    payments += [row | {"Id": f"9000{row['Id']}", "PayType": "Refund", "PayAmt": "-49.00"} for row in payments]
    files = {
        "contacts.csv": sheet("Id,First Name,Last Name,Email,Tag Ids", *contacts),
        "subscriptions.csv": sheet(WIZARD, *subscriptions),
        "orders.csv": sheet(ORDERS_EXPORT, *orders),
        "items.csv": sheet(ITEMS_DUMP, *items),
        "payments.csv": table(*payments),
    }
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_text(content)
    return paths


@pytest.fixture(scope="module")
def thousands(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Such files."""
    return some_thousand(tmp_path_factory.mktemp("thousands"))


@POSIX
@pytest.mark.parametrize("pages", [0, 5, 40, 90])
def test_a_disk_that_is_full(stocked: Business, thousands: list[Path], worker: Worker, pages: int) -> None:
    before = dump(stocked.db)
    said = worker.does(stocked.db, *thousands, pages=pages)
    assert said["sentence"] == f"The disk that holds {stocked.db} is full. Nothing was saved: make room and save again."
    assert dump(stocked.db) == before
    check(stocked.db)


@POSIX
@pytest.mark.parametrize("room", [4_096, 60_000, 400_000])
def test_a_file_that_may_not_grow(stocked: Business, thousands: list[Path], worker: Worker, room: int) -> None:
    before = dump(stocked.db)
    said = worker.does(stocked.db, *thousands, file_bytes=room)
    assert said["error"] == "StorageProblem"
    assert f"The disk that holds {stocked.db}" in said["sentence"]
    assert dump(stocked.db) == before
    check(stocked.db)
    assert worker.does(stocked.db, *thousands)["rows"] == ROWS


# --- the process ------------------------------------------------------------------------------------------------------


@POSIX
def test_a_process_killed_at_fifty_points_leaves_the_database_whole(
    stocked: Business, thousands: list[Path], worker: Worker
) -> None:
    before = dump(stocked.db)
    whole = Path(shutil.copy(stocked.db, stocked.folder / "whole.db"))
    done = worker.does(whole, *thousands, kill_at=0)
    assert (done["rows"], done["refused"], done["exit"]) == (ROWS, 0, 0)
    ticks = done["ticks"]
    assert ticks > KILLS
    # All of them before the commit, but for the last, which comes after it.
    points = [round(1 + at * (ticks - 1) / (KILLS - 1)) for at in range(KILLS)]
    for point in points[:-1]:
        said = worker.does(stocked.db, *thousands, kill_at=point)
        assert said == {"exit": -signal.SIGKILL}
        assert dump(stocked.db) == before, f"killed at {point} of {ticks}"
    check(stocked.db)
    assert worker.does(stocked.db, *thousands, kill_at=points[-1])["exit"] == -signal.SIGKILL
    after = dump(stocked.db)
    assert after != before
    check(stocked.db)
    said = worker.does(stocked.db, *thousands)
    assert (said["rows"], said["exit"]) == (ROWS, 0)
    assert len(left_out(stocked.bring({"c.csv": CONTACTS}))) == 0
