"""Writes one answer of Keap's interface into the record, by the rules of every import, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.keap.imports.context import ImportContext
from subtui.keap.imports.pipeline import Run
from subtui.keap.records import Context
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.import_changes import logged, owners
from subtui.services.keap import remarks
from subtui.services.keap.merging import Merging
from subtui.services.unit_of_work import Transaction
from subtui.tabular.types import Objects
from subtui.views.imports import KIND_WORDS, LeftOut, Tally

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """How the amounts and times of an account are read: its currency and its time zone."""

    currency: str
    zone: ZoneInfo


@dataclass(slots=True)
class Page:
    """What has become of the objects of one answer."""

    tally: Tally = field(default_factory=Tally)
    left_out: list[LeftOut] = field(default_factory=list)
    beside: int = 0  # objects that are kept beside the record, new or changed

    @property
    def words(self) -> dict[str, str]:
        """The changes by kind, for the log."""
        return {
            KIND_WORDS[kind]: f"{counts.new} new, {counts.changed} changed"
            for kind, counts in self.tally.by_kind.items()
            if counts.new or counts.changed
        }


def write_page(
    tx: Transaction,
    kind: str,
    objects: Sequence[Object],
    rules: Rules,
    *,
    listed_as: str = "",
    merging: Merging | None = None,
    raw: Sequence[Object] | None = None,
    log: bool = True,
) -> Page:
    """Write the objects of an answer. Rows that cannot be taken are kept aside, with the reason, to be tried again.

    `raw` are the objects as they were answered, one for each of `objects`, where those were put into other words.

    One entry of the log tells of the page, and one of each subscription that it changed; none if it changed nothing.
    """
    page = Page()
    session = tx.session
    account = load_account(session)
    connection = session.connection()
    context = ImportContext(
        connection=connection,
        index=_Unneeded(),
        today=tx.today,
        currency=rules.currency,
        reasons=reasons_of(account),
        owners=owners(tx),
        report=page.left_out.append,
        changed=logged(tx),
        merge=merging,
    )
    run = Run(context, Context(rules.currency, rules.zone), lambda _: None)
    run.take_objects(_listed(f"Keap: {kind}", objects, listed_as))
    run.finish()
    page.tally = context.tally
    if merging is not None:
        merging.finish()
    _keep_aside(tx, kind, objects if raw is None else raw, page.left_out)
    if log and tx.has_written:
        session.expire_all()
        tx.log(EventType.KEAP_PULL, subject=Subject(SubjectType.KEAP), before={}, after={"read": kind, **page.words})
    return page


class _Unneeded:
    """The search indexes of the contacts of one page: the triggers keep them."""

    def added(self, ids: Iterable[int]) -> None:
        """Nothing is to be done."""

    def changed(self, number: int, before: Mapping[str, Any]) -> None:
        """Nothing is to be done."""


def _listed(name: str, objects: Sequence[Object], listed_as: str) -> Objects:
    def rows() -> Iterator[Any]:
        return iter([(line, dict(found)) for line, found in enumerate(objects, start=1)])

    return Objects(name, listed_as, rows(), rows)


def _keep_aside(tx: Transaction, kind: str, objects: Sequence[Object], left_out: Sequence[LeftOut]) -> None:
    """Keep the refused objects with the reason, and forget those of them that have been taken now."""
    connection = tx.session.connection()
    refused = {row.line: row for row in left_out if row.refused}
    known = remarks.keap_ids(connection, kind, remarks.LEFT_OUT)
    rows = [
        {
            "kind": kind,
            "keap_id": id_of(found),
            "what": remarks.LEFT_OUT,
            "reason": f"{row.column} {row.value} {row.reason}".strip(),
            "body": plain(found),
            "at": tx.now,
        }
        for line, found in enumerate(objects, start=1)
        if (row := refused.get(line)) is not None and id_of(found)
    ]
    taken = known & ({id_of(found) for found in objects} - {row["keap_id"] for row in rows})
    if taken:
        remarks.forget(connection, kind, remarks.LEFT_OUT, taken)
    remarks.keep(connection, rows)


def id_of(found: Object) -> str:
    """Keap's id of an object, as text; empty where it has none."""
    number = found.get("id", found.get("Id"))
    return "" if number is None else str(number)


def plain(value: Any) -> Any:
    """A decoded body as JSON that a database keeps: amounts as texts, exactly."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
