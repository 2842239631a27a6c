"""Finds rows that Keap has no longer: those that a whole walk passes without meeting them. They stay here, marked."""

from collections.abc import Callable

from sqlalchemy import select

from subtui.keap.ids import is_keaps
from subtui.keap_api.calls import Caller
from subtui.keap_api.errors import CallFailed, NotThere
from subtui.services.keap import remarks
from subtui.services.keap.page_import import id_of
from subtui.services.keap.reading import Calls, Rows
from subtui.services.keap.walks import CONTACTS, ORDERS, SUBSCRIPTIONS, Listing
from subtui.services.registry import Job
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import CONTACT, ORDER, SUBSCRIPTION

_TABLES = {CONTACTS.kind: CONTACT, SUBSCRIPTIONS.kind: SUBSCRIPTION, ORDERS.kind: ORDER}
_AT_MOST = 20
"""Rows of a page that are asked for one by one: more would be a sign that the list is not what it seems."""

_LARGEST = 2**63 - 1

_WORDS = "Keap answers that it has no such row: deleted there, or merged with another one."


def look_for_gone(
    job: Job, calls: Calls, listing: Listing, after: str, page: Rows | None
) -> list[Callable[[Transaction], None]]:
    """What is to be written about rows between two ids that are here and not on the page; None: behind the last page.

    They are asked for one by one: only an answer that there is none counts.
    """
    kind = listing.kind
    table = _TABLES.get(kind)
    if table is None:
        return []
    there = {id_of(found) for found in page.rows} if page is not None else set()
    first, last = int(after or 0), int(page.after) if page is not None else _LARGEST
    # A row keeps Keap's number as its own, unless that was taken; the few others are found by nothing but luck.
    within = table.c.id > first, table.c.id <= last
    with job.work.read() as session:
        known = session.execute(select(table.c.keap_id).where(*within)).scalars().all()
        marked = remarks.keap_ids(session.connection(), kind, remarks.GONE)
    found: list[Callable[[Transaction], None]] = []
    back = sorted(marked & there)
    if back:
        found.append(lambda tx: remarks.forget(tx.session.connection(), kind, remarks.GONE, back))
    suspects = [number for number in known if is_keaps(number) and number not in there and number not in marked]
    suspects = [number for number in suspects if number.isdigit() and first < int(number) <= last]
    gone = [number for number in suspects[:_AT_MOST] if calls.ask(_is_gone(f"{listing.path}/{number}"))]
    if gone:
        found.append(lambda tx: mark_gone(tx, kind, gone))
    return found


def _is_gone(path: str) -> Callable[[Caller], bool]:
    def ask(caller: Caller) -> bool:
        try:
            caller.get(path)
        except NotThere:
            return True
        except CallFailed:
            return False
        return False

    return ask


def mark_gone(tx: Transaction, kind: str, keap_ids: list[str]) -> None:
    """Keep that Keap has these rows no longer."""
    about = {"kind": kind, "what": remarks.GONE, "reason": _WORDS, "body": {}, "at": tx.now}
    remarks.keep(tx.session.connection(), [about | {"keap_id": number} for number in keap_ids])
