"""Cells of a workbook that hold more than a text or a number, and workbooks with such cells."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font


@dataclass(frozen=True, slots=True)
class OddCell:
    """What a workbook may hold in a cell besides a text or a number."""

    value: Any
    number_format: str = "General"
    is_struck: bool = False


ODD: Mapping[str, OddCell] = {
    "error": OddCell("#N/A"),
    "error of a formula": OddCell("#REF!"),
    "date": OddCell(dt.date(2026, 3, 5)),
    "time": OddCell(dt.time(3, 5)),
    "percentage": OddCell(0.2, "0%"),
    "leading zeros": OddCell(7, "0000"),
    "long number": OddCell(1234567890123456789),
    "formula that was never calculated": OddCell("=1+2"),
    "sum that was never calculated": OddCell("=SUM(A1:C1)"),
    "struck-out number": OddCell(3, is_struck=True),
    "struck-out text": OddCell("Scrum", is_struck=True),
    "hidden number": OddCell(4, ";;;"),
    "hidden text": OddCell("x", ";;;"),
    "yes": OddCell(value=True),
}


def odd_workbook(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """A workbook with one sheet `S` of these cells, of which some may be odd."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "S"
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if isinstance(value, OddCell):
                cell = sheet.cell(row, column, value.value)
                if value.number_format != "General":
                    cell.number_format = value.number_format
                cell.font = Font(strike=value.is_struck)
            elif value not in ("", None):
                sheet.cell(row, column, value)
    book.save(path)
    return path
