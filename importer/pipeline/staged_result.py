"""Writes the result workbook of a run of several tables: for each what became of its rows, and what is left to fix.

Knows what its sheets are called, by which the workbook is recognized when it is loaded again; knows no request.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from importer.pipeline.result_builder import announce_result
from importer.pipeline.staged_summary import WholeRun, titles_of, whole_summary_sheet
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.fast_xlsx import write
from importer.spreadsheet.write.staged_workbook import StageSheets, lay_out_stages

_EXCEL = ".xlsx"


def write_staged_result(whole: WholeRun, path: Path) -> Path:
    """Write the result workbook; it has another name if the wanted one is taken.

    Raises: ImporterError when the folder does not take it.
    """
    announce_result()
    lay_out = lay_out_stages(list(_stages(whole)), whole_summary_sheet(whole))
    return atomic_write.put(path.with_suffix(_EXCEL), partial(write, lay_out=lay_out))


def _stages(whole: WholeRun) -> Iterator[StageSheets]:
    titles = titles_of(stage.run_input for stage in whole.stages)
    for title, stage in zip(titles, whole.stages, strict=True):
        run_input = stage.run_input
        yield StageSheets(title, run_input.table, run_input.refs, stage.results, stage.to_fix, stage.base)
