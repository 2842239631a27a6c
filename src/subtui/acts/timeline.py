"""The query about a customer's timeline."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Query
from subtui.domain.permissions import Permission
from subtui.domain.timeline import LineKind, Position
from subtui.views.timeline import Timeline


@dataclass(frozen=True, slots=True)
class GetTimeline(Query[Timeline]):
    """All that is recorded about a contact, newest first: at most `limit` lines behind the position `after`.

    Only lines of these `kinds` (none: all), and with every word of `text` in what they say. Raises NotFound.
    """

    permission: ClassVar = Permission.VIEW_LOG
    contact_id: int
    _: KW_ONLY
    kinds: frozenset[LineKind] = frozenset()
    text: str = ""
    after: Position | None = None
    limit: int = 100
