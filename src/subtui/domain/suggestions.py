"""Suggests the known word nearest to an unknown one; suggests nothing where none is near."""

from collections.abc import Iterable

CUTOFF = 0.7
"""The least similarity of two words, from 0 to 1: `cancle` and `cancel` are at 0.83."""


def nearest(word: str, words: Iterable[str], *, cutoff: float = CUTOFF) -> str | None:
    """The known word nearest to a typed one, ignoring case; None where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415  (needed only after a typing error)

    known = {each.casefold(): each for each in words}
    typed = word.casefold()
    near = get_close_matches(typed, known, n=1, cutoff=cutoff)
    if near:
        return known[near[0]]
    # A prefix of exactly one word stands for that word.
    begun = [each for folded, each in known.items() if len(typed) > 1 and folded.startswith(typed)]
    return begun[0] if len(begun) == 1 else None


def did_you_mean(word: str, words: Iterable[str], *, otherwise: str = "") -> str:
    """The question that follows an error sentence, with a leading space; `otherwise` where no word is near."""
    near = nearest(word, words)
    return f" Did you mean {near}?" if near else otherwise
