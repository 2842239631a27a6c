"""What came from Keap goes back to it with the same cells, and is never taken for a row of ours."""

import csv
import shutil
from pathlib import Path

from subtui.keap.exports.sheets import KEAPS_HEADERS
from subtui.views.imports import Kind
from tests.services.database import rows, run
from tests.services.exporting import exported, imported, newest_refund, refund, sheet, stored, with_backend


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
    with with_backend(demo_db) as backend:
        refund(backend, "one", 500)
        number = newest_refund(backend)
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
