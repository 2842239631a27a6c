"""When a call is repeated, after how long, and which error ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.error_bodies import ErrorWords
from subtui.keap_api.errors import (
    CallFailed,
    CallStopped,
    Declined,
    KeyRefused,
    LimitReached,
    NoAnswer,
    NotPermitted,
    NotThere,
    Unreachable,
)
from subtui.keap_api.failures import Cause, Failure, error_of
from subtui.keap_api.quota import Quota
from subtui.keap_api.retries import Throttled, pause_after, pause_after_429, retry_after
from subtui.keap_api.waiting import wait

NOW = datetime(2026, 11, 30, 12, 0, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)


def failed(cause: Cause, status: int = 0, **more: object) -> Failure:
    return Failure(cause, cause.name, status=status, **more)  # type: ignore[arg-type]


def status(code: int, words: str = "", code_text: str = "") -> Failure:
    return failed(Cause.STATUS, code, said=ErrorWords(words, code_text))


@pytest.mark.parametrize(
    ("failure", "get", "change"),
    [
        (failed(Cause.NO_CONNECTION), True, True),
        (failed(Cause.NOT_TRUSTED), False, False),
        (failed(Cause.NO_WAY), False, False),
        (failed(Cause.TIMEOUT), True, False),
        (failed(Cause.CUT), True, False),
        (failed(Cause.UNREADABLE, 200), True, False),
        (failed(Cause.TOO_LARGE), False, False),
        *((status(code), True, False) for code in (408, 500, 502, 503, 504)),
        *((status(code), False, False) for code in (301, 302, 400, 401, 403, 404, 405, 409, 422, 501)),
    ],
)
def test_what_is_repeated(failure: Failure, get: bool, change: bool) -> None:
    assert (pause_after("GET", failure, 1, lambda: 1.0) is not None) == get
    for method in ("PATCH", "POST"):
        assert (pause_after(method, failure, 1, lambda: 1.0) is not None) == change
    assert pause_after("GET", failure, 5, lambda: 1.0) is None


def test_pauses_grow_and_are_spread() -> None:
    failure = status(503)
    assert [pause_after("GET", failure, attempt, lambda: 1.0) for attempt in range(1, 6)] == [1, 2, 4, 8, None]
    assert pause_after("GET", failure, 4, lambda: 0.25) == 2.0


@pytest.mark.parametrize(
    ("failure", "kind", "change_kind", "words"),
    [
        (failed(Cause.NO_CONNECTION, detail="no connection"), Unreachable, Unreachable, "Nothing was sent"),
        (failed(Cause.NOT_TRUSTED), Unreachable, Unreachable, "certificate"),
        (failed(Cause.NO_WAY, detail="Say so."), Unreachable, Unreachable, "Say so"),
        (failed(Cause.TIMEOUT), NoAnswer, NoAnswer, "did not answer in time"),
        (failed(Cause.CUT), NoAnswer, NoAnswer, "was cut"),
        (failed(Cause.TOO_LARGE, detail="64 MB"), NoAnswer, NoAnswer, "64 MB"),
        (failed(Cause.UNREADABLE, 200, detail="a web page"), NoAnswer, NoAnswer, "cannot be read .200, a web page"),
        (status(302), Declined, NoAnswer, "keap.test refers to another address .302"),
        (status(400, "bad date"), Declined, Declined, "“bad date”"),
        (status(401), KeyRefused, KeyRefused, "Store a new one.$"),
        (status(401, "Invalid Access Token"), KeyRefused, KeyRefused, "other style of header"),
        (status(401, "", "oauth.v2.InvalidAccessToken"), KeyRefused, KeyRefused, "other style of header"),
        (status(403), NotPermitted, NotPermitted, "administrator"),
        (status(404), NotThere, NotThere, "nothing at this address"),
        (status(405), Declined, Declined, "405"),
        (status(409), Declined, Declined, "409"),
        (status(422), Declined, Declined, "422"),
        (status(501), Declined, Declined, "501"),
        (status(408), NoAnswer, NoAnswer, "408"),
        (status(500), NoAnswer, NoAnswer, "500"),
        (status(599), NoAnswer, NoAnswer, "599"),
    ],
)
def test_which_error(failure: Failure, kind: type[CallFailed], change_kind: type[CallFailed], words: str) -> None:
    read = error_of(failure, host="keap.test", change=False)
    changed = error_of(failure, host="keap.test", change=True)
    assert (type(read), type(changed)) == (kind, change_kind)
    with pytest.raises(kind, match=words):
        raise read
    assert ("unknown until" in str(changed)) == changed.outcome_unknown
    assert "unknown until" not in str(read)
    assert read.status == failure.status
    if isinstance(read, Declined):
        assert read.words == failure.said.words


def throttled(seconds: float | None = None, **quota: object) -> Failure:
    return failed(Cause.STATUS, 429, retry_after=seconds, quota=Quota(**quota))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failure", "before", "seconds"),
    [
        (throttled(7), Throttled(), 7),
        (throttled(0), Throttled(), 1),
        (throttled(7, minute_left=0), Throttled(), 7),
        (throttled(7, day_left=0), Throttled(), 7),
        (throttled(minute_left=0), Throttled(), 46),
        (throttled(account_minute_left=0), Throttled(), 46),
        (throttled(), Throttled(), 1),
        (throttled(minute_left=5, day_left=5), Throttled(3, 7), 8),
        (throttled(), Throttled(8, 300), 60),
    ],
)
def test_how_long_a_throttled_call_waits(failure: Failure, before: Throttled, seconds: float) -> None:
    assert pause_after_429(failure, before, NOW, lambda: 1.0) == seconds


@pytest.mark.parametrize(
    ("failure", "before", "until"),
    [
        (throttled(day_left=0), Throttled(), MIDNIGHT),
        (throttled(day_left=0, day_ends=NOW + timedelta(hours=3)), Throttled(), NOW + timedelta(hours=3)),
        (throttled(day_left=0, day_ends=NOW - timedelta(hours=3)), Throttled(), MIDNIGHT),
        (throttled(day_left=0, day_ends=NOW + timedelta(days=900)), Throttled(), MIDNIGHT),
        (throttled(account_day_left=0), Throttled(), MIDNIGHT),
        (throttled(3600), Throttled(), NOW + timedelta(hours=1)),
        (throttled(), Throttled(12, 590), None),
    ],
)
def test_when_a_throttled_call_gives_up(failure: Failure, before: Throttled, until: datetime | None) -> None:
    with pytest.raises(LimitReached, match="Nothing was done") as reached:
        pause_after_429(failure, before, NOW, lambda: 1.0)
    assert reached.value.until == until
    assert reached.value.status == 429


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=5), st.floats(0, 1))
def test_throttling_ends(pauses: list[float | None], chance: float) -> None:
    before, ended = Throttled(), False
    while not ended:
        failure = throttled(pauses[before.count % len(pauses)])
        try:
            before = before.and_waited(pause_after_429(failure, before, NOW, lambda: chance))
        except LimitReached:
            ended = True
    assert before.waited <= 600
    assert before.count <= 600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("0", 0),
        (" 120 ", 120),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Mon, 30 Nov 2026 12:01:00 GMT", 45),
        ("Mon, 30 Nov 2026 11:01:00 GMT", 0),
        ("Mon, 30 Nov 2026 12:01:00 +9999", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds


@given(st.text() | st.from_regex(r"\w{3}, \d{1,2} \w{3} \d{1,9} \d\d:\d\d:\d\d [+-]?\d{4}"))
def test_any_retry_after_is_read(text: str) -> None:
    found = retry_after(text, NOW)
    assert found is None or found >= 0


def test_a_wait_can_be_stopped() -> None:
    slept: list[float] = []
    wait(1.05, slept.append, lambda: False)
    assert max(slept) <= 0.1
    assert sum(slept) == pytest.approx(1.05)
    slept.clear()
    with pytest.raises(CallStopped):
        wait(1.0, slept.append, lambda: len(slept) == 3)
    assert len(slept) == 3
    with pytest.raises(CallStopped):
        wait(0, slept.append, lambda: True)
