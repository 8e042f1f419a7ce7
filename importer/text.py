"""Texts as people mean them: equal whatever their case, spaces or Unicode form. Knows no field and no file."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_SHOWN = 60
_SPACES = re.compile(r"\s+")
# Marks of no width, which copying from web pages and documents leaves within words, too; the variation selectors say
# only how the sign before them is drawn.
_NO_WIDTH = re.compile(
    r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    r"\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
_APOSTROPHES = "\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\u2035\ua78c\uff07"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_TYPED = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-")})
"""Signs that programs put in the place of those on a keyboard."""
_JAPANESE_MARKS = "\u3099\u309a"
"""Marks that make another letter, and no accent."""


def trim(text: str) -> str:
    """The text without white space and invisible marks at its ends."""
    return text.strip() if text.isascii() else _SPACES.sub(" ", _NO_WIDTH.sub("", text)).strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text as it is compared: case folded, spaces made one, composed and decomposed letters made the same,
    typographic apostrophes and hyphens as typed. Folding a folded text changes nothing.

    Accents stay: "Muller" and "Müller" are two names.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.replace("`", "'")).strip().casefold()
    plain = text
    while (folded := _fold_once(plain)) != plain:
        plain = folded
    return folded


def _fold_once(text: str) -> str:
    composed = unicodedata.normalize("NFKC", _NO_WIDTH.sub("", text).translate(_TYPED))
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
    letters = (letter for letter in parts if letter in _JAPANESE_MARKS or not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(letters).translate(_PLAIN))


def reverse_name(folded: str) -> str:
    """A folded name whose family name comes first, as it is said: "reyes, dana" is "dana reyes"."""
    last, comma, first = folded.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and last.strip() else folded


_UNSPACED = re.compile(
    r"[ \u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]+"
)
"""Names in Chinese, Japanese and Korean, which are also written without a space."""


def name_orders(folded: str) -> frozenset[str]:
    """A folded name as it reads when it begins with each of its words: given name first, or family name first.

    Names in Chinese, Japanese and Korean come without their spaces.
    """
    words = reverse_name(folded).split()
    between = "" if _UNSPACED.fullmatch(folded) else " "
    return frozenset(between.join((*words[at:], *words[:at])) for at in range(len(words)))


_ADDRESS = re.compile(
    r"(?P<before>[^<>@]*<)?\s*(?:mailto:)?(?P<address>[^\s<>@,;:]+@[^\s<>@,;:]+?)\s*(?P<after>>)?[\s.,;]*"
)


def bare_address(folded: str) -> str:
    """A folded e-mail address without what mail programs put around it: `Dana <dana@example.com>`, `mailto:`, a `;` or
    `.` after it. Any other text as it is.
    """
    match = _ADDRESS.fullmatch(folded)
    is_whole = match is not None and bool(match["before"]) == bool(match["after"])
    return match["address"] if match is not None and is_whole else folded


@lru_cache(maxsize=4096)
def fold_header(text: str) -> str:
    """A header as it is compared: as `fold`, and without spaces and underscores. "User ID" is "user_id"."""
    return fold(text).replace(" ", "").replace("_", "")


def fold_headers(*lines: str) -> frozenset[str]:
    """The headers in these lines, between commas, each as `fold_header` gives it."""
    return frozenset(fold_header(word) for line in lines for word in line.split(","))
