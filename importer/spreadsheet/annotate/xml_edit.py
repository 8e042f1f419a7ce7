"""Where the elements of a sheet stand, byte by byte, and how single ones are changed. Knows XML, and no workbook.

A sheet of many rows would take gigabytes as a tree. So the parser only tells where things stand, and all other bytes
stay.
"""

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from xml.parsers import expat

_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_PIECE = 1 << 18
"""Bytes of a part that are made at once."""
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii"})
_NOT_UTF_8 = "its parts are not written in UTF-8"


class NotKeptError(Exception):
    """The workbook cannot be given back with marks; the text says why, as the end of a sentence after "because"."""


def number(text: str | None) -> int:
    """The number that an attribute holds; 0 where there is none.

    Raises: NotKeptError when it is no number.
    """
    try:
        return int(text or "0")
    except ValueError:
        raise NotKeptError("a part of it is damaged") from None


def check_encoding(xml: bytes) -> None:
    """See that a part begins as the plain UTF-8 that workbooks are made of.

    Raises: NotKeptError.
    """
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in xml[:4096]:
        raise NotKeptError(_NOT_UTF_8)


def new_parser() -> expat.XMLParserType:
    """A parser whose `CurrentByteIndex` counts the bytes of a sheet.

    Raises: NotKeptError, while it parses, when the sheet says that it is not in UTF-8.
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise NotKeptError(_NOT_UTF_8)

    parser.XmlDeclHandler = declared
    return parser


def parse(parser: expat.XMLParserType, xml: bytes, *, is_last: bool = True) -> None:
    """Let the parser go through a sheet, or through a piece of it that is not the last.

    Raises: NotKeptError when it is damaged.
    """
    try:
        parser.Parse(xml, is_last)
    except (expat.ExpatError, ValueError):  # no XML, or a number of a row or a style that is none
        raise NotKeptError("a part of it is damaged") from None


def tag_at(xml: bytes, at: int) -> bytes:
    """The start tag that begins here."""
    match = _TAG.match(xml, at)
    if match is None:
        raise NotKeptError("a part of it is damaged")
    return match.group()


def prefix_of(tag: bytes) -> bytes:
    """The prefix, with its colon, of a start tag; empty where it has none."""
    name = tag[1:].split(b":", 1)
    return name[0] + b":" if len(name) == 2 and name[0].isalnum() else b""


def with_attributes(tag: bytes, attributes: Mapping[str, str]) -> bytes:
    """The start tag with these attributes set, which need no escaping, and all others as they were."""
    for name, value in attributes.items():
        wanted = f' {name}="{value}"'.encode()
        pattern = re.compile(rb"\s" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
        if pattern.search(tag):
            tag = pattern.sub(lambda _: wanted, tag, count=1)  # noqa: B023  (used at once)
        else:
            end = -2 if tag.endswith(b"/>") else -1
            tag = tag[:end] + wanted + tag[end:]
    return tag


def attribute(tag: bytes, name: str) -> str | None:
    """What an attribute without a prefix says in this start tag."""
    match = re.search(rb"\s" + name.encode() + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return None if match is None else (match.group(1) or match.group(2) or b"").decode()


class Edits:
    """Edits of a large part, many of which put in the same bytes: kept as numbers, and made while the part is written.

    They may come in any order; none reaches into another.
    """

    def __init__(self) -> None:
        self._starts, self._ends, self._new = array("q"), array("q"), array("q")
        self._known: dict[bytes, int] = {}

    def add(self, start: int, end: int, new: bytes) -> None:
        """Put these bytes in the place of those from `start` up to `end`."""
        self._starts.append(start)
        self._ends.append(end)
        self._new.append(self._known.setdefault(new, len(self._known)))

    def pieces(self, xml: bytes) -> Iterator[bytes]:
        """The part with the edits made, piece by piece; those at one place, in the order in which they came."""
        news, starts, ends = list(self._known), self._starts, self._ends
        order: Sequence[int] = range(len(starts))
        if any(here > after for here, after in pairwise(zip(starts, ends, strict=True))):
            order = sorted(order, key=lambda at: (starts[at], ends[at]))
        piece, last = bytearray(), 0
        for at in order:
            piece += xml[last : starts[at]]
            piece += news[self._new[at]]
            last = ends[at]
            if len(piece) >= _PIECE:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece)
        yield from (xml[start : start + _PIECE] for start in range(last, len(xml), _PIECE))
