"""A file that a person chose on the page: how it is read, its problems, what it would change. Holds no rule.

Each step is one of the Python API, in the order of the command line; the file lies in a private folder.
"""

import hashlib
import secrets
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path

import importer
from importer import (
    Account,
    Ambiguous,
    Book,
    CellPosition,
    CheckResult,
    ColumnRole,
    ImporterError,
    InputTable,
    Problem,
    ProblemGroup,
    ProblemKind,
    ReadingChoices,
    SheetColumns,
)
from importer.messages import about_edits, about_plans, about_program
from importer.private_files import make_folder
from importer.web.background_job import BackgroundJob, JobState
from importer.web.edit_history import EditHistory, EditStep, Texts
from importer.web.plan_preview import PlanChoices, PlanPreview
from importer.web.sheet_view import SheetView


@dataclass(frozen=True, kw_only=True)
class UploadState(JobState):
    """What is known of a file. `path` is where it lies, with the edits that were checked; `account` the one in which
    its names were looked up. `edits` are the texts that a person wrote into cells since the last check.
    """

    path: Path
    choices: ReadingChoices = field(default_factory=ReadingChoices)
    account: Account | None = None
    book: Book | None = None
    table: InputTable | None = None
    check: CheckResult | None = None
    preview: PlanPreview | None = None
    readings: int = 0
    """How often it was read and checked; what was chosen on the page of an earlier reading counts for nothing."""
    kinds: tuple[ProblemKind, ...] = ()
    """Its problems, grouped by kind and value."""
    edits: Texts = field(default_factory=dict)
    history: EditHistory = field(default_factory=EditHistory)
    is_without_levels: bool = False
    """Whether a person said that the list has no levels, although a column holds some."""
    plan_choices: PlanChoices | None = None
    """What was chosen for the last comparison, if there was one."""
    sent: str = ""
    """The name of the plan that a person said yes to, until there is another one."""
    checked_edits: int = 0
    """How many cells were edited before the last check."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem in the file, in sheet order."""
        return self.check.problem_list if self.check else ()

    @property
    def is_matrix(self) -> bool:
        """Whether the file is read as a matrix, or is to be."""
        return self.choices.endpoint == importer.MATRIX if self.table is None else self.table.layout == "matrix"

    @property
    def candidates(self) -> list[str | None]:
        """The sheets that were chosen, or else those in which a list may stand."""
        if self.book is None:
            return []
        chosen: list[str | None] = [each for each in self.choices.sheets if each in self.book.sheets]
        return chosen or list(self.book.candidates)

    @property
    def groups(self) -> list[ProblemGroup]:
        """The groups of problems by their numbers."""
        return sorted((group for kind in self.kinds for group in kind.groups), key=attrgetter("number"))

    @property
    def header_rows(self) -> dict[str | None, int]:
        """The sheets that the page shows, each with the row of its header; 0 where none is known."""
        if self.table is None:
            return dict.fromkeys(self.candidates, self.choices.header_row or 0)
        rows = {each.sheet: each.header_row for each in self.table.parts}
        return rows | {each.sheet: 1 for each in self.problems if each.sheet not in rows}

    def text(self, position: CellPosition) -> str:
        """What stands in a cell, as it was edited.

        Raises: Usage when there is no such cell.
        """
        sheet, row, column = position
        kept = self.edits.get(position)
        if kept is not None:
            return kept
        if self.book is None:
            raise about_edits.no_such_cell(importer.cell_address(row, column))
        importer.check_edit(self.book, position, "")
        return self.book.grid(sheet).columns[column][row - 1]

    def with_texts(self, texts: Texts, history: EditHistory) -> "UploadState":
        """The same with these texts in its cells.

        Raises: Usage when there is no such cell, or a text is too long for it.
        """
        edits = {at: text for at, text in self.edits.items() if at not in texts}
        for position, text in texts.items():
            if self.book is None:
                raise about_edits.no_such_cell(importer.cell_address(*position[1:]))
            importer.check_edit(self.book, position, text)
            sheet, row, column = position
            if self.book.grid(sheet).columns[column][row - 1] != text:
                edits[position] = text
        return replace(self, edits=edits, history=history, preview=None, sent="")

    @property
    def question(self) -> Ambiguous | None:
        """The question with its answers, or the words of which it asks, where a file can be read in several ways."""
        error = self.error
        return error if isinstance(error, Ambiguous) and (error.answers or error.words) else None


class Upload(BackgroundJob[UploadState]):
    """One file of one person; its page goes by its id. `name` is the name that the person gave it."""

    def __init__(self, workers: Executor, path: Path) -> None:
        super().__init__(workers, UploadState(path=path))
        self.id = secrets.token_hex(8)
        self.name = path.name
        self._columns: tuple[int, SheetColumns | None] | None = None
        self._views: dict[str | None, tuple[int, SheetView]] = {}
        self._folders = [path.parent]

    @property
    def folders(self) -> list[Path]:
        """Where our copies of it lie."""
        return list(self._folders)

    def cancelled(self, before: UploadState) -> UploadState:
        """As it was; a file that has not been read at all says so, and stays with the account that it was read for."""
        if before.check is not None or before.error is not None:
            return before
        return replace(before, account=self.state.account, error=about_program.reading_cancelled(self.name))

    def read(self, account: Account | None, choices: ReadingChoices) -> bool:
        """Open the file and check every cell, behind the page; whether that begins now."""
        return self.start(f"Reading {self.name}", lambda before: self._read(replace(before, choices=choices), account))

    def read_for(self, account: Account | None) -> None:
        """Read the file again, behind the page, where it was read for another account."""
        state = self.state
        if not state.is_busy and state.account is not account:
            self.read(account, state.choices)

    @property
    def columns(self) -> SheetColumns | None:
        """Which column of its one sheet is what; None where it is not one sheet, or not read."""
        state = self.state
        if self._columns is None or self._columns[0] != state.readings:
            columns = None if state.book is None else importer.read_columns(state.book, state.table, state.choices)
            self._columns = (state.readings, columns)
        return self._columns[1]

    @property
    def unused_levels(self) -> tuple[ColumnRole, ...]:
        """The columns that hold levels and would be passed by, as no column is the level and nobody has said so."""
        columns = self.columns
        return () if columns is None or self.state.is_without_levels else columns.unused_levels

    @property
    def may_go_on(self) -> bool:
        """Whether nothing is left that a person must say before the problems are shown."""
        return self.state.check is not None and not self.unused_levels

    def view(self, sheet: str | None) -> SheetView | None:
        """A sheet as the page shows it; None while there is none of this name."""
        state = self.state
        known = self._views.get(sheet)
        if known is not None and known[0] == state.readings:
            return known[1]
        if state.book is None or sheet not in state.header_rows:
            return None
        try:
            grid = state.book.grid(sheet)
        except ImporterError:
            return None
        frozen = state.table.row_heading(sheet) if state.table else 0
        view = SheetView(sheet, grid, state.header_rows[sheet], frozen, state.groups)
        kept = {name: each for name, each in self._views.items() if each[0] == state.readings}
        self._views = {**kept, sheet: (state.readings, view)}
        return view

    def check_edits(self, account: Account | None, folder: Path) -> bool:
        """Write the file with its edits into a folder, and check that; whether that begins now."""
        self._folders.append(folder)
        return self.start(f"Checking {self.name} again", lambda before: self._check_edits(before, account, folder))

    def edit(self, texts: Texts) -> bool:
        """Keep texts that a person entered into cells until the next check, as one step; whether that was possible.

        Raises: Usage when there is no such cell, or a text is too long for it.
        """

        def step(before: UploadState) -> UploadState:
            was = {at: before.text(at) for at in texts}
            after = {at: text for at, text in texts.items() if text != was[at]}
            if not after:
                return before
            taken = EditStep({at: was[at] for at in after}, after)
            return before.with_texts(after, before.history.with_step(taken))

        return self.change(step)

    def undo_edit(self) -> bool:
        """Take the latest step back; whether that was possible."""
        return self.change(lambda before: before.with_texts(*before.history.undo()))

    def redo_edit(self) -> bool:
        """Take a step again that was taken back; whether that was possible."""
        return self.change(lambda before: before.with_texts(*before.history.redo()))

    def plan(self, account: Account, choices: PlanChoices, folder: Path) -> bool:
        """Compare the file with the account, behind the page; whether that begins now. Sends no write.

        Where cells were edited since the last check, the file is written with them into the folder first.
        """
        self._folders.append(folder)

        def step(before: UploadState) -> UploadState:
            before = replace(before, plan_choices=choices, preview=None, sent="")
            self.show(before)
            if before.edits:
                before = self._check_edits(before, account, folder)
            if before.table is None:
                raise about_plans.file_not_read()
            if unused := self.unused_levels:
                raise about_plans.levels_not_mapped([column.header for column in unused])
            _make_alias_folder(before.table)
            self.show(before)
            plan = account.plan(before.table, mode=choices.mode, on_conflict=choices.on_conflict)
            preview = PlanPreview(plan, choices, plan.list_changes())
            after = before if plan.check is None else _with_check(before, before.table, plan.check)
            return replace(after, account=account, preview=preview)

        return self.start(f"Comparing {self.name} with the account", step)

    def _check_edits(self, before: UploadState, account: Account | None, folder: Path) -> UploadState:
        taken = before.book.encodings[:1] if before.book else ()
        path = importer.write_edited(before.path, folder, before.edits, next(iter(taken), before.choices.encoding))
        choices, count = replace(before.choices, encoding=None), before.checked_edits + len(before.edits)
        if before.book and path.suffix != before.path.suffix:  # Excel may not take what its sheets were called
            old: tuple[str | None, ...] = before.book.sheets or (None,)
            names = dict(zip(old, Book(path).sheets, strict=False))
            choices = replace(choices, sheets=tuple(names.get(each, each) for each in choices.sheets))
            before = replace(before, history=before.history.renamed(names))
        return self._read(replace(before, path=path, choices=choices, edits={}, checked_edits=count), account)

    def _read(self, before: UploadState, account: Account | None) -> UploadState:
        """The file, read and checked; `state` shows each step, so that a page shows the sheet even where one fails."""
        state = replace(before, error=None, account=account, book=None, table=None, check=None, kinds=(), preview=None)
        state = replace(state, readings=state.readings + 1, sent="")
        self.show(state)
        book = Book(before.path, before.choices.encoding, self.name)
        state = replace(state, book=book)
        self.show(state)
        table = before.choices.read(book, aliases_of(account), account)
        state = replace(state, table=table)
        self.show(state)
        return _with_check(state, table, _check(table, account))


def _with_check(state: UploadState, table: InputTable, check: CheckResult) -> UploadState:
    kinds = importer.group_problems(table, check)
    return replace(state, check=check, kinds=kinds, readings=state.readings + 1)


def _check(table: InputTable, account: Account | None) -> CheckResult:
    if account is None:
        return importer.check(table)
    _make_alias_folder(table)
    return account.check(table)


def aliases_of(account: Account | None) -> Path | None:
    """Where the choices of what names mean are kept: a workbook for each account, beside the journal.

    Raises: Denied, Unreachable while the account says whose it is.
    """
    if account is None:
        return None
    name = hashlib.sha256(account.owner.key.encode()).hexdigest()[:16]
    return account.folder / "aliases" / name / "aliases.xlsx"


def _make_alias_folder(table: InputTable) -> None:
    """Make the folder of the choices, where there will be some."""
    if table.aliases is not None and (table.has_names or table.answers):
        make_folder(table.aliases.path.parent)
