"""The rules of correcting a contact."""

from dataclasses import replace
from typing import Any

import pytest

from subtui.domain.contact_edits import (
    ContactDraft,
    changed_fields,
    find_contact_problems,
    not_as_saved,
    tidied,
)

STORED = ContactDraft(
    first_name="María",
    last_name="López",
    email="maria@bluedoor.example",
    phone1="(602) 555-0142",
    billing_address=("9 Calle Azul", "Phoenix, AZ 85004"),
    tags=("Members", "VIP"),
)
AT_SIGN = "An email address must have an @-sign."


def problems(**changes: Any) -> dict[str, str]:
    draft = tidied(replace(STORED, **changes))
    return {problem.field: problem.sentence for problem in find_contact_problems(STORED, draft)}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, {}),
        ({"email": "maria@new.example", "email2": "m@new.example"}, {}),
        ({"email": "maria"}, {"email": AT_SIGN}),
        ({"email": "Maria@Bücher.example"}, {}),
        (
            {"email2": "a b@c.example"},
            {"email2": "The email address contains invalid characters before the @-sign: SPACE."},
        ),
        ({"email": ""}, {}),
        ({"phone1": "call me"}, {"phone1": "This is not a phone number: enter digits, as in +1 602 555 0142."}),
        ({"phone2": "555 0142 ext. 7"}, {}),
        ({"phone2": "٠٥٥ ١٢٣"}, {}),
        ({"phone2": "1" * 41}, {"phone2": "A phone number can have at most 40 characters; this one has 41."}),
        ({"first_name": "Ma\x1bría"}, {"first_name": "First name can't contain control characters."}),
        ({"company": "a\nb"}, {"company": "Company can't contain control characters."}),
        ({"last_name": "\u202eevil"}, {"last_name": "Last name can't contain control characters."}),
        ({"last_name": "نام\u200cخانوادگی"}, {}),
        ({"job_title": "x" * 121}, {"job_title": "Job title can have at most 120 characters; this one has 121."}),
        ({"billing_address": ("1 Main\x07 St",)}, {"billing_address": "An address can't contain control characters."}),
        (
            {"billing_address": ("x" * 401,)},
            {"billing_address": "An address can have at most 400 characters; this one has 401."},
        ),
        ({"tags": ("Members", "a\x00b")}, {"tags": "A tag can't contain control characters."}),
        ({"tags": ("x" * 121,)}, {"tags": "A tag can have at most 120 characters; this one has 121."}),
        ({"tags": tuple(map(str, range(201)))}, {"tags": "A contact can have at most 200 tags."}),
        (
            {"first_name": "", "last_name": " ", "email": "", "phone1": ""},
            {"last_name": "A contact needs a name, a company, an e-mail address or a phone number."},
        ),
        ({"first_name": "", "last_name": "", "email": ""}, {}),
    ],
)
def test_what_can_be_saved(changes: dict[str, Any], wrong: dict[str, str]) -> None:
    assert problems(**changes) == wrong


def test_what_was_there_before_is_left_alone() -> None:
    odd = replace(STORED, email="no address", phone1="ask Bo", company="a\x1bb", tags=("x" * 200,))
    assert find_contact_problems(odd, replace(odd, website="https://new.example")) == ()


def test_tidied_leaves_out_blanks_empty_lines_and_tags_named_twice() -> None:
    draft = ContactDraft(
        first_name=" María ", billing_address=(" 1 Main St ", " ", "Tucson"), tags=("a", " a", "A", "")
    )
    assert tidied(draft) == ContactDraft(first_name="María", billing_address=("1 Main St", "Tucson"), tags=("a", "A"))


def test_the_order_of_tags_is_no_change() -> None:
    assert changed_fields(STORED, replace(STORED, tags=("VIP", "Members"))) == ()
    assert changed_fields(STORED, replace(STORED, tags=("VIP",), first_name="M")) == ("first_name", "tags")


def test_a_correction_is_undone_only_while_it_stands() -> None:
    assert not_as_saved({"email": "b"}, {"email": "b", "phone1": "1"}) == ()
    assert not_as_saved({"email": "b", "tags": ["x"]}, {"email": "c", "tags": ["x"]}) == ("email",)
