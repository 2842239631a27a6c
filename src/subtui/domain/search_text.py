"""Parses the text of a search into the words that can match."""

from dataclasses import dataclass

from subtui.domain.normalization import digits, index_text, is_phone_like, phone_forms, tokens, words

SHORTEST_PART = 3
"""The least length of a part that an index of trigrams finds."""

MOST_WORDS = 16
"""The most words of a text that are searched: a name, a company and an address have fewer; a page finds nothing."""

# Quotes and brackets around a pasted address are ignored; inside a word they count.
_AROUND = '<>()"“”„;'
# Signs with or without which a name or an address may be written; any other sign must match as typed.
_SOFT = frozenset("-.'_/@&+()<>\"")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a search: its normalized text, its tokens, and whether its signs must match as typed."""

    text: str
    tokens: tuple[str, ...]
    literal: bool

    @property
    def digits(self) -> str:
        """Its digits, if it can only be part of a phone number."""
        return digits(self.text) if is_phone_like(self.text) else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A whole search: the words that can match, and the digit runs to look for if it is a phone number."""

    words: tuple[Word, ...]
    phones: tuple[str, ...]

    @property
    def name(self) -> tuple[str, ...]:
        """The tokens in the order typed."""
        return tuple(token for word in self.words for token in word.tokens)

    @property
    def phone(self) -> str:
        """The digits that a phone number has to hold; empty if it is none, or too short.

        Each run is the end of a longer one, so a contact that matches a longer one matches the shortest too.
        """
        return min((run for run in self.phones if len(run) >= SHORTEST_PART), key=len, default="")

    @property
    def literal(self) -> tuple[str, ...]:
        """The words whose signs must match as typed."""
        return tuple(word.text for word in self.words if word.literal)


def wanted(typed: str) -> Wanted:
    """Parse a search text; no words for a text without letters and digits."""
    typed = typed.replace("\0", " ")  # no stored text has one, and no database can be asked for it
    found = (_word(word) for word in words(typed)[:MOST_WORDS])
    phones = phone_forms(typed) if is_phone_like(typed) else ()
    return Wanted(tuple(word for word in found if word.tokens), phones)


def _word(text: str) -> Word:
    bare = text.strip(_AROUND)
    signs = {mark for mark in bare if mark < "\x80" and not mark.isalnum()}
    # As in the index: folding decomposes a syllable of Hangul, but the index holds it as one sign.
    return Word(index_text(bare), tokens(bare), not signs <= _SOFT)


def id_of(word: str) -> int | None:
    """The id that a word of a search may mean: `1042` or `#1042`."""
    number = word.removeprefix("#")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None
