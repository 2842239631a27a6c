"""The rules of correcting a contact: which draft can be saved, and which correction can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from subtui.domain.contact_details import LONGEST_EMAIL, LONGEST_PHONE, why_not_email
from subtui.domain.contact_fields import (
    ADDRESSES,
    CONTACT_FIELDS,
    CONTACT_LABELS,
    EMAILS,
    FOUND_BY,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_TAG,
    MOST_TAGS,
    PHONES,
    TAGS,
)
from subtui.domain.errors import Problem
from subtui.domain.plain_text import sanitize, sanitize_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """The fields of a contact as filled in, in the order of the form. An address has its lines as on an envelope."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    job_title: str = ""
    email: str = ""
    email2: str = ""
    email3: str = ""
    phone1: str = ""
    phone2: str = ""
    phone3: str = ""
    phone4: str = ""
    phone5: str = ""
    website: str = ""
    billing_address: tuple[str, ...] = ()
    shipping_address: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def tidied(draft: ContactDraft) -> ContactDraft:
    """The draft without blanks around its values, empty lines, and tags named twice."""
    values: dict[str, Any] = {}
    for known in fields(draft):
        value = getattr(draft, known.name)
        values[known.name] = (
            value.strip() if isinstance(value, str) else tuple(line.strip() for line in value if line.strip())
        )
    values[TAGS] = tuple(dict.fromkeys(values[TAGS]))
    return replace(draft, **values)


def changed_fields(before: ContactDraft, draft: ContactDraft) -> tuple[str, ...]:
    """The names of the fields that differ, in the order of the form. The order of tags is no difference."""

    def value(of: ContactDraft, name: str) -> object:
        found = getattr(of, name)
        return frozenset(found) if name == TAGS else found

    names = (known.name for known in CONTACT_FIELDS)
    return tuple(name for name in names if value(before, name) != value(draft, name))


def find_contact_problems(before: ContactDraft, draft: ContactDraft) -> tuple[Problem, ...]:
    """The problems of a tidied draft, in the order of the form; empty when it can be saved.

    A value that was there before is left alone, even if it could not be entered now.
    """
    found = []
    for name in changed_fields(before, draft):
        sentence = _why_not(name, getattr(draft, name), getattr(before, name))
        if sentence:
            found.append(Problem(name, sentence))
    if not any(getattr(draft, name) for name in FOUND_BY):
        found.append(Problem("last_name", "A contact needs a name, a company, an e-mail address or a phone number."))
    return tuple(found)


def _why_not(name: str, value: Any, was: Any) -> str | None:
    if name == TAGS:
        return _why_not_tags(tuple(tag for tag in value if tag not in was), len(value))
    if name in ADDRESSES:
        return _why_not_address("\n".join(value))
    if sanitize(value) != value:
        return f"{CONTACT_LABELS[name]} can't contain control characters."
    if name in EMAILS and value:
        return _too_long("An e-mail address", LONGEST_EMAIL, value) or why_not_email(value)
    if name in PHONES and value:
        return _too_long("A phone number", LONGEST_PHONE, value) or _why_not_phone(value)
    return _too_long(CONTACT_LABELS[name], LONGEST_NAME, value)


def _why_not_phone(text: str) -> str | None:
    """Why the text is no phone number: extensions and words are known in real accounts, but some digits are needed."""
    if any(map(str.isdigit, text)):
        return None
    return "This is not a phone number: enter digits, as in +1 602 555 0142."


def _why_not_address(text: str) -> str | None:
    if sanitize_lines(text) != text:
        return "An address can't contain control characters."
    return _too_long("An address", LONGEST_ADDRESS, text)


def _why_not_tags(new: tuple[str, ...], count: int) -> str | None:
    for tag in new:
        if sanitize(tag) != tag:
            return "A tag can't contain control characters."
        if len(tag) > LONGEST_TAG:
            return _too_long("A tag", LONGEST_TAG, tag)
    return f"A contact can have at most {MOST_TAGS} tags." if new and count > MOST_TAGS else None


def _too_long(what: str, most: int, text: str) -> str | None:
    return f"{what} can have at most {most} characters; this one has {len(text)}." if len(text) > most else None


def not_as_saved(saved: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the fields that are no longer as a correction has saved them: then it cannot be undone."""
    return tuple(name for name, value in saved.items() if now.get(name) != value)
