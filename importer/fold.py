"""Texts as people mean them: equal whatever their case, spaces or Unicode form. Knows no field and no file."""

import re
import unicodedata
from functools import lru_cache

# White space of any script, and the marks of no width that copying from web pages leaves behind.
_SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")


def trim(text: str) -> str:
    """The text without white space and invisible marks at its ends."""
    return _SPACES.sub(" ", text).strip() if not text.isascii() else text.strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text as it is compared: case folded, spaces made one, composed and decomposed letters made the same.

    Accents stay: "Muller" and "Müller" are two names.
    """
    composed = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", composed).strip().casefold())


# Letters that are no letter with a mark, and that people write without what makes them different.
_PLAIN = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"}
)


@lru_cache(maxsize=65536)
def fold_accents(folded: str) -> str:
    """A folded text without accents: "Muller" and "Müller" are one, and so are "Lukasz" and "Łukasz"."""
    parts = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_PLAIN)


def turned(folded: str) -> str:
    """A folded name whose family name comes first, as it is said: "reyes, dana" is "dana reyes"."""
    last, comma, first = folded.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and last.strip() else folded


@lru_cache(maxsize=4096)
def fold_header(text: str) -> str:
    """A header as it is compared: as `fold`, and without spaces and underscores. "User ID" is "user_id"."""
    return fold(text).replace(" ", "").replace("_", "")
