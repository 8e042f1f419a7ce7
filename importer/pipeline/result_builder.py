"""Writes the result workbook of a run: the person's own workbook with marks or, where that cannot be, a new one.

Knows where the file is and what can be kept of it; knows no request.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from importer.audit_events import AuditEvent
from importer.pipeline import run_summary
from importer.pipeline.annotations import digests_of, place_names
from importer.pipeline.early_marks import EarlyMarks
from importer.pipeline.own_workbook import MarkedWorkbook, find_marks
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.base_sheet import BASE
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, laid_out
from importer.spreadsheet.write.metadata_sheet import RECORD, Record
from importer.spreadsheet.write.result_workbook import After, Beside, lay_out_beside, write_result, write_result_rows
from importer.table import RESULT, SUMMARY, TO_FIX

_EXCEL, _MACROS, _CSV = ".xlsx", ".xlsm", ".csv"


@dataclass(frozen=True, slots=True)
class WrittenResult:
    """The path of the result workbook; `note` says in what it is not what a person expects."""

    path: Path
    note: str | None = None


def announce_result() -> None:
    """Announce that a run is at its end, and that its result workbook is about to be written."""
    sys.audit(AuditEvent.BEFORE_RESULT)


def write_result_workbook(end: run_summary.RunSummary, path: Path, early: EarlyMarks | None = None) -> WrittenResult:
    """Write the result workbook, or its rows alone as .csv; it has another name if the wanted one is taken. `early` are
    the marks that were made while the run was under way.

    Raises: ImporterError when the folder does not take it.
    """
    announce_result()
    if path.suffix.lower() == _CSV:
        table, rows = end.run_input.table, end.run_input.refs
        return WrittenResult(atomic_write.put(path, lambda file: write_result_rows(file, table, rows, end.results)))
    try:
        own = None if early is None else early.take(end)
        if own is None and (marks := find_marks(end)) is not None:
            own = marks.put()
        if own is not None:
            return _give_back(own, end, path)
        note = None
    except NotKeptError as error:
        note = f"We could not mark your own workbook, because {error}. This result is a new workbook."
    summary = run_summary.run_summary_sheet(end)
    summary = run_summary.with_note(summary, note)
    plain = path.with_suffix(_EXCEL) if path.suffix.lower() == _MACROS else path
    table, rows, after = end.run_input.table, end.run_input.refs, After(end.to_fix, end.base)
    return WrittenResult(
        atomic_write.put(plain, lambda file: write_result(file, table, rows, end.results, summary, after)), note
    )


def _give_back(own: MarkedWorkbook, end: run_summary.RunSummary, path: Path) -> WrittenResult:
    """Write the person's workbook with marks, and with our sheets after theirs.

    Raises: NotKeptError, before anything is written; ImporterError.
    """
    run_input = end.run_input
    names = _names(own.workbook.sheets, len(run_input.refs))
    places = place_names(end)
    record = Record(names, run_input.table.source.read_as, *digests_of(end, own.earlier))
    summary = run_summary.with_note(run_summary.run_summary_sheet(end), _note(names, own.more))
    beside = Beside(places, record, own.covered, end.base)
    own.workbook.add(laid_out(lay_out_beside(run_input.table, run_input.refs, end.results, summary, beside)))
    wanted = _MACROS if own.workbook.has_macros else _EXCEL
    target = path if path.suffix.lower() == wanted else path.with_suffix(wanted)
    note = None if target == path else f"A workbook {_with_or_without(wanted)} macros ends in {wanted}."
    return WrittenResult(atomic_write.put(target, own.workbook.write), note)


def _with_or_without(suffix: str) -> str:
    return "with" if suffix == _MACROS else "without"


def _names(theirs: tuple[str, ...], rows: int) -> dict[str, str]:
    """The names of our sheets, which differ from ours where the person has a sheet of that name.

    More rows than one sheet takes make `Result 2` and `To fix 2`.
    """
    taken = {name.casefold() for name in theirs}
    numbers = range(2, 2 + max(rows - 1, 0) // (SHEET_ROWS - 1))
    names: dict[str, str] = {}
    for name in (RESULT, TO_FIX, SUMMARY, RECORD, BASE):
        more = numbers if name in (RESULT, TO_FIX) else ()
        called = (_other_name(name, number) for number in count(1))
        several = ([each, *(f"{each} {number}" for number in more)] for each in called)
        free = next(some for some in several if taken.isdisjoint(each.casefold() for each in some))
        names |= dict(zip([name, *(f"{name} {number}" for number in more)], free, strict=True))
    return names


def _other_name(name: str, number: int) -> str:
    if number == 1:
        return name
    if name in (RECORD, BASE):  # a reader looks for names that begin so
        return f"{name} {number}"
    return f"Import {name}" if number == 2 else f"Import {name} {number - 1}"


def _note(names: Mapping[str, str], more: int) -> str | None:
    """A note on renamed sheets and missing comments, if there are any."""
    moved = [f'"{name}" is called "{called}" here' for name, called in names.items() if name != called]
    said = [f"Your workbook has sheets of the same names, so {' and '.join(moved)}."] if moved else []
    if more:
        said.append(f'{more:,} more cells have a problem and no comment; they stand on the sheet "{names[TO_FIX]}".')
    return " ".join(said) or None
