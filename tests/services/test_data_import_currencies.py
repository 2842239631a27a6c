"""A currency that is named is believed or refused; an amount that names none is in that of its order."""

from typing import Any

import pytest

from tests.services.importing import Business, counted, left_out
from tests.services.keap_files import CONTACTS, exported, gold, order_file, paid, sheet, table

OTHER = "is not in the currency of its order, {}"


def order_in(currency: str, total: str = "100") -> dict[str, str | bytes]:
    return order_file(exported(**{"Order Total": f"{total} {currency}"}))


def line(price: str, **more: object) -> str:
    return table({"OrderId": 9001, "ItemName": "Gold", "Qty": 1, "PricePerUnit": price} | more)


def priced(price: str, currency: str = "") -> dict[str, str | bytes]:
    """A subscription with this price."""
    row = gold(Price=price) | {"Currency": currency}
    return {"contacts.csv": CONTACTS, "s.csv": sheet(tuple(row), row)}


def taken(business: Business, currency: str, amount: str, named: str = "") -> int | str:
    """What is stored of a payment for an order in this currency, or why it is refused."""
    report = business.bring(order_in(currency) | {"p.csv": table(paid(PayAmt=amount, Currency=named))})
    if report.refused:
        return report.left_out[-1].reason
    minor: int = business.value("SELECT amount_minor FROM payment")
    return minor


@pytest.mark.parametrize(
    ("currency", "amount", "named", "expected"),
    [
        # Nothing is named: the order's.
        ("EUR", "40.00", "", 4000),
        ("JPY", "4000", "", 4000),
        ("JPY", "4000.00", "", 4000),
        ("JPY", "1,234", "", 1234),
        ("JPY", "40.5", "", "has more decimals than JPY, which has none"),
        ("KWD", "10.500", "", 10500),
        ("BHD", "1.234", "", 1234),
        ("BHD", "1,234.567", "", 1234567),
        ("EUR", "(1.234,50)", "", -123450),
        ("EUR", "10.500", "", 1050),
        ("EUR", "10.000", "", "could be 10 or 10,000"),
        ("EUR", "1.234", "", "has more decimals than EUR, which has 2"),
        # The account's own currency is a currency like any other.
        ("EUR", "40.00", "USD", OTHER.format("EUR")),
        ("EUR", "40.00", "usd", OTHER.format("EUR")),
        ("EUR", "USD 40.00", "", OTHER.format("EUR")),
        ("EUR", "40.00 USD", "", OTHER.format("EUR")),
        ("EUR", "$40.00", "", OTHER.format("EUR")),
        ("JPY", "$50", "", OTHER.format("JPY")),
        ("AUD", "$40.00", "", OTHER.format("AUD")),
        ("EUR", "US$40", "", OTHER.format("EUR")),
        ("EUR", "40.00", "$", OTHER.format("EUR")),
        # Named rightly, before the amount or behind it, by code or by sign.
        ("EUR", "40.00", "EUR", 4000),
        ("EUR", "40,00 €", "", 4000),
        ("EUR", "€40.00", "eur", 4000),
        ("EUR", "40.00", "€", 4000),
        ("EUR", "EUR 40", "", 4000),
        ("JPY", "¥5,000", "", 5000),
        ("JPY", "5000", "JPY", 5000),
        ("CNY", "¥50.00", "", 5000),
        ("EUR", "¥50", "", "has a currency sign that several currencies share (¥)"),
        ("AUD", "$40.00", "AUD", 4000),
        # Two names that disagree.
        ("EUR", "USD 40.00", "EUR", "is in USD, but the row is in EUR"),
        ("EUR", "€40.00", "USD", "is in EUR, but the row is in USD"),
        ("EUR", "40.00", "Euros", "has an unknown currency (EUROS)"),
        ("EUR", "40.00", " ", 4000),
    ],
)
def test_payments(business: Business, currency: str, amount: str, named: str, expected: int | str) -> None:
    assert taken(business, currency, amount, named) == expected


@pytest.mark.parametrize("column", ["Currency", "Currency Code", "currency_code", "Payment Currency"])
def test_columns_of_currencies(business: Business, column: str) -> None:
    report = business.bring(order_in("EUR") | {"p.csv": table(paid() | {column: "USD"})})
    assert [row.reason for row in report.left_out] == [OTHER.format("EUR")]


@pytest.mark.parametrize(
    ("price", "named", "expected"),
    [
        ("40", "", 4000),
        ("€40", "", 4000),
        ("$40", "", OTHER.format("EUR")),
        ("40", "USD", OTHER.format("EUR")),
        ("40", "EUR", 4000),
    ],
)
def test_lines(business: Business, price: str, named: str, expected: int | str) -> None:
    report = business.bring(order_in("EUR", "40") | {"i.csv": line(price, Currency=named)})
    if isinstance(expected, str):
        assert [row.reason for row in report.left_out] == [expected]
    else:
        assert business.lines() == [("Gold", 1, expected)]


def test_a_later_file_of_orders_without_a_currency_keeps_it(business: Business) -> None:
    business.bring(order_in("JPY", "5000"))
    business.bring(order_file(exported(**{"Order Total": "6000"})))
    assert (business.order()["total_minor"], business.order()["currency"]) == (6000, "JPY")


def test_an_order_does_not_change_its_currency_below_its_payments(business: Business) -> None:
    files = order_file(exported(**{"Order Total": "100.00"}))
    business.bring(files)
    business.bring(order_in("EUR"))
    assert business.order()["currency"] == "EUR"
    business.bring({"p.csv": table(paid(PayAmt="40.00"))})
    report = business.bring(files | order_file(exported(**{"Order Total": "USD 100.00"})))
    assert [(row.column, row.value, row.reason) for row in report.left_out] == [
        ("Currency", "USD", "is not the currency of the order here, EUR")
    ]
    assert business.order()["currency"] == "EUR"


def test_an_order_whose_total_and_currency_disagree(business: Business) -> None:
    row = exported(**{"Order Total": "$100.00"}) | {"Currency": "EUR"}
    report = business.bring({"contacts.csv": CONTACTS, "o.csv": sheet(tuple(row), row)})
    assert left_out(report) == [("o.csv", 2, "Order Total", "$100.00", "is in USD, but the row is in EUR")]


@pytest.mark.parametrize(
    ("price", "named", "expected"),
    [
        ("49", "EUR", (4900, "EUR")),
        ("€49", "", (4900, "EUR")),
        ("49", "", (4900, "USD")),
        ("$49", "EUR", "is in USD, but the row is in EUR"),
    ],
)
def test_subscriptions(business: Business, price: str, named: str, expected: Any) -> None:
    report = business.bring(priced(price, named))
    if isinstance(expected, str):
        assert [row.reason for row in report.left_out] == [expected]
        return
    row = business.subscription()
    assert (row["price_minor"], row["currency"]) == expected


def test_a_later_file_of_subscriptions_without_a_currency_keeps_it(business: Business) -> None:
    business.bring(priced("4900", "JPY"))
    business.bring(priced("5900"))
    row = business.subscription()
    assert (row["price_minor"], row["currency"]) == (5900, "JPY")
    report = business.bring(priced("", "EUR"))
    assert [row.reason for row in report.left_out] == ["has no price, and the known price is in JPY"]


# --- what became of the money -----------------------------------------------------------------------------------------


def states(business: Business) -> list[tuple[str, str, int]]:
    sql = "SELECT kind, state, amount_minor FROM payment ORDER BY id"
    return [(row["kind"], row["state"], row["amount_minor"]) for row in business.rows(sql)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Denied", [("charge", "failed", 4900)]),
        ("Failed: insufficient funds", [("charge", "failed", 4900)]),
        ("Processing", [("charge", "pending", 4900)]),
        ("Succeeded", [("charge", "approved", 4900)]),
        ("", [("charge", "approved", 4900)]),
        ("Under review", []),
        ("Partially refunded", []),
    ],
)
def test_a_status_that_is_not_known_is_not_paid(business: Business, word: str, expected: list[Any]) -> None:
    report = business.bring(order_file(exported()) | {"p.csv": table(paid(PayStatus=word))})
    assert states(business) == expected
    assert report.refused == (0 if expected else 1)
    assert business.owed() == (0 if ("charge", "approved", 4900) in expected else 4900)


@pytest.mark.parametrize("word", ["Voided", "Refunded", "Chargeback"])
def test_money_that_came_and_went_back(business: Business, word: str) -> None:
    files = order_file(exported()) | {"p.csv": table(paid(PayStatus=word))}
    for _ in range(2):
        report = business.bring(files)
        (row,) = report.left_out
        assert (row.column, row.value, row.refused) == ("Pay Status", word, False)
        assert "counts as not paid" in row.reason
        assert business.owed() == 4900
    assert counted(report)["payment"] == {"same": 1}


def test_money_that_went_back_by_a_row_of_its_own(business: Business) -> None:
    back = paid(Id=2, PayType="Void", PayAmt="-49", PayStatus="Voided", PayDate="2025-06-16")
    files = order_file(exported()) | {"p.csv": table(paid(PayStatus="Voided"), back)}
    for _ in range(2):
        report = business.bring(files)
        assert report.left_out == ()
        assert states(business) == [("charge", "approved", 4900), ("void", "approved", -4900)]
        assert business.owed() == 4900
    assert counted(report)["payment"] == {"same": 2}


def test_a_way_of_paying_that_reads_as_a_refund(business: Business) -> None:
    rows = table(paid(PayType="Refund by check"), paid(Id=2, PayType="Refund by check", PayAmt="-9"))
    report = business.bring(order_file(exported()) | {"p.csv": rows})
    reason = "looks like money paid back, but its amount is not negative"
    assert left_out(report) == [("p.csv", 2, "Pay Type", "Refund by check", reason)]
    assert states(business) == [("refund", "approved", -900)]


def test_words_of_orders_and_lines_that_are_on_no_list(business: Business) -> None:
    row = exported() | {"Order Status": "Cancelled"}
    lines = line("49", ItemType="Gift card")
    report = business.bring({"contacts.csv": CONTACTS, "o.csv": sheet(tuple(row), row), "i.csv": lines})
    assert [(row.file, row.column, row.value, row.refused) for row in report.left_out] == [
        ("o.csv", "Order Status", "Cancelled", False),
        ("i.csv", "Item Type", "Gift card", False),
    ]
    assert business.order()["more"]["Order Status"] == "Cancelled"
