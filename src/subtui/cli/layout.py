"""Joins the parts of a plain command's output."""

from typing import Any

from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.views.customers import Page


def parts(*said: str) -> str:
    """The non-empty parts, separated by empty lines."""
    return "\n\n".join(part for part in said if part)


def section(title: str, body: str) -> str:
    """A part below its title."""
    return f"{title}\n{indented('  ' + body, '  ')}"


def bullets(said: tuple[str, ...]) -> str:
    """A list of sentences, each after a dash."""
    return "\n".join(f"- {sanitize(sentence)}" for sentence in said)


def counted(title: str, page: Page[Any]) -> str:
    """A title with the number of rows shown below it, and of all."""
    return f"{title}: {len(page.rows)} of {page.total}"


def indented(text: str, by: str) -> str:
    """Sanitized text, its lines after the first indented."""
    return sanitize_lines(text).replace("\n", f"\n{by}")


def yes(value: bool) -> str:
    """`Yes` or `No`."""
    return "Yes" if value else "No"


def verified_words(verified: bool) -> str:
    """The word for a verified or unverified user."""
    return "verified" if verified else "not verified"
