"""Where the matrix is in a sheet: people down, skills across, and what else stands around it. Knows texts and places.

It goes by what the cells look like; whether a name is a person's, or a header a skill's, the account says later.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from importer.coordinates import Place, address, letters
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column
from importer.layouts import vocabulary
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.accounting import LeftOut, Taken
from importer.layouts.people_columns import (
    PeopleColumns,
    find_people,
    is_people_heading,
    known_people,
    may_have_people,
)
from importer.layouts.row_classifier import MatrixRows, RowClasses
from importer.layouts.sheet_features import (
    SheetFeatures,
    are_mostly_in,
    is_like_email,
    is_like_name,
    is_like_person,
    is_remark,
    mostly,
)
from importer.layouts.skill_headings import LONGEST_CATEGORY, is_about_another, of_today, without_question
from importer.messages import about_sheets
from importer.set_aside import MAY_BE_KNOWN, Reason
from importer.text import fold, fold_header

_LOOKED_AT = 40
"""Rows looked at for a header: titles, legends and logos stand above it."""
_PEOPLE_WITHIN = 12
"""Columns in which a title or a person is looked for."""


@dataclass(frozen=True, slots=True)
class MatrixOptions:
    """What a person says of a sheet, where they say anything: the header's row, the headers of its columns."""

    header_row: int | None = None
    people_column: str | None = None
    skill_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix in a sheet. Rows are counted from 1, columns from 0.

    `people` are the columns that say who, `skills` those with a level in each cell, with what stands above them in
    `categories`. `rows` are the people's rows; `who` says for each whose it is. `names` gives the texts of a people
    column that are not simply its cells': of merged cells, or of a name in two columns. `taken` tells what of the sheet
    that is, and why other rows and columns were left out.
    """

    header_row: int
    category_row: int | None
    people: Mapping[int, Column]
    skills: Mapping[int, str]
    categories: Mapping[int, str]
    rows: tuple[int, ...]
    who: tuple[str, ...]
    names: Mapping[Place, str]
    taken: Taken


def find_matrix(
    view: SheetFeatures, endpoint: Endpoint, told: MatrixOptions, names: AccountNames = NO_ACCOUNT
) -> Matrix | None:
    """The matrix in a sheet; None if there is none. Where the shape of its cells leaves a row or a column open, `names`
    are asked.

    Raises: Ambiguous, with the choices, where it could be read in more ways than one; Unreadable where a column that
    was named is not there.
    """
    finder = _Finder(view, endpoint, told, names)
    header_row = finder.header_row()
    return None if header_row is None else finder.matrix(header_row)


class _Finder:
    """One sheet while it is being looked at."""

    def __init__(self, view: SheetFeatures, endpoint: Endpoint, told: MatrixOptions, names: AccountNames) -> None:
        self._names = names
        self._view = view
        self._endpoint = endpoint
        self._told = told
        self._fields = frozenset(
            fold_header(name) for each in endpoint.fields for name in (each.name, each.title, *each.also)
        )

    def matrix(self, row: int) -> Matrix | None:
        """The matrix under this header; None if there is none.

        Raises: Ambiguous, Unreadable.
        """
        view = self._view
        skills = self._skills(row)
        people = find_people(view, row, skills, self._endpoint, self._told.people_column)
        skills = self._with_known_skills(row, people, without_question(skills, view.texts(row), self._names))
        skills = skills if self._told.skill_columns else of_today(skills)
        if not people.columns:
            people = known_people(view, row, skills, self._endpoint, self._names)
        is_one_by_chance = len(skills) == 1 and people.are_doubtful and not self._is_told
        if not people.columns or not skills or is_one_by_chance:
            return None
        skills = self._beside(row, people, skills)
        category_row = self._category_row(row, people, skills)
        categories = self._categories(category_row, skills) if category_row else {}
        self._make_sure_that_each_is_one(row, skills, categories)
        lines = self._lines(row, people, skills)
        texts = {
            at: [text for column in people.columns if (text := people.name(view, at, column))] for at in lines.rows
        }
        names = {
            (at, column): people.name(view, at, column)
            for at in lines.rows
            for column in people.columns
            if people.last_name is not None or (at, column) in view.merged
        }
        return Matrix(
            header_row=row,
            category_row=category_row,
            people=people.columns,
            skills=skills,
            categories=categories,
            rows=lines.rows,
            who=tuple(dict.fromkeys("\n".join(map(fold, some)) for some in texts.values() if some)),
            names=names,
            taken=self._taken(row, people, skills, category_row, lines),
        )

    @property
    def _is_told(self) -> bool:
        return self._told != MatrixOptions()

    # ---- the header

    def header_row(self) -> int | None:
        """The row with most different texts over cells that look like levels."""
        told = self._told
        if told.header_row is not None:
            is_there = told.header_row <= self._view.height
            return told.header_row if is_there and (told.skill_columns or self._over_levels(told.header_row)) else None
        rows = range(1, min(self._view.height, _LOOKED_AT) + 1)
        if told.skill_columns:
            wanted = {fold_header(text) for text in told.skill_columns}
            named_in = (row for row in rows if wanted <= {fold_header(text) for text in self._view.texts(row)})
            if (row := next(named_in, None)) is not None:
                return row
        best, most = None, (0, False, 0)
        for row in rows:
            # A title or a category may stand over many columns: what counts is how many are different.
            headed = any(map(is_people_heading, self._view.texts(row)))
            texts = self._headings(row, headed=headed)
            here = (len(texts), headed, len(set(self._view.texts(row)) - {""}))
            if (
                texts
                and (here > most or (here == most and row - 1 == best))
                and (headed or may_have_people(self._view, row))
            ):
                best, most = row, here
        if best is not None:
            self._make_sure_that_it_is_the_first(best)
        return best or self._known_header_row()

    def _known_header_row(self) -> int | None:
        """The row with most names of skills, where the account knows people below it."""
        view = self._view
        rows = range(1, min(view.height, _LOOKED_AT) + 1)
        texts = {row: {text for text in view.texts(row) if is_like_name(text)} for row in rows}
        known = self._names.skills(frozenset[str]().union(*texts.values()))
        most = {row: len(some & known) for row, some in texts.items() if some & known}
        row = max(most, key=most.__getitem__, default=None)
        if row is None:
            return None
        columns = known_people(view, row, {}, self._endpoint, self._names).columns
        here = frozenset(view.text(row, column) for column in columns) - {""}
        return row if columns and not self._names.people(here) else None  # where a person stands is no header

    def _make_sure_that_it_is_the_first(self, header: int) -> None:
        """Raises: Ambiguous where a table with people's levels stands above this header."""
        view, columns = self._view, set(self._over_levels(header))
        people = [column for column in view.columns if column not in columns][:_PEOPLE_WITHIN]
        heading, levels = 0, {}
        for row in range(1, header):
            texts = [text for column in people if (text := view.text(row, column))]
            heading = row if any(map(is_people_heading, texts)) else heading
            if heading or any(map(is_like_person, texts)):
                levels[row] = sum(view.looks[column][row - 1] is True for column in columns)
        above = [row for row, count in levels.items() if count]
        if sum(levels.values()) > 1:
            first = heading or max((row for row in range(1, above[0]) if any(view.texts(row))), default=above[0])
            question = about_sheets.levels_above_header((above[0], above[-1]), header)
            raise question.offering("header_row", (str(first), str(header)), (f"Row {first}", f"Row {header}"))

    def _headings(self, row: int, *, headed: bool) -> set[str]:
        """The different texts of a row that may be skills' names; one may look like a level, if others do not: TRUE."""
        view = self._view
        over = [column for column in view.columns if view.text(row, column) and view.has_levels(column, row)]
        if over and headed:  # then those that nobody has yet are skills, too
            over += [at for at in view.columns if view.text(row, at) and not view.counts(at, row)[1]]
        texts = {fold(text): view.is_like_level(text) for text in (view.text(row, column) for column in over)}
        names = {
            text
            for text, look in texts.items()
            if (look is False or (look is None and text.isalpha()))  # NA
            and vocabulary.may_be_heading(text)
            and not vocabulary.is_subheading(text)
        }
        others = {text for text, look in texts.items() if look and not any(map(str.isdigit, text))}
        return names | others if names and (headed or len(names) > len(others)) else names

    def _over_levels(self, row: int) -> list[int]:
        """The columns with a heading in this row and mostly levels below it."""
        return [
            column
            for column in self._view.columns
            if self._is_heading(row, column) and self._view.has_levels(column, row)
        ]

    def _is_heading(self, row: int, column: int) -> bool:
        text = self._view.text(row, column)
        return bool(text) and self._view.is_like_level(text) is False

    # ---- skills

    def _skills(self, row: int) -> dict[int, str]:
        """The skills by column.

        Raises: Unreadable where one that was named is not there.
        """
        view = self._view
        if self._told.skill_columns:
            found = sorted(self._view.named(row, header) for header in self._told.skill_columns)
            return {column: view.text(row, column) for column in found}
        # A name may look like a level: "TRUE". Where the header stands is found without such.
        over = (column for column in view.columns if view.text(row, column) and view.has_levels(column, row))
        taken = self._named(row, [column for column in over if not self._is_other(row, column)])
        # Between them stand those that nobody has yet, or whose cells are mistyped; beside them, those half mistyped.
        first, last = min(taken, default=0), max(taken, default=-1)
        others = (column for column in view.columns if column not in taken and taken)
        taken += [
            column
            for column in others
            if self._may_be_skill(row, column) and (first < column < last or self._is_half_levels(row, column))
        ]
        return {column: view.text(row, column) for column in sorted(self._named(row, taken))}

    def _named(self, row: int, columns: list[int]) -> list[int]:
        """Of these columns those whose heading may be a skill's: it has a letter, or is an id, and not a year's."""
        others = {text for at in columns if not vocabulary.may_be_heading(text := self._view.text(row, at))}
        known = self._names.skills(others) if others else frozenset()
        return [at for at in columns if (text := self._view.text(row, at)) not in others or text in known]

    def _with_known_skills(self, row: int, people: PeopleColumns, skills: dict[int, str]) -> dict[int, str]:
        """The skills, with the columns that the account knows as such though their cells do not look like levels."""
        view = self._view
        if self._told.skill_columns:
            return skills
        others = {
            column: text
            for column in view.columns
            if column not in skills and column not in people.columns and column != people.last_name
            if (text := view.grid.columns[column][row - 1].strip()) and not self._is_calculated(row, column)
        }
        others = without_question(others, view.texts(row), self._names)
        known = self._names.skills(frozenset(others.values())) if others else frozenset()
        found = skills | {column: text for column, text in others.items() if text in known}
        return {column: found[column] for column in sorted(found)}

    def _is_calculated(self, row: int, column: int) -> bool:
        """Whether a column sums up others, or stands under a heading of two lines that calls it a total or a goal."""
        view = self._view
        second = view.text(row + 1, column) if self._is_second_line(row + 1) else ""
        below = [(at, column) for at in range(row + 1, view.height + 1) if view.looks[column][at - 1] is not None]
        return vocabulary.is_subheading(second) or are_mostly_in(below, view.grid.sums_across)

    def _is_half_levels(self, row: int, column: int) -> bool:
        levels, filled = self._view.counts(column, row)
        return levels > 0 and levels * 2 >= filled

    def _may_be_skill(self, row: int, column: int) -> bool:
        """Whether a column without mostly levels has a skill's place and look, and at least nothing else in it."""
        view = self._view
        if not view.text(row, column) or self._is_other(row, column):
            return False
        if is_people_heading(view.text(row, column)) or mostly(view.filled(column, row), is_remark):
            return False
        levels, filled = view.counts(column, row)
        return levels > 0 or filled * 2 < view.height - row

    def _is_other(self, row: int, column: int) -> bool:
        """Whether a column holds numbers that are no levels: by its heading, or as its cells are calculated."""
        view = self._view
        texts = (view.text(row, column), *([view.text(row + 1, column)] if self._is_second_line(row + 1) else []))
        if (
            any(vocabulary.is_total(text) for text in texts)
            or fold_header(texts[0]) in vocabulary.OTHERS | self._fields
        ):
            return True
        if is_about_another(texts[0], self._view.texts(row)) or self._says_something_else(row, column):
            return True
        below = [(at, column) for at in range(row + 1, view.height + 1) if view.looks[column][at - 1] is not None]
        return are_mostly_in(below, view.grid.sums_across) or (
            vocabulary.may_be_total(texts[0]) and view.is_calculated(below)
        )

    def _says_something_else(self, row: int, column: int) -> bool:
        """Whether a column says who, or what somebody is: by its heading, and as it has texts that are no levels."""
        heading, texts = self._view.text(row, column), self._view.filled(column, row)
        if is_people_heading(heading):
            return any(map(is_like_name, texts))
        return fold_header(heading) in vocabulary.NOT_PEOPLE and not mostly(
            texts, lambda text: any(map(str.isdigit, text))
        )

    def _is_second_line(self, row: int) -> bool:
        """Whether this row belongs to the header above it: a cell of both is merged."""
        return any(
            (merge := self._view.merged.get((row, column))) is not None and merge.row < row <= merge.last_row
            for column in self._view.columns[:_PEOPLE_WITHIN]
        )

    def _beside(self, row: int, people: PeopleColumns, skills: dict[int, str]) -> dict[int, str]:
        """The skills of the people whose column was told: not those of another people column in between."""
        if self._told.people_column is None or self._told.skill_columns:
            return skills
        (chosen,) = people.columns
        heads = [
            column
            for column in self._view.columns
            if column == chosen or (column not in skills and is_people_heading(self._view.text(row, column)))
        ]
        others = [column for column in heads if column > chosen and any(chosen < at < column for at in skills)]
        end = min(others, default=len(self._view.columns))
        start = max((at for at in heads if at < chosen and any(at < each < chosen for each in skills)), default=-1)
        return {at: text for at, text in skills.items() if (at < end and (start < 0 or at > chosen))}

    def _make_sure_that_each_is_one(self, row: int, skills: Mapping[int, str], categories: Mapping[int, str]) -> None:
        """Raises: Ambiguous where two columns have the same heading within the same category."""
        first: dict[tuple[str, str], int] = {}
        for column, text in skills.items():
            other = first.setdefault((fold(text), fold(categories.get(column, ""))), column)
            if other != column:
                question = about_sheets.same_skill_twice((letters(other), letters(column)), row, text)
                raise question.offering("skill_columns", ())

    # ---- what was left out

    def _lines(self, row: int, people: PeopleColumns, skills: Mapping[int, str]) -> RowClasses:
        def who(at: int) -> str:
            return next((text for column in people.columns if (text := people.name(self._view, at, column))), "")

        is_told = self._told.header_row is not None
        lines = MatrixRows(self._view, row, list(people.columns), skills, who, is_told).sorted_out()
        return self._with_known_people(lines, who)

    def _with_known_people(self, lines: RowClasses, who: Callable[[int], str]) -> RowClasses:
        """The rows, with those that are left out though the account knows whose they are."""
        others = {
            row: text
            for row, why in lines.left_out.items()
            if why.reason in MAY_BE_KNOWN and (text := who(row)) and not self._is_another_line(text, why)
        }
        if lines.rows and all(map(is_like_email, map(who, lines.rows))):
            others = {row: text for row, text in others.items() if is_like_email(text)}
        others = {row: text for row, text in others.items() if not self._view.is_summed(row)}
        known = self._names.people(frozenset(others.values())) if others else frozenset()
        somebodys = {row for row, text in others.items() if text in known}
        return replace(
            lines,
            rows=tuple(sorted((*lines.rows, *somebodys))),
            left_out={row: why for row, why in lines.left_out.items() if row not in somebodys},
        )

    def _taken(
        self, row: int, people: PeopleColumns, skills: Mapping[int, str], category_row: int | None, lines: RowClasses
    ) -> Taken:
        columns = {*people.columns, *skills} | ({people.last_name} if people.last_name is not None else set())
        header = {(row, column) for column in columns}
        if category_row:
            header |= {(category_row, column) for column in skills}
        return Taken(
            header=frozenset(header),
            header_row=row,
            rows=lines.rows,
            columns=columns,
            rows_left=lines.left_out,
            columns_left=self._columns_left(row, people, skills),
            header_rows=lines.header_rows,
            half_merged=tuple(self._half_merged(lines, skills)),
        )

    @staticmethod
    def _is_another_line(who: str, why: LeftOut) -> bool:
        """Whether a line that belongs to somebody is left out for what stands beside the name: "Target"."""
        return why.reason is Reason.TOTAL and why.text != " ".join(who.split())

    def _columns_left(self, row: int, people: PeopleColumns, skills: Mapping[int, str]) -> dict[int, LeftOut]:
        """The columns with a heading that are neither people's nor skills'."""
        found = {}
        for at in self._view.columns:
            if at in people.columns or at in skills or not self._view.text(row, at):
                continue
            second = self._view.text(row + 1, at) if self._is_second_line(row + 1) else ""
            texts = [" ".join(text.split()) for text in (self._view.text(row, at), second) if text]
            reason = Reason.UNUSED_TOTAL if any(map(vocabulary.is_total, texts)) else Reason.UNUSED
            found[at] = LeftOut(", ".join(dict.fromkeys(texts)), reason)
        return found

    def _half_merged(self, lines: RowClasses, skills: Mapping[int, str]) -> Iterator[str]:
        """The first of merged cells of levels: it has the level, and the others have none."""
        rows = set(lines.rows)
        for merge in self._view.grid.merges:
            wide = [column for column in range(merge.column, merge.last_column + 1) if column in skills]
            high = [row for row in range(merge.row, merge.last_row + 1) if row in rows]
            if wide and high and len(wide) * len(high) > 1 and self._view.text(merge.row, merge.column):
                yield address(merge.row, merge.column)

    # ---- categories

    def _category_row(self, header: int, people: PeopleColumns, skills: Mapping[int, str]) -> int | None:
        """The row above the header, if it has different texts over the skills; a title over everything has one."""
        if header < 2:
            return None
        texts = {self._view.text(header - 1, column) for column in skills} - {""}
        title = {self._view.text(header - 1, column) for column in people.columns}
        return header - 1 if len(texts - title) > 1 and all(len(text) <= LONGEST_CATEGORY for text in texts) else None

    def _categories(self, row: int, skills: Mapping[int, str]) -> dict[int, str]:
        """What stands over each skill; a text that is not merged stands for the skills to its right, too."""
        found: dict[int, str] = {}
        last = ""
        for column in skills:
            last = self._view.text(row, column) or ("" if (row, column) in self._view.merged else last)
            if last:
                found[column] = last
        return found
