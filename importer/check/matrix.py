"""Where the matrix is in a sheet: people down, skills across, and what else stands around it. Knows texts and places.

It goes by what the cells look like; whether a name is a person's, or a header a skill's, the account says later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importer.check import words
from importer.check.cell import Fault, is_nothing, is_removal
from importer.check.header import Column
from importer.check.level import HIGHEST, LevelScale
from importer.endpoints.declare import Endpoint, Field
from importer.errors import Ambiguous, Unreadable
from importer.fold import fold, fold_header
from importer.sheet import EXAMPLE, Grid, Merge, letters

_LOOKED_AT = 40
"""Rows looked at for a header: titles, legends and logos stand above it."""
_MOSTLY = 0.5
_LONG = 24
"""Characters beyond which a text is a remark, and no level."""
_LONGEST_CATEGORY = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a sheet, where they say anything: the header's row, the headers of its columns."""

    header_row: int | None = None
    people_column: str | None = None
    skill_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix in a sheet. Rows are counted from 1, columns from 0.

    `people` are the columns that say who, `skills` those with a level in each cell, with what stands above them in
    `categories`. `rows` are the people's rows; `names` gives the texts of a people column whose cells are merged.
    `left_out` tells what was not taken, as a person would name it.
    """

    header_row: int
    category_row: int | None
    people: Mapping[int, Column]
    skills: Mapping[int, str]
    categories: Mapping[int, str]
    rows: tuple[int, ...]
    names: Mapping[tuple[int, int], str]
    left_out: tuple[str, ...]


class _Looks:
    """What the texts of a sheet look like, each distinct one looked at once."""

    def __init__(self, scale: LevelScale) -> None:
        self._scale = scale
        self._known: dict[str, bool | None] = {}

    def like_level(self, text: str) -> bool | None:
        """Whether a text looks like a level; None for a blank or a dash, which look like nothing."""
        if text not in self._known:
            self._known[text] = self._look(text)
        return self._known[text]

    def _look(self, text: str) -> bool | None:
        if not text or is_nothing(text):
            return None
        text = text.removeprefix(EXAMPLE)
        if is_removal(text) or fold_header(text) in words.LEVELS:
            return True
        read = self._scale.read(text)
        if isinstance(read, Fault):
            return (text.startswith("#") and text.isupper()) or None if read.code == "error-cell" else False
        return read.value is None or 0 <= read.value <= HIGHEST


def find_matrix(grid: Grid, endpoint: Endpoint, scale: LevelScale, told: Told) -> Matrix | None:
    """The matrix in a sheet; None if there is none.

    Raises: Unreadable, with the choices, where it could be read in more ways than one.
    """
    sheet = _Sheet(grid, endpoint, _Looks(scale), told)
    header_row = sheet.header_row()
    return None if header_row is None else sheet.matrix(header_row)


@dataclass(frozen=True, slots=True)
class _Filled:
    """How many cells of a column are filled, and how many of them look like levels: the first rows one by one."""

    head: tuple[bool | None, ...]
    filled: int
    levels: int

    @classmethod
    def of(cls, column: Sequence[str], looks: _Looks) -> "_Filled":
        """The counts of a column."""
        rest = [look for look in map(looks.like_level, column[_LOOKED_AT:]) if look is not None]
        return cls(tuple(map(looks.like_level, column[:_LOOKED_AT])), len(rest), sum(rest))

    def below(self, row: int) -> tuple[int, int]:
        """The cells below a row (from 1) that are filled, and those that look like levels."""
        some = [look for look in self.head[row:] if look is not None]
        return self.filled + len(some), self.levels + sum(some)


class _Sheet:
    """One sheet while it is being looked at."""

    def __init__(self, grid: Grid, endpoint: Endpoint, looks: _Looks, told: Told) -> None:
        self._grid = grid
        self._endpoint = endpoint
        self._looks = looks
        self._told = told
        self._merged = _cells_of(grid.merges)
        self._fields = frozenset(
            fold_header(name) for each in endpoint.fields for name in (each.name, each.title, *each.also)
        )
        self._columns = range(len(grid.columns))
        self._filled = [_Filled.of(column, looks) for column in grid.columns]

    def text(self, row: int, column: int) -> str:
        """What a cell shows; of merged cells each shows what stands in the first."""
        merge = self._merged.get((row, column))
        return self._grid.columns[merge.column][merge.row - 1] if merge else self._grid.columns[column][row - 1]

    # ---- the header

    def header_row(self) -> int | None:
        """The row with most different texts over cells that look like levels; of several such rows, the first."""
        rows = range(1, min(self._grid.height, _LOOKED_AT + 1))
        if self._told.header_row is not None:
            rows = range(self._told.header_row, self._told.header_row + 1)
        best, most = None, 0
        for row in rows:
            over = self._over_levels(row) if row <= self._grid.height else []
            texts = {fold(self.text(row, column)) for column in over}  # a title or a category may stand over many
            below = best is not None and row == best + 1 and len(texts) == most
            if texts and (len(texts) > most or below) and self._has_people(row):
                best, most = row, len(texts)
        return best

    def _over_levels(self, row: int) -> list[int]:
        """The columns with a text in this row and mostly levels below it."""
        return [
            column
            for column in self._columns
            if self._is_heading(row, column) and self._share_of_levels(column, row) > _MOSTLY
        ]

    def _is_heading(self, row: int, column: int) -> bool:
        text = self.text(row, column).strip()
        return bool(text) and self._looks.like_level(text) is False

    def _share_of_levels(self, column: int, below: int) -> float:
        """The share of levels among the filled cells below a row."""
        filled, levels = self._filled[column].below(below)
        return levels / filled if filled else 0.0

    def _has_people(self, row: int) -> bool:
        headed = (self._is_people_heading(self.text(row, column)) for column in self._columns)
        return any(headed) or bool(self._likely_people(row))

    # ---- people

    def _is_people_heading(self, text: str) -> bool:
        return fold_header(text) in words.PEOPLE | words.EMAILS | words.USER_IDS

    def people(self, row: int, skills: Sequence[int]) -> dict[int, Column]:
        """The columns that say who, by their heading, or by what they hold where no heading says it.

        Raises: Unreadable where two columns could be it.
        """
        if self._told.people_column is not None:
            column = self._named(row, self._told.people_column)
            return {column: self._kind_of(row, column)}
        found: dict[int, Column] = {}
        for column in self._columns:
            if column not in skills and self._is_people_heading(self.text(row, column)):
                found[column] = self._kind_of(row, column)
        found = found or {column: self._kind_of(row, column) for column in self._likely_people(row)}
        kinds = [_name(column) for column in found.values()]
        if len(set(kinds)) < len(kinds):
            named = " or ".join(f'"{self._called(row, column)}"' for column in found)
            raise Ambiguous(
                f"the people could be in column {named}.",
                "Say which with --people-column.",
                option="people_column",
                choices=tuple(self._called(row, column) for column in found),
            )
        return found

    def _likely_people(self, row: int) -> list[int]:
        """Columns of texts, most of them different, beside the levels: e-mail addresses first, else names."""
        texts = {
            column: [text for text in self._grid.columns[column][row:] if text.strip()]
            for column in range(min(len(self._grid.columns), 12))
        }
        likely = {
            column: some
            for column, some in texts.items()
            if len(some) > 1 and len(set(some)) > 0.7 * len(some) and _mostly(some, _is_like_name)
        }
        emails = [column for column, some in likely.items() if _mostly(some, _is_like_email)]
        if emails:
            return emails[:1]
        two_words = [column for column, some in likely.items() if _mostly(some, _is_two_words)]
        return two_words[:1] or (list(likely)[:1] if len(likely) == 1 else [])

    def _kind_of(self, row: int, column: int) -> Column:
        """What the people column tells: an id, an e-mail address or a name."""
        heading = fold_header(self.text(row, column))
        texts = [text for text in self._grid.columns[column][row:] if text.strip()]
        if heading in words.USER_IDS:
            return self._endpoint.field("user_id")
        wanted = "email" if heading in words.EMAILS or _mostly(texts, _is_like_email) else "user"
        return next(each for each in self._endpoint.name_columns if each.header == wanted)

    # ---- skills

    def skills(self, row: int) -> dict[int, str]:
        """The skills by column.

        Raises: Unreadable where two columns have the same heading, or a named one is not there.
        """
        if self._told.skill_columns:
            named = [self._named(row, header) for header in self._told.skill_columns]
            return {column: self.text(row, column).strip() for column in sorted(named)}
        levels = self._over_levels(row)
        skills = {column: self.text(row, column).strip() for column in levels if not self._is_other(row, column)}
        for column in range(min(skills, default=0), max(skills, default=-1) + 1):
            # Nobody has it yet, or its cells are mistyped.
            other = column in skills or self._is_remark(column, row) or self._is_other(row, column)
            if self._is_heading(row, column) and not other and not self._is_people_heading(self.text(row, column)):
                skills[column] = self.text(row, column).strip()
        self._make_sure_that_each_is_one(skills, row)
        return dict(sorted(skills.items()))

    def _make_sure_that_each_is_one(self, skills: Mapping[int, str], row: int) -> None:
        """Raises: Unreadable where two columns have the same heading."""
        first: dict[tuple[str, str], int] = {}
        for column, text in sorted(skills.items()):
            over = fold(self.text(row - 1, column)) if row > 1 else ""
            other = first.setdefault((fold(text), over), column)
            if other != column:
                raise Ambiguous(
                    f'columns {letters(other)} and {letters(column)} of row {row} are both "{text}".',
                    "Rename or delete one of them, or name the columns to load with --skill-columns.",
                )

    def _left_out(self, row: int, people: Mapping[int, Column], skills: Mapping[int, str]) -> list[str]:
        """The columns with a heading and something below it that are not taken, as a person would name them."""
        taken = {*people, *skills}
        left = [
            column
            for column in self._columns
            if column not in taken and self.text(row, column).strip() and any(self._grid.columns[column][row:])
        ]
        return [f'column "{self._called(row, column)}"' for column in left]

    def _is_other(self, row: int, column: int) -> bool:
        """Whether a column holds numbers that are no levels: by its heading, or as its cells are calculated."""
        text = self.text(row, column)
        if words.is_total(text) or fold_header(text) in words.OTHERS | self._fields:
            return True
        below = ((at, column) for at in range(row + 1, self._grid.height + 1))
        return words.may_be_total(text) and self._is_calculated(below)

    def _is_calculated(self, places: Iterable[tuple[int, int]]) -> bool:
        """Whether most of these cells are formulas, or hold no levels."""
        looks = {place: look for place in places if (look := self._look(place)) is not None}
        formulas = sum(place in self._grid.formulas for place in looks)
        return formulas * 2 > len(looks) or sum(looks.values()) * 2 < len(looks)

    def _look(self, place: tuple[int, int]) -> bool | None:
        row, column = place
        return self._looks.like_level(self._grid.columns[column][row - 1])

    def _is_remark(self, column: int, below: int) -> bool:
        filled = [text for text in self._grid.columns[column][below:] if text.strip()]
        return bool(filled) and sum(len(text) > _LONG or len(text.split()) > 3 for text in filled) * 2 > len(filled)

    def _named(self, row: int, header: str) -> int:
        """The column with this header, or of these letters.

        Raises: Unreadable when there is none.
        """
        for column in self._columns:
            if fold_header(self.text(row, column)) == fold_header(header):
                return column
        for column in self._columns:
            if letters(column) == header.strip().upper():
                return column
        heads = [self.text(row, column).strip() for column in self._columns]
        named = ", ".join(text for text in heads if text)
        raise Unreadable(f'there is no column "{header}" in row {row}.', f"Its columns are {named[:200]}.")

    def _called(self, row: int, column: int) -> str:
        return self.text(row, column).strip() or letters(column)

    # ---- rows

    def matrix(self, row: int) -> Matrix | None:
        """The matrix under this header; None if there is none.

        Raises: Ambiguous where it could be read in more ways than one.
        """
        skills = self.skills(row)
        people = self.people(row, list(skills))
        if not people or not skills:
            return None
        rows, lines = self._rows(row, people, skills)
        left = self._left_out(row, people, skills)
        category_row = self._category_row(row, people, skills)
        categories = self._categories(category_row, skills) if category_row else {}
        names = {
            (at, column): self.text(at, column) for at in rows for column in people if (at, column) in self._merged
        }
        return Matrix(row, category_row, people, skills, categories, tuple(rows), names, (*lines, *left))

    def _rows(
        self, header: int, people: Mapping[int, Column], skills: Mapping[int, str]
    ) -> tuple[list[int], list[str]]:
        """The rows with somebody's levels, and the other rows with levels, as a person would name them."""
        taken: list[int] = []
        left: list[str] = []
        for row in range(header + 1, self._grid.height + 1):
            filled = [column for column in skills if self._look((row, column)) is not None]
            if not filled and not self._odd(row, skills):
                continue
            why = self._why_left(row, self._label(row, min(skills), people), filled, skills, header)
            if why is None:
                taken.append(row)
            else:
                left.append(f"row {row} {why}".strip())
        return taken, left

    def _odd(self, row: int, skills: Mapping[int, str]) -> bool:
        return any((row, column) in self._grid.oddities for column in skills) if self._grid.oddities else False

    def _label(self, row: int, before: int, people: Mapping[int, Column]) -> str:
        """The text that names a row: what stands in its people columns, else the first text beside its levels."""
        beside = [*people, *(column for column in range(before) if column not in people)]
        return next((text for column in beside if (text := self.text(row, column).strip())), "")

    def _why_left(
        self, row: int, label: str, filled: Sequence[int], skills: Mapping[int, str], header: int
    ) -> str | None:
        if label.startswith(EXAMPLE):
            return "(the example)"
        places = [(row, column) for column in filled]
        if words.is_total(label) or (words.may_be_total(label) and self._is_calculated(places)):
            return f'"{label}"'
        texts = [self._grid.columns[column][row - 1] for column in filled]
        repeated = sum(fold(text) == fold(skills[column]) for text, column in zip(texts, filled, strict=True))
        if filled and repeated * 2 > len(filled):
            return f"(row {header} again)"
        return "(nobody's)" if not label and self._is_calculated(places) else None

    # ---- categories

    def _category_row(self, header: int, people: Mapping[int, Column], skills: Mapping[int, str]) -> int | None:
        """The row above the header, if it has different texts over the skills; a title over everything has one."""
        if header < 2:
            return None
        texts = {self.text(header - 1, column).strip() for column in skills} - {""}
        title = {self.text(header - 1, column).strip() for column in people}
        return header - 1 if len(texts - title) > 1 and all(len(text) <= _LONGEST_CATEGORY for text in texts) else None

    def _categories(self, row: int, skills: Mapping[int, str]) -> dict[int, str]:
        """What stands over each skill; a text that is not merged stands for the skills to its right, too."""
        found: dict[int, str] = {}
        last = ""
        for column in skills:
            last = self.text(row, column).strip() or ("" if (row, column) in self._merged else last)
            if last:
                found[column] = last
        return found


def _cells_of(merges: Sequence[Merge]) -> dict[tuple[int, int], Merge]:
    """The merge that each merged cell belongs to; one over a whole sheet is a title, and no cell's."""
    found: dict[tuple[int, int], Merge] = {}
    for merge in merges:
        rows, columns = merge.last_row - merge.row + 1, merge.last_column - merge.column + 1
        if rows * columns <= 20_000:
            for row in range(merge.row, merge.last_row + 1):
                for column in range(merge.column, merge.last_column + 1):
                    found[row, column] = merge
    return found


def _name(column: Column) -> str:
    return column.name if isinstance(column, Field) else column.header


def _mostly(texts: Sequence[str], is_so: Callable[[str], bool]) -> bool:
    return sum(map(is_so, texts)) > 0.6 * len(texts) if texts else False


def _is_like_name(text: str) -> bool:
    return any(letter.isalpha() for letter in text) and len(text) <= 80 and fold_header(text) not in words.LEVELS


def _is_like_email(text: str) -> bool:
    name, sign, host = text.strip().partition("@")
    return bool(name and sign) and "." in host and " " not in text.strip()


def _is_two_words(text: str) -> bool:
    parts = text.replace(",", " ").split()
    return 2 <= len(parts) <= 5 and all(part[:1].isalpha() for part in parts)


def sentences(matrix: Matrix, sheet: str | None, people: int) -> Iterator[str]:
    """What was taken of a sheet, and what was left out, for a person."""
    where = f'Sheet "{sheet}", header' if sheet else "Header"
    categories = len(set(matrix.categories.values()))
    named = f" in {categories} categor{'y' if categories == 1 else 'ies'}" if categories else ""
    skills = f"{len(matrix.skills):,} skill{'' if len(matrix.skills) == 1 else 's'}{named}"
    left = f"; left out: {', '.join(matrix.left_out)}" if matrix.left_out else ""
    yield f"{where} in row {matrix.header_row}, {people:,} {'person' if people == 1 else 'people'}, {skills}{left}."
