"""Lists the contacts that fulfil the operators of a search, and tells what the operators can take."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select
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
from subtui.storage.dialects.base import COUNT_CAP
from subtui.storage.tables import Contact, Product, SubscriptionPlan, Tag
from subtui.storage.tables.customers import HAS_CITY
from subtui.views.customers import Found

MOST_VALUES = 2000
"""The most values of an operator that are offered for completion."""


@answers(FilterContacts)
def filter_contacts(reader: Reader, query: FilterContacts) -> Found:
    """Handle `FilterContacts`."""
    session, asked = reader.session, parse(query.text, today=reader.today)
    if asked.problem:
        return Found(query.text, (), 0)
    conditions = _conditions(session, asked)
    passing = select(col(Contact.id)).where(*conditions).limit(COUNT_CAP + 1).subquery()
    wanted = (
        select(col(Contact.id), func.count().over())
        .join(passing, passing.c.id == col(Contact.id))
        .order_by(col(Contact.sort_key), col(Contact.id))
        .limit(query.limit)
    )
    found = session.execute(wanted).all()
    total = found[0][1] if found else 0
    rows = contact_rows(session, [number or 0 for number, _ in found])
    return Found(query.text, rows, min(total, COUNT_CAP), capped=total > COUNT_CAP)


def _conditions(session: Session, asked: SearchQuery) -> list[ColumnElement[bool]]:
    found = [col(Contact.merged_into_id).is_(None), *contact_conditions(session, asked.conditions)]
    dialect = dialect_of(session.connection())
    for word in words(asked.words):
        number, holds = id_of(word), col(Contact.id).in_(dialect.contacts_with(word))
        found.append(holds if number is None else holds | (col(Contact.id) == number))
    return found


@answers(GetSearchValues)
def search_values(reader: Reader, _query: GetSearchValues) -> Mapping[Operator, tuple[str, ...]]:
    """Handle `GetSearchValues`."""
    session = reader.session
    plans = select(col(SubscriptionPlan.name)).distinct().order_by(col(SubscriptionPlan.name)).limit(MOST_VALUES)
    products = select(col(Product.name)).distinct().order_by(col(Product.name)).limit(MOST_VALUES)
    tags = select(col(Tag.name)).distinct().order_by(col(Tag.name)).limit(MOST_VALUES)
    reasons = (reason.code for reason in reasons_of(load_account(session)))
    return {
        Operator.PLAN: tuple(session.execute(plans).scalars()),
        Operator.PRODUCT: tuple(session.execute(products).scalars()),
        Operator.TAG: tuple(session.execute(tags).scalars()),
        Operator.REASON: (*reasons, NONE),
        Operator.BY: tuple(names_of_users(session)),
        Operator.CITY: tuple(distinct(session, col(Contact.city_key), HAS_CITY, MOST_VALUES // 10)),
    }
