"""The hidden sheet in which a workbook carries its base: what the account held when it was written."""

from xlsxwriter.workbook import Workbook as Scaffold

from importer.base import Base
from importer.packed_base import pack_base, unpack_base
from importer.spreadsheet.write.hidden_data import is_hidden_data, read_hidden, write_hidden
from importer.table import Sheet

BASE = "Import base"
_KIND = "base"


def write_base(book: Scaffold, base: Base | None, name: str = BASE) -> None:
    """Add the sheet to a workbook that is being laid out, where there is a base."""
    if base is not None:
        write_hidden(book, name, _KIND, pack_base(base))


def is_base_sheet(grid: Sheet) -> bool:
    """Whether a sheet was made to carry a base."""
    return is_hidden_data(grid, _KIND)


def read_base(grid: Sheet) -> Base | None:
    """The base that a sheet carries; None where it carries none, or was changed."""
    data = read_hidden(grid, _KIND)
    try:
        return None if data is None else unpack_base(data)
    except ValueError:
        return None
