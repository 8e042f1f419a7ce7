"""The workbook of a plan: what it keeps of itself so that it can be approved and applied elsewhere, and its reading.

What was approved is what is sent: each line is joined to its change by all that it says, so that a line that says
something else is told from the others. Knows the lines; what is sent of them is decided in `approval`.
"""

import base64
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from importer import endpoints, remedies
from importer.base import Base, base_of
from importer.endpoints.declare import ACTION, NOT_HELD, REMOVE, Endpoint, Kind
from importer.messages import about_files, about_plans
from importer.model import Action, CellRef, Change, Mode, Outcome, Result
from importer.packed_base import pack_base, unpack_base
from importer.pipeline.plan_lines import MOST_COMPARED, Edits, Line, Texts, compared, header_of, lines_of, nth, numbered
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_summary import plan_summary_sheet
from importer.pipeline.staged_summary import staged_plan_summary_sheet
from importer.planned_ids import Thing
from importer.remedies import Message
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.plan_workbook import PlanLines, PlanSheets, our_columns, plan_name, write_plan
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.merge import is_denial
from importer.sync.packing import pack_result, unpack_change, unpack_result
from importer.table import APPROVE, PLAN_COLUMNS, Part, Table, TableColumn
from importer.text import fold
from importer.text_frame import text_frame
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable


@dataclass(frozen=True)
class PlanFile:
    """A plan that was read from its workbook.

    `checked` are its lines as a table; `changes` what each line that was not edited asks for, were it approved;
    `results` are those that are settled, in conflict, or edited. `approved` says yes. `deleted` lines are gone.
    """

    checked: CheckedTable
    mode: Mode
    changes: Mapping[CellRef, Change]
    results: Mapping[CellRef, Result]
    approved: frozenset[CellRef]
    made_by: str
    made_at: datetime
    file: str
    notes: tuple[str, ...]
    anomalies: tuple[Anomaly, ...]
    deleted: int
    base: Base
    things: Mapping[str, Thing] = field(default_factory=dict)
    """What an earlier stage makes and lines of this one name, by the ids that the plan gave."""
    is_new: bool = False
    """Whether its lines are of no table, but what tables name and the account lacked."""
    title: str = ""
    """What its table is called among those of its workbook, where that has several."""

    @property
    def provenance(self) -> str:
        """Who made the plan, when, and for which file."""
        return about_plans.plan_made(self.made_by, f"{self.made_at:%Y-%m-%d %H:%M} UTC", self.file)


# ---- writing


def write_plan_file(
    prepared: PreparedRun,
    path: Path,
    anomalies: Sequence[Anomaly] = (),
    accepted: Collection[str] = (),
    *,
    asks_approval: bool = False,
) -> Path:
    """Write the workbook and return its path, which has another name if this one exists.

    Every change is approved, unless approval is asked for; the anomalies that were `accepted` are noted as such.
    """
    made_at, account = datetime.now(UTC), prepared.access.account
    part = _sheets(prepared, anomalies, accepted, made_at, asks_approval=asks_approval)
    summary = plan_summary_sheet(
        prepared.run_input, prepared.plan, account, made_at, anomalies, asks_approval=asks_approval
    )
    return atomic_write.put(path, lambda file: write_plan(file, [part], summary))


def write_staged_plan_file(
    stages: Sequence[tuple[str, PreparedRun, Sequence[Anomaly]]],
    path: Path,
    accepted: Collection[str] = (),
    *,
    asks_approval: bool = False,
) -> Path:
    """The same for a plan of several stages, each with a title and what looks like an accident in it."""
    made_at = datetime.now(UTC)
    parts = [
        _sheets(prepared, anomalies, accepted, made_at, asks_approval=asks_approval, title=title)
        for title, prepared, anomalies in stages
    ]
    summary = staged_plan_summary_sheet(stages, made_at, asks_approval=asks_approval)
    return atomic_write.put(path, lambda file: write_plan(file, parts, summary))


def _sheets(
    prepared: PreparedRun,
    anomalies: Sequence[Anomaly],
    accepted: Collection[str],
    made_at: datetime,
    *,
    asks_approval: bool,
    title: str = "",
) -> PlanSheets:
    """What the workbook has of one table."""
    table, plan = prepared.run_input.table, prepared.plan
    refs = [ref for ref in table.refs if ref in plan.changes or ref in plan.results]
    approvals = {
        ref: "" if asks_approval or ref in plan.conflicts else "yes"
        for ref in refs
        if ref in plan.conflicts or (ref in plan.changes and plan.changes[ref].action is not Action.LEAVE)
    }
    lines = PlanLines(refs, plan.changes, plan.results, plan.conflicts, plan.kept, approvals)
    ours = our_columns(table, lines)
    frame = table.frame.loc[refs]
    columns: dict[str, list[str]] = {
        **{column.heading: frame[column.name].to_list() for column in compared_columns(table)},
        **{str(header): ours[header].to_list() for header in ours if header != APPROVE},
    }
    source, account = prepared.run_input.table.source, prepared.access.account
    record = {
        "title": title,
        "things": {id_: [name, *key] for id_, (name, key) in prepared.run_input.things.items()},
        "is_new": prepared.run_input.is_new,
        "made_by": str(account),
        "made_at": made_at.isoformat(timespec="seconds"),
        "account": account.key,
        "endpoint": plan.endpoint.name,
        "mode": plan.mode,
        "file": source.display_path,
        "layout": table.layout,
        "columns": [[column.name, column.heading, column.meaning is not None] for column in table.columns],
        "headers": list(columns),
        "texts": [_packed(texts) for texts in columns.values()],
        "lines": [_packed_line(prepared, ref) for ref in refs],
        "firsts": _firsts(prepared, refs),
        "notes": prepared.run_input.notes,
        "anomalies": [
            [each.code, each.message, remedies.pack(each.finding.remedies), each.code in accepted] for each in anomalies
        ],
        "base": base64.b64encode(pack_base(_base(prepared, made_at))).decode(),
    }
    data = zlib.compress(json.dumps(record, default=str, separators=(",", ":")).encode(), 6)
    return PlanSheets(table, lines, data, title)


def compared_columns(table: Table) -> Iterator[TableColumn]:
    """The person's columns by which a line is known: under each heading the first, and none that is called as ours."""
    seen = {fold(header) for header in PLAN_COLUMNS}
    for column in table.columns:
        heading = fold(column.heading)
        if heading and heading not in seen:
            seen.add(heading)
            yield column


def _base(prepared: PreparedRun, made_at: datetime) -> Base:
    """What the file and its account told of what was held; an undo of a run of an earlier version tells nothing."""
    known = prepared.run_input.base
    return base_of(prepared.plan.endpoint, prepared.access.account.key, made_at, ()) if known is None else known


def _packed(texts: Sequence[str]) -> list[Any]:
    codes, distinct = pd.factorize(pd.Series(texts, dtype=object))
    return [list(distinct), codes.tolist()]


def _packed_line(prepared: PreparedRun, ref: CellRef) -> list[Any]:
    """What a line asks for, as a change, and its result where it has one already."""
    plan = prepared.plan
    change = plan.changes.get(ref) or plan.conflicts.get(ref)
    result = plan.results.get(ref)
    return [None if change is None else list(change), None if result is None else pack_result(result)]


def _firsts(prepared: PreparedRun, refs: Sequence[CellRef]) -> dict[int, int]:
    """For each line that repeats another the line that it repeats, by their numbers."""
    duplicates = prepared.checked.duplicates if prepared.checked else {}
    number = {ref: at for at, ref in enumerate(refs)}
    return {number[ref]: number[first] for ref, first in duplicates.items() if ref in number and first in number}


# ---- reading


def read_plan_files(book: Book) -> list[PlanFile]:
    """The plan that a workbook holds, of each of its tables.

    Raises: Unreadable where it does not say any more what it was when it was made, or its columns are gone.
    """
    records: list[dict[str, Any]] = [json.loads(zlib.decompress(each)) for each in book.plan_records]
    if not records:
        raise about_files.plan_record_missing(book.path.name)
    return [_plan_file(book, record) for record in records]


def _plan_file(book: Book, record: Mapping[str, Any]) -> PlanFile:
    lines = list(lines_of(book, record))
    sheets = tuple(dict.fromkeys(line.sheet for line in lines)) or (plan_name(record.get("title", "")),)
    endpoint = endpoints.load(record["endpoint"])
    table = _table(book, record, endpoint, sheets, lines)
    planned = _unpack_texts(record["texts"])
    numbers: dict[Texts, list[int]] = {}
    for number, texts in enumerate(planned):
        numbers.setdefault(tuple(map(compared, texts)), []).append(number)
    refs = {line.ref(sheets): line for line in lines}
    number_of: dict[CellRef, int] = {}
    for ref, line in refs.items():
        left = numbers.get(line.compared)
        if left:
            number_of[ref] = left.pop(0)
    gone = [number for left in numbers.values() for number in left]
    edits = Edits([planned[number] for number in gone[:MOST_COMPARED]], record["headers"])
    changes: dict[CellRef, Change] = {}
    results: dict[CellRef, Result] = {}
    for ref, line in refs.items():
        if ref not in number_of:
            results[ref] = edits.result(line, ref)
            continue
        change, result = record["lines"][number_of[ref]]
        if change is not None:
            changes[ref] = unpack_change(change)._replace(ref=ref)
        if result is not None:
            results[ref] = _placed(unpack_result(result), line, ref)
    edited = sum(ref not in number_of for ref in refs)
    return PlanFile(
        checked=_checked(table, record, number_of, changes, results),
        mode=Mode(record["mode"]),
        changes=changes,
        results=results,
        approved=frozenset(ref for ref, line in refs.items() if line.is_approved),
        made_by=record["made_by"],
        made_at=datetime.fromisoformat(record["made_at"]),
        file=record["file"],
        notes=tuple(record["notes"]),
        anomalies=tuple(_anomaly(each) for each in record["anomalies"] if not each[3]),
        deleted=len(gone) - edited if len(gone) > edited else 0,
        base=unpack_base(base64.b64decode(record["base"])),
        things={id_: (name, tuple(key)) for id_, (name, *key) in record.get("things", {}).items()},
        is_new=record.get("is_new", False),
        title=record.get("title", ""),
    )


def _unpack_texts(packed: Sequence[Any]) -> list[Texts]:
    columns = [[distinct[code] for code in codes] for distinct, codes in packed]
    return list(zip(*columns, strict=True))


def _table(
    book: Book, record: Mapping[str, Any], endpoint: Endpoint, sheets: Sequence[str], lines: Sequence[Line]
) -> Table:
    """The lines as a table with the columns of the person's own."""
    columns = tuple(
        TableColumn(name, heading, endpoint.column(name) if is_used else None)
        for name, heading, is_used in record["columns"]
    )
    texts = list(zip(*(line.own for line in lines), strict=True)) if lines else [()] * len(columns)
    frame = text_frame(
        {column.name: list(some) for column, some in zip(columns, texts, strict=True)},
        [line.ref(sheets) for line in lines],
    )
    parts = tuple(Part(sheet, 1, _places(book, sheet, columns)) for sheet in sheets)
    return Table(
        source=replace(book.source(sheets[0]), sheet=sheets[0]),
        endpoint=endpoint,
        parts=parts,
        columns=columns,
        frame=frame,
        oddities={},
        number_columns=frozenset(each.name for each in endpoint.fields if each.kind is Kind.LEVEL),
        notes=(),
    )


def _places(book: Book, sheet: str, columns: Sequence[TableColumn]) -> dict[str, int | None]:
    _, headings = header_of(book, book.grid(sheet))
    return {
        column.name: nth(headings, at, heading)
        for column, (at, heading) in zip(columns, numbered(each.header for each in columns), strict=True)
    }


def _placed(result: Result, line: Line, ref: CellRef) -> Result:
    """A result that a line had when the plan was made, with its place in the plan."""
    problems = tuple(replace(each, row=line.row, cell=None, sheet=line.sheet, ref=ref) for each in result.problems)
    return result._replace(problems=problems)


def _checked(
    table: Table,
    record: Mapping[str, Any],
    number_of: Mapping[CellRef, int],
    changes: Mapping[CellRef, Change],
    results: Mapping[CellRef, Result],
) -> CheckedTable:
    """The lines as a checked table: those that ask for something are valid, whether approved or not."""
    endpoint = table.endpoint
    ref_of = {number: ref for ref, number in number_of.items()}
    firsts = {int(number): first for number, first in record["firsts"].items()}
    duplicates = {
        ref_of[number]: ref_of[first] for number, first in firsts.items() if number in ref_of and first in ref_of
    }
    rows = {}
    for ref in table.refs:
        change = changes.get(ref) or changes.get(duplicates.get(ref, ref))
        fields = {} if change is None else endpoint.whole(change)
        says = None
        if change is not None and is_denial(change):
            says = REMOVE if change.action is Action.REMOVE else NOT_HELD
        rows[ref] = [*(fields.get(each.name) for each in endpoint.fields), says]
    names = [*(each.name for each in endpoint.fields), ACTION.name]
    values = pd.DataFrame(rows.values(), columns=names, index=table.frame.index, dtype=object)
    is_number = {each.name: each.kind in (Kind.ID, Kind.LEVEL) for each in endpoint.fields}
    values = values.astype({name: "Int64" if is_number.get(name) else "string" for name in names})
    invalid = {ref: result.problems for ref, result in results.items() if result.outcome is Outcome.INVALID}
    return CheckedTable(table, values, duplicates, invalid, notes=())


def parsed_lines(file: PlanFile) -> ParsedTable:
    """The lines of a plan as they are read; no name of theirs is looked up, as their ids are known."""
    checked = file.checked
    names = [name for name, _ in checked.table.name_columns()]
    blank = pd.DataFrame("", index=checked.values.index, columns=names)
    errors = tuple(problem for some in checked.invalid.values() for problem in some)
    return ParsedTable(checked.table, checked.values, blank, errors, checked.notes)


def _anomaly(packed: Sequence[Any]) -> Anomaly:
    code, sentence, packed_remedies, _ = packed
    return Anomaly(Message(code, sentence, remedies.unpack(packed_remedies)))
