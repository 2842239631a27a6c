"""Normalizes text for a search: case, accents, punctuation and phone formats are ignored."""

import re
import unicodedata

# Letters that decomposition does not change although users type them without the stroke.
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_APOSTROPHES = re.compile("['’ʼ`´]")
# Thai, kana, Han and Hangul are written without a space between the parts of a name: each sign is a word of its own.
_UNSPACED = ((0x0E01, 0x0E4E), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF), (0x20000, 0x3FFFF))
_DIGITS = re.compile("[0-9]+").findall
# Lower-case letters and digits, and all that is not ASCII; as a negated set, which is quicker to compile.
_TOKEN = re.compile(r"[^\x00-/:-`{-\x7f]+")
_SHORTEST_NATIONAL_NUMBER = 7
_LONGEST_COUNTRY_CODE = 3


def normalize(text: str) -> str:
    """`text` without case, accents and apostrophes: “López” and “LOPEZ” are one, so are “O'Brien” and “obrien”."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold().translate(_STROKES))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def index_text(text: str) -> str:
    """`text` as the search index keeps it: folded, single spaces, ASCII signs left in place.

    Other punctuation becomes a space, and every sign of a script that is written without spaces stands alone.
    """
    folded = normalize(text)
    if not folded.isascii():
        folded = "".join(map(_spaced, unicodedata.normalize("NFC", folded)))
    return " ".join(folded.split())


def _spaced(mark: str) -> str:
    if mark <= "\x7f":
        return mark
    if unicodedata.category(mark)[0] in "PZC":
        return " "
    return f" {mark} " if any(first <= ord(mark) <= last for first, last in _UNSPACED) else mark


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` by which it can be found: runs of letters and digits, folded."""
    return indexed_tokens(index_text(text))


def indexed_tokens(indexed: str) -> tuple[str, ...]:
    """The words of a text that `index_text` has made."""
    return tuple(_TOKEN.findall(indexed))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a search, in the order typed; commas separate as spaces do."""
    return tuple(normalize(text).replace(",", " ").split())


def digits(text: str) -> str:
    """The decimal digits of `text`, nothing else."""
    return "".join(_DIGITS(text))


def is_phone_like(text: str) -> bool:
    """Whether `text` can only be meant as (part of) a phone number: three digits or more and its usual punctuation."""
    return len(digits(text)) >= 3 and not re.search(r"[^0-9\s()+./-]", text)


def phone_forms(text: str) -> tuple[str, ...]:
    """The digit runs to look for when `text` is a phone number.

    One number is written with and without its country code or trunk zero, so a long run is also tried without
    up to three leading digits.
    """
    run = digits(text)
    forms = [run]
    if run.startswith("00"):
        forms.append(run[2:])
    forms += [run[cut:] for cut in range(1, _LONGEST_COUNTRY_CODE + 1) if len(run) - cut >= _SHORTEST_NATIONAL_NUMBER]
    return tuple(dict.fromkeys(form for form in forms if form))
