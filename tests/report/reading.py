"""Reads a report back as anybody could: a workbook by openpyxl and its XML, a page by an HTML parser."""

import re
import warnings
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RANGE = re.compile(r"(?:'([^']+)'|(\w+))!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?")


class Book:
    """A report's workbook, read by openpyxl."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with warnings.catch_warnings():
            # It leaves out the bars of Excel 2010, and says so.
            warnings.filterwarnings("ignore", ".*extension is not supported and will be removed")
            self.book = openpyxl.load_workbook(path)

    def sheet(self, name: str) -> Worksheet:
        """The sheet of this name."""
        sheet = self.book[name]
        assert isinstance(sheet, Worksheet)
        return sheet

    def table(self, name: str, sheet: str | None = None) -> list[dict[str, Any]]:
        """The rows of the one native table of a sheet, by header."""
        there = self.sheet(sheet or name)
        (table,) = there.tables.values()
        assert table.name == name.title().replace(" ", "") or table.name == name.replace(" k", "K").replace(" ", "")
        header, *rows = there[table.ref]
        return [dict(zip((cell.value for cell in header), (cell.value for cell in row), strict=True)) for row in rows]

    def figure(self, name: str) -> Any:
        """The value of a cell with a defined name."""
        ((sheet, place),) = self.book.defined_names[name].destinations
        return self.sheet(sheet)[place].value

    def texts(self, sheet: str) -> list[str]:
        """Every text of a sheet."""
        return [cell for row in self.sheet(sheet).iter_rows(values_only=True) for cell in row if isinstance(cell, str)]

    def cells(self, sheet: str) -> dict[str, Any]:
        """Every filled cell of a sheet, by its place; a number to nine digits."""
        filled = (cell for row in self.sheet(sheet) for cell in row if cell.value not in (None, ""))
        return {
            cell.coordinate: round(cell.value, 9) if isinstance(cell.value, float) else cell.value for cell in filled
        }

    def values(self, reference: str) -> list[Any]:
        """The values of the range that a chart refers to."""
        found = _RANGE.fullmatch(reference)
        assert found, reference
        place = f"{found[3]}{found[4]}:{found[5] or found[3]}{found[6] or found[4]}"
        return [cell.value for row in self.sheet(found[1] or found[2])[place] for cell in row]

    def charts(self) -> list["Chart"]:
        """Every chart of the workbook, from its XML."""
        with zipfile.ZipFile(self.path) as package:
            parts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
            return [_chart(ET.fromstring(package.read(name))) for name in parts]  # noqa: S314  (ours)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, and for each series the references of its name, its categories and its values."""

    title: str
    series: list[tuple[str, str, str]]


def _chart(root: ET.Element) -> Chart:
    title = "".join(
        text.text or "" for text in root.find(f"{_CHART}chart/{_CHART}title").iter()  # type: ignore[union-attr]
        if text.tag.endswith("}t")
    )  # fmt: skip
    series = [
        tuple(next(each.find(f"{_CHART}{part}").iter(f"{_CHART}f")).text for part in ("tx", "cat", "val"))  # type: ignore[union-attr]
        for each in root.iter(f"{_CHART}ser")
    ]
    return Chart(title, series)  # type: ignore[arg-type]


@dataclass
class Page(HTMLParser):
    """A report's page: its tables by the id of their section, its texts, the addresses that it names."""

    path: Path
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._section = self._inside = ""
        self._cell: list[str] | None = None
        self.feed(self.path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "section":
            self._section = dict(attrs)["id"] or ""
        elif tag == "tr":
            self.tables.setdefault(self._section, []).append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag == "b":
            self.figures.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[self._section][-1].append("".join(self._cell))
            self._cell = None
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.style += data
            return
        self.text += data
        if self._cell is not None:
            self._cell.append(data)
        if self._inside == "b":
            self.figures[-1] += data
