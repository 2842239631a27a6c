"""How text is compared when people search: case, accents, punctuation and phone formats do not count."""

import re
import unicodedata

# Letters that decomposition leaves alone although people type them without the stroke.
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_APOSTROPHES = re.compile("['’ʼ`´]")
# Kana, Han, Hangul and Thai are written without a space between the parts of a name: each sign is a word of its own.
_UNSPACED = re.compile("[\u0e01-\u0e4e\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_DIGITS = re.compile("[0-9]+").findall
_TOKEN = re.compile("[a-z0-9\x80-\U0010ffff]+")
_SHORTEST_NATIONAL_NUMBER = 7
_LONGEST_COUNTRY_CODE = 3


def fold(text: str) -> str:
    """`text` without case, accents and apostrophes: “López” and “LOPEZ” are one, so are “O'Brien” and “obrien”."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold().translate(_STROKES))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def index_text(text: str) -> str:
    """`text` as the search index keeps it: folded, single spaces, ASCII signs left in place.

    Other punctuation becomes a space, and every sign of a script that is written without spaces stands alone.
    """
    folded = fold(text)
    if not folded.isascii():
        composed = _UNSPACED.sub(r" \g<0> ", unicodedata.normalize("NFC", folded))
        folded = "".join(" " if _separates(mark) else mark for mark in composed)
    return " ".join(folded.split())


def _separates(mark: str) -> bool:
    return mark > "\x7f" and unicodedata.category(mark)[0] in "PZC"


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` by which it can be found: runs of letters and digits, folded."""
    return indexed_tokens(index_text(text))


def indexed_tokens(indexed: str) -> tuple[str, ...]:
    """The same for what `index_text` has made."""
    return tuple(_TOKEN.findall(indexed))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a search, in the order typed; commas separate as spaces do."""
    return tuple(fold(text).replace(",", " ").split())


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
