"""Saved views: a list with its filter, order and columns under a name, of one user or shared by the team."""

from collections.abc import Sequence
from enum import StrEnum

from subtui.domain.errors import Invalid, Problem
from subtui.domain.normalization import normalize
from subtui.domain.plain_text import one_line

LONGEST_NAME = 60
LONGEST_QUERY = 200


class Listing(StrEnum):
    """What a saved view lists."""

    SUBSCRIPTIONS = "subscriptions"
    CONTACTS = "contacts"


LISTING_WORDS = {Listing.SUBSCRIPTIONS: "Subscriptions", Listing.CONTACTS: "Contacts"}


def view_name(typed: str) -> str:
    """The name as it is kept. Raises Invalid for an empty one and one that is too long."""
    name = " ".join(one_line(typed).split())
    if not name or not view_key(name):
        raise Invalid((Problem("name", "Give the view a name."),))
    if len(name) > LONGEST_NAME:
        raise Invalid((Problem("name", f"A name has at most {LONGEST_NAME} characters."),))
    return name


def view_key(name: str) -> str:
    """By what a view is looked up: its name without case and accents."""
    return " ".join(normalize(name).split())


def known_columns(wanted: Sequence[str], labels: Sequence[str]) -> tuple[str, ...]:
    """The wanted columns in their order. Raises Invalid for a label that the list does not have."""
    by_key = {normalize(label): label for label in labels}
    unknown = [label for label in wanted if normalize(label) not in by_key]
    if unknown:
        known = ", ".join(labels)
        raise Invalid((Problem("columns", f"There is no column “{unknown[0][:30]}”. The columns are: {known}."),))
    return tuple(dict.fromkeys(by_key[normalize(label)] for label in wanted))
