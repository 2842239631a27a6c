"""Lists of subscriptions: the rows, the filters and the sort orders."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlmodel import col

from subtui.acts.subscriptions import ListProducts, ListSubscriptions
from subtui.domain.billing import Cycle
from subtui.domain.money import Money
from subtui.domain.names import list_name
from subtui.domain.normalization import normalize, words
from subtui.domain.outbox import SendState
from subtui.domain.search_query import SearchQuery, parse
from subtui.domain.search_text import id_of
from subtui.domain.subscriptions import DataIssue, Status, data_issues
from subtui.services.audit_snapshots import terms_of
from subtui.services.keap import standing
from subtui.services.registry import answers
from subtui.services.search_conditions import subscription_conditions
from subtui.services.subscription_states import ACTIVE, in_state, with_issue
from subtui.services.unit_of_work import Reader
from subtui.storage.dialects import dialect_of
from subtui.storage.tables import Contact, Product, Subscription, SubscriptionPlan
from subtui.storage.tables.sales import ENDING
from subtui.views.customers import EndingSoon, Page, ProductChoice, SubscriptionFilter, SubscriptionRow

_NOT_ENDING = case((col(Subscription.end_date).is_(None), 1), else_=0)

_NUMBER = col(Subscription.id)
_NOT_BILLED = case((col(Subscription.next_bill_date).is_(None), 1), else_=0)
_AMOUNT = col(Subscription.price_minor) * col(Subscription.quantity)
_PLAN = select(func.lower(SubscriptionPlan.name)).where(col(SubscriptionPlan.id) == col(Subscription.plan_id))

SORTS: dict[str, tuple[Any, ...]] = {
    # "Active" comes before "Inactive" by its letters too: an index has this order.
    "standing": (col(Subscription.status), col(Subscription.start_date).desc(), _NUMBER),
    "contact": (col(Contact.sort_key), _NUMBER),
    "end": (_NOT_ENDING, col(Subscription.end_date), _NUMBER),
    "next": (_NOT_BILLED, col(Subscription.next_bill_date), _NUMBER),
    "amount": (_AMOUNT.desc(), _NUMBER),
    "id": (_NUMBER,),
    "plan": (_PLAN.scalar_subquery(), _NUMBER),
    "quantity": (col(Subscription.quantity).desc(), _NUMBER),
    "start": (col(Subscription.start_date), _NUMBER),
    "auto": (col(Subscription.auto_charge).desc(), _NUMBER),
    "status": (col(Subscription.status), _NUMBER),
    "cycle": (col(Subscription.cycle), col(Subscription.frequency), _NUMBER),
    "credits": (col(Subscription.credits).desc(), _NUMBER),
}
"""The orders of a list by their names."""


def order_of(sort: str, *, reverse: bool) -> tuple[Any, ...]:
    """A sort order, or it the other way round; what has no value in it stays last."""
    order = SORTS.get(sort, SORTS["contact"])
    if not reverse:
        return order
    return tuple(part if part is _NOT_ENDING or part is _NOT_BILLED else _turned(part) for part in order)


def _turned(part: Any) -> Any:
    descending = getattr(part, "modifier", None) is operators.desc_op
    return part.element if descending else part.desc()


def subscription_rows(session: Session, rows: Sequence[Subscription], today: date) -> tuple[SubscriptionRow, ...]:
    """The list rows for `rows`, in their order."""
    contacts = _by_id(session, Contact, {row.contact_id for row in rows})
    plans = _by_id(session, SubscriptionPlan, {row.plan_id for row in rows})
    there = standing.of_subscriptions(session, [row.id or 0 for row in rows])
    return tuple(_row(row, contacts[row.contact_id], plans[row.plan_id], today, there.get(row.id or 0)) for row in rows)


def _by_id(session: Session, table: Any, ids: set[int]) -> dict[int, Any]:
    return {row.id: row for row in session.execute(select(table).where(table.id.in_(ids))).scalars()}


def _row(
    row: Subscription, contact: Contact, plan: SubscriptionPlan, today: date, there: SendState | None
) -> SubscriptionRow:
    terms = terms_of(row)
    return SubscriptionRow(
        id=row.id or 0,
        contact_id=row.contact_id,
        contact=list_name(contact.first_name, contact.last_name, contact.company, contact.email, row.contact_id),
        plan=plan.name,
        quantity=row.quantity,
        start_date=row.start_date,
        bill_amount=Money(row.price_minor * row.quantity, row.currency),
        auto_charge=row.auto_charge,
        status=Status(row.status),
        cycle=Cycle(row.cycle),
        frequency=row.frequency,
        next_bill_date=row.next_bill_date,
        credits=row.credits,
        end_date=row.end_date,
        loose=data_issues(terms.ending, today),
        state=terms.state(today),
        pause=terms.pause,
        keap=there,
    )


COUNTED = 10_000
"""More rows than this are not counted, and not sorted whole."""

CONTACTS_AT_ONCE = 500


@answers(ListSubscriptions)
def list_subscriptions(reader: Reader, query: ListSubscriptions) -> Page[SubscriptionRow]:
    """Handle `ListSubscriptions`."""
    return filtered(reader.session, query.wanted, reader.today, limit=query.limit, counted=query.counted)


def filtered(
    session: Session, wanted: SubscriptionFilter, today: date, *, limit: int, counted: int = COUNTED
) -> Page[SubscriptionRow]:
    """The subscriptions that pass the filter, the first `limit` in its sort order.

    With operators in the text, of more than `counted` those are sorted that were found first.
    """
    query = parse(wanted.text, today=today)
    conditions = _conditions(session, wanted, query, today)
    if query.conditions:
        return _found(session, conditions, wanted, today, limit=limit, counted=counted)
    passing = select(col(Subscription.id)).where(*conditions).limit(COUNTED + 1)
    total = session.execute(select(func.count()).select_from(passing.subquery())).scalar_one()
    capped = total > COUNTED
    rows = _sorted(session, conditions, wanted, limit, many=capped)
    return Page(subscription_rows(session, rows, today), min(total, COUNTED), capped)


def matching_ids(session: Session, wanted: SubscriptionFilter, today: date, *, limit: int) -> tuple[int, ...]:
    """The ids of the subscriptions that pass the filter, the lowest `limit` in order."""
    conditions = _conditions(session, wanted, parse(wanted.text, today=today), today)
    passing = select(col(Subscription.id)).where(*conditions).order_by(col(Subscription.id)).limit(limit)
    return tuple(number or 0 for number in session.execute(passing).scalars())


def _found(
    session: Session,
    conditions: list[ColumnElement[bool]],
    asked: SubscriptionFilter,
    today: date,
    *,
    limit: int,
    counted: int,
) -> Page[SubscriptionRow]:
    """The subscriptions that fulfil any conditions: no index need have their order, so not all can be sorted."""
    passing = select(col(Subscription.id)).where(*conditions).limit(counted + 1).subquery()
    wanted = (
        select(Subscription, func.count().over())
        .join(passing, passing.c.id == col(Subscription.id))
        .join(Contact, col(Contact.id) == col(Subscription.contact_id))
        .order_by(*order_of(asked.sort, reverse=asked.reverse))
        .limit(limit)
    )
    found = session.execute(wanted).all()
    total = found[0][1] if found else 0
    rows = subscription_rows(session, [row for row, _ in found], today)
    return Page(rows, min(total, counted), capped=total > counted)


def _sorted(
    session: Session, conditions: list[ColumnElement[bool]], asked: SubscriptionFilter, limit: int, *, many: bool
) -> list[Subscription]:
    """The first rows in a sort order. Many rows are read along an index where one has that order."""
    sort, state = asked.sort, asked.state
    wanted = select(Subscription).where(*conditions)
    order = order_of(sort, reverse=asked.reverse)
    if many and not asked.reverse and (sort, state) in _DATED:
        column = _DATED[sort, state]
        dated = wanted.where(column.is_not(None)).order_by(column, col(Subscription.id)).limit(limit)
        rows = list(session.execute(dated).scalars())
        if len(rows) == limit:
            return rows
    by_contact = SORTS.get(sort, SORTS["contact"]) is SORTS["contact"]
    if many and by_contact:
        return _by_contact(session, wanted, limit, reverse=asked.reverse)
    concat = wanted.join(Contact, col(Contact.id) == col(Subscription.contact_id)) if by_contact else wanted
    return list(session.execute(concat.order_by(*order).limit(limit)).scalars())


# The states left out have hardly any such dates: reading along the index would find few rows.
_DATED = {
    ("end", "all"): col(Subscription.end_date),
    ("end", "inactive"): col(Subscription.end_date),
    ("next", "all"): col(Subscription.next_bill_date),
    ("next", "active"): col(Subscription.next_bill_date),
}


def _by_contact(session: Session, wanted: Any, limit: int, *, reverse: bool) -> list[Subscription]:
    """The first rows by contact, for a filter that many rows pass: reads the contacts in order, in batches."""
    rows: list[Subscription] = []
    key = tuple_(col(Contact.sort_key), col(Contact.id))
    order = [part.desc() if reverse else part for part in (col(Contact.sort_key), col(Contact.id))]
    behind: list[ColumnElement[bool]] = []
    while len(rows) < limit:
        some = select(col(Contact.sort_key), col(Contact.id)).where(*behind)
        contacts = session.execute(some.order_by(*order).limit(CONTACTS_AT_ONCE)).all()
        if not contacts:
            break
        place = {number: at for at, (_, number) in enumerate(contacts)}
        theirs = session.execute(wanted.where(col(Subscription.contact_id).in_(place))).scalars()
        sign = -1 if reverse else 1
        rows += sorted(theirs, key=lambda row: (place[row.contact_id], sign * (row.id or 0)))
        last = tuple_(*map(literal, contacts[-1]))
        behind = [key < last if reverse else key > last]
    return rows[:limit]


def _conditions(
    session: Session, wanted: SubscriptionFilter, query: SearchQuery, today: date
) -> list[ColumnElement[bool]]:
    found = [] if wanted.state == "all" else [in_state(wanted.state, today)]
    if query.problem:
        found.append(false())
    found += subscription_conditions(session, query.conditions, today)
    if wanted.product_id is not None:
        of_product = select(col(SubscriptionPlan.id)).where(col(SubscriptionPlan.product_id) == wanted.product_id)
        found.append(col(Subscription.plan_id).in_(of_product))
    if wanted.ends_by is not None:
        found.append(col(Subscription.end_date) <= wanted.ends_by)
    wanted_words = words(query.words)
    # SQL does not lower accented letters; the plans are few enough to be compared here.
    plans = session.execute(select(SubscriptionPlan)).scalars().all() if wanted_words else ()
    dialect = dialect_of(session.connection())
    for word in wanted_words:
        ways: list[ColumnElement[bool]] = [col(Subscription.contact_id).in_(dialect.contacts_with(word))]
        # Each further condition makes the search wider: add only those that can match.
        of_plans = [plan.id for plan in plans if word in normalize(plan.name)]
        if of_plans:
            ways.append(col(Subscription.plan_id).in_(of_plans))
        number = id_of(word)
        if number is not None:
            ways.append(col(Subscription.id) == number)
        found.append(or_(*ways))
    return found


def count_loose_ends(session: Session, today: date) -> tuple[tuple[DataIssue, int], ...]:
    """The number of subscriptions with each data issue, worst first, without those that have none."""
    # Each uses the partial index of these rows: by default SQLite scans all inactive ones.
    indexes = ("still_charging", "no_end_date", "no_reason", "ending")
    counts = (
        (
            issue,
            session.execute(
                select(func.count())
                .select_from(Subscription)
                .with_hint(Subscription, f"INDEXED BY ix_subscription_{index}", "sqlite")
                .where(condition)
            ).scalar_one(),
        )
        for (issue, condition), index in zip(with_issue(today).items(), indexes, strict=True)
    )
    return tuple((issue, int(count)) for issue, count in counts if count)


def ending_soon(session: Session, *, limit: int) -> tuple[EndingSoon, ...]:
    """The active subscriptions with an end date, the nearest first."""
    ending = (
        select(Subscription, Contact, SubscriptionPlan)
        .join(Contact, col(Contact.id) == col(Subscription.contact_id))
        .join(SubscriptionPlan, col(SubscriptionPlan.id) == col(Subscription.plan_id))
        .where(ENDING)
        .order_by(col(Subscription.end_date), col(Subscription.id))
        .limit(limit)
    )
    return tuple(
        EndingSoon(
            row.id or 0,
            row.end_date or date.min,
            plan.name,
            list_name(contact.first_name, contact.last_name, contact.company, contact.email, row.contact_id),
        )
        for row, contact, plan in session.execute(ending)
    )


def count_active(session: Session) -> int:
    """The number of active subscriptions."""
    return int(session.execute(select(func.count()).select_from(Subscription).where(ACTIVE)).scalar_one())


@answers(ListProducts)
def list_products(reader: Reader, _query: ListProducts) -> tuple[ProductChoice, ...]:
    """Handle `ListProducts`."""
    session = reader.session
    sold = select(col(SubscriptionPlan.product_id))
    products = select(Product).where(col(Product.id).in_(sold)).order_by(col(Product.name))
    return tuple(ProductChoice(product.id or 0, product.name) for product in session.execute(products).scalars())
