"""Finds plans, tags and cities by their name, each with how many have it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.domain.cities import city_of
from subtui.domain.normalization import index_text, normalize
from subtui.domain.record_numbers import RecordKind, Sought
from subtui.domain.search_query import Operator, written
from subtui.services.search_conditions import distinct
from subtui.services.unit_of_work import Reader
from subtui.storage.dialects.base import COUNT_CAP
from subtui.storage.tables import Contact, ContactTag, Subscription, SubscriptionPlan, Tag
from subtui.storage.tables.customers import HAS_CITY
from subtui.views.found_records import FoundRecord

_OPERATORS = {RecordKind.PLAN: Operator.PLAN, RecordKind.TAG: Operator.TAG, RecordKind.CITY: Operator.CITY}
_MEMBERS: dict[RecordKind, Any] = {
    RecordKind.PLAN: col(Subscription.plan_id),
    RecordKind.TAG: col(ContactTag.tag_id),
}


def named_groups(reader: Reader, meant: Sought, limit: int) -> tuple[list[FoundRecord], list[RecordKind]]:
    """The plans, tags and cities with all words of the name, and the kinds of which there are more."""
    if not meant.name:
        return [], []
    rows: list[FoundRecord] = []
    more: list[RecordKind] = []
    names = reader.recall("names of plans and tags", lambda: _names(reader.session))
    for kind in (RecordKind.PLAN, RecordKind.TAG):
        found = [(number, name) for of, number, name, folded in names if of is kind and _has(folded, meant.name)]
        rows += _counted(reader.session, kind, found[:limit])
        if len(found) > limit:
            more.append(kind)
    keys = distinct(reader.session, col(Contact.city_key), HAS_CITY, limit + 1, begins=index_text(meant.name))
    rows += _cities(reader.session, keys[:limit])
    if len(keys) > limit:
        more.append(RecordKind.CITY)
    return rows, more


def _names(session: Session) -> list[tuple[RecordKind, int, str, str]]:
    """The plans and tags by name, with the folded names: few enough to be compared one by one."""
    plans = select(col(SubscriptionPlan.id), col(SubscriptionPlan.name)).order_by(col(SubscriptionPlan.name))
    tags = select(col(Tag.id), col(Tag.name)).order_by(col(Tag.name))
    kinds = ((RecordKind.PLAN, plans), (RecordKind.TAG, tags))
    return [
        (kind, number or 0, name, normalize(name)) for kind, rows in kinds for number, name in session.execute(rows)
    ]


def _has(folded: str, name: str) -> bool:
    """Whether every word of a search begins a word of the name."""
    spaced = f" {folded}"
    return all(f" {word}" in spaced for word in name.split())


def _counted(session: Session, kind: RecordKind, found: Sequence[tuple[int, str]]) -> Iterator[FoundRecord]:
    if not found:
        return
    member = _MEMBERS[kind]
    some = (select(member).where(member == number).limit(COUNT_CAP + 1).subquery() for number, _ in found)
    counts = session.execute(select(*(select(func.count()).select_from(each).scalar_subquery() for each in some))).one()
    for (number, name), count in zip(found, counts, strict=True):
        yield _group(kind, number, name, count)


def _cities(session: Session, keys: Sequence[str]) -> Iterator[FoundRecord]:
    """Yield the cities by their keys, each written as in the address of one of its contacts."""
    if not keys:
        return
    there = [(HAS_CITY, col(Contact.city_key) == key) for key in keys]
    counted = [select(col(Contact.id)).where(*here).limit(COUNT_CAP + 1).subquery() for here in there]
    counts = session.execute(
        select(*(select(func.count()).select_from(each).scalar_subquery() for each in counted))
    ).one()
    addresses = [
        select(col(Contact.city_key), col(Contact.billing_address), col(Contact.more)).where(*here).limit(1).subquery()
        for here in there
    ]
    examples = session.execute(union_all(*(select(address) for address in addresses))).all()
    names = {key: city_of(lines, (more or {}).get("City", "")) for key, lines, more in examples}
    for key, count in zip(keys, counts, strict=True):
        yield _group(RecordKind.CITY, 0, names.get(key) or key, count)


def _group(kind: RecordKind, number: int, name: str, count: int) -> FoundRecord:
    return FoundRecord(
        kind,
        number,
        name,
        search=written(_OPERATORS[kind], name),
        count=min(count, COUNT_CAP),
        capped=count > COUNT_CAP,
    )
