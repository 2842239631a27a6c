"""Several processes at the same records at once: nothing is lost, doubled or overpaid, each refusal a sentence."""

from pathlib import Path

from benchmarks.agents import check, together

from .asking import TODAY, desk_on
from .database import rows

AGENTS, ACTS = 3, 15


def test_agents_at_the_same_records_lose_nothing(demo_db: Path) -> None:
    before = rows(demo_db, "SELECT count(*) AS found FROM event")[0]["found"]
    found = together(str(demo_db), AGENTS, ACTS)
    assert found["done"].total() + found["refused"].total() == AGENTS * ACTS
    assert found["done"].total() > AGENTS
    assert check(str(demo_db), before, found["done"]) == []
    for sentence in found["refused"]:
        assert len(sentence.split()) > 3
    with desk_on(demo_db, TODAY, "owner") as backend:
        assert backend.session_info().rolled == 0
    versions = rows(
        demo_db,
        "SELECT s.id, s.version - (SELECT count(*) FROM event e WHERE e.subject_type = 'subscription'"
        " AND e.subject_id = s.id AND e.id > 12) AS version FROM subscription s WHERE s.id BETWEEN 1038 AND 1060",
    )
    assert {row["version"] for row in versions} == {1}, "each save is one version and one entry"
