"""Which lines below a header are records, and which are totals, remarks, or the header again. Knows no account."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from importer.coordinates import Place
from importer.endpoints.declare import NameColumn
from importer.endpoints.header import Column, Header, column_field
from importer.layouts import vocabulary
from importer.layouts.accounting import LeftOut, as_line
from importer.layouts.people_columns import is_people_heading
from importer.layouts.sheet_features import SheetFeatures, is_like_email, is_like_name
from importer.messages import about_sheets
from importer.set_aside import Reason
from importer.table import EXAMPLE, Sheet
from importer.text import fold

_FEWEST = 3
"""So many texts in a line are not mistyped levels, but headings."""
_LAST_ROWS = 20


@dataclass(frozen=True, slots=True)
class RowClasses:
    """The rows (from 1) of records, and for each other row below the header that is not blank why it was left out.

    `header_rows` belong to the header above them.
    """

    rows: tuple[int, ...]
    left_out: Mapping[int, LeftOut]
    header_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a matrix: who it says it is, what else stands before its levels, and its cells that are filled."""

    row: int
    who: str
    beside: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def label(self) -> str:
        """The text that names it."""
        return self.who or next(iter(self.beside), "")


@dataclass(frozen=True, slots=True)
class MatrixRows:
    """The rows below the header of a matrix, sorted out: `who` says for a row whose it is."""

    view: SheetFeatures
    header: int
    people: Sequence[int]
    skills: Mapping[int, str]
    who: Callable[[int], str]
    is_header_explicit: bool

    def sorted_out(self) -> RowClasses:
        """The rows with somebody's levels, and the others that are not blank.

        Raises: Ambiguous where a second table with a header of its own follows.
        """
        taken: list[int] = []
        left: dict[int, LeftOut] = {}
        header: list[int] = []
        decimals: list[int] = []  # an average stands below those that it sums up, and not between them
        looks = [self.view.looks[column] for column in self.skills]
        oddities = self.view.grid.oddities
        odd = {row for row, column in oddities if column in self.skills}
        for row, cells in enumerate(zip(*looks, strict=True), 1):
            if row <= self.header:
                continue
            places = tuple(
                (row, column)
                for column, look in zip(self.skills, cells, strict=True)
                if look is not None or (row in odd and (row, column) in oddities)
            )
            if not places:
                self._pass_over(row, left)
                continue
            line = _Line(row, self.who(row), self._beside(row), places)
            if False in cells and self._is_another_header(line):
                self._stop(row, left)
                break
            if self._is_of_the_header(line):
                header.append(row)
            elif why := self._why_left(line, has_texts=False in cells):
                left[row] = why
                decimals += [row] if self._has_only_decimals(line, why) else []
            else:
                taken.append(row)
        between = [row for row in decimals if taken and taken[0] < row < taken[-1]]
        rows = tuple(sorted((*taken, *between)))
        return RowClasses(rows, {row: why for row, why in left.items() if row not in between}, tuple(header))

    def _beside(self, row: int) -> tuple[str, ...]:
        before = (column for column in range(min(self.skills)) if column not in self.people)
        return tuple(text for column in before if (text := self.view.text(row, column)))

    def _pass_over(self, row: int, left: dict[int, LeftOut]) -> None:
        """A row without levels: blank, a team's name, a remark, or somebody who has none."""
        cells = [text for column in self.view.grid.columns if (text := column[row - 1].strip())]
        if cells:
            reason = Reason.LEGEND if row in self.view.legend_rows else Reason.NO_LEVELS
            left[row] = LeftOut(as_line(cells), reason)

    def _is_another_header(self, line: _Line) -> bool:
        """Whether this begins another table: headings of its own, over levels, and nobody's name before them."""
        if self._is_of_the_header(line) or self._is_the_header_again(line) or vocabulary.is_total(line.label):
            return False
        view, texts = self.view, [self.view.text(*place) for place in line.places]
        names = [fold(text) for text in texts if _may_be_heading(text) and view.is_like_level(text) is False]
        if len(names) * 2 <= len(texts) or len(set(names)) < len(names) or not self._has_levels(line.row):
            return False
        if line.who and self._come_again(line.row, names):
            return False
        is_unnamed = not line.who or is_people_heading(line.label)
        return is_unnamed or len(names) >= max(2, min(_FEWEST, len(self.skills)))

    def _come_again(self, row: int, names: Sequence[str]) -> bool:
        """Whether most of these stand in other rows below the header, too: words for levels do, headings do not."""
        view = self.view
        rows = (each for each in range(self.header + 1, view.height + 1) if each != row)
        elsewhere = {fold(view.text(each, column)) for each in rows for column in self.skills}
        return sum(name in elsewhere for name in names) * 2 > len(names)

    def _is_of_the_header(self, line: _Line) -> bool:
        """Whether a cell of this row and of the header above it are one."""
        merges = (self.view.merged.get((line.row, column)) for column in self.people)
        return any(merge is not None and merge.row <= self.header for merge in merges)

    def _is_the_header_again(self, line: _Line) -> bool:
        return all(fold(self.view.text(*place)) == fold(self.skills[place[1]]) for place in line.places)

    def _has_levels(self, below: int) -> bool:
        """Whether levels follow."""
        return any(self.view.counts(column, below)[0] for column in self.skills)

    def _stop(self, row: int, left: dict[int, LeftOut]) -> None:
        """Leave out what stands below a second header, where a person said which one counts.

        Raises: Ambiguous where nobody did.
        """
        if not self.is_header_explicit:
            question = about_sheets.second_header(row, self.header)
            rows = (self.header, row)
            raise question.offering("header_row", tuple(map(str, rows)), tuple(f"Row {each}" for each in rows))
        below = (each for each in range(row, self.view.height + 1) if self._is_filled(each))
        left |= dict.fromkeys(below, LeftOut(as_line(self.view.texts(row)), Reason.OTHER_TABLE))

    def _is_filled(self, row: int) -> bool:
        return any(column[row - 1].strip() for column in self.view.grid.columns)

    def _why_left(self, line: _Line, *, has_texts: bool) -> LeftOut | None:
        """Why a row with levels is nobody's; None if it may be somebody's."""
        label = " ".join(line.label.split())
        if line.label.startswith(EXAMPLE):
            return LeftOut(label, Reason.EXAMPLE)
        if has_texts and self._is_the_header_again(line):
            return LeftOut(label, Reason.HEADER_AGAIN)
        if vocabulary.is_note(line.label) and not _is_sum(line.label, self.view, line.places):
            return LeftOut(as_line(self.view.texts(line.row)), Reason.REMARK)
        is_number = self.view.is_like_level(line.who) is True and not any(map(str.isalpha, line.who))
        is_nobodys = not line.who and self.view.is_calculated(line.places)
        return self._total(line) or (
            LeftOut(as_line(self.view.texts(line.row)), Reason.NOBODY) if is_number or is_nobodys else None
        )

    def _has_only_decimals(self, line: _Line, why: LeftOut) -> bool:
        """Whether a row is taken for an average for its decimals alone, and not for its name or its formulas."""
        is_named = bool(why.text) and why.text == " ".join(line.who.split())
        is_sum = _is_sum(line.label, self.view, line.places) or self.view.is_summed(line.row)
        return why.reason is Reason.TOTAL and is_named and not is_sum

    def _total(self, line: _Line) -> LeftOut | None:
        """The row as a total, an average or a goal, if it is one."""
        beside = next(filter(vocabulary.is_total, line.beside), None)
        is_sum = _is_sum(line.label, self.view, line.places)
        if not is_sum and beside is not None:
            return LeftOut(beside, Reason.TOTAL)
        is_average = line.row in self.view.averages and not is_like_email(line.who)
        return LeftOut(" ".join(line.label.split()), Reason.TOTAL) if is_sum or is_average else None


def _may_be_heading(text: str) -> bool:
    return is_like_name(text) and not vocabulary.is_subheading(text) and not any(map(str.isdigit, text))


def _is_sum(label: str, view: SheetFeatures, places: Sequence[Place]) -> bool:
    """Whether the line that this names is a sum, an average or a goal."""
    if vocabulary.is_total(label):
        return not vocabulary.may_be_name(label) or view.is_calculated(places)
    return vocabulary.may_be_total(label) and view.is_calculated(places)


def list_lines(grid: Sheet, header: Header) -> dict[int, LeftOut]:
    """The rows below the header of a list that are no records, with why: totals, remarks, the header again.

    A row that tells everything that a record needs is a record, unless it stands at the end and is called a total.
    """
    needed = [each.name for each in header.endpoint.fields if each.required]
    told = {name: [at for at, column in header.columns.items() if column_field(column) == name] for name in needed}
    blank: set[int] = set()
    for columns in filter(None, told.values()):
        blank |= set.intersection(*(_blank_below(grid.columns[at], header.row) for at in columns))
    last = range(max(header.row, grid.height - _LAST_ROWS) + 1, grid.height + 1)
    left: dict[int, LeftOut] = {}
    for row in sorted(blank.union(last)):
        why = _why_no_record(grid, row, header.columns, is_whole=row not in blank)
        if why:
            left[row] = why
    left = _footer(grid, header, blank) | left
    again = LeftOut(as_line(grid.columns[at][header.row - 1] for at in header.columns), Reason.HEADER_AGAIN)
    return left | dict.fromkeys(_again(grid, header), again)


def _footer(grid: Sheet, header: Header, incomplete: Collection[int]) -> dict[int, LeftOut]:
    """The lines below a list and a blank row that have one filled cell each: a title, a copyright, who made it."""
    filled = {row: [text for column in grid.columns if (text := column[row - 1].strip())] for row in incomplete}
    last = next((row for row in range(grid.height, header.row, -1) if row not in incomplete), header.row)
    found: dict[int, LeftOut] = {}
    is_below_blank = False
    for row in range(last + 1, grid.height + 1):
        texts = filled.get(row, [])
        is_below_blank = is_below_blank or not texts
        if texts and not (is_below_blank and len(texts) == 1 and not is_like_email(texts[0])):
            return {}
        if texts:
            found[row] = LeftOut(as_line(texts), Reason.BELOW)
    return found


def _blank_below(column: Sequence[str], header: int) -> set[int]:
    below = column[header:]
    return {row for row, text in enumerate(below, header + 1) if not text} if "" in below else set()


def _why_no_record(grid: Sheet, row: int, columns: Mapping[int, Column], *, is_whole: bool) -> LeftOut | None:
    filled = {at: column[row - 1].strip() for at, column in enumerate(grid.columns) if column[row - 1].strip()}
    if is_whole:
        name = next(
            (filled[at] for at, column in columns.items() if isinstance(column, NameColumn) and at in filled), ""
        )
        is_total = vocabulary.is_total(name) and not vocabulary.may_be_name(name)
        return LeftOut(as_line([name]), Reason.TOTAL) if is_total else None
    label = next(iter(filled.values()), "")
    if vocabulary.is_total(label) or (label and not is_like_email(label) and vocabulary.may_be_total(label)):
        return LeftOut(as_line([label]), Reason.TOTAL)
    if not label or is_like_email(label):
        return None
    is_alone = len(filled) == 1 and next(iter(filled)) in (0, *columns)
    is_remark = vocabulary.is_note(label) or (is_alone and len(label.split()) > 5)
    return LeftOut(as_line(filled.values()), Reason.REMARK) if is_remark else None


def _again(grid: Sheet, header: Header) -> list[int]:
    """The rows that repeat the header."""
    used = [grid.columns[at] for at in header.columns]
    headings = [column[header.row - 1] for column in used]
    rows = (at for at, text in enumerate(used[0][header.row :], header.row) if text == headings[0])
    return [at + 1 for at in rows if [column[at] for column in used] == headings]
