"""What the headers say of Keap's limits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.quota import Quota, read_quota

NAMES = [
    f"x-keap-{family}-{name}"
    for family in ("product-quota", "product-throttle", "tenant-throttle")
    for name in ("limit", "time-unit", "interval", "available", "used", "expiry-time")
] + ["x-keap-product-spike-limit"]

FULL = {
    "x-keap-product-quota-limit": "30000",
    "x-keap-product-quota-time-unit": "day",
    "x-keap-product-quota-interval": "1",
    "x-keap-product-quota-available": "29981",
    "x-keap-product-quota-used": "19",
    "x-keap-product-quota-expiry-time": "1796083200000",
    "x-keap-product-throttle-limit": "240",
    "x-keap-product-throttle-time-unit": "minute",
    "x-keap-product-throttle-interval": "1",
    "x-keap-product-throttle-available": "231",
    "x-keap-product-spike-limit": "10",
    "x-keap-tenant-throttle-limit": "10000|250000",
    "x-keap-tenant-throttle-time-unit": "minute|day",
    "x-keap-tenant-throttle-interval": "1|1",
    "x-keap-tenant-throttle-available": "9990|249000",
}
READ = Quota(30000, 29981, datetime(2026, 12, 1, tzinfo=UTC), 240, 231, 10, 249000, 9990)


def without_units() -> dict[str, str]:
    return {name: "" if "unit" in name or "interval" in name else value for name, value in FULL.items()}


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({}, Quota()),
        (FULL, READ),
        (without_units(), READ),
        (dict.fromkeys(NAMES, ""), Quota()),
        (dict.fromkeys(NAMES, "|"), Quota()),
        (dict.fromkeys(NAMES, " | "), Quota()),
        (
            {
                "x-keap-tenant-throttle-available": "5 | 4",
                "x-keap-tenant-throttle-time-unit": "DAY | minute",
            },
            Quota(account_day_left=5, account_minute_left=4),
        ),
        ({"x-keap-product-quota-available": "-3", "x-keap-product-quota-limit": "x"}, Quota(day_left=-3)),
        ({"x-keap-product-throttle-available": "7", "x-keap-product-throttle-interval": "5"}, Quota()),
        ({"x-keap-product-throttle-available": "7", "x-keap-product-throttle-time-unit": "hour"}, Quota()),
        ({"x-keap-product-quota-expiry-time": "9" * 15}, Quota()),
        ({"x-keap-product-quota-available": "9" * 5000}, Quota()),
        ({"x-keap-product-quota-available": "٣"}, Quota()),
    ],
)
def test_headers(headers: dict[str, str], quota: Quota) -> None:
    assert read_quota(headers) == quota


@given(st.dictionaries(st.sampled_from(NAMES), st.text() | st.text("0123456789-|. ") | st.integers().map(str)))
def test_any_headers_are_read(headers: dict[str, str]) -> None:
    quota = read_quota(headers)
    assert isinstance(quota.day_is_nearly_used_up(), bool)
    assert quota.day_limit is None or quota.day_limit > 0
    assert quota.day_ends is None or quota.day_ends.tzinfo is UTC


@pytest.mark.parametrize(
    ("quota", "nearly", "wholly"),
    [
        (Quota(), False, False),
        (Quota(day_limit=1000, day_left=50), False, False),
        (Quota(day_limit=1000, day_left=49), True, False),
        (Quota(day_limit=1000, day_left=0), True, True),
        (Quota(day_left=3), False, False),
        (Quota(account_day_left=0), True, True),
    ],
)
def test_the_end_of_the_day(quota: Quota, nearly: bool, wholly: bool) -> None:
    assert (quota.day_is_nearly_used_up(), quota.day_is_used_up) == (nearly, wholly)
