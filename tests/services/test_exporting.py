"""Exports: everything comes back as it went out, nothing is half-written, and the log says who took what."""

import csv
import errno
import gzip
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtui.clock import Clock
from subtui.domain.books import RowKind
from subtui.domain.cancelling import draft_of
from subtui.domain.errors import FileProblem, NotAllowed, NotFound, Refused, StorageProblem
from subtui.domain.exports import (
    ChangesFormat,
    ExportFormat,
    ExportOptions,
    ExportReport,
    Since,
)
from subtui.domain.imports import ImportOptions, Kind
from subtui.domain.keap.written import safe_text
from subtui.domain.money import Money
from subtui.domain.order_views import RefundDraft
from subtui.domain.permissions import Role
from subtui.domain.progress import Progress
from subtui.domain.refunds import RefundKind
from subtui.domain.subscriptions import Status
from subtui.services.desk import Desk
from subtui.services.exporting import Stopped
from subtui.storage.exporting.sheets import KEAPS_HEADERS
from subtui.storage.seed import demo_seed_path

from ..conftest import DEMO_DAY
from .database import rows, run

TABLES = (
    *("contact", "tag", "contact_tag", "credit_card", "note", "automation", "product", "subscription_plan"),
    *("subscription", "order", "order_item", "payment", "refund_line"),
)
JSON_COLUMNS = ("billing_address", "shipping_address", "more")
# Ids of rows that have none in a file, what an import notes of itself, and the key that keeps a refund from being
# recorded twice by one form.
LEFT_OUT = {"keap_id", "imported_version", "version", "intent"}
WITHOUT_IDS = ("note", "automation")
CUSTOMERS = ("tags", "products", "plans", "contacts", "subscriptions", "orders", "history")
SUBSCRIPTION, ORDER, PAYMENT = 1042, 1911, 40458
FORMS = pytest.mark.parametrize("form", list(ExportFormat))


def stored(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row that an export holds, as the database keeps it."""
    found = {}
    for table in TABLES:
        left_out = LEFT_OUT | ({"id"} if table in WITHOUT_IDS else set())
        kept = [
            {
                name: json.loads(value) if name in JSON_COLUMNS else value
                for name, value in row.items()
                if name not in left_out
            }
            for row in rows(path, f'SELECT * FROM "{table}"')  # noqa: S608
        ]
        found[table] = sorted(kept, key=lambda row: json.dumps(row, sort_keys=True))
    return found


@pytest.fixture(scope="session")
def bare_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's account and users, and no customers."""
    folder = tmp_path_factory.mktemp("bare")
    seed = json.loads(demo_seed_path().read_text(encoding="utf-8")) | {name: [] for name in CUSTOMERS}
    (folder / "seed.json").write_text(json.dumps(seed), encoding="utf-8")
    Desk.open(str(folder / "bare.db"), seed=folder / "seed.json").close()
    return folder / "bare.db"


def at_desk(path: Path, role: Role = Role.ADMIN) -> Desk:
    desk = Desk.open(str(path), clock=Clock(DEMO_DAY))
    desk.sign_in_demo(role)
    return desk


def exported(path: Path, to: Path, form: ExportFormat = ExportFormat.CSV, **options: Any) -> list[Path]:
    """The files of an export."""
    with at_desk(path) as desk:
        desk.export_data(to, ExportOptions(form, **options))
    return sorted(to.iterdir()) if to.is_dir() else [to]


def imported(path: Path, files: list[Path]) -> Any:
    """What an import of files says; nothing may be left out."""
    with at_desk(path) as desk:
        report = desk.import_files(files, ImportOptions())
    assert report.left_out == ()
    return report


def sheet(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def place(tmp_path: Path, form: ExportFormat, name: str = "out") -> Path:
    return tmp_path / (name if form is ExportFormat.CSV else f"{name}.jsonl")


def act_a_little(desk: Desk) -> None:
    """A cancellation, a refund with a credit, and one that is taken back."""
    end_subscription(desk, SUBSCRIPTION)
    refund(desk, "one", 500)
    refund(desk, "two", 100)
    order = desk.order(ORDER)
    desk.correct_refund(ORDER, newest_refund(desk), version=order.version)


def newest_refund(desk: Desk) -> int:
    return max(row.id for row in desk.order(ORDER).rows if row.kind is RowKind.REFUND)


def end_subscription(desk: Desk, number: int) -> None:
    record = desk.subscription(number)
    draft = replace(
        draft_of(record.terms),
        status=Status.INACTIVE,
        end_date=record.billing.paid_through,
        reason_code="too_expensive",
        reason_note="asked “twice”",
    )
    desk.save_subscription(number, draft, version=record.version)


def refund(desk: Desk, intent: str, minor: int) -> None:
    draft = RefundDraft(
        payment_id=PAYMENT,
        intent=intent,
        amount=Money(minor, "USD"),
        kind=RefundKind.MANUAL,
        owed_after=Money.zero("USD"),
        reason_code="requested_by_customer",
        reference="BANK-7",
    )
    desk.refund(ORDER, draft, version=desk.order(ORDER).version)


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
    with closing(sqlite3.connect(path)) as connection:
        for at, text in enumerate(HOSTILE):
            for table, column in (
                *(("contact", "company"), ("contact", "person_notes"), ("note", "text"), ("tag", "name")),
                *(("order", "title"), ("order_item", "name"), ("payment", "note"), ("product", "name")),
                *(("subscription", "reason_note"), ("automation", "name"), ("contact", "website")),
            ):
                connection.execute(
                    f'UPDATE "{table}" SET {column} = ?'  # noqa: S608
                    f' WHERE id = (SELECT id FROM "{table}" ORDER BY id LIMIT 1 OFFSET ?)',
                    (text, at),
                )
        connection.commit()


# --- the round trip ---------------------------------------------------------------------------------------------------


@FORMS
def test_everything_comes_back_as_it_went_out(
    demo_db: Path, bare_file: Path, tmp_path: Path, form: ExportFormat
) -> None:
    with at_desk(demo_db) as desk:
        act_a_little(desk)
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
    with at_desk(demo_db) as desk:
        act_a_little(desk)
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


# --- what came from Keap ----------------------------------------------------------------------------------------------


def write_csv(path: Path, table: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return path


def keaps_contact(number: str, **cells: str) -> dict[str, str]:
    """A row of Keap's own export with something in every column."""
    row = {name: f"{name} {number}" for name in KEAPS_HEADERS[Kind.CONTACT]} | {
        "Id": number,
        "Password": "secret",
        "First Name": "Ada",
        "Last Name": "Lovelace",
        "Name": "Ada Lovelace",
        "Tag Ids": "91,92",
        "Tags": "VIP,Gold",
        "Date Created": "1/15/2025 3:04 PM",
        "Favourite =Colour": "green",
        "=Risky": "@x",
    }
    return row | cells


def test_a_contact_of_keaps_goes_back_with_the_same_cells(bare_file: Path, tmp_path: Path) -> None:
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    table = [
        keaps_contact("1204", Owner="Dana Reyes"),
        keaps_contact("1205", **{"Street Address 1": "", "Street Address 2": "Apt 4", "Company Name": ""}),
        keaps_contact("1206", **{"Street Address 2": "", "City (Shipping)": "", "Zip Four": "", "Owner": ""}),
    ]
    imported(fresh, [write_csv(tmp_path / "contacts.csv", table)])
    exported(fresh, tmp_path / "out")
    back = sheet(tmp_path / "out", "contacts")
    assert [name for name in back[0] if name not in KEAPS_HEADERS[Kind.CONTACT]] == ["'=Risky", "Favourite =Colour"]
    for row in table:
        row |= {"Date Created": "2025-01-15", "'=Risky": f"'{row.pop('=Risky')}"}
        del row["Password"]
    assert back == table


def keaps_subscription(number: str, **cells: str) -> dict[str, str]:
    """A row of Keap's table, as a dump has it."""
    row = {
        "Id": number,
        "ContactId": "7",
        "SubscriptionPlanId": "31",
        "ProductId": "41",
        "CC1": "55",
        "Frequency": "1",
        "BillingCycle": "2",
        "BillingAmt": "49.00",
        "Qty": "1",
        "Status": "Active",
        "StartDate": "2024-01-31",
        "EndDate": "",
        "ReasonStopped": "",
        "PaidThruDate": "2026-02-28",
        "NextBillDate": "2026-03-31",
        "AutoCharge": "Yes",
        "MaxRetry": "3",
        "NumDaysBetweenRetry": "2",
        "OriginatingOrderId": "88",
        "PromoCode": "SPRING",
    }
    return row | cells


def test_a_subscription_of_keaps_goes_back_with_the_same_cells(bare_file: Path, tmp_path: Path) -> None:
    fresh, other = (Path(shutil.copy(bare_file, tmp_path / name)) for name in ("fresh.db", "other.db"))
    ended = {"Status": "Inactive", "AutoCharge": "No", "NextBillDate": ""}
    table = [
        keaps_subscription("101"),
        keaps_subscription("102", EndDate="2026-02-01"),  # active past its end: for a person to look at
        keaps_subscription("103", EndDate="2026-03-30", ReasonStopped="Too expensive", **ended),
        keaps_subscription("104", EndDate="2026-03-30", ReasonStopped="moved away, =1+1", **ended),
        keaps_subscription("105", PaidThruDate="", NextBillDate="2026-04-30", Qty="3", PromoCode=""),
        keaps_subscription("106", BillingCycle="1", PaidThruDate="2026-01-31", NextBillDate="2027-01-31"),
        keaps_subscription("107", StartDate="2024-01-10", PaidThruDate="2026-02-17", NextBillDate="2026-03-17"),
    ]
    contact = write_csv(tmp_path / "c.csv", [{"Id": "7", "First Name": "Ada", "Last Name": "L"}])
    imported(fresh, [contact, write_csv(tmp_path / "s.csv", table)])
    files = exported(fresh, tmp_path / "out")
    back = sheet(tmp_path / "out", "subscriptions")
    for row, cells in zip(back, table, strict=True):
        there = {name.replace(" ", ""): cell for name, cell in row.items()} | {"BillingAmt": row["Billing Amt"]}
        assert {name: there[name] for name in cells} == cells
    imported(other, files)
    assert stored(other) == stored(fresh)
    assert {row["imported_on"] for row in stored(other)["subscription"]} == {"2026-03-02"}
    again = exported(other, tmp_path / "again")
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in again]


def test_an_order_of_keaps_goes_back_with_the_same_cells(bare_file: Path, tmp_path: Path) -> None:
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    order = {name: f"{name} 8" for name in KEAPS_HEADERS[Kind.ORDER]} | {
        "Id": "8",
        "ContactId": "7",
        "Order Date": "1/15/2025",
        "Product Ids": "41",
        "Order Total": "$1,024.00",
        "First Name": "'=1+1",
    }
    product = {"Id": "41", "Product Name": "Tea", "Sku": "-T-", "Price": "$24.00", "Product Status": "Inactive"}
    contact = write_csv(tmp_path / "c.csv", [{"Id": "7", "First Name": "Ada", "Last Name": "L"}])
    imported(fresh, [contact, write_csv(tmp_path / "p.csv", [product]), write_csv(tmp_path / "o.csv", [order])])
    exported(fresh, tmp_path / "out")
    (back,) = sheet(tmp_path / "out", "orders")
    ours = {"Job Recurring Id": "", "Invoice Id": "", "Currency": "USD"}
    assert back == order | {"Order Date": "2025-01-15", "Order Total": "1024.00"} | ours
    (sold,) = sheet(tmp_path / "out", "products")
    assert sold == product | {"Sku": "'-T-", "Price": "24.00", "Product Category": "", "Currency": "USD"}


def test_rows_of_keaps_and_ours_are_never_taken_for_each_other(demo_db: Path, bare_file: Path, tmp_path: Path) -> None:
    """Contact 1001 is one of the demo here, and another one in Keap."""
    keaps = [
        write_csv(tmp_path / "contacts.csv", [{"Id": "1001", "First Name": "Keap", "Last Name": "Person"}]),
        write_csv(
            tmp_path / "orders.csv",
            [
                {
                    "Id": "1002",
                    "ContactId": "1001",
                    "Order Title": "Keaps",
                    "Order Date": "2026-01-02",
                    "Order Total": "5",
                }
            ],
        ),
    ]
    imported(demo_db, keaps)
    before = rows(demo_db, "SELECT c.first_name, o.title FROM contact c LEFT JOIN 'order' o ON o.contact_id = c.id")
    files = exported(demo_db, tmp_path / "out")
    ids = [row["Id"] for row in sheet(tmp_path / "out", "contacts")]
    assert {"1001", "subtui-1001"} <= set(ids)
    assert len(set(ids)) == len(ids)
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, files)
    after = rows(fresh, "SELECT c.first_name, o.title FROM contact c LEFT JOIN 'order' o ON o.contact_id = c.id")
    assert sorted(map(str, after)) == sorted(map(str, before))
    # And the file of Keap's still finds its own.
    report = imported(fresh, keaps)
    assert {(counts.new, counts.changed) for counts in report.counts.values()} == {(0, 0)}


def test_what_is_recorded_here_stays_apart_from_what_keap_may_number_alike(
    demo_db: Path, bare_file: Path, tmp_path: Path
) -> None:
    run(demo_db, *(f'UPDATE "{table}" SET keap_id = id' for table in ("contact", "order", "payment")))  # noqa: S608
    with at_desk(demo_db) as desk:
        refund(desk, "one", 500)
        number = newest_refund(desk)
    files = exported(demo_db, tmp_path / "out")
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, files)
    assert rows(fresh, "SELECT id FROM payment WHERE keap_id = ?", f"subtui-{number}") == [{"id": number}]
    assert stored(fresh) == stored(demo_db)
    again = exported(fresh, tmp_path / "again")
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in again]


def test_a_row_without_an_id_in_its_file_is_known_again(bare_file: Path, tmp_path: Path) -> None:
    """A dump of payments has no ids: the one that an import made goes out, and the same dump finds its rows."""
    one, other = (Path(shutil.copy(bare_file, tmp_path / name)) for name in ("one.db", "other.db"))
    keaps = [
        write_csv(tmp_path / "c.csv", [{"Id": "7", "First Name": "Ada", "Last Name": "L", "Tags": "VIP"}]),
        write_csv(
            tmp_path / "o.csv",
            [{"Id": "8", "ContactId": "7", "Order Title": "T", "Order Date": "2026-01-02", "Order Total": "5"}],
        ),
        write_csv(tmp_path / "p.csv", [{"InvoiceId": "8", "PayDate": "2026-01-02", "PayType": "Cash", "PayAmt": "5"}]),
    ]
    imported(one, keaps)
    imported(other, exported(one, tmp_path / "out"))
    assert stored(other) == stored(one)
    report = imported(other, keaps)
    assert {counts.new for counts in report.counts.values()} == {0}


def test_an_order_without_lines_and_one_with_a_discount_come_back(bare_file: Path, tmp_path: Path) -> None:
    """The lines that an import makes for them are not in a file, and made again."""
    fresh, other = (Path(shutil.copy(bare_file, tmp_path / name)) for name in ("fresh.db", "other.db"))
    order = {"ContactId": "7", "Order Date": "2026-01-02", "Product Name": "Tea, green", "Product Ids": "4"}
    imported(
        fresh,
        [
            write_csv(tmp_path / "c.csv", [{"Id": "7", "First Name": "Ada", "Last Name": "L"}]),
            write_csv(
                tmp_path / "o.csv",
                [
                    {"Id": "8", "Order Title": "T", "Order Total": "5", **order},
                    {"Id": "9", "Order Title": "U", "Order Total": "0", **order},
                ],
            ),
            write_csv(tmp_path / "i.csv", [{"OrderId": "9", "ItemName": "Tea", "Qty": "2", "PricePerUnit": "4"}]),
        ],
    )
    lines_before = rows(fresh, "SELECT order_id, name, quantity, price_minor FROM order_item ORDER BY id")
    assert sorted((row["name"], row["price_minor"]) for row in lines_before) == [
        ("Discount, tax and other", -800),
        ("Tea", 400),
        ("Tea, green", 500),
    ]
    files = exported(fresh, tmp_path / "out")
    assert [row["Item Name"] for row in sheet(tmp_path / "out", "order_items")] == ["Tea"]
    imported(other, files)
    kept = ("order_item", "refund_line")
    assert {name: table for name, table in stored(other).items() if name not in kept} == {
        name: table for name, table in stored(fresh).items() if name not in kept
    }
    assert sorted(map(str, rows(other, "SELECT order_id, name, quantity, price_minor FROM order_item"))) == sorted(
        map(str, lines_before)
    )


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
    with at_desk(demo_db) as desk, pytest.raises(NotFound, match="no contact 5"):
        desk.export_data(tmp_path / "out", ExportOptions(contacts=(5,)))
    assert list(tmp_path.glob("*out*")) == []


# --- one moment, whole files, the log ---------------------------------------------------------------------------------


def test_it_is_as_it_was_at_one_moment(demo_db: Path, tmp_path: Path) -> None:
    """Somebody else writes while the contacts go out: neither their subscription nor their refund is in the files."""
    before = exported(demo_db, tmp_path / "before")
    other = at_desk(demo_db)
    acted: list[str] = []

    def meanwhile(progress: Progress) -> None:
        if progress.doing == "contacts" and not acted:
            acted.append(progress.doing)
            act_a_little(other)

    with at_desk(demo_db) as desk:
        desk.export_data(tmp_path / "out", ExportOptions(), tell=meanwhile)
    other.close()
    assert acted
    assert [file.read_bytes() for file in sorted((tmp_path / "out").iterdir())] == [f.read_bytes() for f in before]
    assert exported(demo_db, tmp_path / "after")[-2].read_bytes() != before[-2].read_bytes()


def test_the_log_says_who_took_what(demo_db: Path, tmp_path: Path) -> None:
    with at_desk(demo_db, Role.AGENT) as desk:
        report = desk.export_data(tmp_path / "out", ExportOptions(contacts=(1007,)), route="/export")
        (view,) = desk.log(subject="export")
    assert (view.title, view.actor, view.route, view.hash) == (
        "Data exported",
        "Dana Reyes",
        "/export",
        report.log_hash,
    )
    (entry,) = rows(demo_db, "SELECT * FROM event WHERE command = 'data.export'")
    assert entry["contact_id"] == 1007
    after = json.loads(entry["after"])
    assert (after["contacts"], after["file"]) == (1, str(tmp_path / "out"))
    assert report.rows == sum(part.rows for part in report.files)


def test_who_may(demo_db: Path, tmp_path: Path) -> None:
    with at_desk(demo_db, Role.VIEWER) as desk:
        with pytest.raises(NotAllowed):
            desk.export_data(tmp_path / "out", ExportOptions())
        with pytest.raises(NotAllowed):
            desk.export_changes(tmp_path / "out.csv")
    with Desk.open(str(demo_db), read_only=True) as desk:
        desk.sign_in_demo(Role.OWNER)
        with pytest.raises(Refused, match="read-only"):
            desk.export_data(tmp_path / "out", ExportOptions())
    assert list(tmp_path.glob("*out*")) == []


def test_what_cannot_be_logged_is_not_exported(demo_db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    with closing(sqlite3.connect(demo_db)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with Desk.open(str(demo_db), clock=Clock(DEMO_DAY), busy_ms=20) as desk:
            desk.sign_in_demo(Role.ADMIN)
            with pytest.raises(StorageProblem, match="locked"):
                desk.export_data(folder / "out", ExportOptions())
    assert list(folder.iterdir()) == []


def test_an_entry_that_is_not_committed_takes_the_files_back(
    demo_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    folder = tmp_path / "here"
    folder.mkdir()
    with at_desk(demo_db) as desk:
        monkeypatch.setattr("sqlalchemy.orm.Session.commit", fails)
        for form in ExportFormat:
            with pytest.raises(StorageProblem):
                desk.export_data(place(folder, form), ExportOptions(form))
    assert list(folder.iterdir()) == []


@FORMS
def test_a_full_disk_leaves_nothing_behind(
    demo_db: Path, tmp_path: Path, form: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("subtui.storage.exporting.places.os.fsync", full)
    with at_desk(demo_db) as desk, pytest.raises(FileProblem, match="No space left"):
        desk.export_data(place(folder, form), ExportOptions(form))
    assert list(folder.iterdir()) == []
    assert rows(demo_db, "SELECT id FROM event WHERE command = 'data.export'") == []


@FORMS
def test_it_can_be_stopped(demo_db: Path, tmp_path: Path, form: ExportFormat) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    with at_desk(demo_db) as desk, pytest.raises(Stopped):
        desk.export_data(place(folder, form), ExportOptions(form), stop=stop)
    assert list(folder.iterdir()) == []


def test_it_tells_how_far_it_is(demo_db: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    with at_desk(demo_db) as desk:
        report: ExportReport = desk.export_data(tmp_path / "out", ExportOptions(), tell=told.append)
    assert {progress.total for progress in told} == {report.rows}
    assert [progress.rows for progress in told] == sorted(progress.rows for progress in told)


# --- changes ----------------------------------------------------------------------------------------------------------


def known_to_keap(path: Path) -> None:
    run(
        path,
        "UPDATE subscription SET keap_id = 700000 + id",
        "UPDATE contact SET keap_id = 800000 + id",
        "UPDATE 'order' SET keap_id = 900000 + id",
    )


def newest_entry(path: Path) -> int:
    return int(rows(path, "SELECT max(id) AS id FROM event")[0]["id"])


def changes(path: Path, to: Path, since: int) -> list[Any]:
    with at_desk(path) as desk:
        desk.export_changes(to, since=Since(entry=since))
    if to.suffix == ".jsonl":
        return lines(to)
    with to.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_requests_bring_keap_up_to_date(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with at_desk(demo_db) as desk:
        act_a_little(desk)
    request, by_hand = changes(demo_db, tmp_path / "out.jsonl", begin)
    assert request == {
        "method": "PATCH",
        "path": "/v2/subscriptions/701042",
        "query": {"update_mask": "active,auto_charge,end_date,reason_stopped"},
        "body": {
            "active": False,
            "auto_charge": False,
            "end_date": "2026-03-14",
            "reason_stopped": "Too expensive - asked “twice”",
        },
        "entries": [begin + 1],
        "subscription_id": "701042",
        "contact_id": "801007",
    }
    assert by_hand["manual"] == (
        "Order 901911: Refund Payment: 5.00 USD of the payment of 2026-02-22 (Credit Card), as Manual Refund, "
        "reason “Requested by customer”. The client then owes 0.00 USD."
    )
    assert (by_hand["entries"], by_hand["amount"]) == ([begin + 2], {"amount": 500, "currency_code": "USD"})


def test_money_is_a_number_with_its_decimals(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with at_desk(demo_db) as desk:
        record = desk.subscription(SUBSCRIPTION)
        draft = replace(draft_of(record.terms), price=Money(5500, "USD"), quantity=2)
        desk.save_subscription(SUBSCRIPTION, draft, version=record.version)
        desk.export_changes(tmp_path / "out.jsonl", since=Since(entry=begin))
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert '"body":{"quantity":2,"billing_amount":55.00}' in text


def test_what_was_undone_is_in_the_table_and_not_sent(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with at_desk(demo_db) as desk:
        end_subscription(desk, SUBSCRIPTION)
        desk.undo(SUBSCRIPTION, version=desk.subscription(SUBSCRIPTION).version)
    assert changes(demo_db, tmp_path / "out.jsonl", begin) == []
    table = changes(demo_db, tmp_path / "out.csv", begin)
    assert [(row["What"], row["Status After"]) for row in table] == [
        ("Subscription set Inactive", "Inactive"),
        ("Cancellation undone", "Active"),
    ]
    # Keap was told of the ending: now it has to be told that it is none.
    (request,) = changes(demo_db, tmp_path / "later.jsonl", begin + 1)
    assert request["body"] == {
        "active": True,
        "auto_charge": True,
        "end_date": None,
        "next_bill_date": "2026-03-15",
        "reason_stopped": "",
    }


def test_the_table_says_who_did_what(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with at_desk(demo_db) as desk:
        act_a_little(desk)
    ended, refunded, again, corrected = changes(demo_db, tmp_path / "out.csv", begin)
    (entry,) = rows(demo_db, "SELECT hash FROM event WHERE id = ?", begin + 1)
    assert ended == {
        "Entry": str(begin + 1),
        "At": "2026-03-02T16:30:00Z",
        "Who": "Theo Lindqvist",
        "Role": "admin",
        "What": "Subscription set Inactive",
        "Subscription Id": "701042",
        "Order Id": "",
        "Contact Id": "801007",
        "Contact": "María López",
        "Status Before": "Active",
        "Status After": "Inactive",
        "End Date": "2026-03-14",
        "Reason Code": "too_expensive",
        "Reason": "Too expensive",
        "Note": "asked “twice”",
        "Auto Charge": "No",
        "Amount Refunded": "",
        "Amount Recorded": "",
        "Currency": "",
        "Kind": "",
        "Gateway Reference": "",
        "Hash": entry["hash"],
    }
    assert [row["Amount Refunded"] for row in (refunded, again, corrected)] == ["5.00", "1.00", "-1.00"]
    assert (refunded["Order Id"], refunded["Kind"], refunded["Gateway Reference"]) == ("901911", "manual", "BANK-7")
    assert (refunded["Reason"], refunded["Currency"]) == ("Requested by customer", "USD")
    assert (refunded["Amount Recorded"], corrected["Kind"]) == ("5.00", "correction")


def test_what_keap_does_not_know_is_counted(demo_db: Path, tmp_path: Path) -> None:
    begin = newest_entry(demo_db)
    run(demo_db, "UPDATE subscription SET keap_id = '~made' WHERE id = 1042")
    with at_desk(demo_db) as desk:
        act_a_little(desk)
        report = desk.export_changes(tmp_path / "out.jsonl", since=Since(entry=begin), form=ChangesFormat.REST)
    assert lines(tmp_path / "out.jsonl") == [
        {"skipped": 2, "why": "Keap does not know them: they have no id of Keap's."}
    ]
    assert (report.lines, report.manual, report.skipped) == (0, 0, 2)
    assert "they have no id of Keap's" in report.notes[0]


def test_an_end_that_has_passed_is_named(demo_db: Path, tmp_path: Path) -> None:
    known_to_keap(demo_db)
    begin = newest_entry(demo_db)
    with at_desk(demo_db) as desk:
        end_subscription(desk, SUBSCRIPTION)
    run(demo_db, "UPDATE subscription SET end_date = '2026-03-01' WHERE id = 1042")
    (request,) = changes(demo_db, tmp_path / "out.jsonl", begin)
    assert request["query"] == {"update_mask": "active,auto_charge,reason_stopped"}
    assert "2026-03-01 has passed" in request["note"]


def test_where_to_begin(demo_db: Path, tmp_path: Path) -> None:
    with at_desk(demo_db) as desk:
        everything = desk.export_changes(tmp_path / "all.csv")
        end_subscription(desk, SUBSCRIPTION)
        (ended,) = rows(
            demo_db, "SELECT id, hash FROM event WHERE command = 'subscription.save' ORDER BY id DESC LIMIT 1"
        )
        by_day = desk.export_changes(tmp_path / "day.csv", since=Since(day=DEMO_DAY))
        next_time = desk.export_changes(tmp_path / "next.csv", since=Since(entry=everything.last))
        by_hash = desk.export_changes(tmp_path / "hash.csv", since=Since(hash=ended["hash"][:16]))
        for wrong in (Since(entry=10**6), Since(hash="0" * 16)):
            with pytest.raises(NotFound):
                desk.export_changes(tmp_path / "wrong.csv", since=wrong)
    assert (everything.first, by_day.lines, next_time.lines, by_hash.lines) == (1, 1, 1, 0)
    assert everything.lines == 12
    assert not (tmp_path / "wrong.csv").exists()
