"""The person's own workbook as it was when a run began, with the marks of what became of its rows. Writes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from importer.errors import Unreadable
from importer.pipeline.annotations import marks_of
from importer.pipeline.run_summary import RunSummary
from importer.spreadsheet.annotate.marking_process import mark_in_process
from importer.spreadsheet.annotate.workbook import Covered, Mark, OwnWorkbook, RowMarks
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


@dataclass(frozen=True, slots=True)
class Marks:
    """The person's workbook, and the marks that it is to get; `more` is the number of comments that did not fit."""

    opened: "_Opened"
    marks: Sequence[Mark | RowMarks]
    more: int

    def put(self, *, in_process: bool = False) -> MarkedWorkbook:
        """Put them on; with `in_process`, another process does it, if no earlier run has marked the workbook.

        Raises: NotKeptError.
        """
        data, earlier, other = self.opened
        if in_process and earlier is None:
            marked = mark_in_process(data, other, self.marks)
            return MarkedWorkbook(OwnWorkbook(data, changed=marked.parts), None, marked.covered, self.more)
        ours = frozenset(earlier.names.values()) if earlier else frozenset[str]()
        workbook = OwnWorkbook(data, ours, other)
        before = earlier.before if earlier else lambda _sheet, _place: b""
        return MarkedWorkbook(workbook, earlier, workbook.mark(self.marks, before), self.more)


def find_marks(end: RunSummary) -> Marks | None:
    """The marks that this run puts on the person's workbook; None if there is none to mark.

    Raises: NotKeptError.
    """
    opened = _open(end)
    return None if opened is None else Marks(opened, *marks_of(end))


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
