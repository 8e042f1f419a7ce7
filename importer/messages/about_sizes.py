"""What is said of files that hold more than is read at a time. Knows no limit itself."""

from importer.errors import Unreadable
from importer.messages.catalogue import Said, error
from importer.remedies import Advice
from importer.text import count_of

_COPY_LIST = Advice("Copy the list into a new workbook and use that.")
_SPLIT = Advice("Delete what is not part of the list, or split the list into several files.")


@error(Unreadable, "too-large", "The file is too large when unpacked", "skills.xlsx", 5.2)
def too_large(name: str, gigabytes: float) -> Said:
    return f"{name} unpacks to {gigabytes:,.1f} GB. No list is that large.", _COPY_LIST


@error(Unreadable, "too-large", "The file is too large", "skills.csv", 512)
def too_large_file(name: str, megabytes: int) -> Said:
    return f"{name} has more than {megabytes} MB. No list is that large.", _SPLIT


@error(Unreadable, "too-large", "The workbook is too large when unpacked", 2)
def too_large_workbook(gigabytes: int) -> Said:
    return f"A sheet of the workbook unpacks to more than {gigabytes} GB.", _COPY_LIST


@error(Unreadable, "too-large", "A sheet reaches too far", "Team A", "XFD1048576", 20_971_520)
def sheet_too_large(sheet: str, last: str, cells: int) -> Said:
    return (
        f'The sheet "{sheet}" reaches as far as {last} or further. We read up to {cells:,} cells at a time.',
        Advice(
            "Select the rows below the list and the columns to its right, right-click, choose Delete, and save; "
            "or split the list into several files."
        ),
    )


@error(Unreadable, "too-large", "A sheet has too many cells", "Team A", 20_971_520)
def too_many_cells(sheet: str, cells: int) -> Said:
    return f'The sheet "{sheet}" has more than {cells:,} cells. We do not read more at a time.', _SPLIT


@error(Unreadable, "too-large", "A sheet has too many rows", "Team A", 5_242_880)
def too_many_sheet_rows(sheet: str, rows: int) -> Said:
    return f'The sheet "{sheet}" has more than {rows:,} rows. We do not read more at a time.', _SPLIT


@error(Unreadable, "too-large", "The texts of a sheet are too long", "Team A", 512)
def too_much_text(sheet: str, megabytes: int) -> Said:
    return f'The cells of the sheet "{sheet}" have more than {megabytes} MB of text. No list has so much.', _SPLIT


@error(Unreadable, "too-large", "A sheet has too many formulas", "Team A", 8_388_608)
def too_many_marks(sheet: str, cells: int) -> Said:
    return (
        f'The sheet "{sheet}" has more than {cells:,} formulas, errors and specially formatted cells.',
        Advice("Copy the list and paste it as values into a new workbook, or split it into several files."),
    )


@error(Unreadable, "too-large", "A row is too large", 32)
def too_large_row(megabytes: int) -> Said:
    return f"A row of the file has more than {megabytes} MB. No list has such rows.", _COPY_LIST


@error(Unreadable, "too-large", "A workbook has too many texts", "skills.xlsx", 512)
def too_many_texts(name: str, megabytes: int) -> Said:
    return f"{name} has more than {megabytes} MB of texts. No list has so much.", _COPY_LIST


@error(Unreadable, "too-large", "The sheets of a workbook have too many cells", "skills.xlsx", 20_971_520)
def sheets_too_large(name: str, cells: int) -> Said:
    return (
        f"The sheets of {name} have more than {cells:,} cells together. We do not read more at a time.",
        Advice("Delete the sheets that you do not need, or split the list into several files."),
    )


@error(Unreadable, "too-large", "A list has too many cells", "skills.csv", 9_000_000, 12, 20_971_520, 5_242_880)
def list_too_large(name: str, rows: int, columns: int, most_cells: int, most_rows: int) -> Said:
    return (
        f"{name} has at least {count_of(rows, 'row')} and {count_of(columns, 'column')}. "
        f"We read up to {most_cells:,} cells and {most_rows:,} rows at a time.",
        _SPLIT,
    )
