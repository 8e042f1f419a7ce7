"""Bytes in a hidden sheet, which every program keeps that keeps sheets. Writes them and reads them back.

Knows what marks such a sheet; knows nothing of what the bytes mean. They are text in a few long cells of one column,
each with its number beside it, so that nothing depends on where a cell stands.
"""

import base64
import binascii
from hashlib import blake2b

from xlsxwriter.workbook import Workbook as Scaffold

from importer.table import Sheet

_MARK = "importer"
_IN_A_CELL = 30_000
"""Characters: Excel takes 32,767, Google Sheets 50,000."""


def write_hidden(book: Scaffold, name: str, kind: str, data: bytes) -> None:
    """Add the sheet to a workbook that is being laid out; `kind` says what the bytes are."""
    sheet = book.add_worksheet(name)
    sheet.hide()
    text = base64.b64encode(data).decode()
    pieces = [text[start : start + _IN_A_CELL] for start in range(0, len(text), _IN_A_CELL)]
    sheet.write_row(0, 0, [_MARK, kind, f"{len(pieces)} {_digest(data)}"])
    for number, piece in enumerate(pieces, 1):
        sheet.write_string(number, 0, f"#{number}")
        sheet.write_string(number, 1, piece)


def is_hidden_data(grid: Sheet, kind: str) -> bool:
    """Whether a sheet was made to keep bytes of this kind, whatever became of them."""
    return grid.height > 0 and [column[0] for column in grid.columns[:2]] == [_MARK, kind]


def read_hidden(grid: Sheet, kind: str) -> bytes | None:
    """The bytes of a sheet; None where it keeps none of this kind, or some are missing or were changed."""
    if not is_hidden_data(grid, kind) or len(grid.columns) < 3:
        return None
    count, _, digest = grid.columns[2][0].partition(" ")
    pieces = dict(zip(grid.columns[0][1:], grid.columns[1][1:], strict=True))
    try:
        text = "".join(pieces[f"#{number}"] for number in range(1, int(count) + 1))
        data = base64.b64decode(text, validate=True)
    except (KeyError, ValueError, binascii.Error):
        return None
    return data if _digest(data) == digest else None


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
