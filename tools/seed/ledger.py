"""What the demo's customers subscribed to, how each subscription stands, and how its orders were paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from seed.catalog import (
    BASKET,
    BENCH,
    BOX_FORTNIGHTLY,
    BOX_MONTHLY,
    DANA,
    EU_BOX,
    EU_MONTHLY,
    EU_YEARLY,
    GOLD_MONTHLY,
    GOLD_YEARLY,
    HANDBOOK,
    HANDBOOK_EU,
    MAGAZINE,
    MONTHLY,
    QUARTERLY,
    SAM,
    THEO,
    WORKSHOP,
    WORKSHOP_YEARLY,
    YEARLY,
    YEAST,
)
from seed.payments import CARD, Paid
from seed.people import LOPA, MARIA


@dataclass(frozen=True, slots=True)
class Stop:
    """How a subscription ended or is going to: `end` None works it out from what is paid."""

    on: date
    reason: str
    by: int
    note: str = ""
    asked: date | None = None
    end: date | None = None
    ahead: bool = False  # still active and charged until `end`
    logged: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """An end from before the log: what the old system kept of it, if anything."""

    end: date | None = None
    reason: str | None = None
    auto_charge: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """A subscription in the words of this file. `paid` counts orders back from the newest, which is 0."""

    contact: int
    plan: int
    start: date
    ending: Stop | Leftover | None = None
    anchor: date | None = None
    quantity: int = 1
    price: int | None = None
    card: int = 0
    credits: int = 0
    keep: int = 7
    paid: Mapping[int, Paid] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order for products, made by hand or in the shop."""

    contact: int
    on: date
    items: tuple[tuple[int, int], ...]
    paid: Paid = Paid.IN_FULL
    method: str = CARD


def _on(
    contact: int,
    plan: int,
    start: str,
    ending: Stop | Leftover | None = None,
    paid: Mapping[int, Paid] | None = None,
    *,
    anchor: str | None = None,
    quantity: int = 1,
    price: int | None = None,
    card: int = 0,
    credits_left: int = 0,
    keep: int = 7,
) -> Spec:
    return Spec(
        contact=contact,
        plan=plan,
        start=date.fromisoformat(start),
        ending=ending,
        anchor=date.fromisoformat(anchor) if anchor else None,
        quantity=quantity,
        price=price,
        card=card,
        credits=credits_left,
        keep=keep,
        paid=paid or {},
    )


def _stop(
    on: str,
    reason: str,
    by: int = DANA,
    note: str = "",
    *,
    asked: str | None = None,
    end: str | None = None,
    logged: bool = False,
) -> Stop:
    return Stop(
        on=date.fromisoformat(on),
        reason=reason,
        by=by,
        note=note,
        asked=date.fromisoformat(asked) if asked else None,
        end=date.fromisoformat(end) if end else None,
        logged=logged,
    )


def _ends(end: str, on: str, reason: str, by: int = DANA, note: str = "", *, asked: str | None = None) -> Stop:
    return Stop(
        on=date.fromisoformat(on),
        reason=reason,
        by=by,
        note=note,
        asked=date.fromisoformat(asked) if asked else None,
        end=date.fromisoformat(end),
        ahead=True,
        logged=True,
    )


def _left(end: str | None = None, reason: str | None = None, *, auto_charge: bool = False) -> Leftover:
    return Leftover(date.fromisoformat(end) if end else None, reason, auto_charge)


def subscriptions() -> list[Spec]:
    """Every subscription but the reseller's."""
    return [*_going_on(), *_ending(), *_ended(), *_left_over()]


def _going_on() -> list[Spec]:
    return [
        _on(MARIA, MONTHLY, "2024-01-15", paid={1: Paid.REFUNDED_IN_PART, 2: Paid.NOT_YET}, keep=99),
        _on(1001, MONTHLY, "2025-01-31", keep=14),
        _on(1001, WORKSHOP_YEARLY, "2024-02-29"),
        _on(1002, QUARTERLY, "2024-11-30", paid={1: Paid.FAILED_THEN_PAID}),
        _on(1003, MONTHLY, "2025-05-29", paid={2: Paid.VOIDED_THEN_PAID}),
        _on(1005, MONTHLY, "2025-06-08"),
        _on(1006, BOX_MONTHLY, "2025-07-30", paid={1: Paid.REFUNDED}),
        _on(1009, MONTHLY, "2025-03-10"),
        _on(1009, BOX_FORTNIGHTLY, "2025-11-14", card=1, paid={0: Paid.REFUNDED_OWING}),
        _on(1010, EU_MONTHLY, "2025-04-18", paid={3: Paid.REFUNDED_IN_PART}),
        _on(1011, BOX_MONTHLY, "2025-09-05", paid={2: Paid.REFUNDED_TWICE}),
        _on(1012, EU_YEARLY, "2024-05-20"),
        _on(1013, EU_BOX, "2025-01-15"),
        _on(1014, MONTHLY, "2025-08-22"),
        _on(1015, MAGAZINE, "2024-09-12"),
        _on(1016, GOLD_MONTHLY, "2025-02-03", quantity=5, price=7900, paid={4: Paid.FAILED_THEN_PAID}),
        _on(1017, MONTHLY, "2025-10-01"),
        _on(1018, GOLD_YEARLY, "2023-06-15"),
        _on(1018, BOX_MONTHLY, "2025-06-28", quantity=12, price=6450, paid={0: Paid.IN_PART}),
        _on(1019, YEAST, "2025-12-04", keep=10),
        _on(1021, YEAST, "2025-11-06", quantity=3, keep=6, paid={0: Paid.NOT_YET}),
        _on(1023, EU_MONTHLY, "2025-05-31"),
        _on(1024, EU_BOX, "2024-08-31"),
        _on(1025, EU_MONTHLY, "2025-07-12", paid={0: Paid.FAILED}),
        _on(1026, BOX_FORTNIGHTLY, "2025-10-08", paid={3: Paid.REFUNDED}),
        _on(1028, EU_BOX, "2025-05-07", paid={0: Paid.REFUNDED_OWING}),
        _on(1029, EU_MONTHLY, "2025-03-03", paid={0: Paid.IN_PART}),
        _on(1030, EU_YEARLY, "2025-09-09"),
        _on(1031, MONTHLY, "2025-11-20"),
        _on(1033, EU_MONTHLY, "2025-08-27", paid={1: Paid.VOIDED}),
        _on(1034, EU_YEARLY, "2024-10-15"),
        _on(1034, EU_BOX, "2025-02-02", credits_left=1),
        _on(1036, GOLD_MONTHLY, "2025-04-14", credits_left=2, paid={0: Paid.WRITTEN_OFF, 1: Paid.WRITTEN_OFF}),
        _on(1037, MONTHLY, "2026-02-19"),
        _on(1038, BOX_FORTNIGHTLY, "2025-12-17"),
        _on(1039, YEARLY, "2024-03-03"),
        _on(1040, MONTHLY, "2025-02-10", paid={0: Paid.FAILED, 1: Paid.FAILED}),
        _on(1043, QUARTERLY, "2025-04-01", credits_left=1),
        _on(1044, BENCH, "2026-02-16", keep=10, paid={4: Paid.REFUNDED}),
        _on(1044, BOX_MONTHLY, "2025-08-11"),
        _on(1047, MONTHLY, "2025-07-06", paid={0: Paid.IN_PART}),
        _on(1049, GOLD_YEARLY, "2023-11-01"),
        _on(1050, MONTHLY, "2025-03-20", anchor="2025-03-31"),
        _on(1051, MAGAZINE, "2025-01-20", paid={0: Paid.NOT_YET}),
        _on(1053, BOX_MONTHLY, "2026-03-09"),
        _on(1055, MONTHLY, "2026-01-29"),
        _on(1056, YEARLY, "2025-06-30"),
        _on(1057, YEARLY, "2025-03-08"),
        _on(1058, WORKSHOP_YEARLY, "2025-04-12"),
        _on(1062, QUARTERLY, "2025-08-30", paid={0: Paid.FAILED}),
        _on(1063, BOX_FORTNIGHTLY, "2025-11-24", quantity=2),
        _on(1063, MONTHLY, "2025-05-05", paid={5: Paid.VOIDED_THEN_PAID}),
    ]


def _ending() -> list[Spec]:
    return [
        _on(1042, MONTHLY, "2025-09-15", _ends("2026-03-14", "2026-02-16", "too_expensive", asked="2026-02-14")),
        _on(1027, EU_YEARLY, "2025-03-20", _ends("2026-03-19", "2026-02-18", "switched_service", SAM)),
        _on(
            1004, GOLD_YEARLY, "2024-04-01",
            _ends("2026-03-31", "2026-02-20", "other", SAM, "Moves to Portland, closes the shop here."),
        ),
        _on(1060, BOX_FORTNIGHTLY, "2025-10-29", _ends("2026-04-28", "2026-02-25", "unused", SAM, asked="2026-02-23")),
    ]  # fmt: skip


def _ended() -> list[Spec]:
    """Ended with everything that an end should have; the last three still have access."""
    return [
        _on(MARIA, WORKSHOP_YEARLY, "2024-09-01", _stop("2025-08-20", "unused", note="Could not get away.")),
        _on(1050, GOLD_YEARLY, "2022-10-03", _stop("2025-04-11", "too_expensive")),
        _on(1061, MONTHLY, "2024-05-13", _stop("2025-05-30", "other", SAM, "Closed her bakery."), keep=4),
        _on(1015, GOLD_MONTHLY, "2025-01-16", _stop("2025-06-04", "too_expensive", SAM, asked="2025-06-02")),
        _on(
            1014, BOX_FORTNIGHTLY, "2025-04-02", _stop("2025-07-15", "low_quality", SAM, "Jars came cracked, twice."),
            {0: Paid.REFUNDED, 1: Paid.REFUNDED}, keep=5,
        ),
        _on(1047, MAGAZINE, "2023-03-05", _stop("2025-08-12", "low_quality", THEO), keep=3),
        _on(
            1017, QUARTERLY, "2024-07-01",
            _stop("2025-09-22", "other", note="Pays by the month from October on."), keep=4,
        ),
        _on(1003, BOX_MONTHLY, "2025-03-12", _stop("2025-09-30", "too_expensive", SAM), keep=4),
        _on(1058, MONTHLY, "2024-12-18", _stop("2025-10-08", "customer_service", SAM, "Waited weeks for an answer."),
            keep=4),
        _on(1026, YEAST, "2025-06-05", _stop("2025-10-20", "unused"), keep=3),
        _on(1039, BENCH, "2025-10-06", _stop("2025-10-24", "too_complex", end="2025-10-24"), keep=5),
        _on(1032, EU_YEARLY, "2024-02-29", _stop("2025-02-10", "too_complex", SAM)),
        _on(1010, EU_BOX, "2024-10-10", _stop("2025-11-21", "unused", SAM, logged=True), keep=3),
        _on(1011, MONTHLY, "2025-02-14", _stop("2025-12-09", "switched_service", logged=True), keep=4),
        _on(
            1054, EU_MONTHLY, "2025-02-20",
            _stop("2025-12-30", "too_expensive", SAM, asked="2025-12-27", logged=True), keep=5,
        ),
        _on(1045, WORKSHOP_YEARLY, "2025-01-25", _stop("2026-01-12", "unused", logged=True)),
        _on(1035, EU_MONTHLY, "2025-01-31", _stop("2026-01-14", "too_expensive", SAM, logged=True), keep=6),
        _on(1041, BOX_MONTHLY, "2025-05-21", _stop("2026-02-24", "too_expensive", logged=True), keep=6),
        _on(
            1048, BOX_FORTNIGHTLY, "2025-09-18",
            _stop("2026-02-26", "customer_service", note="Two deliveries left at the wrong door.", logged=True), keep=6,
        ),
        _on(
            1052, MONTHLY, "2025-06-17",
            _stop("2026-02-27", "missing_features", SAM, "No classes in the evening.", asked="2026-02-26", logged=True),
            keep=6,
        ),
    ]  # fmt: skip


def _left_over() -> list[Spec]:
    """Ended before the log began, each with something missing or still switched on."""
    return [
        _on(1030, EU_MONTHLY, "2024-03-19", _left("2024-09-18", auto_charge=True), keep=2),
        _on(1038, MONTHLY, "2023-08-21", _left(auto_charge=True), keep=1),
        _on(1059, MONTHLY, "2022-04-11", _left("2023-02-10", "too_expensive", auto_charge=True), keep=2),
        _on(1043, BOX_MONTHLY, "2023-11-15", _left("2024-06-14", auto_charge=True), keep=2),
        _on(1046, YEAST, "2023-02-02", _left(), keep=1),
        _on(1056, MONTHLY, "2022-09-30", _left(), keep=1),
        _on(1013, EU_YEARLY, "2021-05-02", _left("2023-05-01"), keep=2),
        _on(1001, MAGAZINE, "2021-03-01", _left("2022-08-31"), keep=3),
        _on(1036, MONTHLY, "2023-01-08", _left("2025-04-07"), keep=3),
        _on(1060, WORKSHOP_YEARLY, "2020-09-14", _left("2021-09-13")),
    ]


def purchases() -> list[Purchase]:
    """The orders that no subscription made."""

    def buy(
        contact: int, on: str, *items: int | tuple[int, int], paid: Paid = Paid.IN_FULL, by: str = CARD
    ) -> Purchase:
        lines = tuple(item if isinstance(item, tuple) else (item, 1) for item in items)
        return Purchase(contact, date.fromisoformat(on), lines, paid, by)

    return [
        buy(1060, "2020-02-11", HANDBOOK),
        buy(1013, "2021-04-30", HANDBOOK_EU, by="Bank transfer"),
        buy(1050, "2022-09-20", (HANDBOOK, 2), BASKET),
        buy(LOPA, "2024-05-18", HANDBOOK, by="Cash"),
        buy(1019, "2024-08-02", BASKET, paid=Paid.REFUNDED),
        buy(1059, "2024-11-27", HANDBOOK, by="Cash"),
        buy(1012, "2025-01-23", HANDBOOK_EU),
        buy(1049, "2025-02-06", (BASKET, 4), HANDBOOK),
        buy(1016, "2025-03-14", (HANDBOOK, 20), paid=Paid.REFUNDED_IN_PART),
        buy(LOPA, "2025-04-12", BASKET, by="Cash"),
        buy(1021, "2025-05-02", (BASKET, 6), by="Check"),
        buy(1024, "2025-06-19", (HANDBOOK_EU, 2)),
        buy(1018, "2025-07-08", (BASKET, 25), (HANDBOOK, 25), by="Check"),
        buy(1002, "2025-08-14", WORKSHOP),
        buy(1023, "2025-09-02", BASKET),
        buy(1055, "2025-09-19", HANDBOOK),
        buy(1037, "2025-10-10", HANDBOOK, BASKET, paid=Paid.VOIDED_THEN_PAID),
        buy(LOPA, "2025-11-03", HANDBOOK, (BASKET, 2), paid=Paid.REFUNDED_IN_PART, by="Check"),
        buy(1045, "2025-11-22", (HANDBOOK, 3), paid=Paid.FAILED_THEN_PAID),
        buy(1028, "2025-12-04", HANDBOOK_EU, paid=Paid.REFUNDED),
        buy(1042, "2025-12-11", (HANDBOOK, 5), paid=Paid.REFUNDED_OWING),
        buy(1053, "2025-12-18", BASKET, HANDBOOK),
        buy(1029, "2026-01-08", (HANDBOOK_EU, 10), by="Bank transfer", paid=Paid.IN_PART),
        buy(1031, "2026-01-21", BASKET),
        buy(1044, "2026-02-03", (BASKET, 3)),
        buy(1016, "2026-02-11", (HANDBOOK, 40), paid=Paid.NOT_YET),
        buy(1057, "2026-02-24", BASKET, paid=Paid.FAILED),
        buy(1020, "2026-02-27", HANDBOOK, by="Cash"),
        buy(1036, "2026-03-01", WORKSHOP, paid=Paid.PENDING),
        buy(1049, "2026-03-02", (BASKET, 2)),
    ]
