"""The rules of merging two contacts."""

from dataclasses import replace

import pytest

from subtui.domain.contact_edits import ContactDraft
from subtui.domain.contact_merges import filled_fields, joined_notes, take_over, why_not_merge

KEEP = ContactDraft(
    first_name="María",
    email="maria@bluedoor.example",
    phone1="(602) 555-0142",
    billing_address=("9 Calle Azul",),
    tags=("Members",),
)


def test_empty_fields_are_filled_and_others_stay() -> None:
    other = ContactDraft(
        first_name="M.",
        last_name="Lopez",
        company="Blue Door",
        billing_address=("1 Main St",),
        shipping_address=("2 Main St",),
        tags=("VIP", "Members"),
    )
    taken = take_over(KEEP, other)
    assert taken.left_out == ()
    assert taken.draft == replace(
        KEEP, company="Blue Door", shipping_address=("2 Main St",), tags=("Members", "VIP")
    ), "a name is taken as a whole or not at all"
    assert filled_fields(KEEP, taken) == ("company", "shipping_address")


def test_other_addresses_and_phones_get_the_free_places() -> None:
    other = ContactDraft(
        email="other@x.example",
        email2="MARIA@bluedoor.example",
        email3="third@x.example",
        phone1="602.555.0142",
        phone2="7",
    )
    draft = take_over(KEEP, other).draft
    assert (draft.email, draft.email2, draft.email3) == (
        "maria@bluedoor.example",
        "other@x.example",
        "third@x.example",
    )
    assert (draft.phone1, draft.phone2, draft.phone3) == ("(602) 555-0142", "7", "")


def test_what_has_no_room_is_told() -> None:
    full = replace(KEEP, email2="2@x.example", email3="3@x.example")
    taken = take_over(full, ContactDraft(email="4@x.example", email2="2@X.example"))
    assert (taken.draft, taken.left_out) == (full, ("4@x.example",))


@pytest.mark.parametrize(
    ("keep", "other", "joined"),
    [("a", "b", "a\nb"), ("a", "", "a"), ("", "b", "b"), ("a", "a", "a"), (" a ", "", " a ")],
)
def test_person_notes_are_joined(keep: str, other: str, joined: str) -> None:
    assert joined_notes(keep, other) == joined


@pytest.mark.parametrize(
    ("ids", "into", "sentence"),
    [
        ((1, 2), (None, None), None),
        ((1, 1), (None, None), "A contact can't be merged with itself: choose the other one."),
        ((1, 2), (3, None), "This contact was itself merged into contact 3: open that one."),
        ((1, 2), (None, 3), "Contact 2 was already merged into contact 3."),
    ],
)
def test_which_contacts_can_be_merged(
    ids: tuple[int, int], into: tuple[int | None, int | None], sentence: str | None
) -> None:
    assert why_not_merge(*ids, keep_into=into[0], duplicate_into=into[1]) == sentence
