"""A list as a workbook to look at and to load: its rows streamed, in as many sheets as they need. Knows no API."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold

from importer.spreadsheet.write.base_sheet import write_base
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream, write
from importer.spreadsheet.write.instructions import Guide, write_instructions
from importer.spreadsheet.write.list_sheets import lay_out_list, parts_of
from importer.spreadsheet.write.record_rows import Records


def write_list_book(records: Records, target: BinaryIO, longest: int = SHEET_ROWS) -> None:
    """Write the workbook; more records than a sheet has rows go on in a second one, which loads as one with it."""
    heights = parts_of(records.height, longest)
    names = [records.title] if len(heights) == 1 else [f"{records.title} {at}" for at in range(1, 1 + len(heights))]

    def lay_out(book: Scaffold) -> Sequence[RowStream]:
        book.set_properties({"title": records.title, "author": "importer", "created": records.made_at})
        streams = lay_out_list(book, records, dict(zip(names, heights, strict=True)))
        guide = Guide(records.steps, (), [*records.about, *sheets_note(heights)])
        write_instructions(book, records.title, guide, "About")
        write_base(book, records.base() if records.base else None)
        return streams

    write(target, lay_out)


def sheets_note(heights: Sequence[int]) -> Iterator[str]:
    """What is said where the records stand on several sheets."""
    if len(heights) > 1:
        yield f"They are more than a sheet has rows, and stand on {len(heights)} sheets, which load as one."
