"""What the baking school itself pays for, and what has been asked of the cancellation team so far."""

from datetime import UTC, date, datetime

from subtui.domain.billing import Cycle, bill_date
from subtui.storage.seed_format import SeedAccount, SeedAccountInvoice, SeedCorrespondence, SeedRequest

ANCHOR = date(2019, 5, 19)
FEE = 24_900
FIRST_SHOWN, LAST_MADE = 68, 81
"""Bills counted from the anchor: of January 2025, and of February 2026."""

ACCOUNT = SeedAccount(
    name="Juniper & Rye",
    currency="USD",
    time_zone="America/Phoenix",
    country="US",
    created_on=date(2019, 5, 6),
    plan="Max Classic",
    fee_minor=FEE,
    anchor=ANCHOR,
    phone="+1 602-555-0142",
    opening_hours="Monday to Friday, 8:00 to 17:00",
    refund_limits={"agent": {"USD": 20_000, "EUR": 18_000}},
    own_holidays=[date(2026, 11, 27), date(2026, 12, 24)],
)

RUTH, DANA, IMANI, SAM = 1, 3, 4, 6


def invoices() -> list[SeedAccountInvoice]:
    """The invoices of fourteen months; the newest is still open, since the card on file had expired."""
    made = []
    for number in range(FIRST_SHOWN, LAST_MADE + 1):
        day = bill_date(ANCHOR, Cycle.MONTH, 1, number)
        paid = None if number == LAST_MADE else day
        made.append(
            SeedAccountInvoice(id=number, number=f"JR-{day:%Y-%m}", issued_on=day, amount_minor=FEE, paid_on=paid)
        )
    return made


def _at(year: int, month: int, day: int, hour: int = 17) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def requests() -> list[SeedRequest]:
    """A cancellation that was withdrawn, a question answered, one that is overdue, and one that is due today."""
    return [
        SeedRequest(
            id=1001,
            kind="cancellation",
            standing="withdrawn",
            requested_by_id=RUTH,
            requested_on=date(2025, 9, 10),
            recorded_at=_at(2025, 9, 10),
            answer_due=date(2025, 9, 12),
            subject="Cancel the account",
            comment="The bakery next door uses something cheaper.",
            reason_code="too_expensive",
            email="owner@demo.example",
            phone="+1 602-555-0110",
            next_invoice=date(2025, 9, 19),
            last_safe_day=date(2025, 9, 9),
            in_time=False,
            last_invoice=date(2025, 9, 19),
            ends_on=date(2025, 10, 18),
            acknowledged=["No part of a fee for time that is not used is prorated or paid back."],
            decided_at=_at(2025, 9, 12),
            decided_by="Ruth Hollis",
            correspondence=[
                SeedCorrespondence(
                    at=_at(2025, 9, 11),
                    direction="phone_note",
                    author="Theo Lindqvist",
                    body="Called Ruth. She stays if the fee does not rise this year; it does not.",
                )
            ],
        ),
        SeedRequest(
            id=1002,
            kind="question",
            standing="answered",
            requested_by_id=DANA,
            requested_on=date(2026, 1, 20),
            recorded_at=_at(2026, 1, 20),
            answer_due=date(2026, 1, 22),
            topic="refund",
            subject="Refund to a card that has expired",
            comment="The card of a refund has expired meanwhile. Does the money still arrive?",
            email="agent@demo.example",
            decided_at=_at(2026, 1, 21),
            decided_by="Theo Lindqvist",
            correspondence=[
                SeedCorrespondence(
                    at=_at(2026, 1, 21),
                    direction="outgoing",
                    author="Theo Lindqvist",
                    body="Yes, as long as the bank account behind the card is open: the bank passes it on.",
                )
            ],
        ),
        SeedRequest(
            id=1003,
            kind="question",
            standing="open",
            requested_by_id=SAM,
            requested_on=date(2026, 2, 25),
            recorded_at=_at(2026, 2, 25, 16),
            answer_due=date(2026, 2, 27),
            topic="refund",
            subject="Two charges for one order of the handbook",
            comment="The customer sees two charges of 24.00 on her statement; we see one payment. Which is refunded?",
            phone="+1 602-555-0163",
            preferred="phone",
            correspondence=[
                SeedCorrespondence(
                    at=_at(2026, 2, 26),
                    direction="incoming",
                    author="Sam Okonkwo",
                    body="She has sent a picture of the statement: 19 and 20 February.",
                )
            ],
        ),
        SeedRequest(
            id=1004,
            kind="question",
            standing="open",
            requested_by_id=IMANI,
            requested_on=date(2026, 2, 26),
            recorded_at=_at(2026, 2, 26),
            answer_due=date(2026, 3, 2),
            topic="cancellation",
            subject="What happens to the recipes when an account ends?",
            comment="A customer who leaves asks whether the recipes that she saved can still be read afterwards.",
            email="viewer@demo.example",
        ),
    ]
