"""The workbook of a plan: what each row would change, for a person to approve. Knows not how that came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pandas as pd
from xlsxwriter.workbook import Workbook as Scaffold

from importer.model import Action, CellRef, Change, Result, Value, value_in_words
from importer.spreadsheet.write.fast_xlsx import Rows, write
from importer.spreadsheet.write.hidden_data import write_hidden
from importer.spreadsheet.write.outcome_sheet import error_columns, lay_out_sheet, split_into_sheets
from importer.spreadsheet.write.palette import COLOURS
from importer.spreadsheet.write.summary_sheet import Summary, write_summary
from importer.table import APPROVE, PLAN, PLAN_COLUMNS, Table

PLAN_RECORD, KIND = "Import plan", "plan"
"""The hidden sheet that says what each line asks for, and what it keeps."""
_PLANNED, _HELD = PLAN_COLUMNS[:2]


@dataclass(frozen=True, slots=True)
class PlanLines:
    """The lines of a plan in their order: of each its change or its result; `conflicts` have what they would change.

    `kept` are those that somebody else changed and the sheet did not. `approvals` say what stands in the column
    `Approve` of each line that can be approved.
    """

    refs: Sequence[CellRef]
    changes: Mapping[CellRef, Change]
    results: Mapping[CellRef, Result]
    conflicts: Mapping[CellRef, Change]
    kept: frozenset[CellRef]
    approvals: Mapping[CellRef, str]


@dataclass(frozen=True, slots=True)
class PlanSheets:
    """The plan of one table: its lines, and the record that is read again. `title` tells it from other tables of the
    same plan, `Plan Skills`; the only one has none.
    """

    table: Table
    lines: PlanLines
    record: bytes
    title: str = ""


def plan_name(title: str) -> str:
    """What the sheet with the lines of a table is called."""
    return f"{PLAN} {title}" if title else PLAN


def write_plan(target: BinaryIO, parts: Sequence[PlanSheets], summary: Summary) -> None:
    """Write a sheet `Plan` for each table and the sheet `Summary`, and the records behind them."""
    sheets = [
        sheet
        for each in parts
        for sheet in split_into_sheets(
            plan_name(each.title), each.table, our_columns(each.table, each.lines), each.lines.results
        )
    ]

    def lay_out(book: Scaffold) -> list[Rows]:
        large = [lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
        for worksheet, rows, sheet in zip(book.worksheets(), large, sheets, strict=True):
            approve = len(sheet.table.columns) + PLAN_COLUMNS.index(APPROVE)
            last = max(rows.height, 1)
            worksheet.data_validation(1, approve, last, approve, _YES_OR_NO)
            for word, colours in (("yes", COLOURS["created"]), ("no", COLOURS["not sent"])):
                rule = {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{word}"',
                    "format": book.add_format(dict(colours)),
                }
                worksheet.conditional_format(1, approve, last, approve, rule)
        write_summary(book, summary)
        for number, each in enumerate(parts, 1):
            write_hidden(book, f"{PLAN_RECORD} {number}" if each.title else PLAN_RECORD, KIND, each.record)
        return large

    write(target, lay_out)


_YES_OR_NO = {
    "validate": "list",
    "source": ["yes", "no"],
    "error_title": APPROVE,
    "error_message": "Write yes to send this line. Any other line is not sent.",
}


def our_columns(table: Table, lines: PlanLines) -> pd.DataFrame:
    """Our columns as texts, by reference: what is planned, what the account holds now, whether it is approved, the
    errors and the remedies.
    """
    some = [lines.changes.get(ref) or lines.results[ref] for ref in lines.refs]
    updates = table.endpoint.updates
    columns = {
        _PLANNED: [each.action.value if isinstance(each, Change) else each.outcome.value for each in some],
        _HELD: [_held(ref, lines, updates) for ref in lines.refs],
        APPROVE: [lines.approvals.get(ref, "") for ref in lines.refs],
        **error_columns([() if isinstance(each, Change) else each.problems for each in some]),
    }
    return pd.DataFrame(columns, pd.Index(list(lines.refs), dtype="int64"), dtype=object)


def _held(ref: CellRef, lines: PlanLines, updates: Sequence[str]) -> str:
    """What the account holds now where the line would alter it, or says something else: `level 2`."""
    change = lines.changes.get(ref)
    if ref in lines.conflicts or ref in lines.kept:
        held = lines.results[ref].before if change is None else change.before
        return "nothing" if held is None else _in_words(held, updates)
    if change is None or not change.before or change.action is Action.LEAVE:
        return ""
    if change.action is Action.REMOVE:
        return _in_words(change.before, updates)
    before = change.before
    return _in_words(before, [name for name in updates if change.fields.get(name) not in (None, before.get(name))])


def _in_words(held: Mapping[str, Value], names: Sequence[str]) -> str:
    return ", ".join(f"{name} {value_in_words(name, held.get(name))}" for name in names)
