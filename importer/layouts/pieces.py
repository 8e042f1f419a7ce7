"""Cells that hold several names: `COBOL; Rust (3); Ruby - 4`. Knows texts, and which of them are names."""

import re
from collections.abc import Callable, Collection, Sequence

BETWEEN = re.compile(r"[;,|/\n\uff0c\uff1b\u3001]")
SURE_SEPARATORS = ("\n", "[;\uff1b]", "[|]")
"""What stands between names, and in none."""
SEPARATORS = (*SURE_SEPARATORS, "[,\uff0c\u3001]", "/")
"""What may stand between names: one of these throughout a cell."""
_BULLET = re.compile(r"^[\u2022\u00b7\u25aa\u25cf\u2023*\u2013-]\s+")
_WITH_LEVEL = re.compile(
    r"(?P<name>.+?)\s*(?:[(\[]\s*(?P<inside>[^()\[\]]{1,20})\s*[)\]]|"
    r"(?:\s[-\u2013\u2014]\s?|[:=\uff1a])\s*(?P<after>[^();,|\n\uff0c\uff1b\u3001]{1,20})|\s(?P<number>[0-5]))"
)
_SIGN = re.compile(
    r"[;,|/\n\uff0c\uff1b\u3001()\[\]:=\uff1a]|^\s*[\u2022\u00b7\u25aa\u25cf\u2023*\u2013-]\s|"
    r"\s[-\u2013\u2014]|\s[0-5]\s*$"
)
"""What a text has that holds several names, or a level beside a name."""
Piece = tuple[str, str]
"""A name, and the level beside it; empty where there is none."""


def pieces_of(texts: Collection[str], known: Callable[[Collection[str]], frozenset[str]]) -> dict[str, Sequence[Piece]]:
    """The names, with the levels beside them, of those of these texts that are no name and of which every part is."""
    ways = {text: some for text in texts if (some := _ways(text))}
    if not ways:
        return {}
    names = known(frozenset((*ways, *(name for some in ways.values() for way in some for name, _ in way))))
    found: dict[str, Sequence[Piece]] = {}
    for text, some in ways.items():
        way = next((way for way in some if all(name in names for name, _ in way)), None)
        if way is not None and text.strip() not in names and text not in names:
            found[text] = way
    return found


def split_at(separator: str, text: str) -> list[str]:
    """The parts of a text between this separator, without bullets before them."""
    return [_BULLET.sub("", part.strip()).strip() for part in re.split(separator, text) if part.strip()]


def _ways(text: str) -> list[list[Piece]]:
    """The ways in which a cell may hold names, with the levels beside them; none if it may be one name only."""
    found: list[list[Piece]] = []
    if not _SIGN.search(text):
        return found
    for separator in (*SEPARATORS, BETWEEN.pattern):
        parts = split_at(separator, text)
        for way in (list(map(_piece, parts)), [(part, "") for part in parts]):
            if way and way != [(text.strip(), "")] and way not in found:
                found.append(way)
    return found


def _piece(part: str) -> Piece:
    match = _WITH_LEVEL.fullmatch(part)
    if match is None:
        return part, ""
    level = next(filter(None, (match.group("inside"), match.group("after"), match.group("number"))), "")
    return match.group("name").strip(), level.strip()
