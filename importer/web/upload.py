"""A file that a person chose on the page: how it is read, its problems, what it would change. Holds no rule.

Each step is one of the Python API, in the order of the command line; the file lies in a private folder.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import importer
from importer import (
    Account,
    Ambiguous,
    Book,
    CellPosition,
    CheckResult,
    Event,
    InputTable,
    Problem,
    ReadingChoices,
    RunPlan,
    RunReport,
)
from importer.messages import about_files, about_plans
from importer.web.background_job import BackgroundJob, JobState
from importer.web.problem_grid import ProblemIndex


@dataclass(frozen=True)
class PlanPreview:
    """What a file would change, as a person sees it before anything is sent.

    `name` is new for every plan: a person says yes to the one that they saw.
    """

    plan: RunPlan
    mode: str
    all_or_nothing: bool
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def is_held_back(self) -> bool:
        """Whether nothing is to be sent because a row has a problem."""
        return self.plan.holds_back(all_or_nothing=self.all_or_nothing)

    def run(self, on_event: Callable[[Event], None]) -> RunReport:
        """Send the plan as a person saw it and said yes to it, or not at all.

        Raises: Guarded where the account was written to since; and as `RunPlan.apply`.
        """
        plan, account = self.plan, self.plan.account
        with account.lock(f"apply {plan.name}"):
            if account.recover_runs():
                raise about_plans.earlier_run_settled()
            if plan.is_stale():
                raise about_plans.account_has_changed()
            return plan.apply(
                max_removals=len(plan.removals),
                accept=[each.code.value for each in plan.anomalies],
                all_or_nothing=self.all_or_nothing,
                on_event=on_event,
            )


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
    edits: Mapping[CellPosition, str] = field(default_factory=dict)
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

    @cached_property
    def problem_index(self) -> ProblemIndex:
        """The problems by their cells."""
        return ProblemIndex(self.problems)

    @property
    def question(self) -> Ambiguous | None:
        """The question with its answers, where the file can be read in more ways than one."""
        return self.error if isinstance(self.error, Ambiguous) and self.error.answers else None


class Upload(BackgroundJob[UploadState]):
    """One file of one person; its page goes by its id. `name` is the name that the person gave it."""

    def __init__(self, workers: Executor, path: Path) -> None:
        super().__init__(workers, UploadState(path=path))
        self.id = secrets.token_hex(8)
        self.name = path.name

    def read(self, account: Account | None, choices: ReadingChoices) -> bool:
        """Open the file and check every cell, behind the page; whether that begins now."""
        return self.start(f"Reading {self.name}", lambda before: self._read(replace(before, choices=choices), account))

    def check_edits(self, account: Account | None, folder: Path) -> bool:
        """Write the file with its edits into a folder, and check that; whether that begins now."""
        return self.start(f"Checking {self.name} again", lambda before: self._check_edits(before, account, folder))

    def edit(self, position: CellPosition, text: str) -> bool:
        """Keep the text that a person wrote into a cell until the next check; whether that was possible.

        Raises: Usage when there is no such cell, or the text is too long for it.
        """
        sheet, row, column = position

        def step(before: UploadState) -> UploadState:
            if before.book is None:
                raise about_files.no_such_cell(importer.cell_address(row, column))
            importer.check_edit(before.book, position, text)
            edits = {at: kept for at, kept in before.edits.items() if at != position}
            if before.book.grid(sheet).columns[column][row - 1] != text:
                edits[position] = text
            return replace(before, edits=edits, preview=None)

        return self.change(step)

    def plan(
        self, account: Account, mode: str, folder: Path, *, all_or_nothing: bool, on_conflict: str = "keep"
    ) -> bool:
        """Compare the file with the account, behind the page; whether that begins now. Sends no write.

        Where cells were edited since the last check, the file is written with them into the folder first.
        """

        def step(before: UploadState) -> UploadState:
            if before.edits:
                before = self._check_edits(before, account, folder)
            if before.table is None:
                raise about_plans.file_not_read()
            _make_alias_folder(before.table)
            plan = account.plan(before.table, mode=mode, on_conflict=on_conflict)
            preview = PlanPreview(plan, mode, all_or_nothing)
            return replace(before, account=account, check=plan.check, preview=preview)

        return self.start(f"Comparing {self.name} with the account", step)

    def _check_edits(self, before: UploadState, account: Account | None, folder: Path) -> UploadState:
        taken = before.book.encodings[:1] if before.book else ()
        path = importer.write_edited(before.path, folder, before.edits, next(iter(taken), before.choices.encoding))
        choices, count = replace(before.choices, encoding=None), before.checked_edits + len(before.edits)
        return self._read(replace(before, path=path, choices=choices, edits={}, checked_edits=count), account)

    def _read(self, before: UploadState, account: Account | None) -> UploadState:
        """The file, read and checked; `state` shows each step, so that a page shows the sheet even where one fails."""
        state = replace(before, error=None, account=account, book=None, table=None, check=None, preview=None)
        self.state = state
        book = Book(before.path, before.choices.encoding, self.name)
        self.state = state = replace(state, book=book)
        table = before.choices.read(book, aliases_of(account), account)
        self.state = state = replace(state, table=table)
        return replace(state, check=_check(table, account))


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
        table.aliases.path.parent.mkdir(parents=True, exist_ok=True)
