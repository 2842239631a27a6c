"""What others have published about cancelling: where we agree, and where we have chosen otherwise."""

import pytest

from .published_cancelling import AGREES, DIFFERS_ON_PURPOSE, NOT_OURS, Agrees, Differs, NotOurs

PUBLISHED = 40


@pytest.mark.parametrize("case", AGREES, ids=lambda case: f"{case.source}: {case.rule}")
def test_agrees_with_the_published_case(case: Agrees) -> None:
    assert case.ours() == case.published


@pytest.mark.parametrize("case", DIFFERS_ON_PURPOSE, ids=lambda case: case.source)
def test_differs_from_the_published_case_on_purpose(case: Differs) -> None:
    assert case.ours() == case.instead
    assert case.instead != case.published
    assert case.reason.endswith(".")


@pytest.mark.parametrize("case", NOT_OURS, ids=lambda case: f"{case.source}: {case.published}")
def test_what_is_not_ours_says_why(case: NotOurs) -> None:
    assert case.reason.endswith(".")


def test_every_published_case_is_accounted_for() -> None:
    assert len(AGREES) + len(DIFFERS_ON_PURPOSE) + len(NOT_OURS) == PUBLISHED
