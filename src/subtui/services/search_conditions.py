"""The conditions of a search as SQL: those about subscriptions, and those about contacts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, case, false, func, literal_column, not_, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from subtui.domain.money import UNUSUAL_DECIMALS
from subtui.domain.normalization import index_text
from subtui.domain.reasons import Reason
from subtui.domain.search_query import NONE, OF_CONTACTS, Condition, Operator, folded
from subtui.domain.search_values import AmountRange, DayRange
from subtui.domain.subscriptions import Status
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.subscription_states import in_state
from subtui.storage.dialects.base import LAST_TEXT
from subtui.storage.tables import Contact, ContactTag, CreditCard, Order, Product, Subscription, SubscriptionPlan, Tag
from subtui.storage.tables.sales import DUE, OWED


def subscription_conditions(
    session: Session, conditions: Iterable[Condition], today: date
) -> list[ColumnElement[bool]]:
    """What a subscription has to fulfil; a condition about contacts is one about its contact."""
    found = []
    for condition in conditions:
        if condition.operator in OF_CONTACTS:
            found.append(_of_contact(session, condition, col(Subscription.contact_id)))
        else:
            holds = or_(*(_of_subscription(session, condition.operator, value, today) for value in condition.values))
            found.append(_reversed(holds) if condition.negated else holds)
    return found


def contact_conditions(session: Session, conditions: Iterable[Condition]) -> list[ColumnElement[bool]]:
    """What a contact has to fulfil, of the conditions about contacts."""
    return [
        _of_contact(session, condition, col(Contact.id))
        for condition in conditions
        if condition.operator in OF_CONTACTS
    ]


def _reversed(holds: ColumnElement[bool]) -> ColumnElement[bool]:
    # Where a column has no value, SQL knows neither that the condition holds nor that it does not.
    return not_(func.coalesce(holds, false(), type_=Boolean))


# --- subscriptions ----------------------------------------------------------------------------------------------------


def _of_subscription(session: Session, operator: Operator, value: Any, today: date) -> ColumnElement[bool]:
    if operator is Operator.STATUS:
        return in_state(value, today)
    if operator is Operator.PLAN:
        return col(Subscription.plan_id).in_(_named(session.execute(_PLANS).all(), value))
    if operator is Operator.PRODUCT:
        products = _named(session.execute(_PRODUCTS).all(), value)
        plans = select(col(SubscriptionPlan.id)).where(col(SubscriptionPlan.product_id).in_(products))
        return col(Subscription.plan_id).in_(plans)
    if operator is Operator.ENDS:
        return _on_days(col(Subscription.end_date), value)
    if operator is Operator.BILLS:
        return _on_days(col(Subscription.next_bill_date), value)
    if operator is Operator.REASON:
        return _with_reason(session, value)
    return col(Subscription.recorded_by).in_(_users_like(session, value))


_PLANS = select(col(SubscriptionPlan.id), col(SubscriptionPlan.name))
_PRODUCTS = select(col(Product.id), col(Product.name))
_TAGS = select(col(Tag.id), col(Tag.name))


def _named(rows: Sequence[Any], value: str) -> list[int]:
    """The ids of the rows whose name is the value; if there is none, of those that contain all of its words."""
    # SQL does not fold accented letters; plans and tags are few enough to be compared here.
    names = [(number, folded(name)) for number, name in rows]
    exact = [number for number, name in names if name == value]
    return exact or [number for number, name in names if all(word in name for word in value.split())]


def _on_days(column: Any, value: DayRange | str) -> ColumnElement[bool]:
    if not isinstance(value, DayRange):
        without: ColumnElement[bool] = column.is_(None)
        return without
    limits: list[ColumnElement[bool]] = [column.is_not(None)]
    if value.first is not None:
        limits.append(column >= value.first)
    if value.last is not None:
        limits.append(column <= value.last)
    return and_(*limits)


def _with_reason(session: Session, value: str) -> ColumnElement[bool]:
    inactive = col(Subscription.status) == Status.INACTIVE.value
    code = col(Subscription.reason_code)
    if value == NONE:
        return and_(inactive, or_(code.is_(None), code == ""))
    reasons = reasons_of(load_account(session))
    # A reason that is no longer on the list is known by its code.
    codes = [reason.code for reason in reasons if _is_meant(value, reason)] or [value, value.replace(" ", "_")]
    return code.in_(codes)


def _is_meant(value: str, reason: Reason) -> bool:
    label = folded(reason.label)
    return value == folded(reason.code) or all(word in label for word in value.split())


def _users_like(session: Session, value: str) -> list[str]:
    """The names under which cancellations were recorded that contain all words of the value, or are it."""
    names = [(name, folded(name)) for name in names_of_users(session)]
    exact = [name for name, known in names if known == value]
    return exact or [name for name, known in names if all(word in known for word in value.split())]


MOST_USERS = 500
"""The most users whose cancellations are found by their name."""


def names_of_users(session: Session) -> list[str]:
    """The names by which cancellations were recorded: one step along an index for each."""
    return distinct(session, col(Subscription.recorded_by), col(Subscription.recorded_by).is_not(None), MOST_USERS)


def distinct(
    session: Session,
    column: Any,
    holds: ColumnElement[bool],
    most: int,
    *,
    begins: str = "",
) -> list[str]:
    """The different values of an indexed text column that begin with a text, in their order."""
    within = [holds, column >= begins, *([column < begins + LAST_TEXT] if begins else [])]
    # From one value to the next along the index, in one statement: reading every row would take too long.
    steps = select(func.min(column).label("value")).where(*within).cte("steps", recursive=True)
    following = select(func.min(column)).where(*within, column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    return list(session.execute(select(steps.c.value).where(steps.c.value.is_not(None)).limit(most)).scalars())


# --- contacts ---------------------------------------------------------------------------------------------------------

FEW = 3000
"""Contacts of a condition that are listed as a whole; where there are more, each candidate is looked at."""


def _of_contact(session: Session, condition: Condition, number: Any) -> ColumnElement[bool]:
    """Whether the contact with an id fulfils a condition."""
    holds = or_(*(_contact_with(session, condition.operator, value, number) for value in condition.values))
    return not_(holds) if condition.negated else holds


def _contact_with(session: Session, operator: Operator, value: Any, number: Any) -> ColumnElement[bool]:
    if isinstance(value, AmountRange) and _is_nothing(value):
        due = select(col(Order.id)).where(DUE, col(Order.contact_id) == number).exists()
        owing = replace(value, low=Decimal(0), over=True)
        return or_(not_(due), _contact_with(session, operator, owing, number)) if _more(value) else not_(due)
    theirs, whose = _contacts_with(session, operator, value)
    some = theirs.limit(FEW + 1).subquery()
    # Few are the way to the rest; of many a list would be made at every key.
    if session.execute(select(func.count()).select_from(some)).scalar_one() <= FEW:
        few: ColumnElement[bool] = number.in_(theirs)
        return few
    return theirs.where(whose == number).exists()


def _contacts_with(session: Session, operator: Operator, value: Any) -> tuple[Select[Any], ColumnElement[Any]]:
    """The ids of the contacts for which a condition holds, along an index, and their column."""
    whose: Any
    if operator is Operator.TAG:
        whose, tags = col(ContactTag.contact_id), _named(session.execute(_TAGS).all(), value)
        return select(whose).where(col(ContactTag.tag_id).in_(tags)), whose
    if operator is Operator.CITY:
        there = aliased(Contact)
        whose, city, value = col(there.id), col(there.city_key), index_text(value)
        return select(whose).where(city != literal_column("''"), city >= value, city < value + LAST_TEXT), whose
    if operator is Operator.CARD:
        whose = col(CreditCard.contact_id)
        return select(whose).where(col(CreditCard.last4) == value), whose
    whose = col(Order.contact_id)
    return _owing(value), whose


_SCALE = 4
"""Decimals in which amounts of all currencies are compared: none has more."""
_SCALES = {code: 10 ** (_SCALE - decimals) for code, decimals in UNUSUAL_DECIMALS.items()}


def _owing(amounts: AmountRange) -> Select[Any]:
    """The contacts who owe such an amount in one currency, of those who owe anything."""
    whose = col(Order.contact_id)
    due = select(whose).where(DUE)
    if amounts == AmountRange(low=Decimal(0), over=True):
        return due
    owed = case(_SCALES, value=col(Order.currency), else_=10 ** (_SCALE - 2)) * func.sum(OWED)
    limits = []
    if amounts.low is not None:
        low = int(amounts.low * 10**_SCALE)
        limits.append(owed > low if amounts.over else owed >= low)
    if amounts.high is not None:
        high = int(amounts.high * 10**_SCALE)
        limits.append(owed < high if amounts.under else owed <= high)
    return due.group_by(whose, col(Order.currency)).having(and_(*limits))


def _is_nothing(amounts: AmountRange) -> bool:
    """Whether an amount of zero lies within the range."""
    above = amounts.low is None or amounts.low < 0 or (amounts.low == 0 and not amounts.over)
    return above and (amounts.high is None or amounts.high > 0 or (amounts.high == 0 and not amounts.under))


def _more(amounts: AmountRange) -> bool:
    """Whether an amount above zero lies within the range."""
    return amounts.high is None or amounts.high > 0
