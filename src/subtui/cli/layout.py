"""How the parts of what a plain command prints are put together."""

from typing import Any

from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.domain.views import Page


def parts(*said: str) -> str:
    """Parts with an empty line between them; those with nothing to say are left out."""
    return "\n\n".join(part for part in said if part)


def section(title: str, body: str) -> str:
    """A part under its title."""
    return f"{title}\n{indented('  ' + body, '  ')}"


def bullets(said: tuple[str, ...]) -> str:
    """Sentences one below the other, each with a dash."""
    return "\n".join(f"- {sanitize(sentence)}" for sentence in said)


def counted(title: str, page: Page[Any]) -> str:
    """A title that says how many of all there are below it."""
    return f"{title}: {len(page.rows)} of {page.total}"


def indented(text: str, by: str) -> str:
    """Text, cleaned, its lines after the first set in."""
    return sanitize_lines(text).replace("\n", f"\n{by}")


def yes(value: bool) -> str:
    """`Yes` or `No`."""
    return "Yes" if value else "No"


def verified_words(verified: bool) -> str:
    """Whether the account knows somebody to be who they are."""
    return "verified" if verified else "not verified"
