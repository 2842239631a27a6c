"""A list of terms and descriptions, wrapped with a hanging indent to the width of the widget."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from subtui.app.content import concat, hanging_indent, safe
from subtui.app.widgets.wrapped_text import WrappedText

LABEL = 14


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section, with an empty line above unless it is the first line."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A label and its text; left out if the text is empty."""

    label: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A label and an amount, whose padding is kept to align amounts."""

    label: str
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, after its sign or number."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, line breaks kept."""

    text: str
    style: str = ""


Entry = Heading | Term | Amount | Item | Paragraph


class DescriptionList(WrappedText):
    """Draws its entries for the current width."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: Iterable[Entry]) -> None:
        """Show these instead."""
        self._entries = tuple(entries)
        self.changed()

    def wrapped(self, width: int) -> Content:
        """The wrapped entries, one below the other."""
        if not self._entries:
            return safe("Loading …", "$muted")
        drawn = (self._drawn(entry, width, first=at == 0) for at, entry in enumerate(self._entries))
        return Content("\n").join(line for lines in drawn for line in lines)

    @staticmethod
    def _drawn(entry: Entry, room: int, *, first: bool) -> list[Content]:
        match entry:
            case Heading(text):
                title = safe(text, "bold $primary")
                return [title] if first else [Content(""), title]
            case Term(label, text, style):
                return hanging_indent(f"{label:<{LABEL}}", text, room, style=style) if text else []
            case Amount(label, text, style):
                return [concat(safe(f"{label:<{LABEL}}", "$muted"), safe(text, style))]
            case Item(sign, text):
                return hanging_indent(sign, text, room)
            case Paragraph(text, style):
                return hanging_indent("", text, room, style=style)
