"""The General tab of a contact, as text."""

from collections.abc import Callable, Iterable
from datetime import date

from textual.content import Content

from subtui.app.text import cells, fitted, joined, safe
from subtui.domain.plain_text import visible
from subtui.domain.views import ContactRecord

LABEL = 13
MOST_OF_A_LABEL = 30


def _facts(facts: Iterable[tuple[str, Iterable[str]]], room: int = LABEL) -> list[Content]:
    lines: list[Content] = []
    for label, texts in facts:
        known = [text for text in texts if text]
        for at, text in enumerate(known or ["-"]):
            head = safe(fitted(label if at == 0 else "", room - 2) + "  ", "$muted")
            lines.append(joined(head, safe(text, "" if known else "$muted")))
    return lines


def general_content(record: ContactRecord, day: Callable[[date | None], str], *, wide: bool) -> Content:
    """Everything known about the person, in one column; on wide terminals the money comes first to the eye as well."""
    owes = [f"{amount.format()} {'due' if amount.minor > 0 else 'in credit'}" for amount in record.balance]
    lines = [safe(record.name, "bold"), Content("")]
    lines += _facts(
        (
            ("Company", [record.company]),
            ("Job title", [record.job_title] if record.job_title or wide else ["-"]),
            ("E-mail", record.emails),
            ("Phone", record.phones),
            ("Website", [record.website]),
            ("Balance", owes or ["nothing due"]),
            ("Active", [f"{record.active} subscription{'' if record.active == 1 else 's'}"]),
            ("Tags", [", ".join(record.tags)]),
            ("Automations", [", ".join(record.automations)]),
            ("Owner", [record.owner]),
            ("Since", [day(record.created_on)]),
        )
    )
    for address in record.addresses:
        lines.append(Content(""))
        lines += _facts([(address.kind, address.lines)])
    if record.person_notes:
        lines += [Content(""), safe("Person notes", "bold $primary")]
        lines += [safe(line) for line in record.person_notes.splitlines()]
    if record.notes:
        lines += [Content(""), safe("Notes", "bold $primary")]
    for note in record.notes:
        lines.append(safe(f"{day(note.at.date())}  {visible(note.author)}", "$muted"))
        lines += [safe(line) for line in note.text.splitlines()]
    return Content("\n").join([*lines, *_from_keap(record)])


def _from_keap(record: ContactRecord) -> Iterable[Content]:
    """The contact's number there, and the columns that have no place of their own here."""
    facts = [("Keap id", record.keap_id)] if record.keap_id else []
    facts += record.more
    if facts:
        widest = max(cells(label) for label, _ in facts)
        yield Content("")
        yield safe("From Keap", "bold $primary")
        yield from _facts(
            [(label, text.splitlines()) for label, text in facts], min(max(widest + 2, LABEL), MOST_OF_A_LABEL)
        )
