"""Searches contacts on PostgreSQL: the tiers of `sqlite_search`, in functions that stand in the database.

Beside every contact triggers keep a row of `contact_search`, with an index of trigrams for names, one for all words,
and one for parts of addresses and phones; `contact_word` has the words, for slips. A page is one call of
`find_contacts`, and a second one of `find_similar` where there are few. The tiers as statements from here would be
easier to change: a change of a function is a migration. But each is a round trip, which on a network costs more than
the search itself.

The functions write their conditions out as literals, since the planner has to see what is looked for: few rows are
collected by an index, of many the first are read in the order of their ids. Of more than a thousand that match by a
part alone, those that stand first in the table are listed, which may be others than in a file.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, column, false, select, table
from sqlalchemy import text as sql
from sqlalchemy.types import Text

from subtui.domain.search_text import SHORTEST_PART, Wanted, Word, id_of, wanted
from subtui.domain.typos import typos_of
from subtui.storage.dialects.base import FEW, MOST_TYPOS, Hits, like
from subtui.views.customers import SearchCursor

_START = SearchCursor(-1, "", 0)
_INDEX = table("contact_search", column("id"), column("words", Text))
_FIND = sql(
    "SELECT ids, sort_keys, stages, total, capped FROM find_contacts(CAST(:phrases AS text[]),"
    " CAST(:literal AS text[]), CAST(:part_texts AS text[]), CAST(:part_digits AS text[]), CAST(:phone AS text),"
    " CAST(:number AS bigint), CAST(:exact AS text[]), CAST(:begins AS text), CAST(:recent AS bigint[]), :most,"
    " CAST(:after_stage AS int), CAST(:after_key AS text), CAST(:after_id AS bigint))"
)
_SIMILAR = sql("SELECT id, sort_key FROM find_similar(CAST(:asked AS jsonb), :neighbours, :most)")


def find_contacts(
    connection: Connection, text: str, *, limit: int, recent: Sequence[int], after: SearchCursor | None
) -> Hits:
    """The contacts that match `text`, best first. No hits for a text without words."""
    asked = wanted(text)
    if not asked.words and not asked.phones:
        return Hits((), 0, capped=False)
    behind = after or _START
    ids, sort_keys, stages, total, capped = connection.execute(
        _FIND, {**_asked(asked), "recent": list(recent), "most": limit, **_place(behind)}
    ).one()
    hits = Hits(list(ids or ())[:limit], total, capped)
    if ids and len(ids) > limit:
        last = limit - 1
        return Hits(hits.ids, total, capped, after=SearchCursor(stages[last], sort_keys[last], ids[last]))
    return _with_slips(connection, asked, hits, limit) if total < FEW and behind == _START else hits


def contacts_with(word: str) -> Select[Any]:
    """The ids of the contacts with a word of this prefix; none for a word without letters and digits."""
    rows, found = select(_INDEX.c.id), wanted(word).words
    if not found:
        return rows.where(false())
    return rows.where(*(_INDEX.c.words.like(_seen(f"% {phrase}%")) for phrase in _phrases(found)))


def _seen(pattern: str) -> Any:
    """A value that is written into the statement, where the planner sees it."""
    return bindparam(None, pattern, type_=Text, literal_execute=True)


def _phrases(words: Sequence[Word]) -> list[str]:
    return [" ".join(word.tokens) for word in words]


def _asked(asked: Wanted) -> dict[str, Any]:
    words, name = asked.words, asked.name
    many = len(words) > 1
    return {
        "phrases": _phrases(words),
        "literal": [f"%{like(word)}%" for word in asked.literal],
        "part_texts": [word.text if len(word.text) >= SHORTEST_PART else None for word in words],
        "part_digits": [word.digits or None if many and not asked.phones else None for word in words],
        "phone": asked.phone or None,
        "number": id_of(words[0].text) if len(words) == 1 else None,
        "exact": list(dict.fromkeys((" ".join(name), " ".join(reversed(name))))),
        "begins": " ".join(name),
    }


def _place(behind: SearchCursor) -> dict[str, Any]:
    return {"after_stage": behind.stage, "after_key": behind.sort_key, "after_id": behind.id}


def _with_slips(connection: Connection, asked: Wanted, hits: Hits, limit: int) -> Hits:
    """The hits, followed by the names with one typing error."""
    room = min(limit - len(hits.ids), FEW)
    tries = [] if asked.phones or asked.literal else _tries(asked.name)
    if room <= 0 or not tries:
        return hits
    found = connection.execute(_SIMILAR, {"asked": json.dumps(tries), "neighbours": MOST_TYPOS, "most": FEW * 2})
    known = set(hits.ids)
    similar = {number: key for number, key in found if number not in known}
    below = sorted(similar, key=lambda number: (similar[number], number))[:room]
    return Hits([*hits.ids, *below], hits.total, hits.capped, similar=len(below))


def _tries(typed: Sequence[str]) -> list[dict[str, list[str]]]:
    """For each word that may be mistyped: its neighbours, whole and begun, and the other words."""
    found = []
    for at, token in enumerate(typed):
        similar = typos_of(token)
        if similar is not None:
            whole, begun = similar
            found.append({"whole": whole, "begun": begun, "others": [*typed[:at], *typed[at + 1 :]]})
    return found
