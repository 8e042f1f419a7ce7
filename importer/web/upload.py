"""A file that was dropped on the page: how it is read, what is wrong with it, what it would change. Holds no rule.

Everything is asked of the core, in the order of the command line; the file lies in a private folder of this start.
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
    CheckResult,
    Event,
    InputTable,
    Problem,
    RunPlan,
    RunReport,
)
from importer.messages import about_files, about_plans
from importer.spreadsheet.write.corrected_file import write_retyped
from importer.spreadsheet.write.safe_text import LONGEST, begin
from importer.table import Place, Sheet, address
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable
from importer.web.background_job import Standing, Work
from importer.web.problem_grid import Marks

Spot = tuple[str | None, int, int]
"""A cell: its sheet, its row (from 1) and its column (from 0)."""


@dataclass(frozen=True)
class Choices:
    """How a person says that the file is to be read, where they say anything; the words are those of the options."""

    meant: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    people_column: str | None = None
    skill_columns: tuple[str, ...] = ()
    levels: str | None = None
    encoding: str | None = None
    match_names: bool = False

    def read(self, book: Book, aliases: Path | None) -> InputTable:
        """The file as it is to be read; `aliases` is the workbook of what names mean.

        Raises: Unreadable, Ambiguous; Usage for words for levels that cannot be.
        """
        return importer.read(
            book,
            self.meant,
            sheets=self.sheets,
            header_row=self.header_row,
            people_column=self.people_column,
            skill_columns=self.skill_columns,
            levels=self.levels,
            match_names=self.match_names,
            aliases=aliases,
        )


@dataclass(frozen=True)
class Planned:
    """What a file would change, as it is shown before anything is sent.

    `name` is new for every plan: what a person says yes to is what they saw.
    """

    plan: RunPlan
    mode: str
    all_or_nothing: bool
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def is_held_back(self) -> bool:
        """Whether nothing is to be sent, as a row has a problem."""
        return self.plan.holds_back(all_or_nothing=self.all_or_nothing)

    def run(self, on_event: Callable[[Event], None]) -> RunReport:
        """Send it, once a person has said yes to all that was shown: as it was shown, or not at all.

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
class Read(Standing):
    """How far a file is. `path` is where it lies, as it was mended last; `account` was asked for its names.

    `mends` are the texts that were written into cells since.
    """

    path: Path
    choices: Choices = field(default_factory=Choices)
    account: Account | None = None
    book: Book | None = None
    table: InputTable | None = None
    check: CheckResult | None = None
    planned: Planned | None = None
    mends: Mapping[Spot, str] = field(default_factory=dict)
    mended: int = 0
    """How many cells were mended before the file was read."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem in the file, in sheet order."""
        return self.check.problem_list if self.check else ()

    @property
    def parsed(self) -> ParsedTable | None:
        """The cells of its table."""
        return self.table.parsed if self.table else None

    @property
    def checked(self) -> CheckedTable | None:
        """The verdict on each of its rows."""
        return self.check.checked if self.check else None

    @cached_property
    def marks(self) -> Marks:
        """The problems by their cells."""
        return Marks(self.problems)

    @property
    def between(self) -> Ambiguous | None:
        """What a person is to choose between, where the file can be read in more ways than one."""
        return self.failed if isinstance(self.failed, Ambiguous) and self.failed.choices else None


class Upload(Work[Read]):
    """One file of one person; its page goes by its name."""

    def __init__(self, workers: Executor, path: Path) -> None:
        super().__init__(workers, Read(path=path))
        self.id = secrets.token_hex(8)
        self.called = path.name
        """What the person calls the file."""

    def read(self, account: Account | None, choices: Choices) -> bool:
        """Open the file and check every cell, behind the page; whether that begins now."""

        def step(before: Read) -> Read:
            return self._read(replace(before, choices=choices), account)

        return self.start(f"Reading {self.called}", step)

    def read_mended(self, account: Account | None, folder: Path) -> bool:
        """Write the file with its mended cells into a folder, and check that; whether that begins now."""
        return self.start(f"Checking {self.called} again", lambda before: self._read_mended(before, account, folder))

    def _read_mended(self, before: Read, account: Account | None, folder: Path) -> Read:
        texts: dict[str | None, dict[Place, str]] = {}
        for (sheet, row, column), text in before.mends.items():
            texts.setdefault(sheet, {})[row, column] = text
        path = write_retyped(before.path, folder, texts, before.choices.encoding)
        mended = replace(before, path=path, choices=replace(before.choices, encoding=None))
        return self._read(replace(mended, mended=before.mended + len(before.mends), mends={}), account)

    def mend(self, spot: Spot, text: str) -> bool:
        """Keep what was written into a cell until the file is checked again; whether that could be kept.

        Raises: Usage when there is no such cell, or it does not take so much.
        """
        sheet, row, column = spot

        def step(before: Read) -> Read:
            if before.book is None or not _is_in(before.book.grid(sheet), row, column):
                raise about_files.no_such_cell(address(row, column))
            if begin(text, LONGEST) != text:
                raise about_files.too_long_for_a_cell(LONGEST)
            mends = {at: kept for at, kept in before.mends.items() if at != spot}
            if before.book.grid(sheet).columns[column][row - 1] != text:
                mends[spot] = text
            return replace(before, mends=mends, planned=None)

        return self.change(step)

    def _read(self, before: Read, account: Account | None) -> Read:
        """The file read and checked; how far that is stands in `now` meanwhile."""
        fresh = Read(
            number=before.number,
            doing=before.doing,
            path=before.path,
            choices=before.choices,
            account=account,
            mends=before.mends,
            mended=before.mended,
        )
        self.now = fresh
        book = Book(before.path, before.choices.encoding, self.called)
        fresh = replace(fresh, book=book)
        self.now = fresh  # where it can go no further, the sheet is shown all the same
        fresh = replace(fresh, table=before.choices.read(book, aliases_of(account)))
        self.now = fresh
        return replace(fresh, check=_check(fresh.table, account))

    def plan(self, account: Account, mode: str, folder: Path, *, all_or_nothing: bool) -> bool:
        """Compare the file with the account, behind the page; whether that begins now. Sends no write.

        Where cells were mended since it was read, it is written with them into the folder first.
        """

        def step(before: Read) -> Read:
            if before.mends:
                before = self._read_mended(before, account, folder)
            if before.table is None:
                raise about_plans.file_not_read()
            _make_room(before.table)
            plan = account.plan(before.table, mode=mode)
            return replace(before, account=account, check=plan.check, planned=Planned(plan, mode, all_or_nothing))

        return self.start(f"Comparing {self.called} with the account", step)


def _is_in(grid: Sheet, row: int, column: int) -> bool:
    return 1 <= row <= grid.height and 0 <= column < len(grid.columns)


def _check(table: InputTable | None, account: Account | None) -> CheckResult | None:
    if table is None:
        return None
    if account is None:
        return importer.check(table)
    _make_room(table)
    return account.check(table)


def aliases_of(account: Account | None) -> Path | None:
    """Where the choices of what names mean are kept: a workbook for each account, beside the journal.

    Raises: Denied, Unreachable while the account is asked whose it is.
    """
    if account is None:
        return None
    name = hashlib.sha256(account.owner.key.encode()).hexdigest()[:16]
    return account.folder / "aliases" / name / "aliases.xlsx"


def _make_room(table: InputTable) -> None:
    """Make the folder of the choices, where there will be some."""
    if table.aliases is not None and table.has_names:
        table.aliases.path.parent.mkdir(parents=True, exist_ok=True)
