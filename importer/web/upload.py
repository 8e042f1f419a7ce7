"""A file that was dropped on the page: how it is read, what is wrong with it, what it would change. Holds no rule.

Everything is asked of the core, in the order of the command line; the file lies in a private folder of this start.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from importer import pipeline
from importer.errors import Ambiguous
from importer.layouts.matrix_layout import MatrixOptions
from importer.messages import about_account, about_files, about_plans
from importer.model import Problem
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write.corrected_file import write_retyped
from importer.spreadsheet.write.safe_text import LONGEST, begin
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.run_context import RunContext
from importer.table import Place, Sheet, address
from importer.validation.level import parse_scale
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable
from importer.web.background_job import Standing, Work
from importer.web.problem_grid import Marks
from importer.web.sending import Begun

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

    def asked(self) -> pipeline.ReadOptions:
        """The same for the core.

        Raises: Usage for words for levels that cannot be.
        """
        told = MatrixOptions(self.header_row, self.people_column, self.skill_columns)
        return pipeline.ReadOptions(self.meant, self.sheets, told, parse_scale(self.levels) if self.levels else None)


@dataclass(frozen=True)
class Planned:
    """What a file would change, as it is shown before anything is sent.

    `name` is new for every plan: what a person says yes to is what they saw. `after` is the last run that the account
    `to` had had.
    """

    ready: pipeline.PreparedRun
    mode: str
    all_or_nothing: bool
    after: str | None
    to: pipeline.Access
    accidents: tuple[Anomaly, ...] = ()
    name: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True, kw_only=True)
class Read(Standing):
    """How far a file is. `path` is where it lies, as it was mended last; `to` the account that was asked for its names.

    `mends` are the texts that were written into cells since.
    """

    path: Path
    choices: Choices = field(default_factory=Choices)
    to: pipeline.Access | None = None
    book: Book | None = None
    draft: ParsedTable | None = None
    checked: CheckedTable | None = None
    planned: Planned | None = None
    mends: Mapping[Spot, str] = field(default_factory=dict)
    mended: int = 0
    """How many cells were mended before the file was read."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem in the file, in sheet order."""
        return self.checked.problems if self.checked else ()

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

    @staticmethod
    def aliases(to: pipeline.Access | None) -> pipeline.Aliases | None:
        """Where the choices of what names mean are kept: a workbook for each account, beside the journal."""
        if to is None:
            return None
        name = hashlib.sha256(to.account.key.encode()).hexdigest()[:16]
        return pipeline.Aliases(to.connection.settings.folder / "aliases" / name / "aliases.xlsx")

    def read(self, to: pipeline.Access | None, choices: Choices) -> bool:
        """Open the file and check every cell, behind the page; whether that begins now."""

        def step(before: Read) -> Read:
            return self._read(replace(before, choices=choices), to)

        return self.start(f"Reading {self.called}", step)

    def read_mended(self, to: pipeline.Access | None, folder: Path) -> bool:
        """Write the file with its mended cells into a folder, and check that; whether that begins now."""
        return self.start(f"Checking {self.called} again", lambda before: self._read_mended(before, to, folder))

    def _read_mended(self, before: Read, to: pipeline.Access | None, folder: Path) -> Read:
        texts: dict[str | None, dict[Place, str]] = {}
        for (sheet, row, column), text in before.mends.items():
            texts.setdefault(sheet, {})[row, column] = text
        path = write_retyped(before.path, folder, texts, before.choices.encoding)
        mended = replace(before, path=path, choices=replace(before.choices, encoding=None))
        return self._read(replace(mended, mended=before.mended + len(before.mends), mends={}), to)

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

    def _read(self, before: Read, to: pipeline.Access | None) -> Read:
        """The file read and checked; how far that is stands in `now` meanwhile."""
        fresh = Read(
            number=before.number,
            doing=before.doing,
            path=before.path,
            choices=before.choices,
            to=to,
            mends=before.mends,
            mended=before.mended,
        )
        self.now = fresh
        fresh = replace(fresh, book=Book(before.path, before.choices.encoding, self.called))
        self.now = fresh  # where it can go no further, the sheet is shown all the same
        fresh = replace(fresh, draft=_read(fresh.book, before.choices))
        self.now = fresh
        return replace(fresh, checked=_check(fresh.draft, to, self.aliases(to)))

    def plan(self, to: pipeline.Access, mode: str, folder: Path, *, all_or_nothing: bool) -> bool:
        """Compare the file with the account, behind the page; whether that begins now. Sends no write.

        Where cells were mended since it was read, it is written with them into the folder first.
        """

        def step(before: Read) -> Read:
            if before.mends:
                before = self._read_mended(before, to, folder)
            if before.draft is None:
                raise about_plans.file_not_read()
            after, own = last_run(to), pipeline.clone_access(to)
            _make_room(before.draft, self.aliases(to))
            checked, ready = pipeline.prepare(pipeline.check_for(before.draft, own, self.aliases(to)), own, mode)
            accidents = pipeline.check_anomalies(ready, checked, pipeline.last_input_on_disk(ready))
            planned = Planned(ready, mode, all_or_nothing, after, to, accidents)
            return replace(before, to=to, checked=checked, planned=planned)

        return self.start(f"Comparing {self.called} with the account", step)


def _is_in(grid: Sheet, row: int, column: int) -> bool:
    return 1 <= row <= grid.height and 0 <= column < len(grid.columns)


def _read(book: Book | None, choices: Choices) -> ParsedTable:
    opened: Future[Book] = Future()
    if book is not None:
        opened.set_result(book)
    return pipeline.read(pipeline.Reading(opened, choices.asked(), match_names=choices.match_names))


def _check(
    draft: ParsedTable | None, to: pipeline.Access | None, aliases: pipeline.Aliases | None
) -> CheckedTable | None:
    if draft is None:
        return None
    if pipeline.asks_account(draft) and to is None:
        raise about_account.names_need_an_account()
    if to is None or not pipeline.names_something(draft):
        return pipeline.check(draft, None)
    _make_room(draft, aliases)
    return pipeline.check(draft, pipeline.clone_access(to).client, aliases)


def _make_room(draft: ParsedTable, aliases: pipeline.Aliases | None) -> None:
    """Make the folder of the choices, where there will be some."""
    if aliases is not None and pipeline.names_something(draft):
        aliases.path.parent.mkdir(parents=True, exist_ok=True)


def last_run(to: pipeline.Access) -> str | None:
    """The last run of an account, by the journal."""
    with pipeline.open_journal(to.connection.settings) as journal:
        return next((run.id for run in journal.runs() if run.account == to.account.key), None)


def begin_planned(planned: Planned, has_problems: Callable[[], bool]) -> Callable[[RunContext], Begun]:
    """What begins the run that a person has said yes to, once nobody else writes to the account."""

    def begin(means: RunContext) -> Begun:
        settle_stopped(means)
        latest = next((run.id for run in means.journal.runs() if run.account == means.account.key), None)
        if latest != planned.after:
            raise about_plans.account_has_changed()
        guarded = planned.all_or_nothing and has_problems()
        ready = planned.ready if guarded else pipeline.record_accepted(planned.ready, planned.accidents)
        return Begun(pipeline.begin(ready, means), sends=bool(ready.writes) and not guarded)

    return begin


def settle_stopped(means: RunContext) -> None:
    """Find out what every run of this account did that stopped with a request in flight.

    Raises: Guarded when it cannot be found out, or when it was: what is planned was planned without knowing it.
    """
    stopped = pipeline.unsettled(means)
    for run in stopped:
        pipeline.settle(means, run)
    if stopped:
        raise about_plans.earlier_run_settled()
