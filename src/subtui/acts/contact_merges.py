"""Acts and the query that merge two contacts, and take a merge back."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.permissions import Permission
from subtui.views.contact_merges import MergePreview, MergeResult


@dataclass(frozen=True, slots=True)
class MergeContacts(Act[MergeResult]):
    """Move every record of a duplicate to the contact that stays, and take the duplicate out of the search.

    Raises Refused when either contact is no longer the version that was previewed, or was merged before.
    """

    permission: ClassVar = Permission.MERGE_CONTACTS
    keep_id: int
    duplicate_id: int
    _: KW_ONLY
    version: int
    duplicate_version: int


@dataclass(frozen=True, slots=True)
class UnmergeContact(Act[MergeResult]):
    """Take a merge back: exactly the records that moved return to the duplicate. Raises Refused."""

    permission: ClassVar = Permission.MERGE_CONTACTS
    duplicate_id: int


@dataclass(frozen=True, slots=True)
class PreviewMerge(Query[MergePreview]):
    """What merging the duplicate into the contact would do. A `duplicate_id` of 0: none is chosen. Raises NotFound."""

    keep_id: int
    duplicate_id: int
