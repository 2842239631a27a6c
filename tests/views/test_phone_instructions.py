"""What to have at hand and what to say on the phone."""

from subtui.views.phone_instructions import at_hand, script


def test_at_hand_is_what_the_team_asks_for() -> None:
    assert at_hand(account="Corner Shop", plan="Classic", owners=["Ada Owner", "Bo Admin"]) == (
        "the name of the account: Corner Shop",
        "the plan: Classic",
        "the name of a verified owner or administrator: Ada Owner or Bo Admin",
        "the reason for cancelling",
        "a number where the team can call you back",
    )


def test_without_a_plan_or_anybody_verified_nothing_is_left_open() -> None:
    said = at_hand(account="Corner Shop", plan="", owners=[])
    assert not [line for line in said if line.startswith("the plan")]
    assert "the name of a verified owner or administrator: the account's owner" in said


def test_the_script_names_caller_account_and_what_it_leads_to() -> None:
    said = script(caller="Dana Reyes", account="Corner Shop", notice="I understand that it ends on 18 Mar 2026.")
    assert len(said) == 5
    assert said[0] == "“My name is Dana Reyes, and I am calling for the account Corner Shop.”"
    assert said[3] == "“I understand that it ends on 18 Mar 2026.”"
    assert "ticket number" in said[4]


def test_without_a_recorded_plan_the_script_asks_what_it_leads_to() -> None:
    said = script(caller="Dana Reyes", account="Corner Shop", notice="")
    assert said[3] == "“Please tell me which invoice is the last, and when the account ends.”"
