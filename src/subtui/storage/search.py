"""Finding contacts: words in any order, parts of an e-mail, phones in any format, the id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlmodel import Session, col

from subtui.domain.folding import digits, fold, is_phone_like, phone_forms, words
from subtui.storage.tables import Contact

COUNT_CAP = 1000

# Names in these scripts are written without a space between their parts.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def contact_keys(row: dict[str, Any]) -> dict[str, str]:
    """The search columns of a contact, from its other columns. Written whenever a contact is."""
    last, first = str(row.get("last_name", "")), str(row.get("first_name", ""))
    name = fold(f"{last} {first}")
    joined = fold(last + first) if _UNSPACED.search(last + first) else ""
    rest = fold(" ".join(str(row.get(field, "")) for field in ("company", "email", "email2", "email3")))
    phones = " ".join(filter(None, (digits(str(row.get(field, ""))) for field in ("phone1", "phone2"))))
    sort_key = " ".join((name.strip() or rest).split())
    return {"search_key": f" {' '.join(f'{name} {joined} {rest}'.split())} ", "phone_key": phones, "sort_key": sort_key}


@dataclass(frozen=True, slots=True)
class Hits:
    """Contact ids, best first, and the number of matches up to the cap."""

    ids: Sequence[int]
    total: int
    capped: bool


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def contains(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a folded column holds a folded word, whatever signs are in it."""
    held: ColumnElement[bool] = column.like(f"%{_like(word)}%", escape="\\")
    return held


def id_of(word: str) -> int | None:
    """The id that a word of a search may mean: `1042` or `#1042`."""
    number = word.removeprefix("#")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


def _matches(word: str) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [contains(col(Contact.search_key), word)]
    number = id_of(word)
    if number is not None:
        ways.append(col(Contact.id) == number)
    if is_phone_like(word):
        ways.append(col(Contact.phone_key).like(f"%{digits(word)}%"))
    return or_(*ways)


def _condition(text: str) -> ColumnElement[bool]:
    every_word = and_(*(_matches(word) for word in words(text)))
    if not is_phone_like(text):
        return every_word
    phones = [col(Contact.phone_key).like(f"%{form}%") for form in phone_forms(text)]
    return or_(every_word, *phones)


def _rank(text: str) -> ColumnElement[int]:
    """0 for the exact name or id, 1 when every word begins a word of the name, 2 for the rest."""
    parts = words(text)
    padded = literal(" ") + col(Contact.sort_key)
    begins = and_(*(padded.like(f"% {_like(word)}%", escape="\\") for word in parts))
    exact: list[ColumnElement[bool]] = [col(Contact.sort_key) == " ".join(order) for order in (parts, parts[::-1])]
    number = id_of(parts[0]) if len(parts) == 1 else None
    if number is not None:
        exact.append(col(Contact.id) == number)
    return case((or_(*exact), 0), (begins, 1), else_=2)


def find_contact_ids(session: Session, text: str, *, limit: int) -> Hits:
    """The contacts that match `text`, best first; nothing for a text without words."""
    if not words(text):
        return Hits((), 0, capped=False)
    condition = _condition(text)
    wanted = (
        select(col(Contact.id))
        .where(condition)
        .order_by(_rank(text), col(Contact.sort_key), col(Contact.id))
        .limit(limit)
    )
    ids = [row for row in session.execute(wanted).scalars() if row is not None]
    if len(ids) < limit:
        return Hits(ids, len(ids), capped=False)
    counted = select(func.count()).select_from(select(col(Contact.id)).where(condition).limit(COUNT_CAP).subquery())
    total = session.execute(counted).scalar_one()
    return Hits(ids, total, capped=total >= COUNT_CAP)
