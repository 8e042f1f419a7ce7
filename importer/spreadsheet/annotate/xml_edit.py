"""Where the elements of an XML part stand, byte by byte, and how single ones are changed. Knows XML, and no workbook.

A part that is parsed into a tree and written again loses what the tree does not hold (the prefixes that
`mc:Ignorable` names, to begin with). So the parser only tells where things stand, and all other bytes stay.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers import expat

_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_PIECE = 1 << 18
"""Bytes of a part that are made at once."""
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii"})

Edit = tuple[int, int, bytes]
"""The bytes from one place up to another, and what takes their place."""


class NotKeptError(Exception):
    """The workbook cannot be given back with marks; the text says why, as the end of a sentence after "because"."""


@dataclass(slots=True)
class Element:
    """An element of a part: its name without prefix, its attributes (`uri name` where they have a namespace), and
    where it stands. `inner` is behind its start tag, `close` before its end tag, `end` behind that.
    """

    space: str
    name: str
    attributes: Mapping[str, str]
    parent: int
    start: int
    inner: int = 0
    close: int = 0
    end: int = 0

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written as one tag, with no end tag of its own."""
        return self.close == self.end


def new_parser(xml: bytes) -> expat.XMLParserType:
    """A parser whose `CurrentByteIndex` counts the bytes of this part.

    Raises: NotKeptError when the part is not the plain UTF-8 that workbooks are made of.
    """
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in xml[:4096]:
        raise NotKeptError("its parts are not written in UTF-8")
    parser = expat.ParserCreate(namespace_separator=" ")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise NotKeptError("its parts are not written in UTF-8")

    parser.XmlDeclHandler = declared
    return parser


def parse(parser: expat.XMLParserType, *pieces: bytes) -> None:
    """Let the parser go through the part.

    Raises: NotKeptError when it is no XML.
    """
    try:
        for piece in pieces[:-1]:
            parser.Parse(piece, False)  # noqa: FBT003  (not the last piece)
        parser.Parse(pieces[-1], True)  # noqa: FBT003
    except expat.ExpatError:
        raise NotKeptError("a part of it is damaged") from None


def elements(xml: bytes) -> list[Element]:
    """Every element of a part, in the order of their start tags; the first is the root, whose parent is -1."""
    found: list[Element] = []
    path: list[int] = [-1]
    parser = new_parser(xml)

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        space, _, local = name.rpartition(" ")
        found.append(Element(space, local, attributes, path[-1], at, at + len(tag_at(xml, at))))
        path.append(len(found) - 1)

    def end(_name: str) -> None:
        element = found[path.pop()]
        at = parser.CurrentByteIndex
        if xml[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close, element.end = at, xml.index(b">", at) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, xml)
    return found


def children(found: list[Element], of: int) -> list[Element]:
    """The elements whose parent has this number."""
    return [element for element in found if element.parent == of]


def tag_at(xml: bytes, at: int) -> bytes:
    """The start tag that begins here."""
    match = _TAG.match(xml, at)
    if match is None:
        raise NotKeptError("a part of it is damaged")
    return match.group()


def prefix_at(xml: bytes, at: int) -> bytes:
    """The prefix, with its colon, of the tag that begins here; empty where it has none."""
    name = tag_at(xml, at)[1:].split(b":", 1)
    return name[0] + b":" if len(name) == 2 and name[0].isalnum() else b""


def with_attributes(tag: bytes, attributes: Mapping[str, str]) -> bytes:
    """The start tag with these attributes set, and all others as they were."""
    for name, value in attributes.items():
        wanted = f' {name}="{escaped(value)}"'.encode()
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


def appended(xml: bytes, to: Element, content: bytes, **attributes: str) -> list[Edit]:
    """The edits that add content at the end of an element, and set attributes of it."""
    tag = with_attributes(xml[to.start : to.inner], attributes)
    if not to.is_empty_tag:
        return [(to.start, to.inner, tag), (to.close, to.close, content)]
    name = tag[1:].split(None, 1)[0].rstrip(b"/>")
    return [(to.start, to.end, tag[:-2] + b">" + content + b"</" + name + b">")]


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


def splice(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with the edits made; those at one place, in the order given."""
    pieces, last = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        pieces += [xml[last:start], new]
        last = end
    return b"".join([*pieces, xml[last:]])


def escaped(text: str) -> str:
    """The text as an attribute's value holds it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
