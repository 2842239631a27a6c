"""Finds out whether Keap's list of subscriptions holds the inactive ones, which its description does not say."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from subtui.services.keap.findings import keep_findings
from subtui.services.keap.questions import INACTIVE, as_finding
from subtui.services.registry import Job
from subtui.storage.tables.core import KEAP_FINDING


def are_listed(job: Job) -> bool:
    """Whether the list is known to hold them, or it is not known yet."""
    with job.work.read() as session:
        answer = session.execute(select(KEAP_FINDING.c.answer).where(KEAP_FINDING.c.name == INACTIVE)).scalar()
    return answer != "no"


class InactiveSeen:
    """Looks through one walk over all subscriptions, from its beginning to its end."""

    def __init__(self) -> None:
        self._rows = 0
        self._seen = False

    def look(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Look at the rows of a page."""
        self._rows += len(rows)
        self._seen = self._seen or any(row.get("active") is False for row in rows)

    def note(self, job: Job) -> None:
        """Keep what the walk has found out; nothing, if there were no rows."""
        if self._rows:
            detail = "" if self._seen else "They are read apart, by a filter."
            keep_findings(job, [as_finding(INACTIVE, "yes" if self._seen else "no", detail)])
