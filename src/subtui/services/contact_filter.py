"""Lists the contacts that fulfil the operators of a search, and tells what the operators can take."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.search import FilterContacts, GetSearchValues
from subtui.domain.normalization import words
from subtui.domain.search_query import NONE, Operator, SearchQuery, parse
from subtui.domain.search_text import id_of
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.contact_search import contact_rows
from subtui.services.registry import answers
from subtui.services.search_conditions import contact_conditions, distinct, names_of_users
from subtui.services.unit_of_work import Reader
from subtui.storage.dialects import dialect_of
from subtui.storage.tables import Contact, SubscriptionPlan, Tag
from subtui.storage.tables.customers import HAS_CITY
from subtui.views.customers import Found

COUNTED = 10_000
"""More contacts than this are not counted, and not sorted whole."""

AT_ONCE = 1000
MOST_VALUES = 2000
"""The most values of an operator that are offered for completion."""


@answers(FilterContacts)
def filter_contacts(reader: Reader, query: FilterContacts) -> Found:
    """Handle `FilterContacts`."""
    session, asked = reader.session, parse(query.text, today=reader.today)
    if asked.problem:
        return Found(query.text, (), 0)
    conditions = _conditions(session, asked)
    passing = select(col(Contact.id)).where(*conditions).limit(COUNTED + 1).subquery()
    total = session.execute(select(func.count()).select_from(passing)).scalar_one()
    if total > COUNTED:
        ids = _along_the_names(session, conditions, query.limit)
    else:
        # The limit inside keeps the planner from going along the names past a million others.
        key = (col(Contact.sort_key), col(Contact.id))
        within = select(col(Contact.id)).join(passing, passing.c.id == col(Contact.id)).order_by(*key)
        ids = [number or 0 for number in session.execute(within.limit(query.limit)).scalars()]
    return Found(query.text, contact_rows(session, ids), min(total, COUNTED), capped=total > COUNTED)


def _conditions(session: Session, asked: SearchQuery) -> list[ColumnElement[bool]]:
    found = contact_conditions(session, asked.conditions)
    dialect = dialect_of(session.connection())
    for word in words(asked.words):
        number, holds = id_of(word), col(Contact.id).in_(dialect.contacts_with(word))
        found.append(holds if number is None else holds | (col(Contact.id) == number))
    return found


def _along_the_names(session: Session, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    """The first contacts by name, for conditions that many fulfil: reads the contacts in order, in batches."""
    found: list[int] = []
    key = tuple_(col(Contact.sort_key), col(Contact.id))
    last: tuple[str, int] = ("", 0)
    while len(found) < limit:
        some = select(col(Contact.sort_key), col(Contact.id)).where(key > tuple_(*map(literal, last)))
        batch = session.execute(some.order_by(col(Contact.sort_key), col(Contact.id)).limit(AT_ONCE)).all()
        if not batch:
            break
        numbers = [number or 0 for _, number in batch]
        fitting = select(col(Contact.id)).where(col(Contact.id).in_(numbers), *conditions)
        passing = set(session.execute(fitting).scalars())
        found += [number for number in numbers if number in passing]
        last = (batch[-1].sort_key, batch[-1].id or 0)
    return found[:limit]


@answers(GetSearchValues)
def search_values(reader: Reader, _query: GetSearchValues) -> Mapping[Operator, tuple[str, ...]]:
    """Handle `GetSearchValues`."""
    session = reader.session
    plans = select(col(SubscriptionPlan.name)).distinct().order_by(col(SubscriptionPlan.name)).limit(MOST_VALUES)
    tags = select(col(Tag.name)).distinct().order_by(col(Tag.name)).limit(MOST_VALUES)
    reasons = (reason.code for reason in reasons_of(load_account(session)))
    return {
        Operator.PLAN: tuple(session.execute(plans).scalars()),
        Operator.TAG: tuple(session.execute(tags).scalars()),
        Operator.REASON: (*reasons, NONE),
        Operator.BY: tuple(names_of_users(session)),
        Operator.CITY: tuple(distinct(session, col(Contact.city_key), HAS_CITY, MOST_VALUES // 10)),
    }
