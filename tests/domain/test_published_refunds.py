"""What others have published about refunds: where we agree, where we have chosen otherwise, what holds us to it."""

from importlib import import_module

import pytest

from .published_refunds import AGREES, DIFFERS_ON_PURPOSE, HELD, NOT_OURS, Agrees, Differs, Held, NotOurs

PUBLISHED = 46


@pytest.mark.parametrize("case", AGREES, ids=lambda case: f"{case.source}: {case.rule}")
def test_agrees_with_the_published_case(case: Agrees) -> None:
    assert case.ours() == case.published


@pytest.mark.parametrize("case", DIFFERS_ON_PURPOSE, ids=lambda case: case.source)
def test_differs_from_the_published_case_on_purpose(case: Differs) -> None:
    assert case.ours() == case.instead
    assert case.instead != case.published
    assert case.reason.endswith(".")


@pytest.mark.parametrize("case", HELD, ids=lambda case: f"{case.source}: {case.published}")
def test_what_is_about_recording_is_held_by_a_test_of_the_services(case: Held) -> None:
    assert callable(getattr(import_module(case.module), case.test))


@pytest.mark.parametrize("case", NOT_OURS, ids=lambda case: f"{case.source}: {case.published}")
def test_what_is_not_ours_says_why(case: NotOurs) -> None:
    assert case.reason.endswith(".")


def test_every_published_case_is_accounted_for() -> None:
    assert len(AGREES) + len(DIFFERS_ON_PURPOSE) + len(HELD) + len(NOT_OURS) == PUBLISHED
