"""The words that differ from a typed word by one typing error."""

SHORTEST = 4
"""The least length of a typed word: a shorter one has too many neighbours."""

LONGEST = 24

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)


def typos_of(token: str) -> tuple[list[str], list[str]] | None:
    """The `neighbours` of a typed word; None for one that is too short or too long, or of mixed scripts."""
    alphabet = next((signs for signs in _ALPHABETS if token[0] in signs), "")
    if not alphabet or not SHORTEST <= len(token) <= LONGEST or not set(token) <= set(alphabet):
        return None
    return neighbours(token, alphabet)


def neighbours(token: str, alphabet: str) -> tuple[list[str], list[str]]:
    """The neighbours one edit away: those that must be whole words, and those that may be prefixes.

    A typed word may be unfinished. A prefix made by an edit at its end would match too many words, so a neighbour that
    is one sign shorter, or differs in the last sign, must be a whole word.
    """
    splits = [(token[:at], token[at:]) for at in range(len(token) + 1)]
    whole = {left + right[1:] for left, right in splits if right}
    whole |= {left + sign for left, right in splits if len(right) == 1 for sign in alphabet}
    begun = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    begun |= {left + sign + right[1:] for left, right in splits if len(right) > 1 for sign in alphabet}
    begun |= {left + sign + right for left, right in splits if right for sign in alphabet}
    return sorted(whole - {token}), sorted(begun - whole - {token})
