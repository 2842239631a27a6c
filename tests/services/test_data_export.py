"""Everything that goes out comes back as it was, whole or in part."""

import csv
import gzip
import json
import shutil
from pathlib import Path

import pytest

from subtui.acts.data import ExportData
from subtui.domain.errors import NotFound
from subtui.keap.written import safe_text
from subtui.views.exports import ExportFormat, ExportOptions
from subtui.views.imports import Kind
from tests.services.database import rows, run, run_with
from tests.services.exporting import FORMS, act_a_little, exported, imported, place, sheet, stored, with_backend

HOSTILE = (
    '=HYPERLINK("http://x.example")',
    "'=1+1",
    "-2+3",
    "+1 602 555-0142",
    'a "quoted", text; with\ttab',
    "first\nsecond\n\nlast",
    "王小明、喂",
    "שלום \u202eabc\u202c عربى",
    "bell\x07 esc\x1b[31m del\x7f nel\x85",
    "a\r\nb",
    "3/4/2025 was the day",
)


def with_hostile_texts(path: Path) -> None:
    """Texts that a file could break on, in names, notes, titles and methods."""
    for at, text in enumerate(HOSTILE):
        for table, column in (
            *(("contact", "company"), ("contact", "person_notes"), ("note", "text"), ("tag", "name")),
            *(("order", "title"), ("order_item", "name"), ("payment", "note"), ("product", "name")),
            *(("subscription", "reason_note"), ("automation", "name"), ("contact", "website")),
        ):
            run_with(
                path,
                f'UPDATE "{table}" SET {column} = ?'  # noqa: S608
                f' WHERE id = (SELECT id FROM "{table}" ORDER BY id LIMIT 1 OFFSET ?)',
                text,
                at,
            )


# --- the round trip ---------------------------------------------------------------------------------------------------


@FORMS
def test_everything_comes_back_as_it_went_out(
    demo_db: Path, bare_file: Path, tmp_path: Path, form: ExportFormat
) -> None:
    with with_backend(demo_db) as backend:
        act_a_little(backend)
    files = exported(demo_db, place(tmp_path, form), form)
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, files)
    assert stored(fresh) == stored(demo_db)
    for one, other in zip(files, exported(fresh, place(tmp_path, form, "again"), form), strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@FORMS
def test_texts_of_every_kind_come_back(demo_db: Path, bare_file: Path, tmp_path: Path, form: ExportFormat) -> None:
    with_hostile_texts(demo_db)
    files = exported(demo_db, place(tmp_path, form), form)
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, files)
    # What no import takes, a control character, has its picture instead.
    texts = ("SELECT company AS text FROM contact", "SELECT text FROM note", "SELECT note AS text FROM payment")
    for sql in texts:
        assert {safe_text(row["text"]) for row in rows(demo_db, sql)} == {row["text"] for row in rows(fresh, sql)}
    assert {"bell␇ esc␛[31m del␡ nel�", "a\nb"} <= {row["note"] for row in rows(fresh, "SELECT note FROM payment")}
    again = exported(fresh, place(tmp_path, form, "again"), form)
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in again]


def test_no_cell_is_a_formula(demo_db: Path, tmp_path: Path) -> None:
    with_hostile_texts(demo_db)
    for file in exported(demo_db, tmp_path / "out"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            cells = [cell for row in csv.reader(opened) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "-2+"))]


@FORMS
def test_brought_back_to_where_it_came_from_it_changes_nothing(
    demo_db: Path, tmp_path: Path, form: ExportFormat
) -> None:
    with with_backend(demo_db) as backend:
        act_a_little(backend)
    files = exported(demo_db, place(tmp_path, form), form)
    before = stored(demo_db)
    report = imported(demo_db, files)
    assert {(counts.new, counts.changed, counts.kept) for counts in report.counts.values()} == {(0, 0, 0)}
    assert stored(demo_db) == before


def test_a_packed_file_is_the_same_and_comes_in(demo_db: Path, bare_file: Path, tmp_path: Path) -> None:
    (bare,) = exported(demo_db, tmp_path / "a.jsonl", ExportFormat.JSON_LINES)
    (packed,) = exported(demo_db, tmp_path / "a.jsonl.gz", ExportFormat.JSON_LINES)
    assert gzip.decompress(packed.read_bytes()) == bare.read_bytes()
    (twice,) = exported(demo_db, tmp_path / "b.jsonl.gz", ExportFormat.JSON_LINES)
    assert twice.read_bytes() == packed.read_bytes()
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, [packed])
    assert stored(fresh) == stored(demo_db)


def test_an_account_of_another_currency_takes_the_amounts_as_they_are(
    demo_db: Path, bare_file: Path, tmp_path: Path
) -> None:
    run(demo_db, "UPDATE 'order' SET currency = 'KWD' WHERE id = 1911")
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    run(fresh, "UPDATE account SET currency = 'JPY'")
    imported(fresh, exported(demo_db, tmp_path / "out"))
    assert stored(fresh) == stored(demo_db)


def test_an_owner_is_named_so_that_nobody_else_is_meant(demo_db: Path, bare_file: Path, tmp_path: Path) -> None:
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    for path in (demo_db, fresh):
        run(path, "UPDATE user SET name = 'SAM OKONKWO' WHERE id = 3")
    files = exported(demo_db, tmp_path / "out")
    assert {row["Owner"] for row in sheet(tmp_path / "out", "contacts")} >= {"agent@demo.example"}
    imported(fresh, files)
    assert stored(fresh) == stored(demo_db)


# --- parts ------------------------------------------------------------------------------------------------------------


def test_some_kinds_alone(demo_db: Path, tmp_path: Path) -> None:
    files = exported(demo_db, tmp_path / "out", kinds=(Kind.SUBSCRIPTION, Kind.CONTACT))
    assert [file.name for file in files] == ["contacts.csv", "subscriptions.csv"]


@FORMS
def test_one_contact_with_all_that_belongs_to_them(
    demo_db: Path, bare_file: Path, tmp_path: Path, form: ExportFormat
) -> None:
    files = exported(demo_db, place(tmp_path, form), form, contacts=(1007, 1014))
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, files)
    there, all_of_them = stored(fresh), stored(demo_db)
    assert [row["id"] for row in there["contact"]] == [1007, 1014]
    for table in ("subscription", "order", "note", "credit_card", "automation", "contact_tag"):
        mine = [row for row in all_of_them[table] if row["contact_id"] in (1007, 1014)]
        assert there[table] == mine
    assert {row["id"] for row in there["subscription_plan"]} == {row["plan_id"] for row in there["subscription"]}
    (entry,) = rows(demo_db, "SELECT contact_id, after FROM event WHERE command = 'data.export'")
    assert entry["contact_id"] is None
    assert json.loads(entry["after"])["contacts_named"] == "1007, 1014"


def test_a_contact_that_is_not_there(demo_db: Path, tmp_path: Path) -> None:
    with with_backend(demo_db) as backend, pytest.raises(NotFound, match="no contact 5"):
        backend.do(ExportData(tmp_path / "out", ExportOptions(contacts=(5,))))
    assert list(tmp_path.glob("*out*")) == []
