"""What a check of an account finds out, question by question, in the order of its table."""

from subtui.views.keap import Finding

ACCOUNT = "account"
"""The question that every check begins with."""

INACTIVE = "inactive"
"""The question whether the list of subscriptions holds the inactive ones."""

NULL_CLEARS, CLEARS = "write_null", "clears it"
"""The question whether a null clears a date, and the answer that it does."""

QUESTIONS = {
    ACCOUNT: "Which Keap account is this?",
    "zone": "Which time zone and currency has it?",
    "test_merchant": "Is every merchant account a test one?",
    "limits": "Which limits of calls does it tell?",
    "page_size": "Which page sizes does it take?",
    "contacts": "May contacts be read, do their ids rise?",
    "subscriptions": "May subscriptions be read, do their ids rise?",
    INACTIVE: "Does the list hold inactive subscriptions?",
    "modified": "Do subscriptions say when they were changed?",
    "newest": "Can they be listed by their last change?",
    "frequency": "Is the billing frequency a count of cycles?",
    "orders": "May orders be read, do their ids rise?",
    "order_items": "Does a list of orders hold their lines?",
    "since": "Does the filter for changed orders work?",
    "unknown_filter": "Is an unknown filter refused, or ignored?",
    "payments": "May payments be read?",
    "transactions": "May transactions be read?",
    "refund_sign": "Which sign have refunds?",
    "methods": "May payment methods be read?",
    "plan_product": "Does a plan name its product?",
    "write_reason": "Is the reason of a stop taken, and read back?",
    "write_past": "Is an end date in the past refused?",
    NULL_CLEARS: "What does clearing an end date do?",
    "write_back": "Is everything as it was before the check?",
}
"""The questions by their names; those of `write_` are asked with a subscription only."""


def as_finding(name: str, answer: str, detail: str = "") -> Finding:
    """The finding with its question."""
    return Finding(name, QUESTIONS.get(name, name), answer, detail)
