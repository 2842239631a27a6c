"""Handlers of acts and queries about saved views."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.saved_views import GetSavedView, ListSavedViews, RemoveView, SaveView
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Problem, Refused
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, allowed
from subtui.domain.plain_text import one_line
from subtui.domain.saved_views import LONGEST_QUERY, Listing, known_columns, view_key, view_name
from subtui.domain.search_query import parse
from subtui.domain.suggestions import did_you_mean
from subtui.services.registry import Job, answers, runs
from subtui.services.subscription_queries import SORTS
from subtui.services.unit_of_work import Reader, require
from subtui.storage.tables import SavedView
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS
from subtui.views.saved_views import SavedViewRow

MOST_VIEWS = 500


@runs(SaveView)
def save_view(job: Job, act: SaveView) -> SavedViewRow:
    """Handle `SaveView`."""
    person = require(job.person, Permission.SHARE_VIEW if act.shared else Permission.VIEW)
    name, query = view_name(act.name), " ".join(one_line(act.query).split())
    problem = parse(query, today=job.work.today).problem
    if problem or len(query) > LONGEST_QUERY:
        raise Invalid((Problem("query", problem or f"A search has at most {LONGEST_QUERY} characters."),))
    if act.sort and act.sort not in SORTS:
        raise Invalid((Problem("sort", f"Sort by one of: {', '.join(SORTS)}."),))
    columns = known_columns(act.columns, [column.label for column in ALL_SUBSCRIPTIONS_COLUMNS])
    if job.work.read_only:
        raise Refused(job.work.why_read_only)
    with job.work.untracked_write() as session:
        view = _of_owner(session, view_key(name), None if act.shared else person.id)
        if view is not None and not _may_change(view, person):
            raise NotAllowed(f"The team's view “{view.name}” is from {view.made_by}. Choose another name.")
        values: dict[str, Any] = {
            "name": name,
            "name_key": view_key(name),
            "listing": act.listing.value,
            "user_id": None if act.shared else person.id,
            "query": query,
            "sort": act.sort,
            "reverse": act.reverse,
            "columns": list(columns),
            "made_by": person.name,
            "made_by_id": person.id,
            "made_at": job.work.now,
        }
        if view is None:
            view = SavedView(**values)
            session.add(view)
        else:
            view.sqlmodel_update(values | {"version": view.version + 1})
        session.flush()
        return _row(view, person)


@runs(RemoveView)
def remove_view(job: Job, act: RemoveView) -> str:
    """Handle `RemoveView`."""
    person = require(job.person, Permission.VIEW)
    if job.work.read_only:
        raise Refused(job.work.why_read_only)
    with job.work.untracked_write() as session:
        view = _seen(session, person, act.view_id)
        if not _may_change(view, person):
            raise NotAllowed(f"The team's view “{view.name}” is from {view.made_by}: they or an admin can remove it.")
        session.delete(view)
        return view.name


@answers(ListSavedViews)
def list_views(reader: Reader, _query: ListSavedViews) -> tuple[SavedViewRow, ...]:
    """Handle `ListSavedViews`."""
    person = reader.who
    order = (col(SavedView.name_key), col(SavedView.id))
    views = select(SavedView).where(_visible(person)).order_by(*order).limit(MOST_VIEWS)
    return tuple(_row(view, person) for view in reader.session.execute(views).scalars())


@answers(GetSavedView)
def get_view(reader: Reader, query: GetSavedView) -> SavedViewRow:
    """Handle `GetSavedView`."""
    person, session = reader.who, reader.session
    if not query.name:
        return _row(_seen(session, person, query.view_id), person)
    key = view_key(query.name)
    found = _of_owner(session, key, person.id) or _of_owner(session, key, None)
    if found is None:
        names = session.execute(select(col(SavedView.name)).where(_visible(person)).limit(MOST_VIEWS)).scalars()
        raise NotFound(f"There is no saved view “{query.name[:60]}”.{did_you_mean(query.name, names)}")
    return _row(found, person)


def _visible(person: Person) -> ColumnElement[bool]:
    return or_(col(SavedView.user_id).is_(None), col(SavedView.user_id) == person.id)


def _of_owner(session: Session, key: str, user_id: int | None) -> SavedView | None:
    whose = col(SavedView.user_id).is_(None) if user_id is None else col(SavedView.user_id) == user_id
    views = select(SavedView).where(col(SavedView.name_key) == key, whose).order_by(col(SavedView.id))
    return session.execute(views.limit(1)).scalars().first()


def _seen(session: Session, person: Person, view_id: int) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None or view.user_id not in (None, person.id):
        raise NotFound("There is no such saved view.")
    return view


def _may_change(view: SavedView, person: Person) -> bool:
    return view.made_by_id == person.id or allowed(person.role, Permission.MANAGE_USERS)


def _row(view: SavedView, person: Person) -> SavedViewRow:
    return SavedViewRow(
        id=view.id or 0,
        name=view.name,
        listing=Listing(view.listing),
        shared=view.user_id is None,
        made_by=view.made_by,
        query=view.query,
        sort=view.sort,
        reverse=view.reverse,
        columns=tuple(view.columns),
        may_change=_may_change(view, person),
    )
