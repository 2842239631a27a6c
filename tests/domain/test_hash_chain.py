"""The chain of the log: whatever is changed, taken out or moved is found, and the first such entry is named."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.hash_chain import GENESIS, Broken, Link, Verdict, entry_hash, verify

ENTRY: dict[str, object] = {
    "id": 1,
    "at": "2026-03-02T16:30:00+00:00",
    "actor_id": 3,
    "actor": "Dana Reyes",
    "role": "agent",
    "command": "subscription.save",
    "route": "/subscriptions/1042",
    "reason": "too_expensive",
    "subject": "subscription:1042",
    "contact_id": 1007,
    "undoes_id": None,
    "before": {"status": "Active", "auto_charge": True},
    "after": {"status": "Inactive", "auto_charge": False, "reason_note": "喂"},
}


def chain(entries: int) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for number in range(1, entries + 1):
        entry = ENTRY | {"id": number}
        links.append(Link(number, previous, entry_hash(previous, entry), entry))
        previous = links[-1].hash
    return links


def test_an_empty_log_is_in_order() -> None:
    assert verify([]) == Verdict(0, GENESIS)


def test_an_untouched_log_is_in_order_and_names_its_newest_hash() -> None:
    links = chain(5)
    assert verify(links) == Verdict(5, links[-1].hash)


@pytest.mark.parametrize("field", ENTRY)
@pytest.mark.parametrize("value", ["x", None, 7, {"status": "Active"}])
def test_a_changed_field_of_an_entry_is_found(field: str, value: object) -> None:
    links = chain(4)
    links[2] = replace(links[2], entry={**links[2].entry, field: value})
    if links[2].entry == chain(4)[2].entry:
        assert verify(links).broken is None
        return
    assert verify(links) == Verdict(2, links[1].hash, Broken(3, "Entry 3 was changed after it was written."))


@pytest.mark.parametrize("field", ENTRY)
def test_a_field_taken_out_of_an_entry_is_found(field: str) -> None:
    links = chain(2)
    without: Mapping[str, object] = {name: value for name, value in links[1].entry.items() if name != field}
    links[1] = replace(links[1], entry=without)
    assert verify(links).broken == Broken(2, "Entry 2 was changed after it was written.")


def test_a_changed_hash_is_found() -> None:
    links = chain(3)
    links[1] = replace(links[1], hash="f" * 64)
    assert verify(links).broken == Broken(2, "Entry 2 was changed after it was written.")


def test_a_changed_hash_before_it_is_found() -> None:
    links = chain(3)
    links[1] = replace(links[1], previous="f" * 64)
    assert verify(links).broken == Broken(2, "Entry 2 does not follow the entry before it.")


def test_an_entry_sealed_anew_no_longer_fits_the_one_after_it() -> None:
    links = chain(3)
    forged = {**links[1].entry, "actor": "Somebody else"}
    links[1] = Link(2, links[1].previous, entry_hash(links[1].previous, forged), forged)
    assert verify(links).broken == Broken(3, "Entry 3 does not follow the entry before it.")


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_missing_entry_is_found(gone: int) -> None:
    links = [link for link in chain(4) if link.id != gone]
    assert verify(links).broken == Broken(gone + 1, f"Entry {gone} is missing before entry {gone + 1}.")


def test_reordered_entries_are_found() -> None:
    one, two, three = chain(3)
    assert verify([one, three, two]).broken == Broken(3, "Entry 2 is missing before entry 3.")
    swapped = [one, replace(three, id=2), replace(two, id=3)]
    assert verify(swapped).broken == Broken(2, "Entry 2 does not follow the entry before it.")


def test_the_order_in_which_fields_are_named_does_not_count() -> None:
    assert entry_hash(GENESIS, ENTRY) == entry_hash(GENESIS, dict(reversed(ENTRY.items())))


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans()), st.text(max_size=5))
def test_the_seal_tells_entries_apart(entry: dict[str, object], more: str) -> None:
    assert entry_hash(GENESIS, entry) == entry_hash(GENESIS, dict(entry))
    assert entry_hash(GENESIS, entry) != entry_hash(GENESIS, {"more": more, "entry": entry})


@pytest.mark.parametrize(
    ("times", "backwards"),
    [
        (["2026-03-02T16:30:00+00:00", "2026-03-02T16:30:00+00:00"], None),
        (["2026-03-02T16:30:00+00:00", "2026-03-02T16:25:00+00:00"], None),
        (["2026-03-02T16:30:00+00:00", "2026-03-02T16:24:59+00:00"], 2),
        (["2026-03-02T16:30:00+00:00", "2026-03-02T18:00:00+02:00"], 2),
        (["2030-01-01T00:00:00+00:00", "2026-03-02T16:30:00+00:00", "2026-03-01T16:30:00+00:00"], 2),
        (["2026-03-01T16:30:00+00:00", "2030-01-01T00:00:00+00:00", "2026-03-02T16:30:00+00:00"], 3),
    ],
)
def test_an_entry_that_is_dated_before_its_predecessor_is_named(times: list[str], backwards: int | None) -> None:
    links: list[Link] = []
    previous = GENESIS
    for number, at in enumerate(times, start=1):
        entry = ENTRY | {"id": number, "at": at}
        links.append(Link(number, previous, entry_hash(previous, entry), entry))
        previous = links[-1].hash
    verdict = verify(links)
    assert verdict.broken is None
    assert (verdict.backwards.id if verdict.backwards else None) == backwards
