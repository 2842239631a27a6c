"""The hash chain of the log: every entry is sealed together with the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""


def seal(previous: str, entry: Mapping[str, object]) -> str:
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
    """The first entry that does not fit, and how."""

    id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the whole chain found: how many entries fit, the newest hash, and the first that does not fit."""

    entries: int
    newest: str
    broken: Broken | None = None


def verify(links: Iterable[Link]) -> Verdict:
    """Check a chain in the order of its ids, stopping at the first entry that does not fit."""
    expected, count, last_id = GENESIS, 0, 0
    for link in links:
        if link.id != last_id + 1:
            return Verdict(count, expected, Broken(link.id, f"Entry {last_id + 1} is missing before entry {link.id}."))
        if link.previous != expected:
            return Verdict(count, expected, Broken(link.id, f"Entry {link.id} does not follow the entry before it."))
        if seal(link.previous, link.entry) != link.hash:
            return Verdict(count, expected, Broken(link.id, f"Entry {link.id} was changed after it was written."))
        expected, count, last_id = link.hash, count + 1, link.id
    return Verdict(count, expected)
