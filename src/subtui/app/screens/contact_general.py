"""The General tab of a contact, as text."""

from collections.abc import Callable, Iterable
from datetime import date

from textual.content import Content

from subtui.app.content import cells, fitted, hanging_indent, safe
from subtui.app.widgets.wrapped_text import WrappedText
from subtui.domain.plain_text import sanitize
from subtui.views.customers import ContactRecord

LABEL = 13
MOST_OF_A_LABEL = 30


class GeneralTab(WrappedText):
    """All details of the contact; long lines have a hanging indent."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._record: ContactRecord | None = None
        self._instead = safe("Loading …", "$muted")
        self._day: Callable[[date | None], str] = str

    def show(self, record: ContactRecord, day: Callable[[date | None], str]) -> None:
        """Show this contact, days in the format of `day`."""
        self._record, self._day = record, day
        self.changed()

    def explain(self, sentence: str) -> None:
        """Show why there is no contact."""
        self._instead = safe(sentence)
        self.changed()

    def wrapped(self, width: int) -> Content:
        """The lines of the record, once it is loaded."""
        if self._record is None:
            return self._instead
        return general_content(self._record, self._day, room=width)


def _facts(facts: Iterable[tuple[str, Iterable[str]]], room: int, width: int = LABEL) -> list[Content]:
    """Labels, `width` cells wide, and their texts in the rest of `room` cells."""
    lines: list[Content] = []
    for label, texts in facts:
        known = [text for text in texts if text]
        for at, text in enumerate(known or ["-"]):
            head = fitted(label if at == 0 else "", width - 2) + "  "
            lines += hanging_indent(head, text, room, style="" if known else "$muted")
    return lines


def general_content(record: ContactRecord, day: Callable[[date | None], str], *, room: int) -> Content:
    """All details of the contact, in one column of `room` cells."""
    owes = [f"{amount.format()} {'due' if amount.minor > 0 else 'in credit'}" for amount in record.balance]
    lines = [safe(record.name, "bold"), Content("")]
    lines += _facts(
        (
            ("Company", [record.company]),
            ("Job title", [record.job_title]),
            ("E-mail", record.emails),
            ("Phone", record.phones),
            ("Website", [record.website]),
            ("Balance", owes or ["nothing due"]),
            ("Active", [f"{record.active} subscription{'' if record.active == 1 else 's'}"]),
            ("Tags", [", ".join(record.tags)]),
            ("Automations", [", ".join(record.automations)]),
            ("Owner", [record.owner]),
            ("Since", [day(record.created_on)]),
        ),
        room,
    )
    for address in record.addresses:
        lines.append(Content(""))
        lines += _facts([(address.kind, address.lines)], room)
    if record.person_notes:
        lines += [Content(""), safe("Person notes", "bold $primary")]
        lines += [safe(line) for line in record.person_notes.splitlines()]
    if record.notes:
        lines += [Content(""), safe("Notes", "bold $primary")]
    for note in record.notes:
        lines.append(safe(f"{day(note.at.date())}  {sanitize(note.author)}", "$muted"))
        lines += [safe(line) for line in note.text.splitlines()]
    return Content("\n").join([*lines, *_from_keap(record, room)])


def _from_keap(record: ContactRecord, room: int) -> Iterable[Content]:
    """The contact's Keap id, and the extra values."""
    facts = [("Keap id", record.keap_id)] if record.keap_id else []
    facts += record.more
    if facts:
        widest = max(cells(label) for label, _ in facts)
        yield Content("")
        yield safe("From Keap", "bold $primary")
        width = min(max(widest + 2, LABEL), MOST_OF_A_LABEL)
        yield from _facts([(label, text.splitlines()) for label, text in facts], room, width)
