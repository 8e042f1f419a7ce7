"""Other texts in the cells of a person's file: whether a cell takes one, and the file with them. Knows no account."""

from collections.abc import Mapping
from pathlib import Path

from importer.coordinates import Place, address
from importer.messages import about_edits
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write.corrected_file import write_retyped
from importer.spreadsheet.write.safe_text import LONGEST, begin

CellPosition = tuple[str | None, int, int]
"""A cell: its sheet (None: of a text file), its row (from 1) and its column (from 0)."""


def check_edit(book: Book, position: CellPosition, text: str) -> None:
    """Make sure that this cell can hold this text.

    Raises: Usage when there is no such cell, or the text is too long for it.
    """
    sheet, row, column = position
    grid = book.grid(sheet)
    if not (1 <= row <= grid.height and 0 <= column < len(grid.columns)):
        raise about_edits.no_such_cell(address(row, column))
    if begin(text, LONGEST) != text:
        raise about_edits.too_long_for_a_cell(LONGEST)


def write_edited(path: Path, folder: Path, edits: Mapping[CellPosition, str], encoding: str | None = None) -> Path:
    """Write the file with these texts into a folder, under its own name, and return where it is.

    The name ends in .xlsx where it had to become a plain workbook. Raises: Unreadable, ImporterError.
    """
    texts: dict[str | None, dict[Place, str]] = {}
    for (sheet, row, column), text in edits.items():
        texts.setdefault(sheet, {})[row, column] = text
    return write_retyped(path, folder, texts, encoding)
