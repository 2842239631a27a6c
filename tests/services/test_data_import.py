"""What holds for every import: tried first, all or nothing, allowed to some, in the log; and the way out again."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.data import ExportChanges, ExportData, ImportFiles
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription, ListSubscriptions, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import NotAllowed, Refused
from subtui.domain.permissions import Role
from subtui.domain.progress import Progress
from subtui.domain.subscriptions import DataIssue, Status
from subtui.services.data_import import NotAllOfIt
from subtui.views.customers import SubscriptionFilter
from subtui.views.exports import ExportFormat, ExportOptions
from subtui.views.imports import ImportOptions, LeftOut, left_out_cells
from tests.services.importing import Business, counted, dump, left_out
from tests.services.keap_files import CONTACTS, CONTACTS_2024, WIZARD, gold, pat, sheet, table


def two_rows_wrong() -> str:
    return table(pat(), pat(Id=5, **{"Date Created": "31/31/2020"}), pat(Id=6, **{"Last Name": "a\x07"}))


# --- looking first ----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_changes_nothing(business: Business) -> None:
    business.bring({"c.csv": CONTACTS, "s.csv": sheet(WIZARD, gold(Status="Inactive"))})
    before = dump(business.db)
    files: dict[str, str | bytes] = {
        "c.csv": two_rows_wrong().replace("pat@", "new@"),
        "s.csv": sheet(WIZARD, gold(), gold(**{"Your System's Subscription Id": 132, "Status": "Inactive"})),
    }
    tried = business.bring(files, dry_run=True)
    assert dump(business.db) == before
    assert (tried.written, tried.dry_run) == (False, True)
    done = business.bring(files)
    assert (done.written, done.dry_run) == (True, False)
    for name in ("files", "counts", "left_out", "left_out_total", "notes", "loose_ends", "loose_before", "refused"):
        assert getattr(tried, name) == getattr(done, name), name
    assert counted(done) == {"contact": {"changed": 1, "refused": 2}, "subscription": {"new": 1, "changed": 1}}


def test_strict_refuses_all_if_any_row_is_refused(business: Business) -> None:
    before = dump(business.db)
    with pytest.raises(NotAllOfIt) as refused:
        business.bring(two_rows_wrong(), strict=True)
    assert str(refused.value) == "2 rows were rejected, so nothing was imported."
    assert [row.line for row in refused.value.report.left_out] == [3, 4]
    assert not refused.value.report.written
    assert dump(business.db) == before
    assert business.refusal(table(pat(), pat()), strict=True) == "1 row was rejected, so nothing was imported."
    assert counted(business.bring(CONTACTS, strict=True)) == {"contact": {"new": 1}}


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OWNER])
def test_who_may(business: Business, role: Role) -> None:
    assert counted(business.bring(CONTACTS, role=role)) == {"contact": {"new": 1}}
    event = business.row("SELECT actor, role, subject_type, before, after FROM event ORDER BY id DESC LIMIT 1")
    assert event["role"] == role.value
    assert json.loads(event["after"]) == {"contact": "1 new, 0 changed, 0 refused", "files": "file.csv"}
    business.check()


def test_who_may_not_is_told_before_the_files_are_read(business: Business) -> None:
    before = dump(business.db)
    with pytest.raises(NotAllowed, match=r"^An agent cannot import data: ask an admin or the owner\.$"):
        business.backend(Role.AGENT).do(ImportFiles(["/nowhere/at/all.csv"], ImportOptions()))
    backend = business.backend()
    backend.person = None
    with pytest.raises(NotAllowed, match="Sign in first"):
        backend.do(ImportFiles(business.written({"c.csv": CONTACTS}), ImportOptions()))
    assert dump(business.db) == before


def test_somebody_who_was_switched_off_meanwhile_may_not(business: Business) -> None:
    backend = business.backend()
    business.run("UPDATE user SET role = 'agent' WHERE id = 2")
    with pytest.raises(NotAllowed):
        backend.do(ImportFiles(business.written({"c.csv": CONTACTS}), ImportOptions()))


@pytest.mark.parametrize("dry_run", [True, False])
def test_read_only(business: Business, dry_run: bool) -> None:
    before = dump(business.db)
    backend = business.backend(read_only=True)
    with pytest.raises(Refused, match=r"^This is read-only mode: nothing can be changed\.$"):
        backend.do(ImportFiles(business.written({"c.csv": CONTACTS}), ImportOptions(dry_run=dry_run)))
    assert dump(business.db) == before


# --- how --------------------------------------------------------------------------------------------------------------


def test_from_a_pipe(business: Business) -> None:
    report = business.bring("", stdin=io.BytesIO(CONTACTS.encode()))
    assert ([file.name for file in report.files], counted(report)) == (["standard input"], {"contact": {"new": 1}})


def test_progress_is_told_and_never_goes_back(business: Business) -> None:
    told: list[Progress] = []
    rows = ({"Id": n, "First Name": "Pat", "Email": f"p{n}@example.com"} for n in range(1, 3000))
    paths = business.written({"c.csv": sheet("Id,First Name,Email", *rows), "s.csv": sheet(WIZARD, gold())})
    business.backend().do(ImportFiles(paths, ImportOptions(), tell=told.append))
    doing = list(dict.fromkeys(progress.doing for progress in told))
    assert doing == ["looking", "writing", "indexing", "counting", "saving"]
    assert told[-1].rows == 3000
    assert [progress.rows for progress in told] == sorted(progress.rows for progress in told)
    assert all(0 <= progress.done <= progress.total for progress in told)


def test_every_row_left_out_is_handed_over_however_many(business: Business) -> None:
    aside: list[LeftOut] = []
    content = table(*({"Id": n, "First Name": "", "Email": ""} for n in range(1, 1500)))
    report = business.backend().do(
        ImportFiles(business.written({"c.csv": content}), ImportOptions(), aside=aside.append)
    )
    assert (len(report.left_out), report.left_out_total, len(aside)) == (1000, 1499, 1499)
    assert [row.line for row in aside] == list(range(2, 1501))
    assert left_out_cells(aside[0]) == ("c.csv", 2, "Name", "", "has no name, company, e-mail or phone", "yes")


def test_an_import_that_fails_in_the_list_of_rows_writes_nothing(business: Business) -> None:
    before = dump(business.db)

    def full(_: LeftOut) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        business.backend().do(ImportFiles(business.written({"c.csv": two_rows_wrong()}), ImportOptions(), aside=full))
    assert dump(business.db) == before


def test_a_file_without_rows_among_others_is_named(business: Business) -> None:
    report = business.bring({"c.csv": CONTACTS, "s.csv": WIZARD})
    assert (report.notes, counted(report)) == (("No rows in s.csv.",), {"contact": {"new": 1}})


# --- in and out again -------------------------------------------------------------------------------------------------


def test_what_is_wrong_in_keap_is_brought_in_put_right_and_brought_back(business: Business, tmp_path: Path) -> None:
    contacts = sheet(
        CONTACTS_2024,
        pat(Password="hunter2", **{"Date Created": "1/15/2025 3:04 PM"}),
        pat(Id=1205, Email="ann@example.com", **{"Date Created": "31/31/2020"}),
        pat(Id=1206, **{"First Name": "", "Last Name": "", "Email": ""}),
        pat(),
    )
    ended = {"Status": "Inactive", "End Date": "2026-02-01", "Reason Stopped": "Too slow", "Auto Charge": "No"}
    subscriptions = sheet(
        WIZARD,
        gold(),
        gold(**ended | {"Your System's Subscription Id": 132, "Auto Charge": "Yes"}),
        gold(**ended | {"Your System's Subscription Id": 133, "End Date": ""}),
        gold(**ended | {"Your System's Subscription Id": 134, "Reason Stopped": ""}),
        gold(**{"Your System's Subscription Id": 135, "End Date": "2026-02-28"}),
        gold(**{"Your System's Subscription Id": 136, "Infusionsoft's Contact Id": 9}),
        gold(**{"Your System's Subscription Id": 137, "Status": "On hold"}),
    )
    report = business.bring({"contacts.csv": contacts, "subscriptions.csv": subscriptions})
    assert left_out(report) == [
        ("contacts.csv", 3, "Date Created", "31/31/2020", "does not exist (month 31)"),
        ("contacts.csv", 4, "Name", "", "has no name, company, e-mail or phone"),
        ("contacts.csv", 5, "Id", "1204", "appears twice in this file; the first one was imported"),
        ("subscriptions.csv", 7, "Contact Id", "9", "is not a known contact"),
        ("subscriptions.csv", 8, "Status", "On hold", "is not Active or Inactive"),
    ]
    assert counted(report) == {"contact": {"new": 1, "refused": 3}, "subscription": {"new": 5, "refused": 2}}
    assert dict(report.loose_ends) == dict.fromkeys(DataIssue, 1)

    backend = business.backend(Role.AGENT)
    loose = backend.read(ListSubscriptions(SubscriptionFilter(state="loose"))).rows
    assert [row.id for row in sorted(loose, key=lambda row: row.id)] == [132, 133, 134, 135]
    for row in loose:
        record = backend.read(GetSubscription(row.id))
        draft = draft_of(record.terms)
        end = date(2026, 3, 14) if row.id in (133, 135) else draft.end_date
        right = replace(draft, status=Status.INACTIVE, auto_charge=False, end_date=end)
        right = replace(right, reason_code=right.reason_code or "unused")
        backend.do(SaveSubscription(row.id, right, version=record.version))
    assert backend.read(ListSubscriptions(SubscriptionFilter(state="loose"))).rows == ()
    assert business.backend().read(VerifyLog()).broken is None

    changes = business.backend().do(ExportChanges(tmp_path / "changes.jsonl"))
    requests = [json.loads(line) for line in (tmp_path / "changes.jsonl").read_text().splitlines()]
    assert changes.lines == len(requests)
    told = json.dumps(requests)
    for number in (132, 133, 134, 135):
        assert f"/subscriptions/{number}" in told
    assert "/subscriptions/131" not in told
    # Brought in again, the file of that day changes nothing of it.
    again = business.bring({"contacts.csv": contacts, "subscriptions.csv": subscriptions})
    assert counted(again)["subscription"] == {"same": 1, "kept": 4, "refused": 2}
    assert again.loose_ends == ()
    business.check()


@pytest.mark.parametrize("form", list(ExportFormat))
def test_our_own_export_comes_back_as_the_same(business: Business, tmp_path: Path, form: ExportFormat) -> None:
    business.bring(
        {
            "c.csv": table(
                pat(**{"Tag Ids": "91", "Tags": "Members", "Nickname": "=1+1", "City": "Mesa", "Owner": "Ann Agent"})
            ),
            "s.csv": sheet(WIZARD, gold(Status="Inactive", **{"End Date": "2026-02-01", "Reason Stopped": "Too slow"})),
            "o.csv": "Id,ContactId,Order Title,Order Date,Order Total\n9001,1204,Gold,2025-06-15,$60\n",
            "i.csv": "Id,OrderId,ItemName,Qty,PricePerUnit\n1,9001,Gold,1,49\n",
            "p.csv": "Id,OrderId,PayDate,PayType,PayAmt\n1,9001,2025-06-15,Cash,60\n2,9001,2025-06-20,Refund,-60\n",
        }
    )
    before = dump(business.db)
    out = tmp_path / ("out" if form is ExportFormat.CSV else "out.jsonl")
    backend = business.backend(Role.OWNER)
    backend.do(ExportData(out, ExportOptions(form)))
    files = sorted(out.iterdir()) if form is ExportFormat.CSV else [out]
    report = backend.do(ImportFiles([file for file in files if file.suffix in (".csv", ".jsonl")], ImportOptions()))
    assert all(set(counts) <= {"same"} for counts in counted(report).values()), counted(report)
    assert report.left_out == ()
    backend.close()
    # Nothing but the log has grown.
    assert [line for line in dump(business.db).splitlines() if line not in before and '"event"' not in line] == []
