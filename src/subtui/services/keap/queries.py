"""Handlers of queries about the connection: its state, the outbox, and what could not be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from subtui.acts.keap import (
    GetKeapStanding,
    GetKeapStatus,
    GetOutboxEntry,
    ListFindings,
    ListOutbox,
    ListRemarks,
)
from subtui.domain.errors import NotFound
from subtui.domain.event_types import title_of
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.keap.wire import FIELD_WORDS, FIELDS, words_of
from subtui.services.keap import outbox, remarks, standing
from subtui.services.keap.charging_plans import plans_of
from subtui.services.keap.questions import ACCOUNT, QUESTIONS, as_finding
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.tables.core import (
    CONTACT,
    EVENT,
    KEAP_CONNECTION,
    KEAP_FINDING,
    KEAP_IMAGE,
    KEAP_OUTBOX,
    KEAP_REMARK,
    KEAP_WALK,
    PLAN,
    SUBSCRIPTION,
)
from subtui.storage.tables.keap import PULL
from subtui.views.keap import FieldSides, Finding, KeapStanding, KeapStatus, OutboxEntry, OutboxRow, ReadKind, Remark

_CHECKED = select(KEAP_FINDING.c.found_at).where(KEAP_FINDING.c.name == ACCOUNT)


@answers(GetKeapStatus)
def get_status(reader: Reader, _query: GetKeapStatus) -> KeapStatus:
    """Handle `GetKeapStatus`."""
    return status_of(reader)


def status_of(reader: Reader) -> KeapStatus:
    """The state of the connection."""
    session = reader.session
    stored = session.execute(select(KEAP_CONNECTION)).first()
    if stored is None:
        return KeapStatus(seen_at=reader.now)
    walks = {row.kind: row for row in session.execute(select(KEAP_WALK)).all()}
    whole = walks.pop(PULL, None)
    found_out = remarks.counts(session)
    return KeapStatus(
        tenant=stored.tenant,
        name=stored.name,
        base_url=stored.base_url,
        connected=stored.connected,
        connected_by=stored.connected_by,
        connected_at=stored.connected_at,
        writing_allowed=stored.writing_allowed,
        sends_by_itself=stored.sends_by_itself,
        read_at=whole.read_at if whole else None,
        kinds=tuple(
            ReadKind(row.kind, row.read_at, bool(row.walk), dict(row.counts), row.refused) for row in walks.values()
        ),
        by_state=outbox.counts(session),
        left_out=found_out.get(remarks.LEFT_OUT, 0),
        gone=found_out.get(remarks.GONE, 0),
        checked_at=session.execute(_CHECKED).scalar(),
        version=stored.version,
        seen_at=reader.now,
    )


@answers(ListFindings)
def list_findings(reader: Reader, _query: ListFindings) -> tuple[Finding, ...]:
    """Handle `ListFindings`."""
    if reader.session.execute(_CHECKED).scalar() is None:
        return ()  # a reading has found out something for itself
    found = {row.name: row for row in reader.session.execute(select(KEAP_FINDING))}
    names = [*(name for name in QUESTIONS if name in found), *sorted(found.keys() - QUESTIONS.keys())]
    return tuple(as_finding(name, found[name].answer, found[name].detail) for name in names)


@answers(ListRemarks)
def list_remarks(reader: Reader, query: ListRemarks) -> tuple[Remark, ...]:
    """Handle `ListRemarks`."""
    columns = [KEAP_REMARK.c[name] for name in ("kind", "keap_id", "what", "reason", "at")]
    found = select(*columns).order_by(KEAP_REMARK.c.at.desc(), KEAP_REMARK.c.kind, KEAP_REMARK.c.keap_id)
    return tuple(Remark(*row) for row in reader.session.execute(found.limit(query.limit)))


# --- the outbox -------------------------------------------------------------------------------------------------------

_ROWS = (
    select(
        KEAP_OUTBOX,
        *(EVENT.c[name] for name in ("actor", "command", "before", "after", "hash")),
        *(CONTACT.c[name] for name in ("first_name", "last_name", "company", "email")),
        PLAN.c.name.label("plan"),
    )
    .join(EVENT, EVENT.c.id == KEAP_OUTBOX.c.event_id)
    .outerjoin(CONTACT, CONTACT.c.id == KEAP_OUTBOX.c.contact_id)
    .outerjoin(SUBSCRIPTION, SUBSCRIPTION.c.id == KEAP_OUTBOX.c.subscription_id)
    .outerjoin(PLAN, PLAN.c.id == SUBSCRIPTION.c.plan_id)
    .order_by(KEAP_OUTBOX.c.id.desc())
)


@answers(ListOutbox)
def list_outbox(reader: Reader, query: ListOutbox) -> tuple[OutboxRow, ...]:
    """Handle `ListOutbox`."""
    states = [state.value for state in query.states or OPEN_STATES]
    return _rows(reader, _ROWS.where(KEAP_OUTBOX.c.state.in_(states)).limit(query.limit))


def _rows(reader: Reader, found: Select[Any]) -> tuple[OutboxRow, ...]:
    return tuple(_row(row) for row in reader.session.execute(found))


def _row(row: Any) -> OutboxRow:
    name = f"{row.first_name or ''} {row.last_name or ''}".strip() or row.company or row.email or ""
    of = row.plan if row.subscription_id else f"Order {row.order_id}"
    return OutboxRow(
        id=row.id,
        state=SendState(row.state),
        what=f"{title_of(row.command, row.before, row.after)}: {of}",
        contact=name,
        contact_id=row.contact_id,
        subscription_id=row.subscription_id,
        order_id=row.order_id,
        recorded_at=row.recorded_at,
        who=row.actor,
        note=row.note,
    )


@answers(GetOutboxEntry)
def get_entry(reader: Reader, query: GetOutboxEntry) -> OutboxEntry:
    """Handle `GetOutboxEntry`."""
    return entry_of(reader, query.outbox_id)


def entry_of(reader: Reader, number: int) -> OutboxEntry:
    """A change with everything that is known of it. Raises NotFound."""
    row = reader.session.execute(_ROWS.where(KEAP_OUTBOX.c.id == number)).first()
    if row is None:
        raise NotFound(f"There is no change {number} in the outbox.")
    return OutboxEntry(
        row=_row(row),
        keap_id=row.keap_id,
        event_id=row.event_id,
        event_hash=row.hash,
        sides=_sides(row.wanted, row.seen, _there(reader, row)),
        steps=tuple(row.steps),
        attempts=row.attempts,
        sent_at=row.sent_at,
        checked_at=row.checked_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        version=row.version,
    )


def _there(reader: Reader, row: Any) -> Mapping[str, Any] | None:
    """The subscription as it was last read in Keap; None where it has not been read since the change."""
    if row.subscription_id is None or row.checked_at is None:
        return None
    image = select(KEAP_IMAGE.c.there).where(KEAP_IMAGE.c.subscription_id == row.subscription_id)
    found: Mapping[str, Any] | None = reader.session.execute(image).scalar()
    return found


def _sides(
    wanted: Mapping[str, Sequence[Any]], seen: Mapping[str, Sequence[Any]], there: Mapping[str, Any] | None
) -> tuple[FieldSides, ...]:
    sides = []
    for name in (name for name in FIELDS if name in wanted):
        base, here = (words_of(name, value) for value in wanted[name][:2])
        now = words_of(name, there.get(name)) if there is not None else ""
        sides.append(FieldSides(FIELD_WORDS[name], base, here, now, name in seen))
    return tuple(sides)


@answers(GetKeapStanding)
def get_standing(reader: Reader, query: GetKeapStanding) -> KeapStanding:
    """Handle `GetKeapStanding`."""
    if not standing.is_connected(reader.session):
        return KeapStanding()
    return standing_of(reader, subscription_id=query.subscription_id, order_id=query.order_id, event_id=query.event_id)


def standing_of(
    reader: Reader, *, subscription_id: int | None = None, order_id: int | None = None, event_id: int | None = None
) -> KeapStanding:
    """What has become of the changes of a subscription, of an order, or of an entry of the log."""
    of: Any = KEAP_OUTBOX.c.event_id == event_id
    if subscription_id is not None:
        of = KEAP_OUTBOX.c.subscription_id == subscription_id
    elif order_id is not None:
        of = KEAP_OUTBOX.c.order_id == order_id
    read = reader.session.execute(select(KEAP_WALK.c.read_at).where(KEAP_WALK.c.kind == PULL)).scalar()
    plans = plans_of(reader, subscription_id) if subscription_id is not None else ()
    return KeapStanding(_rows(reader, _ROWS.where(of).limit(20)), read, plans)
