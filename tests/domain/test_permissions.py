"""Who may do what: the whole table, role by action, for verified people and others."""

from itertools import product

import pytest

from subtui.domain.permissions import Permission, Role, allowed, why_not

# One letter for each role that may: owner, admin, agent, viewer; a capital V first where the person must be verified.
WHO_MAY = {
    "view": "o a g v",
    "view_log": "o a g v",
    "view_reports": "o a g v",
    "file_ticket": "o a g v",
    "change_subscription": "o a g",
    "cancel_subscription": "o a g",
    "undo": "o a g",
    "write_letter": "o a g",
    "add_note": "o a g",
    "change_contact": "o a g",
    "refund": "o a g",
    "record_payment": "o a g",
    "export_data": "o a g",
    "share_view": "o a g",
    "view_billing": "o a",
    "approve_refund": "o a",
    "approve_batch": "o a",
    "answer_ticket": "o a",
    "import_data": "o a",
    "merge_contacts": "o a",
    "manage_users": "o a",
    "request_account_cancellation": "V o a",
    "complete_account_cancellation": "V o a",
    "withdraw_account_cancellation": "V o a",
    "change_settings": "o",
    "sync_keap": "o a g",
    "check_keap": "o a",
    "connect_keap": "o",
}
LETTERS = {Role.OWNER: "o", Role.ADMIN: "a", Role.AGENT: "g", Role.VIEWER: "v"}
EVERY_CASE = list(product(Role, Permission, (True, False)))


def test_the_table_names_every_action() -> None:
    assert set(WHO_MAY) == {action.value for action in Permission}
    assert [role.value for role in Role] == ["owner", "admin", "agent", "viewer"]


@pytest.mark.parametrize(("role", "action", "verified"), EVERY_CASE)
def test_the_table_is_the_rule(role: Role, action: Permission, verified: bool) -> None:
    who = WHO_MAY[action.value].split()
    assert allowed(role, action, verified=verified) == (LETTERS[role] in who and (verified or "V" not in who))


@pytest.mark.parametrize(("role", "action", "verified"), EVERY_CASE)
def test_a_refusal_is_one_sentence_and_a_permission_is_none(role: Role, action: Permission, verified: bool) -> None:
    reason = why_not(role, action, verified=verified)
    assert (reason is None) == allowed(role, action, verified=verified)
    if reason is not None:
        assert reason[0].isupper()
        assert reason.count(".") == 1
        assert reason.endswith(".")


@pytest.mark.parametrize(
    ("role", "action", "verified", "sentence"),
    [
        (Role.VIEWER, Permission.REFUND, True, "A viewer cannot refund an order: ask an agent, an admin or the owner."),
        (Role.AGENT, Permission.APPROVE_REFUND, True, "An agent cannot approve a refund: ask an admin or the owner."),
        (Role.ADMIN, Permission.CHANGE_SETTINGS, True, "An admin cannot change the account settings: ask the owner."),
        (
            Role.AGENT,
            Permission.REQUEST_ACCOUNT_CANCELLATION,
            False,
            "An agent cannot cancel the account: ask an admin or the owner.",
        ),
        (
            Role.OWNER,
            Permission.REQUEST_ACCOUNT_CANCELLATION,
            False,
            "Only a verified owner or admin can cancel the account, and you are not verified yet.",
        ),
    ],
)
def test_a_refusal_says_who_may(role: Role, action: Permission, verified: bool, sentence: str) -> None:
    assert why_not(role, action, verified=verified) == sentence


def test_a_person_counts_as_verified_unless_told_otherwise() -> None:
    assert allowed(Role.ADMIN, Permission.REQUEST_ACCOUNT_CANCELLATION)
    assert why_not(Role.ADMIN, Permission.REQUEST_ACCOUNT_CANCELLATION) is None
