"""The dashboard: recently opened contacts, subscriptions that end soon, data issues, and record counts."""

from subtui.acts.contacts import CountRecords, GetOverview
from subtui.services import contact_search, order_queries, reports, subscription_queries, tickets
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.views.customers import Overview, Totals

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
    )


@answers(CountRecords)
def totals(reader: Reader, _query: CountRecords) -> Totals:
    """Handle `CountRecords`."""
    return Totals(contact_search.count(reader.session), subscription_queries.count_active(reader.session))
