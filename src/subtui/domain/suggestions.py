"""Which word was meant by one that there is not: the same everywhere, and silent where nothing comes near."""

from collections.abc import Iterable

CUTOFF = 0.7
"""How alike two words must be, from 0 to 1: `cancle` and `cancel` are at 0.83."""


def nearest(word: str, words: Iterable[str], *, cutoff: float = CUTOFF) -> str | None:
    """The word that comes nearest to one that was typed, whatever its case; None where none comes near."""
    from difflib import get_close_matches  # noqa: PLC0415  (only the few who mistype wait for it)

    known = {each.casefold(): each for each in words}
    typed = word.casefold()
    near = get_close_matches(typed, known, n=1, cutoff=cutoff)
    if near:
        return known[near[0]]
    # The beginning of one word alone is that word.
    begun = [each for folded, each in known.items() if len(typed) > 1 and folded.startswith(typed)]
    return begun[0] if len(begun) == 1 else None


def did_you_mean(word: str, words: Iterable[str], *, otherwise: str = "") -> str:
    """A question to stand behind a sentence, with a space before it; `otherwise` where nothing comes near."""
    near = nearest(word, words)
    return f" Did you mean {near}?" if near else otherwise
