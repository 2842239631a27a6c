"""What is to be done by hand in Keap: each step names its place and its value."""

from subtui.keap import manual_steps


def test_fields_are_set_in_the_subscription_of_the_contact() -> None:
    wanted = {"active": False, "auto_charge": False, "end_date": "2026-03-31", "reason_stopped": None}
    steps = manual_steps.set_fields("55", "7", wanted)
    assert steps == [
        "In Keap, open contact 7 and its Orders tab.",
        "Under Subscriptions, open subscription 55.",
        "Set Status to Inactive.",
        "Set Auto Charge, in Recharge Information to No.",
        "Set End Date to 2026-03-31.",
        "Clear Reason Stopped.",
        "Save.",
    ]


def test_a_contact_without_an_id_of_keaps() -> None:
    assert manual_steps.choose_card("55", "", "the Visa ending in 4242")[0] == (
        "In Keap, open the contact and its Orders tab."
    )
    assert "the Visa ending in 4242" in manual_steps.choose_card("55", "", "the Visa ending in 4242")[-1]


def test_a_refund_names_its_payment_its_way_and_what_is_owed_then() -> None:
    after = {"how": "void", "refund": "49.00 USD", "balance": "0.00 USD"}
    steps = manual_steps.refund("9", "7", after, " of 2026-03-02 (Visa)", "Twice charged")
    assert steps[1:] == [
        "Open order 9.",
        "Press Refund Payment and choose the payment of 2026-03-02 (Visa).",
        "Choose Void, amount 49.00 USD.",
        "As the reason, enter: Twice charged.",
        "Let the client owe 0.00 USD afterwards: Keap credits the rest.",
    ]
    plain = manual_steps.refund("9", "7", after | {"how": "odd"}, "", "")
    assert "Choose Manual Refund, amount 49.00 USD." in plain
    assert not any(step.startswith("As the reason") for step in plain)


def test_a_payment_warns_of_the_button_that_charges() -> None:
    steps = manual_steps.add_money("9", "7", {"amount": "5.00 USD", "kind": "charge", "balance": "0.00 USD"})
    assert "Do not choose Credit Card (charge now)" in steps[2]
    assert steps[-1] == "The balance afterwards must be 0.00 USD."
    corrected = manual_steps.correct_refund("9", "7", {"balance": "1.00 USD"})
    assert corrected[-1] == "The balance afterwards must be 1.00 USD."


def test_a_payment_plan_is_kept_from_charging() -> None:
    steps = manual_steps.stop_plan("9", "7", "2 payments")
    assert "it would still charge 2 payments" in steps[2]
    assert steps[-1] == "Set Auto Charge to No, and save."
