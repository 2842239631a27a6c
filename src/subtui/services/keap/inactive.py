"""Finds out whether Keap's list of subscriptions holds the inactive ones, which its description does not say."""

from sqlalchemy import select

from subtui.domain.subscriptions import Status
from subtui.services.keap.findings import keep_findings
from subtui.services.keap.questions import INACTIVE, as_finding
from subtui.services.registry import Job
from subtui.storage.tables.core import KEAP_FINDING, KEAP_IMAGE, SUBSCRIPTION

_ANSWER = select(KEAP_FINDING.c.answer).where(KEAP_FINDING.c.name == INACTIVE)
_LOOKED_AT = 500


def are_listed(job: Job) -> bool:
    """Whether the list is known to hold them, or it is not known yet."""
    with job.work.read() as session:
        return session.execute(_ANSWER).scalar() != "no"


def look_after_whole_walk(job: Job) -> None:
    """Keep whether a walk over all subscriptions has met an inactive one; nothing where there are none at all."""
    read = select(KEAP_IMAGE.c.there).join(SUBSCRIPTION, SUBSCRIPTION.c.id == KEAP_IMAGE.c.subscription_id)
    with job.work.read() as session:
        before = session.execute(_ANSWER).scalar()
        if before == "no" or session.execute(read.limit(1)).first() is None:
            return  # those that were met since have been read apart
        inactive = read.where(SUBSCRIPTION.c.status == Status.INACTIVE.value).limit(_LOOKED_AT)
        met = any(there.get("active") is False for there in session.execute(inactive).scalars())
    answer = "yes" if met else "no"
    if answer != before:
        keep_findings(job, [as_finding(INACTIVE, answer, "" if met else "They are read apart, by a filter.")])
