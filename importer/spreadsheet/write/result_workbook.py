"""The workbook that a person gets back: a result. Knows rows and outcomes, and not how they came about."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import pandas as pd
from xlsxwriter.workbook import Workbook as Scaffold

from importer import model
from importer.base import Base
from importer.model import CellRef, Outcome, Result
from importer.packed_results import PackedResults, RefArray, results_of
from importer.spreadsheet.write.base_sheet import BASE, write_base
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, Large, LayOut, Rows, write
from importer.spreadsheet.write.metadata_sheet import RECORD, Record, write_record
from importer.spreadsheet.write.outcome_sheet import (
    OutcomeSheet,
    error_columns,
    lay_out_sheet,
    lay_out_stream,
    split_into_sheets,
    texts_of,
)
from importer.spreadsheet.write.safe_text import csv_text
from importer.spreadsheet.write.summary_sheet import Summary, write_summary
from importer.table import (
    IMPORT_COLUMNS,
    PLACE_COLUMN,
    RESULT,
    SUMMARY,
    TO_FIX,
    Table,
)

_ROWS_AT_ONCE, _SAMPLE_ROWS = 8192, 200


@dataclass(frozen=True, slots=True)
class Beside:
    """What our sheets say where they stand behind a person's own: the place of each record that has one, what the
    workbook keeps of itself, the fills that are not seen now, by sheet, and what the account holds now.
    """

    places: Mapping[CellRef, str]
    record: Record
    hidden_fills: Mapping[str, Mapping[bytes, Sequence[tuple[int, int]]]]
    base: Base | None = None


@dataclass(frozen=True, slots=True)
class After:
    """What is left after a run: the outcomes of which a person has something to do, and what the account holds now."""

    to_fix: Collection[Outcome] = model.TO_FIX
    base: Base | None = None


NOTHING_AFTER = After()


def write_result(
    target: BinaryIO,
    table: Table,
    refs: Sequence[CellRef],
    results: Mapping[CellRef, Result],
    summary: Summary,
    after: After = NOTHING_AFTER,
) -> None:
    """Write the sheets `Result`, `To fix` and `Summary`; each record of `refs` is joined to its result."""
    if isinstance(results, PackedResults):
        write(target, lambda book: _lay_out_long(book, table, results, summary, after))
        return
    sheets = _result_sheets(table, refs, results, to_fix=after.to_fix)
    write(target, lambda book: _lay_out(book, sheets, summary, after.base))


def write_result_rows(
    target: BinaryIO, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]
) -> None:
    """Write the rows of `Result` as CSV in UTF-8, marked for Excel, so that no program runs a text of them."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    ours = _our_columns([], [])
    writer.writerow([csv_text(header) for header in (*(column.header for column in table.columns), *ours)])
    writer.writerows([csv_text(str(cell)) for cell in row] for row in _all_rows(table, refs, results))
    text.detach()


def _all_rows(table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]) -> Iterator[Sequence[str]]:
    """The person's cells and ours of each record, made some thousands at a time."""
    for start in range(0, len(refs), _ROWS_AT_ONCE):
        yield from zip(*texts_of(_some_rows("", table, refs[start : start + _ROWS_AT_ONCE], results)), strict=True)


def _some_rows(name: str, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]) -> OutcomeSheet:
    ours = _our_columns(refs, results_of(results, refs))
    return OutcomeSheet(name, replace(table, frame=table.frame.loc[ours.index]), ours, {})


def lay_out_beside(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], summary: Summary, beside: Beside
) -> LayOut:
    """The same sheets as they stand behind a person's own, with the record of what the workbook is."""
    names = beside.record.names
    sheets = _result_sheets(table, refs, results, beside)

    def lay_out(book: Scaffold) -> list[Rows]:
        large = [lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
        write_summary(book, summary, names[SUMMARY], legend=True)
        write_record(book, names[RECORD], beside.record, beside.hidden_fills)
        write_base(book, beside.base, names[BASE])
        return large

    return lay_out


def _result_sheets(
    table: Table,
    refs: Sequence[CellRef],
    results: Mapping[CellRef, Result],
    beside: Beside | None = None,
    to_fix: Collection[Outcome] = model.TO_FIX,
) -> list[OutcomeSheet]:
    ours = _our_columns(refs, [results[ref] for ref in refs])
    left = ours.loc[[results[ref].outcome in to_fix for ref in refs]]
    names: Mapping[str, str] = {RESULT: RESULT, TO_FIX: TO_FIX}
    if beside:
        names = beside.record.names
        left = left.assign(**{PLACE_COLUMN: [beside.places.get(CellRef(ref), "") for ref in left.index]})
    return [
        *split_into_sheets(names[RESULT], table, ours, {}),
        *split_into_sheets(names[TO_FIX], table, left, results),
    ]


def titled_sheets(
    title: str,
    table: Table,
    refs: Sequence[CellRef],
    results: Mapping[CellRef, Result],
    to_fix: Collection[Outcome] = model.TO_FIX,
) -> tuple[list[OutcomeSheet], list[OutcomeSheet]]:
    """The sheets with what is to be fixed of one of several tables, and those with all of its rows: `To fix Skills` and
    `Result Skills`.
    """
    ours = _our_columns(refs, [results[ref] for ref in refs])
    left = ours.loc[[results[ref].outcome in to_fix for ref in refs]]
    return (
        split_into_sheets(f"{TO_FIX} {title}", table, left, results),
        split_into_sheets(f"{RESULT} {title}", table, ours, {}),
    )


def _our_columns(refs: Sequence[int], results: Sequence[Result]) -> pd.DataFrame:
    """Our columns as texts, by reference: what became of a record, its id, the errors and the remedies."""
    status, record_id, *_ = IMPORT_COLUMNS
    columns = {
        status: [each.outcome.value for each in results],
        record_id: [each.record_id or "" for each in results],
        **error_columns([each.problems for each in results]),
    }
    return pd.DataFrame(columns, pd.Index(list(refs), dtype="int64"), dtype=object)


def _lay_out(book: Scaffold, sheets: Sequence[OutcomeSheet], summary: Summary, base: Base | None = None) -> list[Rows]:
    large = [lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
    write_summary(book, summary)
    write_base(book, base)
    return large


def _lay_out_long(book: Scaffold, table: Table, results: PackedResults, summary: Summary, after: After) -> list[Large]:
    """The sheets of very many rows, which are made when they are written; only those to fix are held."""
    refs = RefArray(results.refs)
    rows, size = _all_rows(table, refs, results), SHEET_ROWS - 1
    large: list[Large] = []
    for start in range(0, len(refs), size):
        name = RESULT if not start else f"{RESULT} {start // size + 1}"
        sample = _some_rows(name, table, refs[start : start + _SAMPLE_ROWS], results)
        large.append(lay_out_stream(book, len(large) + 1, sample, min(size, len(refs) - start), rows))
    left = results.with_outcome(after.to_fix)
    told = results_of(results, left)
    sheets = split_into_sheets(TO_FIX, table, _our_columns(left, told), dict(zip(left, told, strict=True)))
    large += [lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, len(large) + 1)]
    write_summary(book, summary)
    write_base(book, after.base)
    return large
