"""A table that was read, and what a check found in it: what `read` and `Account.check` give. Knows no account."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

import pandas as pd

from importer import endpoints, pipeline
from importer.endpoints.header import column_header
from importer.endpoints.skill_categories import SKILL_CATEGORIES
from importer.errors import LevelWord, Unreadable
from importer.kantata.connection import Access
from importer.layouts.account_names import NO_ACCOUNT
from importer.layouts.matrix_finder import MatrixOptions
from importer.layouts.read_options import ReadOptions
from importer.messages import about_account, about_columns, about_files, about_migrations
from importer.pipeline.account_book import account_sheets
from importer.pipeline.alias_memory import Aliases, known_answers
from importer.pipeline.alias_memory import beside as aliases_beside
from importer.pipeline.check_result import CheckResult
from importer.pipeline.creation import NOTHING, PER_PERSON, Creation
from importer.pipeline.data_frames import counts_html, counts_text, table_frame
from importer.pipeline.directory_names import DirectoryNames
from importer.pipeline.known_encoding import settle_encoding
from importer.pipeline.level_meanings import level_words
from importer.pipeline.merge_sources import is_exported_list
from importer.pipeline.open_questions import read_or_ask
from importer.pipeline.plan_file import PlanFile, parsed_lines, read_plan_files
from importer.pipeline.remembered import Recall, Sheets, given, headings_of, recall, sheets_in, used_levels
from importer.pipeline.remembered import in_words as answers_in_words
from importer.platforms.open_files import is_open_elsewhere
from importer.remedies import Advice
from importer.set_aside import MAY_BE_KNOWN, SetAside
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.read.data_frame import open_frame
from importer.spreadsheet.write.alias_workbook import Answer
from importer.table import Part
from importer.validation.level import NUMBERS, parse_scale
from importer.validation.names import names_needed, needs_account
from importer.validation.parsed_table import ParsedTable, is_own_matrix


class ReadingOptions(TypedDict, total=False):
    """How a spreadsheet is to be read, where it does not say so itself; the words are those of the command line."""

    sheets: Sequence[str]
    """The sheets to load; several make one table."""
    header_row: int | None
    """The row with the headers, as Excel counts rows; the names of a DataFrame's columns are row 1."""
    layout: str | None
    """How the sheet is laid out: one of `importer.layout_names()`, such as `list`, `matrix` or `transposed`."""
    columns: Mapping[str, str]
    """The column of a field, by its header or letter: `{"level": "Points"}`; `none` for none of them."""
    person: str | None
    """Whose skills a sheet lists that does not say so."""
    skill: str | None
    """Which skill a sheet is about that does not say so."""
    fill_down: bool
    """A blank cell below a name means the same person, or the same skill."""
    people_column: str | None
    """The column of a matrix that says who, by its header or letter."""
    skill_columns: Sequence[str]
    """The columns of a matrix to load, by their headers or letters."""
    levels: str | None
    """What words mean: `Beginner=1,...,Expert=5`."""
    encoding: str | None
    """The encoding of a text file."""
    match_names: bool
    """Go by names and e-mails, and leave ids aside."""
    aliases: str | Path | None
    """The workbook of what names mean and of earlier answers. Of a file it is `aliases.xlsx` beside it, if none is
    named.
    """
    no_aliases: bool
    """Neither read nor write such a workbook."""
    create_missing: str | Sequence[str]
    """What is made first where names lack it in the account: `skills`, `groups`, `organizations`, several, or `all`."""
    new_names: Sequence[str]
    """Names that are new, although the account has something of nearly that name."""
    new_skill_category: str | None
    """The category of new skills of which the sheet tells none."""
    new_skill_levels: str | None
    """Whether new skills of which the sheet does not tell it have levels: `5`, or `1` for none."""
    limits: Mapping[str, int]
    """How many the account takes, where that is not what is documented: `{"skills": 6000}`; of `skills`,
    `organizations` or `skills-per-person`.
    """
    name: str
    """What a DataFrame is called in messages and in the history; without a name it is named by its content."""


@dataclass(frozen=True)
class InputTable:
    """A table as it was read: its cells, before anything is looked up in an account."""

    parsed: ParsedTable
    index: pd.Index | None = None
    """The index of the DataFrame that was given; None for a file."""
    aliases: Aliases | None = None
    answers: tuple[Answer, ...] = ()
    """What was said on how it is read, for the alias workbook."""
    plan: PlanFile | None = None
    """What it asks for, where it is the workbook of a plan."""
    creation: Creation = NOTHING
    """What may be made first, and what was said of it."""
    reopen: Callable[[Callable[[], Access]], "InputTable"] | None = None
    """Reads it again with an account, where it was read without one and an account may know more of its names."""

    def __repr__(self) -> str:
        units = counts_text({self.parsed.table.units: len(self.parsed.values)})
        return f"<InputTable {self.name}: {self.endpoint}, a {self.layout}, {units}>"

    @property
    def name(self) -> str:
        """The file's name, or what the DataFrame is called."""
        return self.parsed.table.source.name

    @property
    def is_exported(self) -> bool:
        """Whether it tells what an account held when it was written."""
        table = self.parsed.table
        return self.plan is None and (bool(table.source.bases) or is_exported_list(table))

    @property
    def endpoint(self) -> str:
        """What can be loaded from it: `skill-memberships`."""
        return self.parsed.table.endpoint.name

    @property
    def layout(self) -> str:
        """`list`, one record a row; or `matrix`, people down and skills across."""
        return self.parsed.table.layout

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sheets of which it was made, each with the row of its header."""
        return self.parsed.table.parts

    @property
    def level_words(self) -> tuple[LevelWord, ...]:
        """The texts in the place of levels of which a person may say which level they are, those without one first."""
        return level_words(self.parsed)

    def sample(self, rows: int) -> tuple[list[str], list[list[str]]]:
        """The first records as they would be loaded: their headings, and the texts below them."""
        table = self.parsed.table
        names, written = list(table.used), table.parts[0].headers
        return [written.get(name, "").strip() or table.header(name) for name in names], table.frame[names].head(
            rows
        ).astype(str).to_numpy().tolist()

    def row_heading(self, sheet: str | None) -> int:
        """The column (from 0) of a sheet that says whom, or else what, each of its rows is about."""
        cells = self.parsed.table
        part = next((each for each in cells.parts if each.sheet == sheet), None)
        if part is None:
            return 0
        who = [name for field in ("user_id", "member_id") for name, _ in cells.telling(field)]
        places = (part.columns.get(name) for name in (*who, *cells.used))
        return next((at for at in places if at is not None and at >= 0), 0)

    @property
    def has_names(self) -> bool:
        """Whether any cell names a person or a thing, so that an account could be asked who that is."""
        return bool(names_needed(self.parsed))

    @property
    def frame(self) -> pd.DataFrame:
        """Its cells as text, a column for each that is used, by the name under which it is declared.

        Shapes: a row for each row of a list that is not blank, or for each filled cell of a matrix; a blank is "". The
        index is that of the DataFrame that was given; of a file it is the row (or of a matrix the cell).
        """
        return table_frame(self.parsed, self.index)

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What of its sheets is neither header nor part of a record, each with its place, its text and the reason."""
        return self.parsed.table.set_aside

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing of how it was read, as sentences."""
        return self.parsed.notes

    def _repr_html_(self) -> str:
        """The table in a notebook: what it is, how many rows or cells it has."""
        counts = {self.parsed.table.units: len(self.parsed.values)}
        return counts_html(f"{self.name}: {self.endpoint}, a {self.layout}", counts, self.notes)


Source = str | Path | Book | pd.DataFrame | InputTable
"""What can be checked and planned: a file by its path or opened, a DataFrame, or a table that was read."""


def read(
    source: str | Path | Book | pd.DataFrame, endpoint: str | None = None, **options: Unpack[ReadingOptions]
) -> InputTable:
    """Read a spreadsheet or a DataFrame; asks no account, and sends nothing. `Account.read` asks the account where the
    shape of a sheet leaves something open.

    A DataFrame's column names are the headers, and its index is kept to label what is said of its rows: it is not
    read. Ids may be integers of any kind or text; a float that is a whole number counts as one; None, NaN and NA are
    blank. `endpoint` is what it is a list of, or `skill-matrix`; left out, it is found from headers and cells.
    Raises: Unreadable, naming the file, why, and what to do; Ambiguous, with the choices; Usage for an option that
    cannot be.
    """
    return read_with(None, source, endpoint, options)


def read_with(
    access: Callable[[], Access] | None,
    source: str | Path | Book | pd.DataFrame,
    endpoint: str | None,
    options: ReadingOptions,
) -> InputTable:
    """As `read`; `access` opens an account, for what the shape of a sheet leaves open and for what is remembered."""
    aliases, said = options.get("aliases"), options
    if isinstance(source, pd.DataFrame):
        options = {"header_row": 1, **options}
        book, index = open_frame(source, options.get("name", "")), source.index
        memory = Aliases(Path(aliases), is_named=True) if aliases else None
    else:
        book = source if isinstance(source, Book) else Book(Path(source), options.get("encoding"))
        index, memory = None, aliases_beside(book.path, Path(aliases) if aliases else None)
        if options.get("sheets"):
            options = {**options, "sheets": [book.spelled(each) for each in options["sheets"]]}
    if options.get("no_aliases", False):
        memory = None
    if book.is_plan and not options.get("sheets"):
        plan = read_plan_files(book)[0]
        return InputTable(parsed_lines(plan), plan=plan, creation=_creation(options))
    names = DirectoryNames(lambda: access().directory, memory.path if memory else None) if access else NO_ACCOUNT
    settle_encoding(book, names)
    match_names = options.get("match_names", False)
    known, notes = _recall(book, memory, access, options)
    try:
        read_as = partial(pipeline.read, book, match_names=match_names, names=names)
        parsed = read_or_ask(read_as, to_read_options(endpoint, options, known))
    except Unreadable as error:
        if known.used and memory:
            error.also(*about_files.without_answers(memory.path.name, answers_in_words(known.used)))
        raise error.also(*map(Advice, notes)) from None
    if index is None and is_open_elsewhere(book.path):
        notes = (about_files.open_elsewhere(book.path.name), *notes)
    used = (*known.used, *used_levels(known.unknown, ((each.text, each.read) for each in parsed.level_texts)))
    if used and memory:
        notes = (*notes, about_files.answers_used(memory.path.name, answers_in_words(used)))
    parsed = dataclasses.replace(parsed, notes=(*notes, *parsed.notes))
    is_open = access is None and (
        any(each.reason in MAY_BE_KNOWN for each in parsed.table.set_aside) or bool(known_answers(memory).answers)
    )
    again = book if index is None else source
    reopen = (lambda opened: read_with(opened, again, endpoint, said)) if is_open else None
    return InputTable(parsed, index, memory, _answers(book, parsed, said), creation=_creation(options), reopen=reopen)


def read_all(
    access: Callable[[], Access] | None,
    sources: Sequence[str | Path | Book | pd.DataFrame],
    endpoint: str | None,
    options: ReadingOptions,
) -> list[InputTable]:
    """The tables of several files; of the workbook of a whole account, each of its lists.

    Raises: as `read`.
    """
    tables: list[InputTable] = []
    for source in sources:
        is_whole = not (endpoint or options.get("sheets") or options.get("layout"))
        if isinstance(source, pd.DataFrame) or not is_whole:
            tables.append(read_with(access, source, endpoint, options))
            continue
        book = source if isinstance(source, Book) else Book(Path(source), options.get("encoding"))
        if book.is_staged_plan:
            tables += [InputTable(parsed_lines(plan), plan=plan) for plan in read_plan_files(book)]
            continue
        lists = account_sheets(book)
        if book.goes_by_names:
            options = {**options, "match_names": True}
        for each in lists:
            table = read_with(access, book, each.endpoint, {**options, "sheets": each.sheets})
            # Which sheets these are we found ourselves: no person has said it, and it is not to be remembered as said.
            tables.append(dataclasses.replace(table, answers=_answers(book, table.parsed, options)))
        if not lists:
            tables.append(read_with(access, book, endpoint, options))
    return tables


def _creation(options: ReadingOptions) -> Creation:
    """What may be made first.

    Raises: Usage for what is no kind of thing, no category or no limit.
    """
    things = [each.name for each in endpoints.load_all() if each.are_things]
    asked = options.get("create_missing", ())
    words = [asked] if isinstance(asked, str) else asked
    for word in words:
        if word not in (*things, _ALL):
            raise about_migrations.no_such_thing(word, [*things, _ALL])
    category = options.get("new_skill_category")
    if category is not None and category not in SKILL_CATEGORIES:
        raise about_migrations.no_such_category(category, SKILL_CATEGORIES)
    for name in options.get("limits", {}):
        if name not in (*things, PER_PERSON):
            raise about_migrations.no_such_limit(name, [*things, PER_PERSON])
    return Creation(
        frozenset(things if _ALL in words else words),
        tuple(options.get("new_names", ())),
        category,
        options.get("new_skill_levels"),
        options.get("limits", {}),
    )


_ALL = "all"
"""Every kind of thing."""
_HEADINGS_WITHIN = 100
"""Rows in which the headings of a sheet are looked for that was read before."""


def _recall(
    book: Book, memory: Aliases | None, access: Callable[[], Access] | None, options: ReadingOptions
) -> tuple[Recall, tuple[str, ...]]:
    """What of the remembered answers is used for a file, and a note if it should be and cannot. It is nothing without
    an account, and for a file of ours, which tells itself how it was read.
    """
    nothing = Recall(options)
    known = known_answers(memory) if access and not _is_ours(book) else None
    if access is None or known is None or not known.answers:
        return nothing, ()
    wanted = options.get("sheets", ())
    hidden = (name for name in book.sheets if name in sheets_in(known.answers))
    sheets = [name for name in dict.fromkeys((*book.candidates, *hidden)) if not wanted or name in wanted]
    grids = {name: book.grid(name) for name in sheets}
    texts = (text for grid in grids.values() for column in grid.columns for text in frozenset(column))
    rows = {name: grid.head(_HEADINGS_WITHIN) for name, grid in grids.items()}
    found = recall(known.answers, options, Sheets(book.path.name, rows, texts))
    why_not = known.why_not(lambda: access().account) if found.used or found.unknown.words else None
    return (nothing, (why_not,)) if why_not else (found, ())


def _is_ours(book: Book) -> bool:
    """Whether this is a result or a plan, which knows itself how it is read."""
    return book.record is not None or book.is_result or book.is_plan


def _answers(book: Book, parsed: ParsedTable, options: ReadingOptions) -> tuple[Answer, ...]:
    """What was said on how a file is read, with its headings."""
    if _is_ours(book):
        return ()
    part = parsed.table.parts[0]
    rows = book.grid(part.sheet).head(part.header_row)
    headings = headings_of(rows[part.header_row - 1]) if 0 < part.header_row <= len(rows) else ""
    return given(options, headings, book.path.name, is_own_matrix=is_own_matrix(parsed.table))


def check(source: Source, endpoint: str | None = None, **options: Unpack[ReadingOptions]) -> CheckResult:
    """Find the mistakes in a file, a table or a DataFrame without an account: names and ids are not compared.

    Raises: as `read`; Denied when names must be looked up, for which there is `Account.check`.
    """
    table = to_table(source, endpoint, options)
    if table.plan is not None:
        return CheckResult(table.plan.checked)
    if needs_account(table.parsed):
        raise about_account.names_need_an_account()
    return CheckResult(pipeline.check(table.parsed), table.index, is_offline=True)


def to_read_options(endpoint: str | None, given_options: ReadingOptions, known: Recall) -> ReadOptions:
    """The options as the layouts take them, with what is remembered.

    Raises: Usage for words for levels that cannot be.
    """
    options, levels = known.options, given_options.get("levels")
    told = (parse_scale(levels) if levels else NUMBERS).over(known.told)
    matrix = MatrixOptions(
        options.get("header_row"), options.get("people_column"), tuple(options.get("skill_columns", ()))
    )
    _check_fields(options.get("columns", {}))
    return ReadOptions(
        endpoint,
        tuple(options.get("sheets", ())),
        matrix,
        scale=told if told.words else None,
        layout=options.get("layout"),
        columns=options.get("columns", {}),
        person=options.get("person"),
        skill=options.get("skill"),
        fill_down=options.get("fill_down", False),
        remembered=known.unknown,
    )


def _check_fields(columns: Mapping[str, str]) -> None:
    """Raises: Usage where a column is told for a field that no endpoint has."""
    if columns:
        fields = {column_header(column): None for each in endpoints.load_all() for column in each.columns()}
        for field in columns:
            if field not in fields:
                raise about_columns.no_such_field(field, list(fields))


def to_table(
    source: Source,
    endpoint: str | None,
    options: ReadingOptions,
    access: Callable[[], Access] | None = None,
) -> InputTable:
    """What is to be checked, read if it was not.

    Raises: as `read`.
    """
    if isinstance(source, InputTable):
        return source if access is None or source.reopen is None else source.reopen(access)
    return read_with(access, source, endpoint, options)
