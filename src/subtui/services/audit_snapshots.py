"""Converts a subscription's terms to and from table columns and the before and after of the log."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from subtui.domain.billing import Cycle
from subtui.domain.fields import FieldType
from subtui.domain.money import Money
from subtui.domain.subscription_fields import SUBSCRIPTION_FIELDS
from subtui.domain.subscriptions import Billing, Ending, Pause, Status, Terms
from subtui.storage.tables import Subscription

_ENDING = tuple(known.name for known in fields(Ending))
_PAUSE = tuple(known.name for known in fields(Pause))
_NO_PAUSE = {known.name: False if known.default is False else None for known in fields(Pause)}
_TYPES = {known.column: known.type for known in SUBSCRIPTION_FIELDS}
_LOGGED = frozenset(known.column for known in SUBSCRIPTION_FIELDS if known.logged) - {"price_minor"}
"""Columns that the log keeps as they are; an amount has its currency there."""


def terms_of(row: Subscription) -> Terms:
    """The stored terms of a subscription, which a save can change."""
    ending = Ending(**{name: getattr(row, name) for name in _ENDING} | {"status": Status(row.status)})
    pause = Pause(**{name: getattr(row, name) for name in _PAUSE}) if row.paused_from else None
    return Terms(
        ending,
        row.quantity,
        Money(row.price_minor, row.currency),
        row.credit_card_id,
        pause,
        row.anchor,
        row.max_attempts,
    )


def billing_of(row: Subscription) -> Billing:
    """The stored billing of a subscription."""
    return Billing(row.anchor, Cycle(row.cycle), row.frequency, row.start_date, row.paid_through)


def to_columns(terms: Terms) -> dict[str, Any]:
    """The columns to store for `terms`."""
    columns = {name: getattr(terms.ending, name) for name in _ENDING} | {
        "status": terms.ending.status.value,
        "quantity": terms.quantity,
        "price_minor": terms.price.minor,
        "credit_card_id": terms.credit_card_id,
        "max_attempts": terms.max_attempts,
    }
    columns |= {name: getattr(terms.pause, name) if terms.pause else _NO_PAUSE[name] for name in _PAUSE}
    return columns if terms.anchor is None else columns | {"anchor": terms.anchor}


def to_snapshot(terms: Terms, *, with_pause: bool = False) -> dict[str, Any]:
    """The terms in the form of the log: plain JSON values with the whole ending, so that an undo can restore it.

    The pause is in it where there is one; and `with_pause` everything that a pause changes, the first bill among it.
    """
    image = to_columns(terms)
    if not with_pause:
        left_out = ("anchor",) if terms.pause else ("anchor", *_PAUSE)
        image = {name: value for name, value in image.items() if name not in left_out}
    image["price"] = terms.price.format()
    del image["price_minor"]
    return _as_json(image)


def _as_json(image: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in image.items()}


def import_snapshots(before: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The changes of a subscription by an import, in the form of the log: before and after, as in `to_snapshot`.

    `before` holds the columns as stored, `said` those that the file has written. Only fields that differ are included:
    the file may not have the others. Values kept beside the columns are under `more`, by header.
    """
    after = {**before, **said}
    was, now = _differing(_image_of_columns(before), _image_of_columns(after))
    more_was, more_now = _differing(before["more"], after["more"])
    if more_was or more_now:
        was["more"], now["more"] = more_was, more_now
    return was, now


def _image_of_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    image = {name: value for name, value in columns.items() if name in _LOGGED}
    image["price"] = Money(columns["price_minor"], columns["currency"]).format()
    return _as_json(image)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    was, now = ({name: image[name] for name in names if name in image} for image in (before, after))
    return was, now


def terms_from_snapshot(now: Terms, image: Mapping[str, Any]) -> Terms:
    """The terms with the ending, the pause and the first bill of a log image; the others as they are now."""
    named = {name: _READ.get(_TYPES[name], _as_it_is)(image[name]) for name in _PAUSE if image.get(name) is not None}
    anchor = date.fromisoformat(image["anchor"]) if image.get("anchor") else now.anchor
    pause = Pause(**named) if "paused_from" in named else None
    return replace(now, ending=ending_from_snapshot(image), pause=pause, anchor=anchor)


def ending_from_snapshot(image: Mapping[str, Any]) -> Ending:
    """The ending in a log image; fields that it does not name were not set."""
    values: dict[str, Any] = {"status": Status.ACTIVE, "auto_charge": False, "next_bill_date": None}
    for name in _ENDING:
        if image.get(name) is not None:
            values[name] = _READ.get(_TYPES[name], _as_it_is)(image[name])
    return Ending(**values)


def _as_it_is(value: Any) -> Any:
    return value


_READ: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.DAY: date.fromisoformat,
    FieldType.INSTANT: datetime.fromisoformat,
    FieldType.STATUS: Status,
}
"""How the log's values of a type become those of the terms."""
