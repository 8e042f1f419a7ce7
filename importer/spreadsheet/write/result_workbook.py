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
from importer.packed_results import PackedResults, results_of
from importer.spreadsheet.write.base_sheet import BASE, write_base
from importer.spreadsheet.write.fast_xlsx import ROWS_AT_ONCE, SHEET_ROWS, Large, LayOut, RowBlocks, Rows, write
from importer.spreadsheet.write.metadata_sheet import RECORD, Record, write_record
from importer.spreadsheet.write.outcome_sheet import (
    OutcomeSheet,
    error_columns,
    lay_out_blocks,
    lay_out_sheet,
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

_SAMPLE_ROWS = 200


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

    def lay_out(book: Scaffold) -> list[Large]:
        every = lay_out_all(book, RESULT, table, refs, results)
        to_fix = lay_out_left(book, TO_FIX, table, results_among(results, refs, after.to_fix))
        write_summary(book, summary)
        write_base(book, after.base)
        return [*every, *to_fix]

    write(target, lay_out)


def write_result_rows(
    target: BinaryIO, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]
) -> None:
    """Write the rows of `Result` as CSV in UTF-8, marked for Excel, so that no program runs a text of them."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    ours = _our_columns([], [])
    writer.writerow([csv_text(header) for header in (*(column.header for column in table.columns), *ours)])
    for block in _blocks(table, refs, results):
        writer.writerows([csv_text(cell) for cell in row] for row in zip(*texts_of(block), strict=True))
    text.detach()


def lay_out_beside(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], summary: Summary, beside: Beside
) -> LayOut:
    """The same sheets as they stand behind a person's own, with the record of what the workbook is."""
    names = beside.record.names

    def lay_out(book: Scaffold) -> list[Large]:
        every = lay_out_all(book, names[RESULT], table, refs, results)
        to_fix = lay_out_left(book, names[TO_FIX], table, results_among(results, refs, model.TO_FIX), beside.places)
        write_summary(book, summary, names[SUMMARY], legend=True)
        write_record(book, names[RECORD], beside.record, beside.hidden_fills)
        write_base(book, beside.base, names[BASE])
        return [*every, *to_fix]

    return lay_out


def lay_out_all(
    book: Scaffold, name: str, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]
) -> list[RowBlocks]:
    """The sheets with every record, whose rows are made when they are written: they may be millions."""
    size = SHEET_ROWS - 1
    sheets = []
    for number, start in enumerate(range(0, max(len(refs), 1), size), 1):
        some = refs[start : start + size]
        sample = next(_blocks(table, some[:_SAMPLE_ROWS], results, start))
        named = replace(sample, name=name if number == 1 else f"{name} {number}")
        blocks = _blocks(table, some, results, start)
        sheets.append(lay_out_blocks(book, len(book.worksheets()) + 1, named, len(some), blocks))
    return sheets


def lay_out_left(
    book: Scaffold,
    name: str,
    table: Table,
    left: Mapping[CellRef, Result],
    places: Mapping[CellRef, str] | None = None,
) -> list[Rows]:
    """The sheets with the records to fix; `places` are where those stand that are in a workbook of the person's own."""
    ours = _our_columns(list(left), list(left.values()))
    if places is not None:
        ours = ours.assign(**{PLACE_COLUMN: [places.get(ref, "") for ref in left]})
    sheets = split_into_sheets(name, table, ours, left)
    return [lay_out_sheet(book, len(book.worksheets()) + 1, sheet) for sheet in sheets]


def _blocks(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], first: int = 0
) -> Iterator[OutcomeSheet]:
    """These records, some thousands at a time; at least one block. The table's `first` records come before them."""
    for start in range(0, max(len(refs), 1), ROWS_AT_ONCE):
        some = refs[start : start + ROWS_AT_ONCE]
        ours = _our_columns(some, results_of(results, some))
        # Looked for by its reference, a row is found with an index that takes as much memory as the rows.
        theirs = table.frame.iloc[first + start : first + start + len(some)]
        if not theirs.index.equals(ours.index):
            theirs = table.frame.loc[ours.index]
        yield OutcomeSheet("", replace(table, frame=theirs), ours, {})


def results_among(
    results: Mapping[CellRef, Result], refs: Sequence[CellRef], outcomes: Collection[Outcome]
) -> dict[CellRef, Result]:
    """The results with one of these outcomes, in the order of the references."""
    if isinstance(results, PackedResults):
        refs = results.with_outcome(outcomes)
        return dict(zip(refs, results.of_all(refs), strict=True))
    return {ref: result for ref in refs if (result := results[ref]).outcome in outcomes}


def _our_columns(refs: Sequence[int], results: Sequence[Result]) -> pd.DataFrame:
    """Our columns as texts, by reference: what became of a record, its id, the errors and the remedies."""
    status, record_id, *_ = IMPORT_COLUMNS
    columns = {
        status: [each.outcome.value for each in results],
        record_id: [each.record_id or "" for each in results],
        **error_columns([each.problems for each in results]),
    }
    return pd.DataFrame(columns, pd.Index(list(refs), dtype="int64"), dtype=object)
