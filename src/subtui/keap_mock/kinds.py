"""All kinds of rows by name."""

from subtui.keap_mock.kind import Kind
from subtui.keap_mock.money_kinds import MONEY
from subtui.keap_mock.people_kinds import PEOPLE

ID_FIELD = {"payment_methods": "payment_method_id"}
"""Where the id of a row is; `id` for all other kinds. Transactions have none and are numbered without showing it."""

LISTED_ONLY = frozenset({"contact_tags", "tag_contacts", "applied_tags", "tagged_contacts"})
"""Lists that are made from rows of other kinds: an account keeps none of these."""

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*PEOPLE, *MONEY)}
KEPT: tuple[str, ...] = tuple(name for name in KINDS if name not in LISTED_ONLY)
"""The kinds of rows that an account has."""


def id_field(kind: str) -> str:
    """The name of the field that holds the id of a row of this kind."""
    return ID_FIELD.get(kind, "id")
