"""Comments put on cells of a person's sheet, beside those that stand there. Knows comments and their drawing.

A comment is two things: its text in a part of comments, and a box in a drawing that only programs of Microsoft's
describe (VML). A box without a text, or a text without a box, is a damaged workbook to Excel.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import count

from importer.spreadsheet.annotate.styles import MAIN
from importer.spreadsheet.annotate.xml_edit import Edit, Element, NotKeptError, appended, elements, prefix_at, splice
from importer.spreadsheet.write.safe_text import cell_text
from importer.table import Place

AUTHOR = "importer"
BARE = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
"""A part of comments with none in it."""
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_BARE_DRAWING = f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{}}"/></o:shapelayout></xml>'
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_IDS = 1024
"""Excel gives the shapes of a drawing numbers from blocks of so many; each block belongs to one drawing."""
_FONT = '<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/>'
_LAST_COLUMN, _LAST_ROW = 16_383, 1_048_575
"""Counted from 0, as drawings do."""
_LINE = 42
"""Characters that a line of a comment's box holds."""
_THREAD = "tc="
"""The author of a comment that only stands in for a conversation begins so; Excel shows the conversation instead."""


class Comments:
    """The comments of one sheet, as they are, and with ours."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._found = elements(xml)
        self._prefix = prefix_at(xml, self._found[0].start)
        self._children: dict[int, list[int]] = {}
        for number, element in enumerate(self._found):
            self._children.setdefault(element.parent, []).append(number)
        self._author_list, authors = self._only("authors")
        self._authors = [xml[e.inner : e.close].decode() for e in self._in(authors)]
        self._list, comments = self._only("commentList")
        self._by_cell = {self._found[n].attributes.get("ref", "").upper(): n for n in self._children.get(comments, ())}

    @property
    def ours(self) -> frozenset[str]:
        """The cells whose whole comment is an earlier run's."""
        return frozenset(cell for cell, n in self._by_cell.items() if self._author(self._found[n]) == AUTHOR)

    @property
    def conversations(self) -> frozenset[str]:
        """The cells with a conversation, to which nothing can be added."""
        return frozenset(cell for cell, n in self._by_cell.items() if self._author(self._found[n]).startswith(_THREAD))

    def with_texts(self, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
        """The part with these comments by cell, and the cells that had none: those need a box.

        What an earlier run wrote is taken out; what a person wrote on a cell stays before ours.
        """
        edits: list[Edit] = []
        for cell, number in self._by_cell.items():
            element, text = self._found[number], texts.get(cell)
            if self._author(element) == AUTHOR:
                edits.append((element.start, element.end, b"" if text is None else self._comment(cell, text)))
            elif not self._author(element).startswith(_THREAD):
                edits += self._in_theirs(number, text)
        new = [cell for cell in texts if cell not in self._by_cell]
        if texts and AUTHOR not in self._authors:
            author = self._tags(f"<author>{AUTHOR}</author>")
            edits += appended(self._xml, self._author_list, author)
        if new:
            content = b"".join(self._comment(cell, texts[cell]) for cell in new)
            edits += appended(self._xml, self._list, content)
        return splice(self._xml, edits), new

    def _only(self, name: str) -> tuple[Element, int]:
        """The list of this name, and its number.

        Raises: NotKeptError when there is none.
        """
        number = next((n for n in self._children.get(0, ()) if self._found[n].name == name), None)
        if number is None:
            raise NotKeptError("its comments are damaged")
        return self._found[number], number

    def _in(self, number: int) -> list[Element]:
        return [self._found[n] for n in self._children.get(number, ())]

    def _author(self, element: Element) -> str:
        number = int(element.attributes.get("authorId", "0"))
        return self._authors[number] if number < len(self._authors) else ""

    def _comment(self, cell: str, text: str) -> bytes:
        number = self._authors.index(AUTHOR) if AUTHOR in self._authors else len(self._authors)
        runs = _runs(text, first=True)
        return self._tags(f'<comment ref="{cell}" authorId="{number}"><text>{runs}</text></comment>')

    def _in_theirs(self, number: int, text: str | None) -> list[Edit]:
        """The edits that put ours behind a person's own text on the cell, and take an earlier one away."""
        inside = next((n for n in self._children.get(number, ()) if self._found[n].name == "text"), None)
        if inside is None:
            return []
        runs = [e for e in self._in(inside) if e.name in ("r", "t")]
        first = next((n for n, e in enumerate(runs) if _HEADING.search(self._xml, e.start, e.end)), len(runs))
        edits: list[Edit] = [(e.start, e.end, b"") for e in runs[first + 1 :]]
        kept = runs[:first]
        if first < len(runs):
            rest = self._before_heading(runs[first])
            edits.append((runs[first].start, runs[first].end, rest))
            kept += [runs[first]] if rest else []
        if text is not None:
            if kept and kept[0].name == "t":  # a plain text, which may not stand beside runs
                plain = kept[0]
                edits.insert(0, (plain.start, plain.start, self._tags("<r>")))
                edits.append((plain.end, plain.end, self._tags("</r>")))
            at = kept[-1].end if kept else self._found[inside].inner
            edits.append((at, at, self._tags(_runs(text, first=False))))
        return edits

    def _before_heading(self, run: Element) -> bytes:
        """A run without what an earlier run of ours wrote; empty where nothing else is in it.

        A program that keeps no runs makes one text of a person's and ours.
        """
        xml = self._xml[run.start : run.end]
        heading = _HEADING.search(xml)
        if heading is None or xml[: heading.start()].endswith(b">"):
            return b""
        end = xml.index(b"</", heading.end())
        return xml[: heading.start()] + xml[end:]

    def _tags(self, xml: str) -> bytes:
        """Our elements with the prefix that the part uses."""
        return re.sub(r"<(/?)(?=\w)", rf"<\g<1>{self._prefix.decode()}", xml).encode() if self._prefix else xml.encode()


_BREAK = rb"(?:\r?\n|&#10;|&#xA;|_x000a_)"
_HEADING = re.compile(_BREAK + _BREAK + AUTHOR.encode() + b":(?=<|" + _BREAK + b")")
"""How what is ours begins behind a text of the person's."""


def _runs(text: str, *, first: bool) -> str:
    """The text under the name of whose it is, as Excel writes comments."""
    space = ' xml:space="preserve"'
    name = f"{AUTHOR}:" if first else f"\n\n{AUTHOR}:"
    return (
        f"<r><rPr><b/>{_FONT}</rPr><t{space}>{name}</t></r><r><rPr>{_FONT}</rPr><t{space}>\n{cell_text(text)}</t></r>"
    )


class Boxes:
    """The drawings of a workbook's comments; each gets blocks of numbers that no other has."""

    def __init__(self, drawings: Iterable[bytes]) -> None:
        lists = [data.split(b",") for xml in drawings for data in _BLOCKS.findall(xml)]
        self._free = count(max([0, *(int(n) for some in lists for n in some if n.strip())]) + 1)

    def bare(self) -> bytes:
        """A drawing with no box in it."""
        return _BARE_DRAWING.format(next(self._free)).encode()

    def without(self, xml: bytes, places: Iterable[Place]) -> bytes:
        """The drawing without the boxes of the comments on these cells."""
        gone = frozenset(places)
        return _SHAPE.sub(lambda m: b"" if _is_note(m.group()) and _place_of(m.group()) in gone else m.group(), xml)

    def with_boxes(self, xml: bytes, texts: Mapping[Place, str]) -> bytes:
        """The drawing with a box for each of these comments.

        Raises: NotKeptError when it is not written as Excel writes it.
        """
        end = xml.rfind(b"</xml>")
        if end < 0:
            raise NotKeptError("the drawing of its comments is damaged")
        blocks = [next(self._free) for _ in range(len(texts) // (_IDS - 1) + 1)]
        numbers = (block * _IDS + n for block in blocks for n in range(1, _IDS))
        shapes = [_box(number, place, text) for number, (place, text) in zip(numbers, texts.items(), strict=False)]
        new = "".join(shapes if b'id="_x0000_t202"' in xml else [_SHAPE_TYPE, *shapes])
        if b'xmlns:v="urn:schemas-microsoft-com:vml"' not in xml:  # not Excel wrote it, and has other prefixes
            new = re.sub(r"<v:shape(?:type)?\b", rf"\g<0> {_SPACES}", new)
        xml = xml[:end] + new.encode() + xml[end:]
        more = "".join(f",{block}" for block in blocks).encode()
        return _BLOCKS.sub(lambda match: match.group().replace(match.group(1), match.group(1) + more), xml, count=1)


_BLOCKS = re.compile(rb"""<[\w.-]+:idmap\b[^>]*\bdata\s*=\s*["']([\d,\s]+)["']""")
_SHAPE = re.compile(rb"<([\w.-]+):shape\s.*?</\1:shape>\s*", re.DOTALL)
_PLACE = re.compile(rb"<[\w.-]+:(Row|Column)>\s*(\d+)\s*</")


def _is_note(shape: bytes) -> bool:
    return b'"Note"' in shape or b"'Note'" in shape


def _place_of(shape: bytes) -> Place:
    told = dict(_PLACE.findall(shape))
    return int(told.get(b"Row", -1)) + 1, int(told.get(b"Column", -1))


def _box(number: int, place: Place, text: str) -> str:
    """The box of a comment, beside its cell and as high as its text."""
    row, column = place
    lines = 1 + sum(1 + len(line) // _LINE for line in text.split("\n"))
    left, top = min(column + 1, _LAST_COLUMN - 4), min(max(row - 2, 0), _LAST_ROW - lines)
    anchor = f"{left}, 15, {top}, 4, {left + 4}, 0, {top + lines}, 8"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:80pt;margin-top:2pt;width:200pt;height:80pt;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" '
        'obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
        f"<x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row - 1}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
