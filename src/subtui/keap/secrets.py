"""Finds data that must not be stored: columns of passwords and card data, and card numbers in notes."""

import re
from functools import lru_cache

# Words of a column's name, or two or three that follow each other.
_PRIVATE = """
    password passwd passwort passcode passphrase pwd pin pincode pinnumber pinno
    ssn ssnumber ssno socialsecurity socsec
    cvv cvc cvn csc securitycode cardverification verificationvalue
"""
_CARD = "cardnumber cardno cardnum cardnr ccnumber ccno ccnum ccnr primaryaccountnumber"
_SECRET_TERMS, _CARD_TERMS = frozenset(_PRIVATE.split()), frozenset(_CARD.split())
# In names without any sign of where a word ends. Shorter terms would be found in ordinary words: SSN in classname.
_SECRET_PARTS = ("password", "socialsecurity", "cvv")
_CARD_PARTS = ("cardnumber", "ccnumber")
_LAST_FOUR = frozenset(("last4", "lastfour", "last4digits"))
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# The separators that people and their programs write: one blank or dash, of whichever width.
_BLANKS = r" \u00a0\u2000-\u200a\u202f\u205f\u3000"
_DASHES = r"\u2010-\u2015\u2212\ufe58\ufe63\uff0d-"
_RUN = re.compile(rf"[0-9](?:[{_BLANKS}{_DASHES}]?[0-9]){{12,}}")
_GROUP = re.compile(r"[0-9]+")
FEWEST_DIGITS = 13
"""A shorter text can hold no card number, and is not searched."""

_MOST_DIGITS = 19
_LONGEST_PHONE = 15
"""Digits with the country's code, after ITU-T E.164."""
# How cards are printed, which tells one from its neighbours in a longer row of numbers.
_PRINTED = frozenset(((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1), (4, 3, 3, 3)))
# Prefixes and lengths after ISO/IEC 7812 and the issuers' own lists. Maestro's of 12 to 15 are left out, since phone
# numbers have as many and hardly a card has.
_ISSUERS = (
    (re.compile(r"4"), frozenset((13, 16, 19))),
    (re.compile(r"3[47]"), frozenset((15,))),
    (re.compile(r"5[1-5]|2[2-7]"), frozenset((16,))),
    (re.compile(r"3[0689]"), frozenset((14, 16, 17, 18, 19))),
    # JCB, Maestro, Discover, UnionPay.
    (re.compile(r"35|5[0678]|6"), frozenset((16, 17, 18, 19))),
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@lru_cache(maxsize=4096)
def is_secret_column(name: str) -> bool:
    """Whether a column, by its name, holds what is never imported: passwords, PINs, SSNs, card numbers and their codes.

    The last four digits of a card, its type and its id are no secret; the last four of an SSN are.
    """
    words = [word.lower() for word in _WORD.findall(name.replace("#", " number "))]
    terms = {"".join(words[first : first + count]) for first in range(len(words)) for count in (1, 2, 3)}
    terms.add("".join(words))
    terms |= {term.removesuffix("s") for term in terms}
    if terms & _SECRET_TERMS or any(part in word for word in words for part in _SECRET_PARTS):
        return True
    if terms & _LAST_FOUR:
        return False
    return bool(terms & _CARD_TERMS) or any(part in word for word in words for part in _CARD_PARTS)


def card_numbers(text: str) -> list[tuple[int, int]]:
    """The full card numbers in a text, as (start, end): 13 to 19 digits of an issuer's, the check digit right.

    Single blanks and dashes may stand between the digits. Digits after a `+` are a phone number.
    """
    return [span for run in _RUN.finditer(text) for span in _cards_in(text, run.start(), run.end())]


def without_card_numbers(text: str) -> str:
    """The text with every card number replaced by its last four digits: `···· 4242`."""
    # Few texts have this many digits in a row, and a file has tens of millions of texts.
    if not _RUN.search(text):
        return text
    parts, place = [], 0
    for start, end in card_numbers(text):
        last_four = "".join(_GROUP.findall(text[start:end]))[-4:]
        parts += [text[place:start], f"···· {last_four}"]
        place = end
    return "".join(parts) + text[place:]


def _cards_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The card numbers in one row of digit groups."""
    groups = [found.span() for found in _GROUP.finditer(text, start, end)]
    digits = "".join(text[first:last] for first, last in groups)
    if text[max(start - 2, 0) : start].rstrip(" (").endswith("+"):
        if len(digits) <= _LONGEST_PHONE or len(groups) == 1:
            return []
        groups = groups[1:]
    elif len(digits) > FEWEST_DIGITS and _is_card(digits):
        return [(start, end)]
    # Visa's old cards of 13 digits must look like one: a German phone number can be as long, and lack its `+`.
    spans, first = [], 0
    while first < len(groups):
        count = _groups_of_a_card(text, groups, first)
        if count:
            spans.append((groups[first][0], groups[first + count - 1][1]))
        first += count or 1
    return spans


def _groups_of_a_card(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """The largest number of groups from `first` on that form a card number as printed; 0 if they form none."""
    for count in (5, 4, 3, 1):
        chosen = groups[first : first + count]
        lengths = tuple(end - start for start, end in chosen)
        if (lengths in _PRINTED or len(lengths) == 1) and _is_card("".join(text[start:end] for start, end in chosen)):
            return len(chosen)
    return 0


def _is_card(digits: str) -> bool:
    length = len(digits)
    if not FEWEST_DIGITS <= length <= _MOST_DIGITS:
        return False
    return any(length in lengths and prefix.match(digits) for prefix, lengths in _ISSUERS) and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812, by Luhn: every second digit from the right is doubled, nines are cast out."""
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_DOUBLED[value] for value in values[1::2])) % 10 == 0
