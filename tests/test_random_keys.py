"""Random keys end nothing: a short run of the tool, the same at every time."""

from random import Random

import pytest
from random_keys import action, press


@pytest.mark.parametrize("seed", [1, 2])
def test_keys_in_the_screens(seed: int) -> None:
    assert press(seed, 150) == ""


def test_keys_in_a_demo() -> None:
    assert press(3, 60, demo=True) == ""


def test_a_seed_decides_what_is_pressed() -> None:
    def first(seed: int) -> list[str]:
        random = Random(seed)  # noqa: S311  (keys, not secrets)
        return [str(action(random)) for _ in range(50)]

    assert first(7) == first(7) != first(8)
