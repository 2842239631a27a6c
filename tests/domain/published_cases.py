"""Published cases on bill dates, time zones and minor units: where we agree, and where we differ on purpose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from subtui.domain.billing import Cycle, add_months, bill_date, first_bill_date, local_day, next_bill_date
from subtui.domain.money import Money, minor_units

_KILLBILL = "killbill/killbill@cb60779"
_INTERVALS = f"{_KILLBILL} invoice TestInAdvanceBillingIntervalDetail.java"
_RECURRING = f"{_KILLBILL} invoice TestRecurringInAdvance.java"
_BILL_CYCLE_DAY = f"{_KILLBILL} util TestBillCycleDayCalculator.java"
_KILLBILL_MONEY = f"{_KILLBILL} util KillBillMoney.java"
_WOOCOMMERCE = "Automattic/woocommerce-subscriptions-core@6bfbf51 test-wcs-time-functions.php"
_STRIPE_CYCLE = "https://docs.stripe.com/billing/subscriptions/billing-cycle"
_STRIPE_CURRENCIES = "https://docs.stripe.com/currencies"
_DATE_FNS = "date-fns documentation, addMonths"
_DATEUTIL = "dateutil relativedelta tests"

_A_DAY = timedelta(days=1)
_INSTANT = datetime(2012, 7, 16, 21, 17, 3, tzinfo=UTC)
STRIPE_ZERO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split()  # noqa: SIM905


class Agrees(NamedTuple):
    """What somebody published, and our functions asked the same."""

    source: str
    rule: str
    published: object
    ours: Callable[[], object]


class Differs(NamedTuple):
    """What somebody published, what we do instead, and why."""

    source: str
    published: object
    reason: str
    ours: Callable[[], object]
    instead: object


def periods(start: date, billing_day: int, count: int) -> list[tuple[date, date]]:
    """The first monthly periods: a part of one up to the billing day, unless the start is on it, then whole ones."""
    first = first_bill_date(start, billing_day)
    bounds = [bill_date(first, Cycle.MONTH, 1, n) for n in range(count + 1)]
    return list(pairwise([start, *bounds] if start < first else bounds))[:count]


def bill_dates_until(anchor: date, target: date) -> list[date]:
    """The monthly bill dates from the anchor up to and on the target."""
    return [day for n in range(60) if (day := bill_date(anchor, Cycle.MONTH, 1, n)) <= target]


AGREES = [
    Agrees(
        f"{_INTERVALS} testCalculateFirstBillingCycleDate1",
        "first bill date on or after the start, annual",
        date(2012, 1, 17),
        lambda: first_bill_date(date(2012, 1, 16), 17),
    ),
    Agrees(
        f"{_INTERVALS} testCalculateFirstBillingCycleDate1",
        "first bill date on or after the start, monthly",
        date(2012, 1, 17),
        lambda: first_bill_date(date(2012, 1, 16), 17),
    ),
    Agrees(
        f"{_INTERVALS} testCalculateFirstBillingCycleDate3",
        "billing day clamped to a leap February",
        date(2012, 2, 29),
        lambda: first_bill_date(date(2012, 1, 31), 30),
    ),
    Agrees(
        f"{_INTERVALS} testCalculateFirstBillingCycleDate4",
        "billing day already past in the month of the start",
        date(2012, 3, 14),
        lambda: first_bill_date(date(2012, 2, 16), 14),
    ),
    Agrees(
        f"{_INTERVALS} testEffectiveEndDate",
        "a target on the bill date opens the next period",
        date(2012, 9, 16),
        lambda: next_bill_date(date(2012, 7, 16), Cycle.MONTH, 1, after=date(2012, 8, 16)),
    ),
    Agrees(
        f"{_INTERVALS} testBCD31StartingWith30DayMonth",
        "billing day 31 is not degraded to 30",
        date(2012, 5, 31),
        lambda: first_bill_date(date(2012, 4, 30) + _A_DAY, 31),
    ),
    Agrees(
        f"{_INTERVALS} testWithBCDLargerThanEndMonth",
        "whole periods begun from 31 Jan to 31 Mar",
        3,
        lambda: len(bill_dates_until(date(2017, 1, 31), date(2017, 3, 31))),
    ),
    Agrees(
        _RECURRING,
        "a leading partial period, then whole ones",
        [
            (date(2012, 7, 16), date(2012, 8, 15)),
            (date(2012, 8, 15), date(2012, 9, 15)),
            (date(2012, 9, 15), date(2012, 10, 15)),
            (date(2012, 10, 15), date(2012, 11, 15)),
        ],
        lambda: periods(date(2012, 7, 16), 15, 4),
    ),
    Agrees(
        _RECURRING,
        "no partial period if the start is on the billing day",
        [(date(2012, 7, 16), date(2012, 8, 16))],
        lambda: periods(date(2012, 7, 16), 16, 1),
    ),
    Agrees(
        f"{_BILL_CYCLE_DAY} testAlign",
        "billing day 31 within the month of 19 Feb",
        date(2022, 2, 28),
        lambda: first_bill_date(date(2022, 2, 1), 31),
    ),
    Agrees(
        f"{_BILL_CYCLE_DAY} testAlign",
        "billing day 31 on or after 19 Feb",
        date(2022, 2, 28),
        lambda: first_bill_date(date(2022, 2, 19), 31),
    ),
    Agrees(
        _BILL_CYCLE_DAY,
        "weeks count from the original date",
        date(2022, 2, 23),
        lambda: next_bill_date(date(2022, 2, 2), Cycle.WEEK, 1, after=date(2022, 2, 19) - _A_DAY),
    ),
    Agrees(
        _BILL_CYCLE_DAY,
        "pairs of weeks count from the original date",
        date(2022, 3, 2),
        lambda: next_bill_date(date(2022, 2, 2), Cycle.WEEK, 2, after=date(2022, 2, 25) - _A_DAY),
    ),
    Agrees(
        f"{_BILL_CYCLE_DAY} testCalculateBCDWithTimeZone",
        "local day, ten hours behind UTC",
        16,
        lambda: local_day(_INSTANT, "Pacific/Honolulu").day,
    ),
    Agrees(
        f"{_BILL_CYCLE_DAY} testCalculateBCDWithTimeZone",
        "local day, late evening in Paris",
        16,
        lambda: local_day(_INSTANT, "Europe/Paris").day,
    ),
    Agrees(
        f"{_BILL_CYCLE_DAY} testCalculateBCDWithTimeZone",
        "local day, next morning in Tokyo",
        17,
        lambda: local_day(_INSTANT, "Asia/Tokyo").day,
    ),
    Agrees(
        _STRIPE_CYCLE,
        "anchored on 31 January, February",
        date(2024, 2, 29),
        lambda: bill_date(date(2024, 1, 31), Cycle.MONTH, 1, 1),
    ),
    Agrees(
        _STRIPE_CYCLE,
        "anchored on 31 January, March",
        date(2023, 3, 31),
        lambda: bill_date(date(2023, 1, 31), Cycle.MONTH, 1, 2),
    ),
    Agrees(
        f"{_WOOCOMMERCE} add_months_test_data",
        "31 Jan and three months",
        date(2014, 4, 30),
        lambda: add_months(date(2014, 1, 31), 3),
    ),
    Agrees(_DATE_FNS, "1 Sep and five months", date(2015, 2, 1), lambda: add_months(date(2014, 9, 1), 5)),
    Agrees(_DATEUTIL, "31 Mar less a month", date(2013, 2, 28), lambda: add_months(date(2013, 3, 31), -1)),
    Agrees(
        f"{_WOOCOMMERCE} wcs_add_time_data",
        "five days over the new year",
        date(2015, 1, 2),
        lambda: bill_date(date(2014, 12, 28), Cycle.DAY, 5, 1),
    ),
    Agrees(
        f"{_WOOCOMMERCE} wcs_add_time_data",
        "eight days to 29 Feb",
        date(2016, 2, 29),
        lambda: bill_date(date(2016, 2, 21), Cycle.DAY, 1, 8),
    ),
    Agrees(
        f"{_WOOCOMMERCE} wcs_add_time_data",
        "a week",
        date(2015, 2, 28),
        lambda: bill_date(date(2015, 2, 21), Cycle.WEEK, 1, 1),
    ),
    Agrees(
        f"{_WOOCOMMERCE} wcs_add_time_data",
        "52 weeks are a day short of a year",
        date(2016, 2, 1),
        lambda: bill_date(date(2015, 2, 2), Cycle.WEEK, 52, 1),
    ),
    Agrees(
        f"{_WOOCOMMERCE} wcs_add_time_data",
        "four years from leap day to leap day",
        date(2020, 2, 29),
        lambda: bill_date(date(2016, 2, 29), Cycle.YEAR, 4, 1),
    ),
    Agrees(_STRIPE_CURRENCIES, "10 USD in minor units", 1000, lambda: Money.parse("10 USD", "USD").minor),
    Agrees(
        _STRIPE_CURRENCIES,
        "zero-decimal currencies, but for MGA",
        dict.fromkeys([code for code in STRIPE_ZERO_DECIMALS if code != "MGA"], 0),
        lambda: {code: minor_units(code) for code in STRIPE_ZERO_DECIMALS if code != "MGA"},
    ),
    Agrees(
        _KILLBILL_MONEY,
        "half-up to the decimals of the currency: halves of 0.05 USD, 5 JPY, 0.005 KWD",
        [3, 3, 3],
        lambda: [Money(5, currency).share(1, 2).minor for currency in ("USD", "JPY", "KWD")],
    ),
]

DIFFERS_ON_PURPOSE = [
    Differs(
        f"{_WOOCOMMERCE} add_months_test_data",
        date(2019, 10, 31),
        "WooCommerce keeps to month ends: the last day of a month goes to the last day of another. We keep the day of "
        "the anchor, as Stripe, Kill Bill, dateutil and date-fns do: who began on the 30th is billed on the 30th.",
        lambda: add_months(date(2014, 9, 30), 61),
        date(2019, 10, 30),
    ),
    Differs(
        f"{_INTERVALS} THIRTY_DAYS, start 16 Jan, billing day 17",
        date(2012, 1, 16),
        "Kill Bill drops the billing day for periods counted in days. Our first_bill_date knows no cycle and always "
        "goes to the billing day; a subscription counted in days is anchored on its start and does not ask for it.",
        lambda: first_bill_date(date(2012, 1, 16), 17),
        date(2012, 1, 17),
    ),
    Differs(
        f"{_INTERVALS} THIRTY_DAYS, start 16 Feb, billing day 14",
        date(2012, 2, 16),
        "As above: the billing day counts whatever the cycle, for those who ask for it.",
        lambda: first_bill_date(date(2012, 2, 16), 14),
        date(2012, 3, 14),
    ),
    Differs(
        f"{_STRIPE_CURRENCIES} zero-decimal currencies",
        0,
        "Stripe charges the ariary without decimals. ISO 4217 gives MGA two, and we record what any gateway charged.",
        lambda: minor_units("MGA"),
        2,
    ),
    Differs(
        f"{_STRIPE_CURRENCIES} three-decimal currencies, 5.124 KWD",
        (5120, 5130),
        "Stripe's cards want the last of three decimals to be 0. We record what was charged, to the last fils.",
        lambda: Money.parse("5.124 KWD", "KWD").minor,
        5124,
    ),
    Differs(
        f"{_STRIPE_CURRENCIES} payouts in HUF",
        1000,
        "Stripe pays out whole forints only. We pay nothing out, and ISO 4217 gives HUF two decimals.",
        lambda: Money.parse("10.45 HUF", "HUF").minor,
        1045,
    ),
    Differs(
        f"{_KILLBILL_MONEY} ratios of nine decimals: a third of 30,000,000.00",
        999_999_999,
        "Kill Bill rounds the ratio before it multiplies. We multiply first, so that only the amount is rounded.",
        lambda: Money(3_000_000_000, "USD").share(1, 3).minor,
        1_000_000_000,
    ),
]
