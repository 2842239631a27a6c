"""The text that a note can have."""

import pytest

from subtui.domain.notes import LONGEST_NOTE, note_problems


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
