"""The forms of the cancellation team: what is wrong with each field, and what may happen to a ticket."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.contact_details import LONGEST_EMAIL, LONGEST_PHONE, why_not_email, why_not_phone, written_phone
from subtui.domain.errors import Problem
from subtui.domain.reasons import CANCELLING, Reason
from subtui.domain.requests import (
    LONGEST_COMMENT,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    CallDraft,
    CancellationDraft,
    ContactDetails,
    Kind,
    Preferred,
    QuestionDraft,
    Standing,
    Topic,
    call_problems,
    due_words,
    find_problems,
    outcomes_of,
    question_problems,
    reach_problems,
    text_problems,
    ticket_number,
    why_not_decide,
    why_not_withdraw,
)

TODAY = date(2026, 3, 2)
BEGAN = date(2019, 5, 6)
REACH = ContactDetails("ada@shop.example")
BY_PHONE = ContactDetails(phone="602 555 0142", preferred=Preferred.PHONE)
GOOD = CancellationDraft(REACH, "too_expensive", acknowledged=True)


def problems(draft: CancellationDraft, *, reasons: tuple[Reason, ...] = CANCELLING) -> list[tuple[str, str]]:
    found = find_problems(draft, reasons=reasons, today=TODAY, began_on=BEGAN, country="US")
    return [(problem.field, problem.sentence) for problem in found]


# --- the cancellation form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draft",
    [
        GOOD,
        replace(GOOD, reach=BY_PHONE),
        replace(GOOD, reach=ContactDetails("ada@shop.example", "+1 602 555 0142")),
        replace(GOOD, reason_code="other", comment="We close the shop."),
        replace(GOOD, comment="x" * LONGEST_COMMENT),
        replace(GOOD, requested_on=TODAY),
        replace(GOOD, requested_on=BEGAN),
    ],
)
def test_a_form_that_says_all_has_no_problem(draft: CancellationDraft) -> None:
    assert problems(draft) == []


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"reason_code": None}, "reason", "Choose a reason."),
        ({"reason_code": ""}, "reason", "Choose a reason."),
        ({"reason_code": "sunshine"}, "reason", "There is no reason “sunshine” on the account's list."),
        ({"reason_code": "x" * 99}, "reason", f"There is no reason “{'x' * 40}” on the account's list."),
        ({"reason_code": "other"}, "comment", "“Other” needs a comment: explain the reason."),
        ({"reason_code": "other", "comment": " \n"}, "comment", "“Other” needs a comment: explain the reason."),
        ({"comment": "x" * 501}, "comment", "A comment can have at most 500 characters; this one has 501."),
        (
            {"requested_on": TODAY + timedelta(days=1)},
            "requested_on",
            "The request date can't be after today (2 Mar 2026).",
        ),
        (
            {"requested_on": BEGAN - timedelta(days=1)},
            "requested_on",
            "The request date can't be before the account began (6 May 2019).",
        ),
        (
            {"acknowledged": False},
            "acknowledged",
            "Read and acknowledge the terms to save.",
        ),
        ({"reach": ContactDetails()}, "email", "Enter an e-mail address, or choose to be contacted by phone."),
    ],
)
def test_a_field_that_is_wrong_is_named_with_a_sentence(change: dict[str, object], field: str, sentence: str) -> None:
    assert problems(replace(GOOD, **change)) == [(field, sentence)]  # type: ignore[arg-type]


def test_problems_come_in_the_order_of_the_form() -> None:
    draft = CancellationDraft(ContactDetails("nobody", "1"), None, "x" * 501, TODAY + timedelta(days=1))
    assert [field for field, _ in problems(draft)] == [
        "reason",
        "comment",
        "email",
        "phone",
        "requested_on",
        "acknowledged",
    ]


def test_the_reasons_are_those_of_the_accounts_own_list() -> None:
    own = (Reason("moving", "Moving"), Reason("else", "Something else", needs_note=True))
    assert problems(replace(GOOD, reason_code="moving"), reasons=own) == []
    assert [field for field, _ in problems(GOOD, reasons=own)] == ["reason"]
    assert problems(replace(GOOD, reason_code="else"), reasons=own) == [
        ("comment", "“Something else” needs a comment: explain the reason.")
    ]


def test_without_a_day_on_which_the_account_began_any_day_before_today_will_do() -> None:
    draft = replace(GOOD, requested_on=date(1999, 1, 1))
    assert find_problems(draft, reasons=CANCELLING, today=TODAY, began_on=None, country="US") == ()


# --- how somebody can be reached --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    [
        "ada@shop.example",
        " ada@shop.example ",
        "Ada.Lovelace+shop@mail.shop.example",
        "o'neil@shop.example",
        "ada@bücher.example",
        "ädä@shop.example",
        "a@b.co",
    ],
)
def test_an_address_that_is_one(email: str) -> None:
    assert why_not_email(email) is None


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ada", "must have an @-sign"),
        ("ada@", "something after the @-sign"),
        ("@shop.example", "something before the @-sign"),
        ("ada@shop", "should have a period"),
        ("ada@localhost", "should have a period"),
        ("ada@shop..example", "two periods in a row"),
        ("ada@shop.example.", "cannot end with a period"),
        ("ada@-shop.example", "cannot have a hyphen"),
        ("ada lee@shop.example", "invalid characters before the @-sign"),
        ("ada@shop.example, bob@shop.example", "invalid characters"),
        ("Ada <ada@shop.example>", "not permitted"),
        ("mailto:ada@shop.example", "invalid characters"),
        ("ada@[127.0.0.1]", "not allowed"),
        ("ada@10.0.0.1", "not valid"),
        ("ada@shop.invalid", "cannot be used with email"),
        ("ada\x1b[31m@shop.example", "can't contain control characters"),
        ("ada\u202e@shop.example", "can't contain control characters"),
        ("ada@shop.example\nbcc: bob@shop.example", "can't contain control characters"),
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(email: str, words: str) -> None:
    sentence = why_not_email(email) or ""
    assert words in sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("phone", "country", "written"),
    [
        ("602 555 0142", "US", "+1 602-555-0142"),
        ("(602) 555-0142", "US", "+1 602-555-0142"),
        ("602.555.0142", "us", "+1 602-555-0142"),
        ("1-602-555-0142", "US", "+1 602-555-0142"),
        (" +1 602 555 0142 ", "", "+1 602-555-0142"),
        ("+1 602 555 0142 ext. 5", "US", "+1 602-555-0142 ext. 5"),
        ("+44 20 7946 0958", "US", "+44 20 7946 0958"),
        ("011 44 20 7946 0958", "US", "+44 20 7946 0958"),
        ("020 7946 0958", "GB", "+44 20 7946 0958"),
        ("00 1 602 555 0142", "DE", "+1 602-555-0142"),
        ("030 123456", "DE", "+49 30 123456"),
        ("09 555 0142", "NZ", "+64 9 555 0142"),
    ],
)
def test_a_phone_number_in_any_format_is_kept_in_one(phone: str, country: str, written: str) -> None:
    assert why_not_phone(phone, country) is None
    assert written_phone(phone, country) == written
    assert why_not_phone(written, country) is None


@pytest.mark.parametrize(
    ("phone", "country", "sentence"),
    [
        ("", "US", "This is not a phone number: enter digits, as in +1 602 555 0142."),
        ("call me", "US", "This is not a phone number: enter digits, as in +1 602 555 0142."),
        ("+", "US", "This is not a phone number: enter digits, as in +1 602 555 0142."),
        ("602\x1b[31m555", "US", "This is not a phone number: enter digits, as in +1 602 555 0142."),
        ("555", "US", "This phone number is too short."),
        ("555 0142", "US", "This phone number has no area code."),
        ("602 555 0142 99", "US", "This phone number is too long."),
        ("+298 12345", "US", "This phone number is too short."),
        ("+354 12345678", "US", "Phone numbers in that country have a different number of digits."),
        (
            "602 555 0142",
            "",
            "Start the phone number with the area code, or with + and the country code.",
        ),
        (
            "+999 123456789",
            "US",
            "Start the phone number with the area code, or with + and the country code.",
        ),
    ],
)
def test_what_is_no_phone_number_is_refused_in_a_sentence(phone: str, country: str, sentence: str) -> None:
    assert why_not_phone(phone, country) == sentence


def test_what_cannot_be_read_as_a_phone_number_is_kept_as_it_stands() -> None:
    assert written_phone(" ask for Ada ", "US") == "ask for Ada"


@given(st.text(max_size=60) | st.text("adA1@.-+ (\"'<>[]\x00\x1bé", max_size=30))
def test_any_text_is_an_address_or_gets_a_sentence(text: str) -> None:
    sentence = why_not_email(text)
    if sentence is not None:
        assert sentence.endswith(".")
        assert sentence.isprintable()


@given(st.text(max_size=60) | st.text("0123456789+-() .x#;", max_size=300), st.sampled_from(["US", "DE", "", "XX"]))
def test_any_text_is_a_phone_number_or_gets_a_sentence(text: str, country: str) -> None:
    sentence = why_not_phone(text, country)
    assert sentence is None or sentence.endswith(".")
    written_phone(text, country)


@pytest.mark.parametrize(
    ("reach", "fields"),
    [
        (REACH, []),
        (BY_PHONE, []),
        (ContactDetails("ada@shop.example", "602 555 0142"), []),
        (ContactDetails("ada@shop.example", preferred=Preferred.PHONE), ["phone"]),
        (ContactDetails(phone="602 555 0142"), ["email"]),
        (ContactDetails("  ", "  "), ["email"]),
        (ContactDetails(preferred=Preferred.PHONE), ["phone"]),
        (ContactDetails("ada", "602 555 0142"), ["email"]),
        (ContactDetails("ada", "602 555 0142", Preferred.PHONE), ["email"]),
        (ContactDetails("ada@shop.example", "1"), ["phone"]),
        (ContactDetails("ada", "1"), ["email", "phone"]),
        (ContactDetails("a" * LONGEST_EMAIL + "@shop.example"), ["email"]),
        (ContactDetails("ada@shop.example", "1" * (LONGEST_PHONE + 1)), ["phone"]),
        (ContactDetails("a" * 201, "1" * 41, Preferred.PHONE), ["email", "phone"]),
    ],
)
def test_what_is_preferred_must_be_given_and_what_is_given_must_be_right(
    reach: ContactDetails, fields: list[str]
) -> None:
    assert [problem.field for problem in reach_problems(reach, "US")] == fields


def test_how_the_answer_goes_decides_what_is_asked_for() -> None:
    assert reach_problems(ContactDetails(), "US") == [
        Problem("email", "Enter an e-mail address, or choose to be contacted by phone.")
    ]
    assert reach_problems(ContactDetails(preferred=Preferred.PHONE), "US") == [
        Problem("phone", "Enter a phone number, or choose to be contacted by e-mail.")
    ]
    assert reach_problems(ContactDetails("a" * 201), "US") == [Problem("email", "Enter at most 200 characters.")]


# --- calls and questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (CallDraft("602 555 0142"), []),
        (CallDraft("602 555 0142", "x" * LONGEST_COMMENT), []),
        (CallDraft(""), ["phone"]),
        (CallDraft("555 0142"), ["phone"]),
        (CallDraft("602 555 0142", "x" * (LONGEST_COMMENT + 1)), ["note"]),
        (CallDraft(" ", "x" * (LONGEST_COMMENT + 1)), ["phone", "note"]),
    ],
)
def test_a_call_needs_a_number_to_call_back(draft: CallDraft, fields: list[str]) -> None:
    assert [problem.field for problem in call_problems(draft, "US")] == fields


QUESTION = QuestionDraft(REACH, Topic.REFUND, "A refund", "How long does it take?")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"subject": "x" * LONGEST_SUBJECT, "text": "x" * LONGEST_TEXT}, []),
        ({"subject": ""}, ["subject"]),
        ({"subject": "  "}, ["subject"]),
        ({"subject": "x" * (LONGEST_SUBJECT + 1)}, ["subject"]),
        ({"text": ""}, ["text"]),
        ({"text": "\n \t"}, ["text"]),
        ({"text": "x" * (LONGEST_TEXT + 1)}, ["text"]),
        ({"reach": ContactDetails()}, ["email"]),
        ({"reach": ContactDetails("ada", "1"), "subject": "", "text": ""}, ["subject", "text", "email", "phone"]),
    ],
)
def test_a_question_needs_a_subject_a_text_and_a_way_to_answer(change: dict[str, object], fields: list[str]) -> None:
    draft = replace(QUESTION, **change)  # type: ignore[arg-type]
    assert [problem.field for problem in question_problems(draft, "US")] == fields


def test_a_text_that_is_missing_or_too_long_says_so() -> None:
    assert text_problems(" ", "text", "Write it.") == [Problem("text", "Write it.")]
    assert text_problems("x" * 2001, "text", "Write it.") == [
        Problem("text", "A text can have at most 2,000 characters; this one has 2,001.")
    ]


# --- what may happen to a ticket --------------------------------------------------------------------------------------

ENDS = date(2026, 3, 18)


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.CONFIRMED])
@pytest.mark.parametrize("today", [TODAY, ENDS - timedelta(days=1), ENDS])
def test_a_cancellation_can_be_withdrawn_until_its_end_that_day_included(standing: Standing, today: date) -> None:
    assert why_not_withdraw(standing, ENDS, today=today) is None


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.CONFIRMED])
def test_a_cancellation_cannot_be_withdrawn_after_its_end(standing: Standing) -> None:
    why = why_not_withdraw(standing, ENDS, today=ENDS + timedelta(days=1))
    assert why == "Too late to withdraw: the account ended on 18 Mar 2026."


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.REFUSED, Standing.ANSWERED])
def test_what_is_done_cannot_be_withdrawn(standing: Standing) -> None:
    why = why_not_withdraw(standing, None, today=TODAY)
    assert why == f"This ticket is already {standing.value}."


def test_a_ticket_without_an_end_can_be_withdrawn_while_it_is_open() -> None:
    assert why_not_withdraw(Standing.OPEN, None, today=TODAY) is None


@pytest.mark.parametrize("standing", Standing)
def test_only_an_open_ticket_is_decided(standing: Standing) -> None:
    why = None if standing is Standing.OPEN else f"This ticket is already {standing.value}."
    assert why_not_decide(standing) == why


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        (Kind.CANCELLATION, (Standing.CONFIRMED, Standing.REFUSED)),
        (Kind.CALL, (Standing.ANSWERED, Standing.REFUSED)),
        (Kind.QUESTION, (Standing.ANSWERED, Standing.REFUSED)),
    ],
)
def test_a_call_is_not_confirmed_but_completed(kind: Kind, outcomes: tuple[Standing, ...]) -> None:
    assert outcomes_of(kind) == outcomes


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 2, 27), "overdue by 3 days"),
        (date(2026, 3, 1), "overdue by 1 day"),
        (TODAY, "today"),
        (date(2026, 3, 3), "3 Mar 2026"),
        (date(2027, 1, 4), "4 Jan 2027"),
    ],
)
def test_when_a_ticket_is_due(due: date, words: str) -> None:
    assert due_words(due, today=TODAY) == words


@pytest.mark.parametrize(("number", "ticket"), [(1, "T-0001"), (1005, "T-1005"), (12345, "T-12345")])
def test_a_ticket_has_a_number_of_four_digits_or_more(number: int, ticket: str) -> None:
    assert ticket_number(number) == ticket
