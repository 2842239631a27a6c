"""The states of a change that Keap is to follow: each has its words, and no state is both open and settled."""

import pytest

from subtui.domain.outbox import FOR_A_PERSON, OPEN_STATES, SENTENCES, SHORT_WORDS, SendState
from subtui.storage.tables.keap import OPEN


@pytest.mark.parametrize("state", list(SendState))
def test_each_state_has_its_words(state: SendState) -> None:
    assert SHORT_WORDS[state]
    assert SENTENCES[state].startswith("Saved here")
    assert SENTENCES[state].endswith(".")


def test_the_words_tell_the_states_apart() -> None:
    assert len(set(SHORT_WORDS.values())) == len(set(SENTENCES.values())) == len(SendState)


def test_only_a_reading_a_replacement_or_a_decision_settles() -> None:
    assert set(SendState) - set(OPEN_STATES) == {SendState.VERIFIED, SendState.REPLACED, SendState.LEFT}
    assert set(FOR_A_PERSON) < set(OPEN_STATES)


def test_the_index_of_the_open_rows_has_the_same_states() -> None:
    assert set(OPEN) == {state.value for state in OPEN_STATES}
