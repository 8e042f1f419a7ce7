"""Small workbooks for tests: by openpyxl where it can make them, from their XML where it cannot."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def raw_workbook(rows: str, *, before: str = "", after: str = "", prefix: str = "") -> bytes:
    """A workbook with one sheet `S` whose sheetData holds this XML; `prefix` is the namespace prefix of its names."""
    mark = f"{prefix}:" if prefix else ""
    space = f'xmlns:{prefix}="{_MAIN}"' if prefix else f'xmlns="{_MAIN}"'
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _PARTS.items():
            package.writestr(name, content)
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f"<{mark}worksheet {space}>{before}<{mark}sheetData>{rows}</{mark}sheetData>{after}</{mark}worksheet>",
        )
    return target.getvalue()


def text_cell(address: str, text: str) -> str:
    """The XML of a cell with a text in it."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, rows: Iterable[Sequence[Any]], sheet: str = "S") -> Path:
    """A workbook with one sheet of these values."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def sheet_rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """The values of a sheet, read by openpyxl, which is not how we read."""
    book = openpyxl.load_workbook(path)
    return list(book[sheet].iter_rows(values_only=True))


def as_dicts(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet below its header, by header."""
    header, *rows = sheet_rows(path, sheet)
    return [dict(zip((str(name) for name in header), row, strict=True)) for row in rows]
