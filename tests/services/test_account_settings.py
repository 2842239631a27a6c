"""The settings of the account: saved by an owner only, with what was before and what is now in the log."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.account import CheckSettings, GetMyAccount, GetSettings, SaveSettings
from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.tickets import GetCancellationForm, GetTicket, PreviewCancellation, WithdrawTicket
from subtui.domain.billing import Cycle
from subtui.domain.errors import Invalid, NotAllowed, Refused
from subtui.services.backend import Backend
from subtui.views.account import SettingsView
from tests.services.database import subject_of

from .asking import DRAFT, TODAY, as_typed, ask, desk_on
from .database import changed_tables, everything, rows, run

ROUTE = "/admin/billing/settings"


def save(backend: Backend, **change: Any) -> SettingsView:
    view = backend.read(GetSettings())
    backend.do(SaveSettings(as_typed(view, **change), version=view.version), route=ROUTE)
    return backend.read(GetSettings())


def test_the_settings_are_saved_with_their_entry(owner: Backend, demo_db: Path) -> None:
    view = owner.read(GetSettings())
    before = everything(demo_db)
    draft = as_typed(view, fee="299.00", notice_days="30", minimum_months="12")
    assert owner.do(SaveSettings(draft, version=view.version), route=ROUTE) == ("Saved. Account settings changed.")
    assert changed_tables(before, everything(demo_db)) == {"account", "event"}
    assert owner.read(GetSettings()) == replace(
        view, fee="299.00", notice_days=30, minimum_months=12, version=view.version + 1
    )
    assert owner.read(VerifyLog()).broken is None


def test_the_log_keeps_what_was_and_what_is_of_the_changed_fields_only(owner: Backend, demo_db: Path) -> None:
    save(
        owner,
        fee="299.00",
        notice_days="30",
        anchor=date(2019, 5, 20),
        own_holidays="2026-12-24",
        reasons="moving: Moving\nother: Other *",
    )
    (event,) = rows(demo_db, "SELECT * FROM event ORDER BY id DESC LIMIT 1")
    assert (event["command"], subject_of(event), event["actor"]) == ("account.settings", "account:1", "Ruth Hollis")
    assert (event["route"], event["contact_id"]) == (ROUTE, None)
    before, after = json.loads(event["before"]), json.loads(event["after"])
    assert before.pop("cancel_reasons").startswith("too_expensive: Too expensive, missing_features: ")
    assert before == {
        "fee": "249.00 USD",
        "notice_days": 10,
        "anchor": "2019-05-19",
        "own_holidays": "2026-11-27, 2026-12-24",
    }
    assert after == {
        "fee": "299.00 USD",
        "notice_days": 30,
        "anchor": "2019-05-20",
        "own_holidays": "2026-12-24",
        "cancel_reasons": "moving: Moving, other: Other *",
    }
    newest = owner.read(ListEvents(limit=1))[0]
    assert newest.title == "Account settings changed"
    assert ("Fee", "249.00 USD", "299.00 USD") in [(one.field, one.before, one.after) for one in newest.changes]


@pytest.mark.parametrize(
    ("change", "column", "stored"),
    [
        ({"name": " Juniper "}, "name", "Juniper"),
        ({"plan": "Pro"}, "plan", "Pro"),
        ({"plan": "", "anchor": None}, "plan", ""),
        ({"fee": "1,299"}, "fee_minor", 129900),
        ({"fee": "300", "currency": "eur"}, "fee_currency", "EUR"),
        ({"cycle": Cycle.YEAR}, "cycle", "year"),
        ({"frequency": "2"}, "frequency", 2),
        ({"anchor": date(2020, 2, 29)}, "anchor", "2020-02-29"),
        ({"began_on": None}, "created_on", None),
        ({"minimum_months": "24"}, "minimum_months", 24),
        ({"answer_days": "5"}, "answer_days", 5),
        ({"phone": ""}, "phone", ""),
        ({"hours": "always"}, "opening_hours", "always"),
        ({"country": "nz"}, "country", "NZ"),
        ({"time_zone": "Pacific/Auckland"}, "time_zone", "Pacific/Auckland"),
        ({"own_holidays": ""}, "own_holidays", "[]"),
    ],
)
def test_every_field_is_stored(
    owner: Backend, demo_db: Path, change: dict[str, Any], column: str, stored: object
) -> None:
    save(owner, **change)
    (account,) = rows(demo_db, "SELECT * FROM account")
    assert account[column] == stored
    assert account["version"] == 2
    assert owner.read(VerifyLog()).broken is None


def test_what_was_saved_can_be_saved_back(owner: Backend) -> None:
    first = owner.read(GetSettings())
    save(owner, fee="1.00", minimum_months="3", own_holidays="", plan="", anchor=None, country="DE", reasons="a: A")
    again = owner.read(GetSettings())
    owner.do(SaveSettings(as_typed(first), version=again.version))
    assert owner.read(GetSettings()) == replace(first, version=3)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"fee": "-1"}, {"fee"}),
        ({"country": "USA"}, {"country"}),
        ({"country": "XX", "phone": ""}, {"country"}),
        ({"time_zone": "Mars/Base"}, {"time_zone"}),
        ({"time_zone": ""}, {"time_zone"}),
        ({"own_holidays": "Christmas"}, {"own_holidays"}),
        ({"reasons": ""}, {"reasons"}),
        ({"notice_days": "x", "answer_days": "x", "anchor": None}, {"notice_days", "answer_days", "anchor"}),
    ],
)
def test_an_invalid_form_saves_nothing_and_names_its_fields(
    owner: Backend, demo_db: Path, change: dict[str, Any], fields: set[str]
) -> None:
    draft = as_typed(owner.read(GetSettings()), **change)
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        owner.do(SaveSettings(draft, version=1))
    assert {problem.field for problem in refused.value.problems} == fields
    assert owner.read(CheckSettings(draft)) == refused.value.problems
    assert everything(demo_db) == before


def test_there_is_nothing_to_save_where_nothing_changed(owner: Backend, demo_db: Path) -> None:
    view = owner.read(GetSettings())
    before = everything(demo_db)
    for draft in (as_typed(view), as_typed(view, name=f" {view.name} ", fee="249", country="us")):
        with pytest.raises(Refused, match="No changes to save"):
            owner.do(SaveSettings(draft, version=view.version))
    assert everything(demo_db) == before


def test_settings_that_somebody_changed_meanwhile_are_not_saved_over(owner: Backend, demo_db: Path) -> None:
    view = owner.read(GetSettings())
    with desk_on(demo_db, TODAY) as other:
        save(other, fee="299.00")
    before = everything(demo_db)
    with pytest.raises(Refused, match="Another user changed these settings after you opened them"):
        owner.do(SaveSettings(as_typed(view, notice_days="30"), version=view.version))
    assert everything(demo_db) == before
    assert save(owner, notice_days="30").fee == "299.00"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("admin", "An admin cannot change the account settings: ask the owner."),
        ("newadmin@demo.example", "An admin cannot change the account settings: ask the owner."),
        ("agent", "An agent cannot change the account settings: ask the owner."),
        ("viewer", "A viewer cannot change the account settings: ask the owner."),
    ],
)
def test_only_an_owner_saves(owner: Backend, demo_db: Path, who: str, words: str) -> None:
    draft = as_typed(owner.read(GetSettings()), fee="1.00")
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        with pytest.raises(NotAllowed, match=words):
            backend.do(SaveSettings(draft, version=1))
        assert everything(demo_db) == before


def test_an_owner_who_is_none_any_more_does_not_save(owner: Backend, demo_db: Path) -> None:
    draft = as_typed(owner.read(GetSettings()), fee="1.00")
    run(demo_db, "UPDATE \"user\" SET role = 'admin' WHERE id = 1")
    before = everything(demo_db)
    with pytest.raises(NotAllowed, match="An admin cannot change the account settings"):
        owner.do(SaveSettings(draft, version=1))
    assert everything(demo_db) == before


def test_read_only_mode_saves_nothing(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, read_only=True) as backend:
        before = everything(demo_db)
        with pytest.raises(Refused, match="This is read-only mode"):
            save(backend, fee="1.00")
        assert everything(demo_db) == before


def test_the_time_zone_takes_effect_at_once(demo_db: Path) -> None:
    with desk_on(demo_db, datetime(2026, 3, 10, 5, 0, tzinfo=UTC)) as backend:
        assert backend.today == date(2026, 3, 9)
        assert backend.read(PreviewCancellation(DRAFT)).found.in_time
        save(backend, time_zone="Pacific/Auckland")
        assert backend.today == date(2026, 3, 10)
        assert backend.session_info().time_zone == "Pacific/Auckland"
        assert not backend.read(PreviewCancellation(DRAFT)).found.in_time
        assert ask(backend).requested_on == date(2026, 3, 10)


def test_the_name_takes_effect_at_once(owner: Backend) -> None:
    save(owner, name="Juniper")
    assert owner.session_info().account == "Juniper"
    assert owner.read(GetMyAccount()).account == "Juniper"
    request = ask(owner)
    assert request.letter_id is not None
    assert "your request to cancel Juniper" in owner.read(GetLetter(request.letter_id)).subject


def test_the_terms_go_by_the_settings_from_then_on(owner: Backend) -> None:
    save(owner, notice_days="18", answer_days="3", own_holidays="2026-03-04", minimum_months="")
    found = owner.read(PreviewCancellation(DRAFT)).found
    assert (found.last_safe_day, found.in_time, found.answer_due) == (date(2026, 3, 1), False, date(2026, 3, 6))
    save(owner, minimum_months="84")
    found = owner.read(PreviewCancellation(DRAFT)).found
    assert (found.term_ends_on, found.ends_on) == (date(2026, 5, 5), date(2026, 5, 18))


def test_the_holidays_are_those_of_the_country(owner: Backend, demo_db: Path) -> None:
    with desk_on(demo_db, date(2026, 2, 5)) as backend:
        assert backend.read(PreviewCancellation(DRAFT)).found.answer_due == date(2026, 2, 9)
        save(backend, country="NZ", phone="")
        assert backend.read(PreviewCancellation(DRAFT)).found.answer_due == date(2026, 2, 10), (
            "6 February is Waitangi Day"
        )


def test_the_reasons_are_offered_at_once_and_old_ones_keep_their_code(owner: Backend) -> None:
    request = ask(owner)
    assert request.reason == "Too expensive"
    save(owner, reasons="moving: Moving away")
    assert [reason.label for reason in owner.read(GetCancellationForm()).reasons] == ["Moving away"]
    assert owner.read(GetTicket(request.id)).reason == "too_expensive"
    owner.do(WithdrawTicket(request.id, version=request.version))
    assert ask(owner, replace(DRAFT, reason_code="moving")).reason == "Moving away"
