"""The dashboard: recently opened contacts, subscriptions that end soon, data issues, and record counts."""

from sqlalchemy import func, select
from sqlmodel import col

from subtui.acts.contacts import CountRecords, GetOverview
from subtui.domain.batches import BatchStanding
from subtui.domain.outbox import FOR_A_PERSON
from subtui.services import contact_search, order_queries, reports, subscription_queries, tickets
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.tables import Batch
from subtui.storage.tables.core import KEAP_CONNECTION, KEAP_OUTBOX, KEAP_WALK
from subtui.storage.tables.keap import PULL
from subtui.views.customers import KeapOverview, Overview, Totals

_ROWS = 6


@answers(GetOverview)
def overview(reader: Reader, _query: GetOverview) -> Overview:
    """Handle `GetOverview`."""
    session, today = reader.session, reader.today
    return Overview(
        recent=contact_search.recent(session, reader.who.id, limit=_ROWS),
        ending_soon=subscription_queries.ending_soon(session, limit=_ROWS),
        loose_ends=subscription_queries.count_loose_ends(session, today),
        answers_due=tickets.answers_due(session, today),
        refunds_to_finish=order_queries.count_pending_refunds(session),
        refunds_owing=reports.count_left_a_balance(session),
        batches_waiting=session.execute(_BATCHES_WAITING).scalar_one(),
        keap=_keap(reader),
    )


_BATCHES_WAITING = select(func.count()).where(col(Batch.standing) == BatchStanding.WAITING.value)
_FOR_A_PERSON = (
    select(func.count())
    .select_from(KEAP_OUTBOX)
    .where(KEAP_OUTBOX.c.state.in_([state.value for state in FOR_A_PERSON]))
    .scalar_subquery()
)
# Without a connection there is no row, and nothing is counted.
_KEAP = (
    select(KEAP_WALK.c.read_at, _FOR_A_PERSON)
    .select_from(KEAP_CONNECTION)
    .outerjoin(KEAP_WALK, KEAP_WALK.c.kind == PULL)
    .where(KEAP_CONNECTION.c.connected)
)


def _keap(reader: Reader) -> KeapOverview | None:
    found = reader.session.execute(_KEAP).first()
    return KeapOverview(found[0], reader.now, found[1]) if found is not None else None


@answers(CountRecords)
def totals(reader: Reader, _query: CountRecords) -> Totals:
    """Handle `CountRecords`."""
    return Totals(contact_search.count(reader.session), subscription_queries.count_active(reader.session))
