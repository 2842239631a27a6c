"""The text that a note can have."""

import pytest

from subtui.domain.notes import LONGEST_NOTE, note_problems, why_not_take_back


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Called.", ""),
        ("x" * LONGEST_NOTE, ""),
        ("", "Enter the note."),
        (" \n\t ", "Enter the note."),
        ("x" * 2001, "A note can have at most 2,000 characters; this one has 2,001."),
    ],
)
def test_a_note_has_a_text_of_a_length(text: str, sentence: str) -> None:
    assert [problem.sentence for problem in note_problems(text)] == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("by_user", "today", "word"), [(True, True, ""), (True, False, "own day only"), (False, True, "only its author")]
)
def test_who_can_take_a_note_back(by_user: bool, today: bool, word: str) -> None:
    sentence = why_not_take_back(by_user=by_user, today=today)
    assert (sentence is None) is not bool(word)
    assert word in (sentence or "")
