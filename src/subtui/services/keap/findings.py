"""Keeps what was found out about an account's Keap."""

from collections.abc import Sequence

from subtui.services.registry import Job
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import KEAP_FINDING
from subtui.views.keap import Finding


def keep_findings(job: Job, findings: Sequence[Finding]) -> None:
    """Store findings, each in the place of an older answer to the same question."""
    rows = [
        {"name": one.name, "answer": one.answer, "detail": one.detail, "found_at": job.work.now} for one in findings
    ]
    with job.work.untracked_write() as session:
        connection = session.connection()
        new = dialect_of(connection).insert(KEAP_FINDING)
        latest = {name: new.excluded[name] for name in ("answer", "detail", "found_at")}
        connection.execute(new.on_conflict_do_update(index_elements=("name",), set_=latest), rows)
