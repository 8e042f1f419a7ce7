"""Texts as people mean them: equal whatever their case, spaces or Unicode form. Knows no field and no file."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_SHOWN = 60
_SPACES = re.compile(r"\s+")
# Marks of no width, which copying from web pages and documents leaves within words, too.
_NO_WIDTH = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")


def trim(text: str) -> str:
    """The text without white space and invisible marks at its ends."""
    return text.strip() if text.isascii() else _SPACES.sub(" ", _NO_WIDTH.sub("", text)).strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text as it is compared: case folded, spaces made one, composed and decomposed letters made the same.

    Accents stay: "Muller" and "Müller" are two names.
    """
    composed = unicodedata.normalize("NFKC", text if text.isascii() else _NO_WIDTH.sub("", text))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", composed).strip().casefold())


def quote(text: str) -> str:
    """A text as typed, in quotation marks, cut at 60 characters."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return f'"{short}"'


def sentence_case(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def shorten_list(texts: Sequence[str], most: int, between: str = ", ") -> str:
    """The first texts in a row, and how many more there are: `a, b and 3 more`."""
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return between.join(texts[:most]) + more


def count_of(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: `1 cell`, `1,204 cells`, `2 people`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


# Letters that are no letter with a mark, and that people write without what makes them different.
_PLAIN = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"}
)


@lru_cache(maxsize=65536)
def fold_accents(folded: str) -> str:
    """A folded text without accents: "Muller" and "Müller" are one, and so are "Lukasz" and "Łukasz"."""
    parts = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_PLAIN)


def reverse_name(folded: str) -> str:
    """A folded name whose family name comes first, as it is said: "reyes, dana" is "dana reyes"."""
    last, comma, first = folded.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and last.strip() else folded


@lru_cache(maxsize=4096)
def fold_header(text: str) -> str:
    """A header as it is compared: as `fold`, and without spaces and underscores. "User ID" is "user_id"."""
    return fold(text).replace(" ", "").replace("_", "")
