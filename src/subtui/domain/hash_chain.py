"""The hash chain of the log: every entry is sealed together with the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

GENESIS = "0" * 64
"""The previous hash of the first entry."""

CLOCK_SLACK = timedelta(minutes=5)
"""The tolerance for an entry dated before its predecessor: the clocks of two machines differ a little."""


def entry_hash(previous: str, entry: Mapping[str, object]) -> str:
    """The SHA-256, in hex, of `previous` and the entry written canonically (sorted keys, UTF-8, no spaces)."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry with the two hashes stored beside it."""

    id: int
    previous: str
    hash: str
    entry: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit, and the reason."""

    id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking the whole chain: the number of entries that fit, the newest hash, the first that fails.

    `backwards` is the first entry that is dated before its predecessor: it fits, but its day was not the real one.
    """

    entries: int
    newest: str
    broken: Broken | None = None
    backwards: Broken | None = None


def verify(links: Iterable[Link]) -> Verdict:
    """Check a chain in the order of its ids, stopping at the first entry that does not fit."""
    expected, count, last_id = GENESIS, 0, 0
    backwards: Broken | None = None
    before: datetime | None = None
    for link in links:
        if link.id != last_id + 1:
            return Verdict(count, expected, Broken(link.id, f"Entry {last_id + 1} is missing before entry {link.id}."))
        if link.previous != expected:
            return Verdict(count, expected, Broken(link.id, f"Entry {link.id} does not follow the entry before it."))
        if entry_hash(link.previous, link.entry) != link.hash:
            return Verdict(count, expected, Broken(link.id, f"Entry {link.id} was changed after it was written."))
        at = _instant(link.entry)
        if backwards is None and at and before and at < before - CLOCK_SLACK:
            dated, later = (f"{instant:%Y-%m-%d %H:%M}" for instant in (at, before))
            backwards = Broken(link.id, f"Entry {link.id} is dated {dated}, before entry {last_id} of {later} UTC.")
        before = at or before
        expected, count, last_id = link.hash, count + 1, link.id
    return Verdict(count, expected, backwards=backwards)


def _instant(entry: Mapping[str, object]) -> datetime | None:
    """The instant at which an entry was written; None where it holds none."""
    try:
        return datetime.fromisoformat(str(entry.get("at")))
    except ValueError:
        return None
