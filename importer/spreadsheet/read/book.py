"""A file opened as sheets, whatever its format. Knows files and grids; which row is a header is told by the caller."""

import hashlib
import re
import sys
from functools import cached_property
from pathlib import Path

from importer.audit_events import AuditEvent
from importer.base import Base
from importer.coordinates import Place
from importer.messages import about_files, about_sizes
from importer.platforms.memory import return_large_blocks
from importer.spreadsheet.read.data_file import json_lines_grid, parquet_grid
from importer.spreadsheet.read.delimited_text import Decoded, decode, read_text
from importer.spreadsheet.read.encrypted import decrypt, is_encrypted
from importer.spreadsheet.read.engines import Workbook
from importer.spreadsheet.read.file_type import FileKind, find_kind, read_bytes
from importer.spreadsheet.read.limits import CELLS
from importer.spreadsheet.read.read_ahead import take_ahead
from importer.spreadsheet.write.base_sheet import BASE, is_base_sheet, read_base
from importer.spreadsheet.write.hidden_data import read_hidden
from importer.spreadsheet.write.metadata_sheet import RECORD, Record, read_record
from importer.spreadsheet.write.plan_workbook import KIND as PLAN_KIND
from importer.spreadsheet.write.plan_workbook import PLAN_RECORD, plan_name
from importer.spreadsheet.write.summary_sheet import NAMES, belongs_to
from importer.table import PLAN, RESULT, SUMMARY, TO_FIX, Oddity, Sheet, Source
from importer.text import fold

_LARGE_BYTES = 32 << 20
"""A file of so many bytes has arrays whose memory is worth more than the time to ask for it anew."""
_NEXT_PLAN = re.compile(rf"{PLAN} \d+")
"""The sheets on which the lines of a plan go on that are more than a sheet has rows."""
_NEXT_RECORD = re.compile(rf"{PLAN_RECORD} \d+")


class Book:
    """An open file: its sheets by name, each as a grid. What is no workbook has one sheet without a name.

    `called` is what the person calls it, where it is a copy of theirs. With `sheet`, no file is read: the cells came
    from elsewhere, and `path` is but their name.
    Raises: Unreadable, naming the file, why, and what to do.
    """

    def __init__(
        self, path: Path, encoding: str | None = None, called: str = "", *, sheet: Sheet | None = None
    ) -> None:
        self.path = path
        self._called = called
        self._workbook: Workbook | None = None
        self._grids: dict[str | None, Sheet] = {}
        self.encodings: tuple[str, ...] = ()
        """Of a text file that does not tell its encoding those that it may be in, the one that was taken first."""
        if sheet is not None:
            self.sha256 = digest_cells(sheet)
            self._grids[None] = sheet
            return
        sys.audit(AuditEvent.BEFORE_OPEN)
        opened = take_ahead(path)
        if opened is not None:
            self.sha256, self._workbook = opened
            sys.audit(AuditEvent.AFTER_OPEN)
            return
        data = read_bytes(path)
        if len(data) > _LARGE_BYTES:
            return_large_blocks()
        self.sha256 = hashlib.sha256(data).hexdigest()
        if is_encrypted(data):
            data = decrypt(path, data)
        kind = find_kind(path, data)
        if kind is FileKind.TEXT:
            text = decode(path, data, encoding)
            del data  # of a long list, its bytes and its text take more than its cells
            self._grids[None], self.encodings = _text_grid(path, text), text.encodings
        elif kind is FileKind.JSON_LINES:
            self._grids[None] = json_lines_grid(path, data)
        elif kind is FileKind.PARQUET:
            self._grids[None] = parquet_grid(path, data)
        else:
            self._workbook = Workbook(path.name, data, kind)
        sys.audit(AuditEvent.AFTER_OPEN)

    def settle_encoding(self, encoding: str) -> None:
        """Take the one of the likely encodings for which something else speaks.

        Raises: Unreadable.
        """
        data = read_bytes(self.path)
        if hashlib.sha256(data).hexdigest() == self.sha256:
            text = decode(self.path, data, likely=encoding)
            self._grids[None], self.encodings = _text_grid(self.path, text), text.encodings

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets; empty for what is no workbook."""
        return self._workbook.sheets if self._workbook else ()

    @property
    def candidates(self) -> tuple[str | None, ...]:
        """The sheets in which a list may stand when nobody names one.

        A result workbook offers only its sheet `To fix`, and a plan workbook only its sheet `Plan`: the other
        rows are settled, or for reading. One that has the person's own sheets offers those.
        """
        if self._workbook is None:
            return (None,)
        if self.record is None and self.is_result:
            return (TO_FIX,)
        if self.is_plan:
            return tuple(sheet for sheet in self.sheets if sheet == PLAN or _NEXT_PLAN.fullmatch(sheet))
        ours = set(self.record.names.values()) if self.record else set()
        ours |= set(self.base_sheets)
        theirs = tuple(sheet for sheet in self.sheets if sheet not in ours)
        return tuple(sheet for sheet in theirs if sheet not in self._workbook.hidden) or theirs

    @cached_property
    def record(self) -> Record | None:
        """What a result workbook with the person's own sheets knows of itself; None for any other file."""
        kept = [sheet for sheet in self.sheets if sheet.startswith(RECORD)]
        return next((record for sheet in kept if (record := read_record(self.grid(sheet)))), None)

    @cached_property
    def base_sheets(self) -> tuple[str, ...]:
        """The names of the sheets in which the workbook carries what an account held when we wrote it."""
        return tuple(sheet for sheet in self.sheets if sheet.startswith(BASE) and is_base_sheet(self.grid(sheet)))

    @cached_property
    def _bases(self) -> tuple[Base | None, ...]:
        return tuple(read_base(self.grid(sheet)) for sheet in self.base_sheets)

    def our_sheet(self, name: str) -> str:
        """What our sheet `Result`, `To fix` or `Summary` is called here."""
        return self.record.names.get(name, name) if self.record else name

    def is_own_sheet(self, sheet: str | None) -> bool:
        """Whether a sheet is one that we wrote, and not the person's own."""
        if self.record is not None:
            return sheet in self.record.names.values()
        return self.is_result or self.is_plan or self.is_staged_result

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the hidden sheets, other than those that carry a base."""
        hidden = self._workbook.hidden if self._workbook else frozenset[str]()
        return tuple(sheet for sheet in self.sheets if sheet in hidden and sheet not in self.base_sheets)

    @property
    def is_result(self) -> bool:
        """Whether this is a workbook that a run wrote."""
        return {self.our_sheet(name) for name in (RESULT, TO_FIX, SUMMARY)} <= set(self.sheets)

    @cached_property
    def is_staged_result(self) -> bool:
        """Whether this is the result of a run of several tables, which has a sheet to fix for each of them."""
        if self.record is not None or SUMMARY not in self.sheets or self.is_result:
            return False
        return any(sheet.startswith(f"{RESULT} ") for sheet in self.sheets) and bool(belongs_to(self.grid(SUMMARY)))

    @property
    def goes_by_names(self) -> bool:
        """Whether this is such a result, of tables that went by names."""
        return self.is_staged_result and belongs_to(self.grid(SUMMARY)).get("goes_by") == NAMES

    @property
    def is_plan(self) -> bool:
        """Whether this is a workbook that `plan` wrote."""
        if self.record is not None or not {PLAN, SUMMARY} <= set(self.sheets):
            return self.is_staged_plan
        return PLAN_RECORD in self.sheets or bool(belongs_to(self.grid(SUMMARY)))

    @cached_property
    def is_staged_plan(self) -> bool:
        """Whether this is the plan of a run of several tables, which has a sheet for each of them."""
        if self.record is not None or SUMMARY not in self.sheets or PLAN in self.sheets:
            return False
        there = any(sheet.startswith(f"{PLAN} ") for sheet in self.sheets)
        return there and bool(belongs_to(self.grid(SUMMARY)))

    @cached_property
    def plan_records(self) -> tuple[bytes, ...]:
        """What a plan keeps of what the lines of each of its tables ask for; none where that is missing, or was
        changed.
        """
        kept = [sheet for sheet in self.sheets if sheet == PLAN_RECORD or _NEXT_RECORD.fullmatch(sheet)]
        read = [read_hidden(self.grid(sheet), PLAN_KIND) for sheet in kept]
        return tuple(each for each in read if each is not None) if None not in read else ()

    def plan_sheets(self, title: str) -> tuple[str, ...]:
        """The sheets with the lines of one table of a plan."""
        return tuple(sheet for sheet in self.sheets if re.fullmatch(rf"{re.escape(plan_name(title))}( \d+)?", sheet))

    def spelled(self, sheet: str) -> str:
        """The name of a sheet as the workbook spells it: Excel takes no notice of case, and a Mac writes an accent as a
        character of its own. A name that fits no sheet, or several, is left as it is.
        """
        alike = [each for each in self.sheets if fold(each) == fold(sheet)]
        return alike[0] if len(alike) == 1 and sheet not in self.sheets else sheet

    def grid(self, sheet: str | None) -> Sheet:
        """The sheet of this name as text.

        Raises: Unreadable when there is none of this name, with the names there are.
        """
        if self._workbook is None:
            if sheet is not None:
                raise about_files.has_no_sheets(self.path.name)
            return self._grids[None]
        if sheet not in self.sheets:
            raise about_files.no_such_sheet(self.path.name, sheet, self.sheets)
        if sheet not in self._grids:
            grid = self._workbook.grid(sheet)
            if sum(len(each.columns) * each.height for each in (grid, *self._grids.values())) > CELLS:
                raise about_sizes.sheets_too_large(self.path.name, CELLS)
            self._grids[sheet] = grid
        return self._grids[sheet]

    def colored_blanks(self, sheet: str | None) -> frozenset[Place]:
        """The cells of a sheet that have a color and no value, where the format of the file tells."""
        if self._workbook is None or sheet is None:
            return frozenset()
        grid = self.grid(sheet)
        return self._workbook.colored_blanks(sheet, grid.height, len(grid.columns))

    def source(self, sheet: str | None) -> Source:
        """Where this sheet comes from, with the account and endpoint of a plan or a result workbook."""
        is_ours = self.is_result or self.is_plan or self.is_staged_result
        belongs = belongs_to(self.grid(self.our_sheet(SUMMARY))) if is_ours else {}
        account, endpoint = (
            belongs.get("account"),
            None if self.is_staged_result or self.is_staged_plan else belongs.get("endpoint"),
        )
        bases = tuple(base for base in self._bases if base is not None)
        return Source(
            self.path,
            self.sha256,
            sheet,
            account,
            endpoint,
            copy_name=self._called,
            bases=bases,
            has_damaged_base=len(bases) < len(self._bases),
        )


def digest_cells(sheet: Sheet) -> str:
    """The SHA-256 of the texts of a sheet."""
    return hashlib.sha256("\x1e".join("\x1f".join(column) for column in sheet.columns).encode()).hexdigest()


def _text_grid(path: Path, text: Decoded) -> Sheet:
    """The cells of a text file."""
    read = read_text(path, text)
    odd = {**dict.fromkeys(read.longer, Oddity.SURPLUS), **dict.fromkeys(read.misquoted, Oddity.QUOTATION)}
    oddities = {(row, at): oddity for row, oddity in odd.items() for at in range(len(read.columns))}
    return Sheet(read.columns, oddities, notes=read.notes)
