"""The limits that the program keeps to of its own accord."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.errors import LimitReached
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.quota import Quota

NOON = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)


class Time:
    """A time that passes only by waiting."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    @property
    def now(self) -> datetime:
        return (NOON + timedelta(seconds=self.seconds)).replace(microsecond=0)


def call(limiter: Limiter, time: Time) -> float:
    """Wait for a turn. Returns the seconds that it took."""
    begun = time.seconds
    while wait := limiter.turn(time.now):
        time.seconds += wait
    return time.seconds - begun


@pytest.fixture
def time() -> Time:
    return Time()


@given(
    st.floats(0.5, 20), st.integers(1, 50), st.lists(st.floats(0, 5) | st.just(0.0) | st.floats(0, 90), max_size=150)
)
def test_no_second_and_no_minute_holds_more(per_second: float, per_minute: int, thinking: list[float]) -> None:
    time = Time()
    limiter = Limiter(per_second=per_second, per_minute=per_minute, monotonic=time.monotonic)
    calls: list[float] = []
    for seconds in thinking:
        time.seconds += seconds
        call(limiter, time)
        calls.append(time.seconds)
    for one, following in pairwise(calls):
        assert following - one >= 1 / per_second - 1e-6
    for first, beyond in zip(calls, calls[per_minute:], strict=False):
        assert beyond - first >= 60 - 1e-6


def test_the_usual_pace(time: Time) -> None:
    limiter = Limiter(monotonic=time.monotonic)
    assert call(limiter, time) == 0
    assert [call(limiter, time) for _ in range(199)] == [0.25] * 199
    assert call(limiter, time) == pytest.approx(60 - 199 * 0.25)


@pytest.mark.parametrize(
    ("quota", "wait"),
    [
        (Quota(), 0.25),
        (Quota(minute_left=245), 0.25),
        (Quota(minute_left=0), 61),
        (Quota(account_minute_left=0, minute_left=100), 61),
        (Quota(minute_left=10), 6.1),
        (Quota(per_second=10), 0.25),
        (Quota(per_second=2), 0.5),
    ],
)
def test_what_keap_says_slows_the_pace(time: Time, quota: Quota, wait: float) -> None:
    limiter = Limiter(monotonic=time.monotonic)
    call(limiter, time)
    limiter.learn(quota, time.now)
    assert call(limiter, time) == pytest.approx(wait)


ENDING: list[tuple[Quota, bool, bool]] = [
    (Quota(day_limit=1000, day_left=50), False, False),
    (Quota(day_limit=1000, day_left=49), True, False),
    (Quota(day_limit=1000, day_left=0), True, True),
    (Quota(account_day_left=0), True, True),
    (Quota(day_left=0), True, True),
]


@pytest.mark.parametrize(("quota", "refused", "refused_with_insist"), ENDING)
def test_the_end_of_the_day(time: Time, quota: Quota, refused: bool, refused_with_insist: bool) -> None:
    for insist, expected in ((False, refused), (True, refused_with_insist)):
        limiter = Limiter(monotonic=time.monotonic, insist=insist)
        limiter.learn(quota, time.now)
        if expected:
            with pytest.raises(LimitReached, match="2026-12-01 00:00 UTC") as reached:
                limiter.turn(time.now)
            assert reached.value.until == datetime(2026, 12, 1, tzinfo=UTC)
            time.seconds += 12 * 3600
            assert limiter.turn(time.now) == 0, "a new day begins with all calls"
            time.seconds = 0
        else:
            assert limiter.turn(time.now) == 0


def test_an_answer_without_numbers_changes_nothing(time: Time) -> None:
    limiter = Limiter(monotonic=time.monotonic)
    limiter.learn(Quota(day_limit=1000, day_left=1), time.now)
    limiter.learn(Quota(), time.now)
    refused: Callable[[], float] = lambda: limiter.turn(time.now)  # noqa: E731  (named for the reader)
    with pytest.raises(LimitReached):
        refused()
