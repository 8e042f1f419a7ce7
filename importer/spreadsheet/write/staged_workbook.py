"""The result of several tables as one workbook: a summary, and for each table its rows and those that are to be fixed.

Knows rows and outcomes; knows not how they came about. It is recognized by the names of its sheets.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook as Scaffold

from importer.base import Base
from importer.model import CellRef, Outcome, Result
from importer.spreadsheet.write.base_sheet import BASE, write_base
from importer.spreadsheet.write.fast_xlsx import Large, LayOut
from importer.spreadsheet.write.result_workbook import lay_out_all, lay_out_left, results_among
from importer.spreadsheet.write.summary_sheet import Summary, write_summary
from importer.table import RESULT, TO_FIX, Table


@dataclass(frozen=True, slots=True)
class StageSheets:
    """The rows of one table, each with its result; `title` names its sheets: `Result Skills`, `To fix Skills`."""

    title: str
    table: Table
    refs: Sequence[CellRef]
    results: Mapping[CellRef, Result]
    to_fix: Collection[Outcome]
    base: Base | None = None


def lay_out_stages(stages: Sequence[StageSheets], summary: Summary) -> LayOut:
    """The summary first, then what is to be fixed of each table, then all rows of each."""

    def lay_out(book: Scaffold) -> list[Large]:
        write_summary(book, summary)
        large: list[Large] = []
        for each in stages:
            if left := results_among(each.results, each.refs, each.to_fix):
                large += lay_out_left(book, f"{TO_FIX} {each.title}", each.table, left)
        for each in stages:
            large += lay_out_all(book, f"{RESULT} {each.title}", each.table, each.refs, each.results)
        bases = [stage.base for stage in stages if stage.base is not None]
        for number, base in enumerate(bases, 1):
            write_base(book, base, f"{BASE} {number}")
        return large

    return lay_out
