"""A person's file with another text in some of its cells, everything else as it was. Knows files and cells.

A workbook of Excel's keeps all that it has; what cannot be kept so, or is of another kind, becomes a plain workbook of
the same texts.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from importer.coordinates import Place
from importer.spreadsheet.annotate.workbook import retype
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.read.delimited_text import raw_rows
from importer.spreadsheet.read.encrypted import is_encrypted
from importer.spreadsheet.read.file_type import FileKind, find_kind, read_bytes
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.safe_text import csv_text
from importer.spreadsheet.write.sheet_names import sheet_names
from importer.table import Oddity

Texts = Mapping[str | None, Mapping[Place, str]]
"""For each sheet (None: the one of a text file) the texts of its cells, by row (from 1) and column (from 0)."""

_ONLY_SHEET = "List"
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}


def write_retyped(path: Path, folder: Path, texts: Texts, encoding: str | None = None) -> Path:
    """Write the file with these texts into a folder, under its own name, and return where it is.

    The name ends in .xlsx where it had to become a plain workbook. Raises: Unreadable, ImporterError.
    """
    data = read_bytes(path)
    kind = FileKind.XLSX if is_encrypted(data) else find_kind(path, data)
    if kind is FileKind.TEXT:
        content = _csv(*raw_rows(path, data, encoding), texts.get(None, {}))
        return atomic_write.put(folder / path.name, lambda file: _write(file, content))
    book = Book(path, encoding)
    named = {sheet: cells for sheet, cells in texts.items() if sheet is not None}
    if kind is FileKind.XLSX:
        try:
            return atomic_write.put(folder / path.name, retype(data, named, lambda sheet: _dates(book, sheet)))
        except NotKeptError:
            pass
    return atomic_write.put(folder / f"{path.stem}.xlsx", lambda file: _write_plain(file, book, texts))


def _dates(book: Book, sheet: str) -> frozenset[Place]:
    """The cells that look like dates: a number there would be one, too."""
    return frozenset(place for place, oddity in book.grid(sheet).oddities.items() if oddity is Oddity.DATE)


def _csv(rows: list[list[str]], delimiter: str, texts: Mapping[Place, str]) -> bytes:
    for (row, column), text in texts.items():
        cells = rows[row - 1]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = csv_text(text)
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _write_plain(file: BinaryIO, book: Book, texts: Texts) -> None:
    names = dict(zip(book.sheets, sheet_names((each, "") for each in book.sheets), strict=True))
    with xlsxwriter.Workbook(file, _PLAIN) as workbook:
        for name in book.sheets or (None,):
            sheet = workbook.add_worksheet(_ONLY_SHEET if name is None else names[name])
            grid, retyped = book.grid(name), texts.get(name, {})
            for row in range(grid.height):
                for at, column in enumerate(grid.columns):
                    if text := retyped.get((row + 1, at), column[row]):
                        sheet.write_string(row, at, text)
