"""The person's own workbook as it was when a run began, with the marks of what became of its rows. Writes nothing."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from importer.errors import Unreadable
from importer.pipeline.annotations import marks_of
from importer.pipeline.run_summary import RunSummary
from importer.spreadsheet.annotate.marking_process import mark_in_process
from importer.spreadsheet.annotate.workbook import Covered, OwnWorkbook
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.read.encrypted import is_encrypted
from importer.spreadsheet.read.file_type import FileKind, find_kind
from importer.spreadsheet.write.metadata_sheet import Record
from importer.table import Arrangement


@dataclass(frozen=True, slots=True)
class MarkedWorkbook:
    """The person's workbook with marks.

    `earlier` is the record of an earlier run in it, `covered` the fills that cannot be seen now, and `more` the number
    of comments that did not fit.
    """

    workbook: OwnWorkbook
    earlier: Record | None
    covered: Covered
    more: int


def mark_own_workbook(end: RunSummary, *, in_process: bool = False) -> MarkedWorkbook | None:
    """The person's workbook with the marks of this run; None if there is none to mark. With `in_process`, another
    process marks it, if no earlier run has.

    Raises: NotKeptError.
    """
    opened = _open(end)
    if opened is None:
        return None
    marks, more = marks_of(end)
    if in_process and opened.earlier is None:
        marked = mark_in_process(opened.data, opened.other, marks)
        return MarkedWorkbook(OwnWorkbook(opened.data, changed=marked.parts), None, marked.covered, more)
    ours = frozenset(opened.earlier.names.values()) if opened.earlier else frozenset[str]()
    workbook = OwnWorkbook(opened.data, ours, opened.other)
    before = opened.earlier.before if opened.earlier else lambda _sheet, _place: b""
    return MarkedWorkbook(workbook, opened.earlier, workbook.mark(marks, before), more)


def may_be_marked(end: RunSummary) -> bool:
    """Whether the run has a workbook of the person's own that could be marked, as far as is known without a look."""
    source = end.run_input.table.source
    return end.run.kind != "undo" and source.sheet is not None and bool(source.read_as)


class _Opened(NamedTuple):
    """The workbook, the record of an earlier run in it, and the other sheets of ours."""

    data: bytes
    earlier: Record | None
    other: frozenset[str]


def _open(end: RunSummary) -> _Opened | None:
    """The person's workbook as it was when the run began; None if there is none to mark.

    Raises: NotKeptError.
    """
    source = end.run_input.table.source
    if not may_be_marked(end):
        return None
    if end.run_input.forgotten:
        raise NotKeptError("somebody who stands in it was taken out of the history")
    if end.run_input.table.arrangement is Arrangement.PARTS:
        raise NotKeptError("rows of it hold several records each")
    try:
        data = source.path.read_bytes()
    except OSError:
        raise NotKeptError(f"{source.name} is no longer there") from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise NotKeptError(f"{source.name} has changed since the run began")
    if is_encrypted(data):
        raise NotKeptError("it is encrypted")
    if find_kind(source.path, data) is not FileKind.XLSX:
        raise NotKeptError("it is not an .xlsx workbook; save it as one to get it back with marks")
    try:
        book = Book(source.path)
        return _Opened(data, book.record, frozenset(book.base_sheets))
    except Unreadable:
        raise NotKeptError("it is damaged") from None
