"""Old code pages: whether bytes can be Western, how they would read in others, and the names by which one is chosen.

Nothing in a file says which code page it is in. Windows-1252, in which Excel writes its CSV in most of the West, is
taken only where every word reads as one of a Western language: a currency sign within a word, letters of two languages
in one, or a word without any plain letter is how other code pages look.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from encodings.aliases import aliases

from subtui.tabular.errors import TabularError

WESTERN = "cp1252"
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
"""How encodings are called in a report; others go by the name of Python's codec."""

_NO_TEXT_CODECS = frozenset(("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"))
_USUAL = ("utf-8", "cp1252", "cp1250", "cp1251", "shift_jis", "mac_roman", "cp437")
_CANDIDATES = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "cp850", "shift_jis"),
    *("gb18030", "big5", "euc_kr", "koi8_r", "iso8859_2"),
)
_MOST_READINGS = 3

_NOT_IN_IT = b"\x81\x8d\x8f\x90\x9d"
_WORD = re.compile(rb"[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*")
_MOST_WORDS = 20_000
_MOST_BAD = 0.1  # of all words with letters that are not plain
_LONGEST_EXAMPLE = 40

_ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "àâæçéèêëîïôùûüÿœ",  # French
        "áéíñóúüï",  # Spanish
        "àçèéíïòóúüñ",  # Catalan
        "ãõáâàçéêíóôúü",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "äöüßéèàç",  # German
        "åäöéüàšž",  # Swedish, Finnish
        "õäöüšžé",  # Estonian
        "æøåéèêóòôäöü",  # Danish, Norwegian
        "áðéíóúýþæö",  # Icelandic
        "éèëïöüáóíêç",  # Dutch
    )
)
_ICELANDIC, _ICELANDIC_VOWELS = frozenset("ðþý"), frozenset("áéíóúæ")
_BEFORE_A_WORD = frozenset("¿¡«“‘„‚‹§°•·–—†…")
_BEHIND_A_WORD = frozenset("»”’›™®©…ªº°²³¹–—·´†‡•")
_WITHIN_A_WORD = frozenset("’‘´·")
_CAPITAL_WITHIN = re.compile("[a-zß-öø-ÿšžœ][À-ÖØ-ÞŠŽŒŸ]|[A-Za-zÀ-ÿ][À-ÖØ-ÞŠŽŒŸ][a-zß-öø-ÿšžœ]")
_SHORT_SIDE = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether a text reads as Western, and the first word that tells: as bytes, with the line where it stands."""

    is_western: bool
    word: bytes = b""
    line: int = 0
    has_gaps: bool = False  # a few bytes are none of Windows-1252

    @property
    def example(self) -> str:
        """The word, in Windows-1252."""
        return _western(self.word)[:_LONGEST_EXAMPLE]


def known_encoding(name: str) -> str:
    """The codec that is called so. Raises TabularError, with the names that are nearest."""
    wanted = name.strip()
    found = _codec(wanted)
    if found:
        return found
    plain = re.sub(r"[\W]+", "_", wanted.casefold()).strip("_")
    known = {name for name in (*aliases, *aliases.values()) if _codec(name)}
    near = get_close_matches(plain, sorted(known), 3, 0.6)
    meant = f"Did you mean {' or '.join(near)}?" if near else f"Known encodings: {', '.join(_USUAL)} and many more."
    raise TabularError(f"There is no encoding {wanted or 'without a name'}. {meant}")


def _codec(name: str) -> str:
    """The name of the codec for texts that is called so; empty if there is none."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_usable = codec._is_text_encoding and codec.incrementaldecoder is not None
    return codec.name if is_usable and codec.name.replace("_", "-") not in _NO_TEXT_CODECS else ""


def looked_at(blocks: Iterable[bytes]) -> Reading:
    """Whether bytes that are not UTF-8 are Windows-1252, from all of a text."""
    words, rest = _Words(), b""
    for block in blocks:
        # A word is not torn between two blocks.
        whole, end, rest = (rest + block).rpartition(b"\n")
        words.see(whole + end)
    words.see(rest)
    return words.reading()


class _Words:
    """Counts the words that read as Western, and those that do not."""

    def __init__(self) -> None:
        self._good = self._bad = self._icelandic = self._vowels = 0
        self._first: dict[bool, tuple[bytes, int]] = {}
        self._line = 1
        self._has_gaps = False

    def see(self, text: bytes) -> None:
        """Look at some lines."""
        self._has_gaps = self._has_gaps or len(text.translate(None, _NOT_IN_IT)) < len(text)
        for found in _WORD.finditer(text) if self._good + self._bad < _MOST_WORDS else ():
            verdict, letters = _judged(found[0])
            if (verdict is False) not in self._first:
                self._first[verdict is False] = found[0], self._line + text.count(b"\n", 0, found.start())
            self._good += verdict is True
            self._bad += verdict is False
            self._icelandic += not letters.isdisjoint(_ICELANDIC)
            self._vowels += not letters.isdisjoint(_ICELANDIC_VOWELS)
        self._line += text.count(b"\n")

    def reading(self) -> Reading:
        """What they say together."""
        # The letters of Icelandic without its vowels are those of Turkish, or of the Baltic.
        bad = self._bad + (self._icelandic if self._icelandic > 2 * self._vowels else 0)
        if bad > _MOST_BAD * (self._good + bad):
            return Reading(False, *self._first.get(True, self._first.get(False, (b"", 1))))
        return Reading(True, *self._first.get(False, (b"", 1)), self._has_gaps)


def other_readings(word: bytes) -> list[str]:
    """How a word would read in other code pages, where it reads as a word: `cp1250: Łukasz`."""
    readings: dict[str, str] = {}
    for name in _CANDIDATES:
        try:
            text = word.decode(name)
        except UnicodeDecodeError:
            continue
        if _is_word(text) and text not in readings:
            readings[text] = f"{name} “{text[:_LONGEST_EXAMPLE]}”"
    return list(readings.values())[:_MOST_READINGS]


def _is_word(text: str) -> bool:
    scripts = {unicodedata.name(mark, "").split(" ")[0] for mark in text if mark != "'"}
    if not text.replace("'", "").isalpha() or len(scripts) != 1:
        return scripts <= {"CJK", "HIRAGANA", "KATAKANA"} and bool(scripts)
    return (
        text in (text.lower(), text.upper())
        or text[1:] == text[1:].lower()
        or (not text.isascii() and "LATIN" not in scripts)
    )


def _western(word: bytes) -> str:
    return word.decode(WESTERN, "replace")


def _judged(word: bytes) -> tuple[bool | None, frozenset[str]]:
    """Whether a word reads as Western, None if it says nothing; and its letters beyond ASCII."""
    text = _western(word)
    letters = frozenset(mark for mark in text.lower() if mark.isalpha() and not mark.isascii() and mark not in "ªºƒˆ")
    if "�" in text or "¤" in text:
        return False, letters
    core = text.strip("'")
    symbols = [at for at, mark in enumerate(core) if not (mark.isascii() or mark.lower() in letters)]
    if any(_is_out_of_place(core, at) for at in symbols):
        return False, letters
    if not letters:
        return (None if symbols else True), letters
    longest = max(len(run) for run in re.findall(r"[^\W\d_]+", re.sub(r"[a-zA-Z]", " ", core)))
    if longest > 2 or (longest == 2 and len(core) == 2):
        return False, letters
    if _CAPITAL_WITHIN.search(core):
        return False, letters
    if not any(letters <= alphabet for alphabet in _ALPHABETS):
        return False, letters
    return not re.search("õ(?!e)|[bcdfghjklmnpqrtvwxz][šž][bcdfghjklmnpqrstvwxz]", core.lower()), letters


def _is_out_of_place(word: str, at: int) -> bool:
    """Whether a sign stands where none stands in a text: within a word, or on the wrong side of one."""
    mark = word[at]
    left = at > 0 and word[at - 1].isalpha()
    right = at + 1 < len(word) and word[at + 1].isalpha()
    if left and right:
        if mark in "–—…":
            sides = re.split("[–—…]", word)
            return min(len(side) for side in sides) <= _SHORT_SIDE
        return mark not in _WITHIN_A_WORD
    if right:
        return mark not in _BEFORE_A_WORD
    if left:
        return mark not in _BEHIND_A_WORD
    return False
