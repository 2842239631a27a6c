"""Texts that no database takes, or that one takes and another does not, come in the same on both kinds."""

import json
from pathlib import Path

from tests.services.importing import Business

from .asking import TODAY, desk_on
from .database import rows
from .ordering import MONTHLY, refund, set_inactive

NUL, LONE = "a\x00b", "c\ud800d"


def test_a_file_with_such_a_text_is_taken_without_its_row(business: Business) -> None:
    people = [{"id": 1, "family_name": NUL}, {"id": 2, "family_name": LONE}, {"id": 3, "family_name": "Lee"}]
    report = business.bring({"contacts.json": json.dumps({"contacts": people})})
    reasons = ["contains control characters", "one of its texts contains half a character"]
    assert sorted(row.reason for row in report.left_out) == reasons
    assert business.rows("SELECT last_name FROM contact WHERE keap_id IS NOT NULL") == [{"last_name": "Lee"}]
    business.check()


def test_nul_and_lone_surrogates_in_a_form(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as backend:
        set_inactive(backend, reason_note=f"gone {NUL} {LONE}")
        refund(backend, MONTHLY, note=f"back {NUL} {LONE}", reference=f"r{NUL}{LONE}")
    for query in (
        "SELECT reason_note AS text FROM subscription WHERE id = 1042",
        "SELECT note AS text FROM payment ORDER BY id DESC LIMIT 1",
        "SELECT gateway_reference AS text FROM payment ORDER BY id DESC LIMIT 1",
        "SELECT body AS text FROM letter ORDER BY id DESC LIMIT 1",
    ):
        text = rows(demo_db, query)[0]["text"]
        assert "\x00" not in text
        text.encode("utf-8")
