"""The boxes of a sheet's comments: a drawing that only programs of Microsoft's describe (VML). Knows no author.

A box without a text, or a text without a box, is a damaged workbook to Excel. The drawing is edited as text: Excel
itself writes some that are no XML, with a `<br>` that nothing closes.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import count

from importer.coordinates import Place
from importer.spreadsheet.annotate.xml_edit import NotKeptError

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
_LAST_COLUMN, _LAST_ROW = 16_383, 1_048_575
"""Counted from 0, as drawings do."""
_LINE = 42
"""Characters that a line of a comment's box holds."""
_BLOCKS = re.compile(rb"""<[\w.-]+:idmap\b[^>]*\bdata\s*=\s*["']([\d,\s]+)["']""")
_SHAPE = re.compile(rb"<([\w.-]+):shape\s.*?</\1:shape>\s*", re.DOTALL)
_PLACE = re.compile(rb"<[\w.-]+:(Row|Column)>\s*(\d+)\s*</")


class Boxes:
    """The drawings of a workbook's comments; each gets blocks of numbers that no other has."""

    def __init__(self, drawings: Iterable[bytes]) -> None:
        lists = [data.split(b",") for xml in drawings for data in _BLOCKS.findall(xml)]
        self._free = count(max([0, *(int(n) for some in lists for n in some if n.strip())]) + 1)

    def drawing(self, texts: Mapping[Place, str]) -> bytes:
        """A new drawing with a box for each of these comments."""
        return self.redrawn(_BARE_DRAWING.format(next(self._free)).encode(), (), texts)

    def redrawn(self, xml: bytes, gone: Iterable[Place], new: Mapping[Place, str]) -> bytes:
        """The drawing without the boxes of the comments that are gone, and with one for each new comment.

        Raises: NotKeptError when it is not written as Excel writes it.
        """
        places = frozenset(gone)
        if places:
            xml = _SHAPE.sub(lambda match: b"" if _note_place(match.group()) in places else match.group(), xml)
        if not new:
            return xml
        end = xml.rfind(b"</xml>")
        if end < 0:
            raise NotKeptError("the drawing of its comments is damaged")
        blocks = [next(self._free) for _ in range(len(new) // (_IDS - 1) + 1)]
        numbers = (block * _IDS + n for block in blocks for n in range(1, _IDS))
        shapes = [_box(number, place, text) for number, (place, text) in zip(numbers, new.items(), strict=False)]
        boxes = "".join(shapes if b'id="_x0000_t202"' in xml else [_SHAPE_TYPE, *shapes])
        if b'xmlns:v="urn:schemas-microsoft-com:vml"' not in xml:  # not Excel wrote it, and has other prefixes
            boxes = re.sub(r"<v:shape(?:type)?\b", rf"\g<0> {_SPACES}", boxes)
        xml = xml[:end] + boxes.encode() + xml[end:]
        more = "".join(f",{block}" for block in blocks).encode()
        return _BLOCKS.sub(lambda match: match.group().replace(match.group(1), match.group(1) + more), xml, count=1)


def _note_place(shape: bytes) -> Place | None:
    """The cell of a comment's box; None where the shape is none."""
    if b'"Note"' not in shape and b"'Note'" not in shape:
        return None
    numbers = dict(_PLACE.findall(shape))
    return int(numbers.get(b"Row", -1)) + 1, int(numbers.get(b"Column", -1))


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
