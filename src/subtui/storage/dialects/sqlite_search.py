"""Searches contacts among a million: an index of words, an index of parts, and a tier for each kind of match.

`contact_words` (FTS5) finds prefixes of words of names, companies and e-mails; `contact_parts` (FTS5 over trigrams)
finds any part of an e-mail or a phone number. Triggers update both in the transaction that writes a contact. Ranking
every match of a short word would take too long between two keys: a search goes from the best kind of match to the
worst and stops once the page is full.

Few matches are all ranked. Many are read in the order of an index: exact names, names that begin with the text, names
with every word, the rest. A page begins after a key, never at an offset.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, column, select, table

from subtui.domain.search_text import SHORTEST_PART, Wanted, Word, id_of, wanted
from subtui.domain.typos import typos_of
from subtui.storage.dialects.base import COUNT_CAP, FEW, LAST_TEXT, MOST_TYPOS, Hits, like
from subtui.views.customers import SearchCursor as Cursor

RANKED_WHOLE = 300
"""The most matches that are all read and sorted."""

_BY_WORDS = "SELECT rowid FROM contact_words WHERE contact_words MATCH ?"
_WORDS = table("contact_words", column("rowid"), column("contact_words"))


_START = Cursor(-1, "", 0)
_EXACT, _BEGINNING, _NAMES, _REST, _PARTS = range(5)


def find_contacts(
    connection: Connection, text: str, *, limit: int, recent: Sequence[int], after: Cursor | None
) -> Hits:
    """The contacts that match `text`, best first. No hits for a text without words."""
    asked = wanted(text)
    if not asked.words and not asked.phones:
        return Hits((), 0, capped=False)
    return _Search(connection, asked, limit, tuple(recent)).page(after or _START)


def contacts_with(word: str) -> Select[Any]:
    """The ids of the contacts with a word of this prefix; none for a word without letters and digits."""
    found = wanted(word).words
    expression = every([phrase(part) for part in found]) if found else '""'
    return select(_WORDS.c.rowid).where(_WORDS.c.contact_words.match(expression))


class _Search:
    def __init__(self, connection: Connection, asked: Wanted, limit: int, recent: tuple[int, ...]) -> None:
        self._connection = connection
        self._asked = asked
        self._limit = limit
        self._recent = recent
        name = asked.name
        self._exact = tuple(dict.fromkeys((" ".join(name), " ".join(reversed(name)))))
        self._begins = " ".join(name)
        phrases = [phrase(word) for word in asked.words]
        self._anywhere = every(phrases)
        self._in_name = every(phrases, column="name_key")
        self._number = id_of(asked.words[0].text) if len(asked.words) == 1 else None

    def page(self, after: Cursor) -> Hits:
        matching = self._ids(self._anywhere, COUNT_CAP + 1)
        if len(matching) > COUNT_CAP:
            return self._hits(self._in_order(after), COUNT_CAP, capped=True)
        everything = dict.fromkeys(matching)
        everything.update(dict.fromkeys(self._with_parts(COUNT_CAP + 1)))
        everything.update(dict.fromkeys(self._numbered))
        total = min(len(everything), COUNT_CAP)
        rows = self._ranked(matching, everything) if len(matching) <= RANKED_WHOLE else self._in_order(after)
        if len(matching) <= RANKED_WHOLE and after != _START:
            rows = self._behind(rows, after)
        hits = self._hits(rows, total, capped=len(everything) > COUNT_CAP)
        return self._with_slips(hits, everything) if total < FEW and after == _START else hits

    # --- few: read and sort them all ---------------------------------------------------------------------------------

    def _ranked(self, matching: Sequence[int], everything: dict[int, None]) -> Iterator[Cursor]:
        """Every match, best first. Matches by a part come last, in the order of their ids."""
        numbered = set(self._numbered)
        named = set(self._ids(self._in_name, len(matching)))
        keys = self._sort_keys([*matching, *(numbered - set(matching))])
        place = {contact_id: at for at, contact_id in enumerate(self._recent)}

        def rank(contact_id: int) -> tuple[Any, ...]:
            key = keys[contact_id]
            tier = _REST if contact_id not in named else _NAMES
            if key in self._exact or contact_id in numbered:
                tier = _EXACT
            return tier, place.get(contact_id, len(place)), contact_id not in numbered, key, contact_id

        for contact_id in sorted(keys, key=rank):
            yield Cursor(_REST, keys[contact_id], contact_id)
        for contact_id in everything:
            if contact_id not in keys:
                yield Cursor(_PARTS, "", contact_id)

    @staticmethod
    def _behind(rows: Iterator[Cursor], after: Cursor) -> Iterator[Cursor]:
        for row in rows:
            if row.id == after.id:
                break
        yield from rows

    # --- many: in the order of an index ------------------------------------------------------------------------------

    def _in_order(self, after: Cursor) -> Iterator[Cursor]:
        """Matches after the cursor, at most a page of each kind."""
        first = self._recent_matches()
        seen = set(first)
        for stage in range(max(after.stage, _EXACT), _PARTS + 1):
            begun = stage == after.stage
            if not begun:
                yield from (Cursor(stage, "", number) for number, kind in first.items() if kind == stage)
            behind = after if begun else Cursor(stage, "", 0)
            for contact_id, key in self._stage(behind):
                if contact_id not in seen:
                    yield Cursor(stage, key, contact_id)

    def _stage(self, behind: Cursor) -> list[tuple[int, str]]:
        most = self._limit + 1 + len(self._recent)
        exact = ", ".join("?" * len(self._exact))
        range_ends = (self._begins, self._begins + LAST_TEXT)
        signs, values = self._literally()
        if behind.stage == _EXACT:
            return self._rows(
                f"SELECT id, sort_key FROM contact c WHERE (sort_key IN ({exact}){signs} OR id = ?) AND id > ?"
                " ORDER BY id LIMIT ?",
                (*self._exact, *values, self._number or 0, behind.id, most),
            )
        if behind.stage == _BEGINNING:
            return self._rows(
                "SELECT id, sort_key FROM contact c WHERE sort_key >= ? AND sort_key < ? AND (sort_key, id) > (?, ?)"
                f" AND sort_key NOT IN ({exact}){signs} ORDER BY sort_key, id LIMIT ?",
                (*range_ends, behind.sort_key, behind.id, *self._exact, *values, most),
            )
        if behind.stage == _PARTS:
            return [(number, "") for number in self._with_parts(most, after=behind.id, fresh=True)]
        expression = self._in_name if behind.stage == _NAMES else f"({self._anywhere}) NOT {self._in_name}"
        return self._rows(
            "SELECT w.rowid, '' FROM contact_words w JOIN contact c ON c.id = w.rowid WHERE contact_words MATCH ?"
            f" AND w.rowid > ?{signs} AND NOT (c.sort_key >= ? AND c.sort_key < ?)"
            f" AND c.sort_key NOT IN ({exact}) ORDER BY w.rowid LIMIT ?",
            (expression, behind.id, *values, *range_ends, *self._exact, most),
        )

    def _recent_matches(self) -> dict[int, int]:
        """The recently opened contacts that match, each with the kind of its match."""
        if not self._recent:
            return {}
        here = f" AND w.rowid IN ({', '.join('?' * len(self._recent))})"
        found = set(self._ids(self._anywhere, len(self._recent), here, self._recent))
        if not found:
            return {}
        named = set(self._ids(self._in_name, len(self._recent), here, self._recent))
        keys = self._sort_keys(list(found))
        kinds = {number: _BEGINNING if number in named else _REST for number in found}
        kinds.update({number: _EXACT for number in found if keys[number] in self._exact})
        return {number: kinds[number] for number in self._recent if number in kinds}

    # --- the indexes -------------------------------------------------------------------------------------------------

    def _ids(self, expression: str, limit: int, more: str = "", values: Sequence[Any] = ()) -> list[int]:
        if not expression:
            return []
        signs, literal = self._literally()
        join = " JOIN contact c ON c.id = w.rowid" if signs else ""
        sql = f"SELECT w.rowid FROM contact_words w{join} WHERE contact_words MATCH ?{more}{signs} LIMIT ?"
        return [number for (number,) in self._rows(sql, (expression, *values, *literal, limit))]

    def _literally(self) -> tuple[str, list[str]]:
        """The SQL condition for words whose signs must match as typed, and its values."""
        words = self._asked.literal
        condition = " AND c.name_key || ' ' || c.rest_key LIKE ? ESCAPE '\\'"
        return condition * len(words), [f"%{like(word)}%" for word in words]

    @cached_property
    def _numbered(self) -> list[int]:
        """The contact whose id was typed, ours or Keap's."""
        if self._number is None:
            return []
        # Two queries, each along its index: for one with OR the planner scans the table where its statistics say that
        # all of Keap's ids are empty.
        found = self._rows(
            "SELECT id FROM contact WHERE id = ?"
            " UNION SELECT id FROM contact INDEXED BY ix_contact_keap_id WHERE keap_id = ?",
            (self._number, str(self._number)),
        )
        return [number for (number,) in found]

    def _with_parts(self, limit: int, *, after: int = 0, fresh: bool = False) -> list[int]:
        """Contacts with a word inside an e-mail or a phone number, while the other words match as usual.

        With `fresh`, only those that do not match by words alone.
        """
        found: dict[int, None] = {}
        if self._asked.phone:
            found.update(dict.fromkeys(self._part_ids("phone_key", self._asked.phone, [], limit, after, fresh)))
        for at, word in enumerate(self._asked.words):
            others = [phrase(other) for n, other in enumerate(self._asked.words) if n != at]
            if len(word.text) >= SHORTEST_PART:
                found.update(dict.fromkeys(self._part_ids("rest_key", word.text, others, limit, after, fresh)))
            if others and word.digits and not self._asked.phones:
                found.update(dict.fromkeys(self._part_ids("phone_key", word.digits, others, limit, after, fresh)))
        return sorted(found)[:limit]

    def _part_ids(self, column: str, part: str, others: list[str], limit: int, after: int, fresh: bool) -> list[int]:
        if len(part) < SHORTEST_PART:
            return []
        # The trigrams find the candidates, the column itself shows whether the part is there in one piece. The plus
        # keeps SQLite from querying the index again for each contact that matches by words.
        also, values = "", []
        if others:
            also, values = f" AND +p.rowid IN ({_BY_WORDS})", [every(others)]
        if fresh and self._anywhere:
            also, values = f"{also} AND +p.rowid NOT IN ({_BY_WORDS})", [*values, self._anywhere]
        sql = (
            "SELECT p.rowid FROM contact_parts p JOIN contact c ON c.id = p.rowid WHERE contact_parts MATCH ?"
            f"{also} AND c.{column} LIKE ? ESCAPE '\\' AND p.rowid > ? ORDER BY p.rowid LIMIT ?"
        )
        found = self._rows(sql, (every([trigrams(part)], column=column), *values, f"%{like(part)}%", after, limit))
        return [number for (number,) in found]

    def _sort_keys(self, ids: Sequence[int]) -> dict[int, str]:
        placeholders = ", ".join("?" * len(ids))
        return dict(self._rows(f"SELECT id, sort_key FROM contact WHERE id IN ({placeholders})", ids)) if ids else {}

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        return list(self._connection.exec_driver_sql(sql, tuple(values)).all())

    # --- the answer --------------------------------------------------------------------------------------------------

    def _hits(self, rows: Iterator[Cursor], total: int, *, capped: bool) -> Hits:
        page: list[Cursor] = []
        for row in rows:
            if len(page) == self._limit:
                return Hits([row.id for row in page], total, capped, after=page[-1])
            page.append(row)
        return Hits([row.id for row in page], total, capped)

    def _with_slips(self, hits: Hits, found: dict[int, None]) -> Hits:
        """The hits, followed by the names with one typing error."""
        if self._asked.phones or self._asked.literal:
            return hits
        similar: dict[int, str] = {}
        for expression in _typo_expressions(self._connection, self._asked.name):
            ids = [number for number in self._ids(expression, FEW * 2) if number not in found]
            similar.update(self._sort_keys(ids))
        room = self._limit - len(hits.ids)
        below = sorted(similar, key=lambda number: (similar[number], number))[: min(room, FEW)]
        return Hits([*hits.ids, *below], hits.total, hits.capped, similar=len(below))


def _typo_expressions(connection: Connection, typed: Sequence[str]) -> Iterator[str]:
    """Yield, for each typed token with neighbours in the index, the FTS5 expression with these in its place."""
    for at, token in enumerate(typed):
        neighbours = _known(connection, token)
        if neighbours:
            others = [f'"{other}" *' for n, other in enumerate(typed) if n != at]
            yield " AND ".join([f"({' OR '.join(neighbours)})", *others])


def _known(connection: Connection, token: str) -> list[str]:
    similar = typos_of(token)
    if similar is None:
        return []
    whole, begun = similar
    terms = connection.exec_driver_sql(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM contact_vocabulary WHERE term = value)",
        (json.dumps(whole),),
    ).scalars()
    beginnings = connection.exec_driver_sql(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM contact_vocabulary"
        " WHERE term >= value AND term < value || char(1114111))",
        (json.dumps(begun),),
    ).scalars()
    return [*(f'"{term}"' for term in terms), *(f'"{term}" *' for term in beginnings)][:MOST_TYPOS]


def phrase(word: Word) -> str:
    """The FTS5 expression for a word: its tokens in sequence, the last one as a prefix."""
    return f'"{" ".join(word.tokens)}" *'


def every(parts: tuple[str, ...] | list[str], *, column: str = "") -> str:
    """The FTS5 expression for the conjunction of several, in a column if one is named."""
    whole = " AND ".join(parts)
    return f"{column} : ({whole})" if column else whole


def trigrams(part: str) -> str:
    """The FTS5 expression for texts that hold every trigram of `part`, in any order."""
    found = dict.fromkeys(part[at : at + 3] for at in range(len(part) - 2))
    return " AND ".join('"' + three.replace('"', '""') + '"' for three in found)
