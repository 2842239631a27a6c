"""Handlers of a contact's Orders tab, and what several handlers read of a contact."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.contacts import GetContactOrders, ListContactOrders, ListContactSubscriptions
from subtui.domain.errors import NotFound
from subtui.domain.names import list_name
from subtui.services.order_rows import order_rows
from subtui.services.registry import answers
from subtui.services.subscription_queries import SORTS, subscription_rows
from subtui.services.unit_of_work import Reader
from subtui.storage.tables import (
    Automation,
    Contact,
    ContactTag,
    CreditCard,
    Order,
    Subscription,
    Tag,
)
from subtui.views.customers import (
    CardRow,
    OrderRow,
    OrdersTab,
    Page,
    SubscriptionRow,
)

KEPT_RECENT = 12
_NEWEST = (col(Order.ordered_on).desc(), col(Order.id).desc())


def name_of(contact: Contact) -> str:
    """The contact's name in lists."""
    return list_name(contact.first_name, contact.last_name, contact.company, contact.email, contact.id or 0)


def load_contact(session: Session, contact_id: int) -> Contact:
    """The contact with that id. Raises NotFound."""
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFound(f"There is no contact {contact_id}.")
    return contact


def staying_contact(session: Session, contact_id: int) -> Contact:
    """The contact with that id, or the one that it was merged into. Raises NotFound."""
    contact = load_contact(session, contact_id)
    return contact if contact.merged_into_id is None else load_contact(session, contact.merged_into_id)


def duplicates_of(session: Session, contact_id: int) -> tuple[int, ...]:
    """The ids of the contacts that were merged into one."""
    merged = select(col(Contact.id)).where(col(Contact.merged_into_id) == contact_id).order_by(col(Contact.id))
    return tuple(number for number in session.execute(merged).scalars() if number is not None)


def tags_of(session: Session, contact_id: int) -> tuple[str, ...]:
    """The names of a contact's tags, sorted."""
    tags = (
        select(col(Tag.name))
        .join(ContactTag, col(ContactTag.tag_id) == col(Tag.id))
        .where(col(ContactTag.contact_id) == contact_id)
        .order_by(col(Tag.name))
    )
    return tuple(session.execute(tags).scalars())


def automations_of(session: Session, contact_id: int) -> tuple[str, ...]:
    """The names of the sequences that run for a contact."""
    running = select(col(Automation.name)).where(
        col(Automation.contact_id) == contact_id, col(Automation.running).is_(True)
    )
    return tuple(session.execute(running.order_by(col(Automation.name))).scalars())


def cards_of(session: Session, contact_id: int, today: date) -> tuple[CardRow, ...]:
    """A contact's cards, usable ones first; an expired card is not usable."""
    cards = session.execute(select(CreditCard).where(col(CreditCard.contact_id) == contact_id)).scalars()
    rows = [
        CardRow(
            id=card.id or 0,
            brand=card.brand,
            last4=card.last4,
            expires_month=card.expires_month,
            expires_year=card.expires_year,
            usable=card.active and (card.expires_year, card.expires_month) >= (today.year, today.month),
        )
        for card in cards
    ]
    return tuple(sorted(rows, key=lambda card: (not card.usable, card.id)))


@answers(GetContactOrders)
def orders_tab(reader: Reader, query: GetContactOrders) -> OrdersTab:
    """Handle `GetContactOrders`."""
    session, today = reader.session, reader.today
    contact = staying_contact(session, query.contact_id)
    contact_id = contact.id or 0
    mine = col(Subscription.contact_id) == contact_id
    shown = select(Subscription).where(mine).order_by(*SORTS["standing"]).limit(query.subscriptions)
    total = session.execute(select(func.count()).select_from(Subscription).where(mine)).scalar_one()
    rows = list(session.execute(shown).scalars())
    return OrdersTab(
        contact_id=contact_id,
        contact=name_of(contact),
        orders=_orders_of(session, contact_id, today, query.orders, recurring=False),
        subscriptions=Page(subscription_rows(session, rows, today), total),
        cards=cards_of(session, contact_id, today),
        charges=_orders_of(session, contact_id, today, query.charges, recurring=True),
    )


def _orders_of(session: Session, contact_id: int, today: date, limit: int, *, recurring: bool) -> Page[OrderRow]:
    condition = _of_contact(contact_id, recurring=recurring)
    newest = select(Order).where(*condition).order_by(*_NEWEST).limit(limit)
    total = session.execute(select(func.count()).select_from(Order).where(*condition)).scalar_one()
    return Page(order_rows(session, list(session.execute(newest).scalars()), today), total)


def _of_contact(contact_id: int, *, recurring: bool) -> list[ColumnElement[bool]]:
    condition: list[ColumnElement[bool]] = [col(Order.contact_id) == contact_id]
    if recurring:
        condition.append(col(Order.subscription_id).is_not(None))
    return condition


@answers(ListContactOrders)
def more_orders(reader: Reader, query: ListContactOrders) -> tuple[OrderRow, ...]:
    """Handle `ListContactOrders`."""
    session, after = reader.session, query.after
    last = session.get(Order, after)
    if last is None:
        raise NotFound(f"There is no order {after}.")
    behind = tuple_(col(Order.ordered_on), col(Order.id)) < tuple_(literal(last.ordered_on), literal(after))
    condition = _of_contact(query.contact_id, recurring=query.recurring)
    rows = session.execute(select(Order).where(*condition, behind).order_by(*_NEWEST).limit(query.limit))
    return order_rows(session, list(rows.scalars()), reader.today)


@answers(ListContactSubscriptions)
def more_subscriptions(reader: Reader, query: ListContactSubscriptions) -> tuple[SubscriptionRow, ...]:
    """Handle `ListContactSubscriptions`."""
    session, after, limit = reader.session, query.after, query.limit
    last = session.get(Subscription, after)
    if last is None:
        raise NotFound(f"There is no subscription {after}.")
    status, start = col(Subscription.status), col(Subscription.start_date)
    same_day = and_(start == last.start_date, col(Subscription.id) > after)
    behind = and_(status == last.status, or_(start < last.start_date, same_day))
    rows: list[Subscription] = []
    # One status after the other: each query reads along the index, one query over both would scan all rows.
    for condition in (behind, status > last.status):
        wanted = select(Subscription).where(col(Subscription.contact_id) == query.contact_id, condition)
        page = wanted.order_by(*SORTS["standing"]).limit(limit - len(rows))
        rows += session.execute(page).scalars() if len(rows) < limit else ()
    return subscription_rows(session, rows, reader.today)
