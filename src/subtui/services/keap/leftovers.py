"""Tries rows again that could not be taken: what they need may have been read since."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from subtui.domain.permissions import Permission
from subtui.services.keap.kinds import WRITERS, Writing
from subtui.services.keap.remarks import LEFT_OUT
from subtui.services.registry import Job
from subtui.storage.tables.core import KEAP_REMARK

_AT_ONCE = 500


def try_again(job: Job, writing: Writing) -> None:
    """Write the rows that were left out, kind by kind; those that can be taken now are marked no longer."""
    with job.work.read() as session:
        found = session.execute(
            select(KEAP_REMARK.c.kind, KEAP_REMARK.c.body).where(KEAP_REMARK.c.what == LEFT_OUT)
        ).all()
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for kind, body in found:
        by_kind.setdefault(kind, []).append(body)
    for kind in (kind for kind in WRITERS if kind in by_kind):
        rows = by_kind[kind]
        for at in range(0, len(rows), _AT_ONCE):
            with job.transaction(Permission.SYNC_KEAP) as tx:
                WRITERS[kind](tx, writing, rows[at : at + _AT_ONCE])
