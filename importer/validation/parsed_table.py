"""A table's cells as values: what could be read, what could not, and which names are to be looked up.

Knows the table and its columns; knows no account, and no rule that needs two cells.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from importer.endpoints.declare import ACTION, NOT_HELD, REMOVE, Directory, Field, Kind, NameColumn
from importer.endpoints.header import has_kind
from importer.endpoints.name_columns import within
from importer.errors import Ambiguous
from importer.messages import about_cells
from importer.model import CellRef, Problem
from importer.table import EXAMPLE, Oddity, Table
from importer.text import bare_address, fold
from importer.text_frame import categorical
from importer.validation.cell import CellError, is_nothing, is_removal, oddity_error, to_value
from importer.validation.level import NUMBERS, Level, LevelScale, excel_date_error
from importer.validation.level_words import is_no_value

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags: TypeAlias = npt.NDArray[np.bool_]
    Codes: TypeAlias = npt.NDArray[np.integer[Any]]

_EXAMPLE_ROWS = 50
"""A template's example stands right below its header."""
_SHOWN = 5
_WITH_ADDRESSES = frozenset({Directory.EMAILS, Directory.PEOPLE, Directory.MEMBERS})
"""Where people enter e-mail addresses."""


@dataclass(frozen=True, slots=True)
class LevelText:
    """A text in the place of a level, what it was read as, and in how many cells it stands."""

    text: str
    read: Level | CellError
    count: int


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What a table's cells say.

    Shapes: `values` has a typed, nullable column for each field of the endpoint and for `action` (Int64, or string),
    missing where nothing is said or could be read; a level that is the word `remove` is an action, and so is one that
    says that the person does not have the skill (`NOT_HELD`). `names` has the
    folded texts of each column of names, empty where blank. Both are indexed by `CellRef`, as the table's frame is,
    without a template's examples. `ticked` are the records whose level is a tick. `errors` are the cells that could
    not be read.
    """

    table: Table
    values: pd.DataFrame
    names: pd.DataFrame
    errors: tuple[Problem, ...]
    notes: tuple[str, ...]
    ticked: frozenset[CellRef] = frozenset()
    zeros: frozenset[CellRef] = frozenset()
    """The records of a person's own sheet whose level is 0."""
    is_zero_told: bool = False
    """Whether somebody has told what 0 means."""
    level_texts: tuple[LevelText, ...] = ()
    """The different texts in the place of levels."""
    outline: "ParsedTable | None" = None
    """The same of a matrix's rows and columns without a filled cell."""
    level_question: Ambiguous | None = None
    """What a person must say of the texts in the place of levels before the table can be loaded."""

    @property
    def refs(self) -> list[CellRef]:
        """The references of the records, in their order."""
        return list(map(CellRef, self.values.index.to_list()))

    def texts(self, name: str) -> list[str]:
        """What stands in this column of the sheet, record by record, as typed."""
        texts: list[str] = self.table.frame[name].loc[self.values.index].to_list()
        return texts

    def refs_at(self, rows: "Flags") -> list[CellRef]:
        """The references of the records for which this is true."""
        return list(map(CellRef, self.values.index[rows].to_list()))


def problem_at(table: Table, ref: CellRef, name: str | None, error: CellError) -> Problem:
    """The error as a problem of this record, at its cell in the column of this name."""
    location = table.location(ref, name)
    return Problem(
        error.code,
        error.sentence,
        error.remedies,
        row=location.row,
        cell=None if name is None else location.cell,
        column=None if name is None else table.header_over(ref, name),
        value=None if name is None else table.text(ref, name),
        sheet=location.sheet,
        ref=ref,
    )


def parse_cells(table: Table, *, match_names: bool = False, scale: LevelScale = NUMBERS) -> ParsedTable:
    """Every cell of a used column as a value or an error; each distinct text is read once.

    `match_names` leaves ids aside where a column tells the same field by name.
    """
    frame, notes = _without_examples(table)
    outlined = None if table.outline is None else replace(table, frame=table.outline, outline=None)
    parser = _Parser(table, frame)
    values: dict[str, Any] = {}
    names: dict[str, Any] = {}
    errors = [*_surplus(table, frame), *_untrusted_lines(table, frame)]
    levels: _Levels | None = None
    for name, column in table.used.items():
        if isinstance(column, NameColumn):
            errors.extend(parser.oddity_errors(name).values())
            names[name] = parser.names(name, column)
        elif column.kind in (Kind.HINT, Kind.LAST_NAME):
            continue
        elif column.kind is Kind.LEVEL:
            levels = parser.levels(name, scale)
            values[column.name] = levels.values
            errors.extend(levels.errors)
            notes.extend((*parser.blank_notes(name, column), *levels.notes))
        elif column.kind is Kind.ACTION:
            values[column.name], found = parser.actions(name, column)
            errors.extend(found)
        elif not (match_names and _is_named(table, column)):
            values[column.name], found = parser.values(name, column)
            errors.extend(found)
            notes.extend(parser.blank_notes(name, column))
    typed = {
        field.name: values.get(field.name, _untold(field, len(frame))) for field in (*table.endpoint.fields, ACTION)
    }
    if levels is not None:
        typed[ACTION.name] = levels.act_on(typed[ACTION.name])
    return ParsedTable(
        table,
        pd.DataFrame(typed, index=frame.index, copy=False),
        pd.DataFrame(names, index=frame.index, copy=False),
        tuple(errors),
        (*table.notes, *notes),
        levels.ticked if levels else frozenset(),
        levels.zeros if levels and not _is_of_ours(table) else frozenset(),
        scale.tells_zero,
        levels.texts if levels else (),
        None if outlined is None else parse_cells(outlined, match_names=match_names, scale=scale),
    )


@dataclass(frozen=True, slots=True)
class _Levels:
    """What a column of levels holds: its values, which cells take a record away, say that somebody does not have it or
    are ticks, and how it was read.
    """

    values: Any
    removals: "Flags"
    not_held: "Flags"
    ticked: frozenset[CellRef]
    zeros: frozenset[CellRef]
    errors: list[Problem]
    notes: list[str]
    texts: tuple[LevelText, ...]

    def act_on(self, actions: Any) -> Any:
        """The actions of the records, with those that their levels ask for."""
        for flags, action in ((self.removals, REMOVE), (self.not_held, NOT_HELD)):
            if flags.any():
                actions = pd.array(np.where(flags & actions.isna(), action, actions), dtype="string")
        return actions


_OF_WHOLE_LINES = frozenset({Oddity.QUOTATION, Oddity.SURPLUS})
"""What is wrong with all cells of a line."""


class _Parser:
    """The columns of one table while their cells are read."""

    def __init__(self, table: Table, frame: pd.DataFrame) -> None:
        self._table = table
        self._frame = frame

    def _distinct(self, name: str) -> tuple["Codes", list[str]]:
        """For each record the number of its text in the column, and the distinct texts by number."""
        texts = self._frame[name].array
        return texts.codes, texts.categories.to_list()

    def levels(self, name: str, scale: LevelScale) -> _Levels:
        """A column of levels."""
        codes, texts = self._distinct(name)
        count = np.bincount(codes[~self._odd_rows(name)], minlength=len(texts)).tolist()
        scale = scale.with_phrases_of(dict(zip(texts, count, strict=True)))
        read = [scale.read(text) for text in texts]
        values, errors = self._typed(name, codes, [_level_of(each) for each in read])
        is_removal_text = np.array([is_removal(text) for text in texts], dtype=bool)
        ticks = np.array([isinstance(each, Level) and each.is_tick for each in read], dtype=bool)
        not_held = np.array([isinstance(each, Level) and each.is_not_held for each in read], dtype=bool)
        zeros = np.array([isinstance(each, Level) and each.value == 0 for each in read], dtype=bool)
        index = self._frame.index
        return _Levels(
            values,
            is_removal_text[codes],
            not_held[codes] & ~self._odd_rows(name),
            frozenset(map(CellRef, index[ticks[codes]].to_list())) if ticks.any() else frozenset(),
            frozenset(map(CellRef, index[zeros[codes]].to_list())) if zeros.any() else frozenset(),
            errors,
            _conversion_notes(texts, read, count),
            tuple(
                LevelText(text.strip(), each, cells)
                for text, each, cells in zip(texts, read, count, strict=True)
                if cells
            ),
        )

    def actions(self, name: str, field: Field) -> tuple[Any, list[Problem]]:
        """A column that says whether each record shall be there: a tick, "no", or the word that takes it away."""
        codes, texts = self._distinct(name)
        read = [_action_of(NUMBERS.read(text), text, field, is_zero_no=self._table.is_matrix) for text in texts]
        return self._typed(name, codes, read, is_text=True)

    def values(self, name: str, field: Field) -> tuple[Any, list[Problem]]:
        """A column of ids or choices, and the errors of its cells."""
        codes, texts = self._distinct(name)
        read = [to_value(text, field) for text in texts]
        return self._typed(name, codes, read, is_text=field.kind is not Kind.ID)

    def _typed(
        self, name: str, codes: "Codes", read: Sequence[int | str | CellError | None], *, is_text: bool = False
    ) -> tuple[Any, list[Problem]]:
        """The column as a typed array, missing where a cell cannot be read, and the errors of such cells."""
        odd = self._odd_rows(name)
        wrong = np.array([isinstance(each, CellError) for each in read], dtype=bool)
        absent = (np.array([each is None for each in read], dtype=bool) | wrong)[codes] | odd
        problems: list[Problem] = []
        if wrong.any() or odd.any():
            by_ref = self.oddity_errors(name)
            refs, numbers = self._frame.index.to_list(), codes.tolist()
            for at in np.flatnonzero(wrong[codes] | odd).tolist():
                ref, error = CellRef(refs[at]), read[numbers[at]]
                problem = by_ref.get(ref)
                if problem is None and isinstance(error, CellError):
                    problem = problem_at(self._table, ref, name, error)
                if problem is not None:
                    problems.append(problem)
        if is_text:
            values = np.array([each if isinstance(each, str) else "" for each in read], dtype=object)[codes]
            values[absent] = None
            return pd.array(values, dtype="string"), problems
        numbers_ = np.array([each if isinstance(each, int) else 0 for each in read], dtype=np.int64)
        return pd.arrays.IntegerArray(numbers_[codes], absent), problems

    def names(self, name: str, column: NameColumn) -> Any:
        """A column of names, folded; skills with their category in front, which tells namesakes apart; e-mail addresses
        without what mail programs put around them.
        """
        codes, texts = self._whole_names(name) if column.directory is Directory.PEOPLE else self._distinct(name)
        plain = bare_address if column.directory in _WITH_ADDRESSES else str
        folded = np.array(["" if is_nothing(text) else plain(fold(text)) for text in texts], dtype=object)[codes]
        hint = self._table.of_kind(Kind.HINT)
        if hint is not None and column.directory is Directory.SKILLS:
            over_codes, over = self._distinct(hint)
            categories = np.array(["" if is_nothing(text) else fold(text) for text in over], dtype=object)[over_codes]
            pairs = {pair: within(*pair) for pair in set(zip(categories, folded, strict=True))}
            folded = np.array([pairs[pair] for pair in zip(categories, folded, strict=True)], dtype=object)
        folded[self._odd_rows(name)] = ""
        return categorical(folded.tolist())

    def _whole_names(self, name: str) -> tuple["Codes", list[str]]:
        """As `_distinct`, with the last names where those have a column of their own."""
        codes, texts = self._distinct(name)
        last_name = self._table.of_kind(Kind.LAST_NAME)
        if last_name is None:
            return codes, texts
        last_codes, last = self._distinct(last_name)
        pairs = list(zip(codes.tolist(), last_codes.tolist(), strict=True))
        number = {pair: at for at, pair in enumerate(dict.fromkeys(pairs))}
        whole = [" ".join(filter(None, (texts[first], last[second]))) for first, second in number]
        return np.array([number[pair] for pair in pairs], dtype=np.int64), whole

    def _odd_rows(self, name: str) -> "Flags":
        """Which records' cells in this column hold something else than their text."""
        items = self._table.oddities.items()
        odd = [ref for (ref, column), oddity in items if column == name and oddity not in _OF_WHOLE_LINES]
        return self._frame.index.isin(odd) if odd else np.zeros(len(self._frame), dtype=bool)

    def oddity_errors(self, name: str) -> dict[CellRef, Problem]:
        """A problem for each cell of this column that holds something else than its text."""
        table, column = self._table, self._table.used[name]
        is_level = has_kind(column, Kind.LEVEL)
        here = [
            (ref, oddity)
            for (ref, other), oddity in table.oddities.items()
            if other == name and oddity not in _OF_WHOLE_LINES
        ]
        known = set(self._frame.index.to_list()) if here else set()
        return {
            ref: problem_at(table, ref, name, _oddity_error(oddity, table.text(ref, name), is_level=is_level))
            for ref, oddity in here
            if ref in known
        }

    def blank_notes(self, name: str, field: Field) -> Iterator[str]:
        """What people write for "nothing here" and we read as blank, with its cells."""
        codes, texts = self._distinct(name)
        nothing = np.array([bool(text) and (is_nothing(text) or is_no_value(text)) for text in texts], dtype=bool)
        if field.required or not nothing.any():
            return
        rows = np.flatnonzero(nothing[codes])
        words = {texts[code] for code in codes[rows].tolist()}
        refs = map(CellRef, self._frame.index[rows].to_list())
        if words:
            yield read_as_blank(words, [str(self._table.location(ref, name).cell) for ref in refs])


def is_own_matrix(table: Table) -> bool:
    """Whether this is a matrix of a person's own, in which 0 can mean two things."""
    return table.is_matrix and not _is_of_ours(table)


def _is_of_ours(table: Table) -> bool:
    """Whether this comes from an export, a template or a result of ours: only these tell people (and in a list, skills)
    by ids.
    """
    ids = ("user_id",) if table.is_matrix else table.endpoint.key
    return all(name in table.used for name in ids)


def _action_of(read: Level | CellError, text: str, field: Field, *, is_zero_no: bool) -> str | CellError | None:
    if isinstance(read, Level) and (read.is_not_held or (is_zero_no and read.value == 0)):
        return NOT_HELD
    if isinstance(read, Level) and (read.is_tick or read.value == 1):
        return None
    value = to_value(text, field)
    return value if isinstance(value, CellError) or value is None else str(value)


def _level_of(read: Level | CellError) -> int | CellError | None:
    return read if isinstance(read, CellError) else read.value


def _oddity_error(oddity: Oddity, text: str, *, is_level: bool) -> CellError:
    return excel_date_error(text) if is_level and oddity is Oddity.DATE else oddity_error(oddity, text)


def _conversion_notes(texts: Sequence[str], read: Sequence[Level | CellError], counts: Sequence[int]) -> list[str]:
    """How levels were read that are not simply numbers, with the number of their cells."""
    converted = [
        (level.value, text, count)
        for text, level, count in zip(texts, read, counts, strict=True)
        if isinstance(level, Level) and level.is_converted and count
    ]
    converted.sort(key=lambda each: (each[0] or 0, each[1]))
    return [f'"{text.strip()}" was read as {level} in {_cells(count)}.' for level, text, count in converted]


def _missing(field: Field, length: int) -> Any:
    """A column of this field's type in which nothing is said."""
    if field.kind in (Kind.CHOICE, Kind.TEXT, Kind.ACTION):
        return pd.array([None], dtype="string").repeat(length)
    return pd.arrays.IntegerArray(np.zeros(length, dtype=np.int64), np.ones(length, dtype=bool))


def _untold(field: Field, length: int) -> Any:
    """A column of this field's type where the sheet has none: what is assumed, or nothing."""
    return pd.array([field.assumed], dtype="string").repeat(length) if field.assumed else _missing(field, length)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _without_examples(table: Table) -> tuple[pd.DataFrame, list[str]]:
    frame = table.frame
    if frame.empty:
        return frame, []
    likely = frame.head(_EXAMPLE_ROWS)
    rows = zip(likely.index.to_list(), likely.itertuples(index=False), strict=True)
    examples = [ref for ref, cells in rows if _is_example(cells)]
    if not examples:
        return frame, []
    shown = " and ".join(str(CellRef(ref).row) for ref in examples)
    return frame.drop(index=examples), [f"Row {shown} is the template's example and was left out."]


def _is_example(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return bool(filled) and all(text.startswith(EXAMPLE) for text in filled)


def read_as_blank(words: Collection[str], cells: Sequence[str], sheet: str | None = None) -> str:
    """Which words were taken for nothing, and in which cells, for a person."""
    more = f" and {len(cells) - _SHOWN:,} more" if len(cells) > _SHOWN else ""
    said = " and ".join(f'"{word.strip()}"' for word in sorted(words))
    was = "was" if len(words) == 1 else "were"
    where = f' of sheet "{sheet}"' if sheet else ""
    return f"{said} {was} read as blank in {', '.join(cells[:_SHOWN])}{more}{where}."


def _is_named(table: Table, field: Field) -> bool:
    return any(isinstance(column, NameColumn) for _, column in table.telling(field.name))


def _surplus(table: Table, frame: pd.DataFrame) -> Iterator[Problem]:
    """Rows of a text file with more cells than the header: a comma in a text has pushed the rest to the right."""
    headed = [at for at, column in enumerate(table.columns) if column.header.strip()]
    if table.source.sheet is not None or not headed or headed[-1] == len(table.columns) - 1:
        return
    beyond = table.names[headed[-1] + 1 :]
    filled = np.logical_or.reduce([(frame[name] != "").to_numpy() for name in beyond])
    for ref in map(CellRef, frame.index[filled].to_list()):
        last = max(at for at, name in enumerate(table.names) if name in beyond and table.text(ref, name))
        first = next(name for name in beyond if table.text(ref, name))
        yield problem_at(table, ref, first, about_cells.too_many_cells(last + 1, headed[-1] + 1))


def _untrusted_lines(table: Table, frame: pd.DataFrame) -> Iterator[Problem]:
    """Lines of a text file whose cells cannot be told apart, or may be shifted: one problem for each record of them."""
    odd = {ref: oddity for (ref, _), oddity in table.oddities.items() if oddity in _OF_WHOLE_LINES}
    known = set(frame.index.to_list()) if odd else set()
    for ref, oddity in odd.items():
        if ref in known:
            yield problem_at(table, ref, None, oddity_error(oddity, ""))
