"""What others have published about the same rules: where we agree, and where we have chosen otherwise."""

import pytest

from .published_cases import AGREES, DIFFERS_ON_PURPOSE, Agrees, Differs


@pytest.mark.parametrize("case", AGREES, ids=lambda case: f"{case.source}: {case.rule}")
def test_agrees_with_the_published_case(case: Agrees) -> None:
    assert case.ours() == case.published


@pytest.mark.parametrize("case", DIFFERS_ON_PURPOSE, ids=lambda case: case.source)
def test_differs_from_the_published_case_on_purpose(case: Differs) -> None:
    assert case.ours() == case.instead
    assert case.instead != case.published
    assert case.reason.endswith(".")
