"""Reads pages from Keap, one ahead of the one that is being written. No database here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from subtui.keap_api.calls import Answer, Caller, Query
from subtui.keap_api.errors import Declined, NoAnswer
from subtui.keap_api.pages import page_of
from subtui.services.keap.page_import import id_of
from subtui.services.keap.walks import SMALLEST_PAGE, Listing

T = TypeVar("T")

_SMALL = 100
"""The page size that every list has taken so far."""

_LATE = timedelta(days=1)
"""By how much a row may lie before the time that was asked for, before the filter counts as ignored."""


class NotAsAsked(Exception):
    """The answer does not obey its filter or its order: another way of walking is needed. `str()` says how."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One page. `after` is the last id of a walk by ids, `until` the time of the last change of one by times."""

    rows: Sequence[Mapping[str, Any]]
    server_time: datetime | None
    after: str = ""
    until: datetime | None = None


class Calls:
    """The thread that speaks with Keap: one call at a time, in the order in which they are asked for."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keap")
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> "Calls":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def ask(self, call: Callable[[Caller], T]) -> T:
        """The result of something asked now, behind what is being read ahead."""
        return self._thread.submit(call, self._caller).result()

    def ahead(self, pages: Callable[["Calls"], Iterator[Rows]]) -> Iterator[Rows]:
        """The pages of a walk; while one is used the next is read."""
        found = pages(self)
        coming: Future[Rows | None] = self._thread.submit(next, found, None)
        while (page := coming.result()) is not None:
            coming = self._thread.submit(next, found, None)
            yield page

    def page(
        self, listing: Listing, query: Callable[[int], Query]
    ) -> tuple[Answer, Sequence[Mapping[str, Any]], str | None]:
        """One page, in the call thread: smaller where Keap takes too long or refuses the size."""
        size = self.sizes.get(listing.kind, listing.largest_page)
        while True:
            try:
                answer = self._caller.get(listing.path, query(size))
                found = page_of(answer, listing.key)
                return answer, found.rows, found.next_token
            except NoAnswer:
                if size <= SMALLEST_PAGE:
                    raise
                size = max(size // 2, SMALLEST_PAGE)
            except Declined as refusal:
                if size <= _SMALL or "page_size" not in refusal.words:
                    raise
                size = _SMALL
            self.sizes[listing.kind] = size


def by_ids(listing: Listing, after: str) -> Callable[[Calls], Iterator[Rows]]:
    """The rows behind an id. NotAsAsked where the ids do not rise."""

    def walk(calls: Calls) -> Iterator[Rows]:
        last = int(after or 0)
        while True:
            answer, rows, _ = calls.page(listing, partial(listing.after, str(last)))
            if not rows:
                return
            numbers = [_number(row) for row in rows]
            if numbers != sorted(numbers) or numbers[0] <= last:
                raise NotAsAsked(f"The ids of {listing.kind} do not rise in Keap's answer.")
            last = numbers[-1]
            yield Rows(rows, answer.server_time, after=str(last))

    return walk


def _number(row: Mapping[str, Any]) -> int:
    text = id_of(row)
    if not (text.isascii() and text.isdigit()):
        raise NotAsAsked("An id in Keap's answer is no number.")
    return int(text)


def by_times(listing: Listing, begin: datetime) -> Callable[[Calls], Iterator[Rows]]:
    """The rows that have changed since. NotAsAsked where the filter is ignored."""

    def walk(calls: Calls) -> Iterator[Rows]:
        until = begin
        for answer, rows in _paged(calls, listing, lambda size, token: listing.since_when(begin, size, token)):
            times = [at for row in rows if (at := listing.changed_at(row)) is not None]
            if times and min(times) < begin - _LATE:
                raise NotAsAsked(f"The filter {listing.since} of {listing.kind} is ignored.")
            rising = bool(listing.since_order) and len(times) == len(rows) and times == sorted(times)
            until = max(until, times[-1]) if rising else until
            yield Rows(rows, answer.server_time, until=until if rising else None)

    return walk


def newest_first(listing: Listing, begin: datetime) -> Callable[[Calls], Iterator[Rows]]:
    """The rows that were changed last, down to those from before `begin`. NotAsAsked where they have no times."""

    def walk(calls: Calls) -> Iterator[Rows]:
        for answer, rows in _paged(calls, listing, listing.newest_first):
            times = [listing.changed_at(row) for row in rows]
            known = [at for at in times if at is not None]
            if len(known) < len(times) or known != sorted(known, reverse=True):
                raise NotAsAsked(f"{listing.kind.capitalize()} are not in the order of their changes.")
            yield Rows(rows, answer.server_time)
            if known[-1] < begin:
                return

    return walk


def from_the_start(listing: Listing) -> Callable[[Calls], Iterator[Rows]]:
    """The whole list."""

    def walk(calls: Calls) -> Iterator[Rows]:
        for answer, rows in _paged(calls, listing, listing.from_the_start):
            yield Rows(rows, answer.server_time)

    return walk


def _sized(query: Callable[[int, str | None], Query], token: str | None, size: int) -> Query:
    return query(size, token)


def _paged(
    calls: Calls, listing: Listing, query: Callable[[int, str | None], Query]
) -> Iterator[tuple[Answer, Sequence[Mapping[str, Any]]]]:
    """The pages of a list by their tokens. A token that comes again ends it, as it would go on for ever."""
    token: str | None = None
    seen: set[str] = set()
    while True:
        answer, rows, token = calls.page(listing, partial(_sized, query, token))
        if rows:
            yield answer, rows
        if token is None or token in seen:
            return
        seen.add(token)
