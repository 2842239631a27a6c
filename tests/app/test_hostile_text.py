"""Text from data is shown as it stands: no markup, no escape, no control, no bidi character reaches the screen."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.content import Content

from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.app.content import fitted, safe, safe_lines
from subtui.app.routes import PATTERNS, Pattern
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from tests.app.driver import DEMO_DAY, running
from tests.app.hostile import FORBIDDEN, HOSTILE
from tests.seeds import small_seed, write_seed
from tests.services.database import run


@pytest.fixture
def hostile_db(tmp_path: Path) -> Path:
    """A database in which every text is as bad as the first ones above."""
    seed = small_seed()
    bad = " ".join(HOSTILE)
    seed["account"]["name"] = bad
    seed["users"][0]["name"] = bad
    seed["users"][0]["role"] = "agent"
    seed["tags"][0]["name"] = bad
    seed["products"][0]["name"] = seed["plans"][0]["name"] = bad
    contact = seed["contacts"][0]
    for field in ("first_name", "last_name", "company", "job_title", "email", "phone1", "website", "person_notes"):
        contact[field] = bad
    contact["automations"] = [bad]
    contact["billing_address"] = [bad]
    contact["notes"][0]["text"] = contact["notes"][0]["author"] = bad
    contact["cards"][0]["brand"] = bad
    seed["orders"][0]["title"] = bad
    seed["orders"][0]["items"][0]["name"] = bad
    payment = seed["orders"][0]["payments"][0]
    payment["note"] = payment["method"] = payment["gateway_reference"] = bad
    seed["account"]["plan"] = seed["account"]["phone"] = seed["account"]["opening_hours"] = bad
    seed["account_invoices"][0]["number"] = bad
    ticket = seed["requests"][0]
    ticket["subject"] = ticket["comment"] = ticket["email"] = ticket["phone"] = ticket["outcome_note"] = bad
    for entry in ticket["correspondence"]:
        entry["author"] = entry["subject"] = entry["body"] = bad
    subscription = seed["subscriptions"][0]
    subscription["reason_note"] = bad
    db = tmp_path / "hostile.db"
    with Backend.open(str(db), clock=Clock(DEMO_DAY), seed=write_seed(tmp_path, seed)) as backend:
        backend.sign_in_demo()
        record = backend.read(GetSubscription(1))
        draft = replace(
            draft_of(record.terms), status=Status.INACTIVE, end_date=DEMO_DAY, reason_code="other", reason_note=bad
        )
        backend.do(SaveSubscription(1, draft, version=record.version), route="/[/x]")
    return db


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.screen)
async def test_every_screen_shows_hostile_data_as_it_stands(hostile_db: Path, pattern: Pattern) -> None:
    route = pattern.address.replace("{id}", "1")
    who = None if route == "/sign-in" else "agent"
    if route.startswith(("/admin", "/users")):
        run(hostile_db, "UPDATE user SET role = 'owner'")
        run(hostile_db, "UPDATE sign_in SET host = '[/x] [@click=app.quit]\x1b[2J', route = '[b', ended_at = NULL")
        who = "owner"
    async with running(hostile_db, route=route, who=who) as driver:
        if route == "/":
            await driver.type("foo")
        for size in ((60, 24), (120, 36), (200, 60)):
            await driver.resize(*size)
            assert driver.app.failure is None
            assert not FORBIDDEN & set(driver.text)
            assert driver.app.person is not None or who is None, "nothing in the data signs anybody out"


async def test_hostile_names_can_be_opened_marked_and_cancelled(hostile_db: Path) -> None:
    async with running(hostile_db, size=(120, 36)) as driver:
        await driver.type("click")
        await driver.press("enter", "o", "s", "enter", "u")
        assert driver.message.startswith("Undone.")
        assert "[/foo] b [@click=app.quit]Bob" in driver.text


@pytest.mark.parametrize("text", HOSTILE)
def test_the_gate_leaves_no_character_that_could_steer_a_terminal(text: str) -> None:
    assert not FORBIDDEN & set(sanitize(text))
    assert not (FORBIDDEN - {"\n"}) & set(sanitize_lines(text))
    assert safe(text).plain == sanitize(text)
    assert safe(text).spans == []
    assert isinstance(safe_lines(text), Content)


def test_plain_letters_of_every_script_pass_unchanged() -> None:
    for text in ("López, María", "陈伟", "山田 花子", "محمد", "שרה", "Ørsted-Lind", "🥐 & Co", "a [b] c"):
        assert sanitize(text) == text


@pytest.mark.parametrize(
    ("text", "width"), [("陈伟 bakery", 5), ("a" * 300, 10), ("", 4), ("é", 1), ("🥐🥐🥐", 3), ("x", 0)]
)
def test_fitted_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert cell_len(fitted(text, width)) == width


SINKS = {"Static", "Label", "Button", "notify", "update"}


def test_no_screen_hands_a_made_up_string_to_a_widget_that_would_parse_it() -> None:
    """An f-string in such a place could carry data past the gate; `safe` and `concat` are the way."""
    found = []
    for path in Path("src/subtui/app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SINKS and any(isinstance(arg, ast.JoinedStr) for arg in node.args):
                found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []
