"""A matrix as a sheet: people down, skills across under their categories, a level in each cell. Knows no API."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.coordinates import letters
from importer.endpoints.declare import REMOVE
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, CellRows
from importer.spreadsheet.write.palette import EXAMPLE as EXAMPLE_COLOUR
from importer.spreadsheet.write.palette import HEADER, INK, OURS
from importer.spreadsheet.write.sheet_style import (
    HEADER_LOOK,
    LINE,
    NOTE,
    SHEET_AND_PAGE,
    allow_numbers_as_text,
    set_page,
)

WIDEST = 16_384
"""Columns that a sheet can have, by Excel's own limit."""
WHO = ("user_id", "user", "email", "title")
"""The columns that say who. A user_id is hidden; a title is for reading."""
WHERE = ("department", "geography")
"""More columns for reading, that say where somebody belongs."""
LISTS = "Lists"
"""The hidden sheet with the values of the drop-downs: a list inside a drop-down breaks at 255 characters."""
_LIST_OF = {1: 0, 5: 1}
"""The column of `Lists` with the levels that a skill takes, by its highest."""
_WIDTHS = {"user_id": 12, "user": 26, "email": 32, "title": 26, "department": 30, "geography": 34}
_LEVEL_WIDTH = 5
_CHARACTER_POINTS = 5.8
"""What a character of a heading that stands upright takes of the row's height."""
_LOWEST, _HIGHEST = 80, 210
_PAGE_PIXELS = 1045
"""What a landscape A4 page shows of a sheet's width at its full size."""
_LEGIBLE, _SCALE_OF_PAGES = 0.45, 55
"""A sheet that must be smaller to be as wide as a page goes on as many pages as it needs, at this scale (percent)."""
_RANGES_AT_ONCE = 120
"""Ranges in one rule: Excel reads no more than some thousand characters of them."""
_SCALE = {1: "#A9C8E8", 5: "#5B9BD5"}
"""The colour of the highest level: where there is only one, it is not as dark as an expert's."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Who a row is about, as text under each of `WHO` and `WHERE`; what is not known is the empty text."""

    user_id: str
    user: str
    email: str
    title: str = ""
    department: str = ""
    geography: str = ""


@dataclass(frozen=True, slots=True)
class SkillColumn:
    """A skill by its heading, which names it and no other; `max_level` is 1 or 5. `note` is a comment on it."""

    id: str
    heading: str
    category: str
    max_level: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns say who, some of `WHO` and `WHERE`; and how many columns and rows a sheet may have."""

    who: tuple[str, ...] = WHO
    widest: int = WIDEST
    longest: int = SHEET_ROWS


@dataclass(frozen=True, slots=True)
class MatrixSheet:
    """What a sheet holds. `levels` are by the person's id and the skill's; `example` are the texts of a row above the
    people that is never loaded, where there is one, by who-column or skill's id.

    There is room for `more_people` below those named and for `more_skills` beside those named, with drop-downs as they
    have.
    """

    name: str
    people: Sequence[PersonRow]
    skills: Sequence[SkillColumn]
    levels: Mapping[str, Mapping[str, int]]
    more_people: int = 0
    more_skills: int = 0
    shape: Shape = field(default_factory=Shape)
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def who(self) -> tuple[str, ...]:
        """The columns that say who."""
        return self.shape.who

    @property
    def height(self) -> int:
        """The number of rows below the header, that of the example included."""
        return bool(self.example) + len(self.people)

    @property
    def has_categories(self) -> bool:
        """Whether a row of categories stands over the skills."""
        return any(skill.category for skill in self.skills)


@dataclass(frozen=True, slots=True)
class _Styles:
    who: Format
    skill: Format
    categories: tuple[Format, Format]
    text: Format
    level: Format
    example: Format


def lay_out_matrix(book: Scaffold, part: int, matrix: MatrixSheet) -> CellRows:
    """Add the sheet, the `part`-th of the workbook, with one row in place of those of its people, which are given."""
    sheet = book.add_worksheet(matrix.name)
    styles = _styles(book)
    first = len(matrix.who)
    last = first + len(matrix.skills) + matrix.more_skills - 1
    header = 1 if matrix.has_categories else 0
    bottom = header + matrix.height + matrix.more_people
    for position, name in enumerate(matrix.who):
        sheet.set_column(position, position, _WIDTHS[name], styles.text, {"hidden": name == "user_id"})
    if last >= first:
        sheet.set_column(first, last, _LEVEL_WIDTH, styles.level)
    if matrix.has_categories:
        _write_categories(sheet, matrix, styles)
    sheet.set_row(header, _header_points(matrix))
    _write_header(sheet, header, matrix, styles)
    for position, name in enumerate((*matrix.who, *(skill.id for skill in matrix.skills))):
        if name in matrix.example:
            sheet.write_string(header + 1, position, matrix.example[name], styles.example)
    prototype = header + 1 + bool(matrix.example)
    for position in range(first + len(matrix.skills)):
        sheet.write_number(prototype, position, 0, styles.text if position < first else styles.level)
    for most, ranges in _by_highest(matrix, header + 1, bottom):
        _offer_levels(sheet, most, ranges)
        _colour_levels(sheet, most, ranges)
    sheet.freeze_panes(header + 1, min(2, first))
    if matrix.height and last >= first:
        sheet.autofilter(header, 0, header + matrix.height, last)
    allow_numbers_as_text(sheet)
    _set_print(sheet, header, matrix)
    return CellRows(part, prototype + 1, first + len(matrix.skills), len(matrix.people), _cells_of_people(matrix))


def add_levels(book: Scaffold) -> None:
    """Add the hidden sheet with the levels that the drop-downs offer."""
    sheet = book.add_worksheet(LISTS)
    columns = [[f"levels to {most}" if most > 1 else "no levels", *range(most + 1), REMOVE] for most in _LIST_OF]
    for position, column in enumerate(columns):
        sheet.write_column(0, position, column)
    sheet.hide()


def parts_of(skills: Sequence[SkillColumn], room: int) -> list[tuple[str, Sequence[SkillColumn]]]:
    """The skills in parts of at most `room`, each of one category, with a name for its sheet; one part if all fit.

    Shapes: `skills` stand category by category; joined back together the parts are `skills`, in order.
    """
    if len(skills) <= room:
        return [("", skills)]
    parts: list[tuple[str, Sequence[SkillColumn]]] = []
    for category, some in groupby(skills, key=lambda skill: skill.category):
        theirs = list(some)
        for start in range(0, len(theirs), room):
            number = f" {start // room + 1}" if len(theirs) > room else ""
            parts.append((f"{category or 'No category'}{number}", theirs[start : start + room]))
    return parts


def _write_categories(sheet: Worksheet, matrix: MatrixSheet, styles: _Styles) -> None:
    """The row of categories, each merged over its skills; two shades in turn show where one ends."""
    sheet.set_row(0, 20)
    at = len(matrix.who)
    for number, (category, some) in enumerate(groupby(matrix.skills, key=lambda skill: skill.category)):
        size, shape = len(list(some)), styles.categories[number % 2]
        if not category:
            for column in range(at, at + size):
                sheet.write_blank(0, column, None, shape)
        elif size == 1:
            sheet.write_string(0, at, category, shape)
        else:
            sheet.merge_range(0, at, 0, at + size - 1, "", shape)
            sheet.write_string(0, at, category, shape)
        at += size


def _write_header(sheet: Worksheet, row: int, matrix: MatrixSheet, styles: _Styles) -> None:
    for position, name in enumerate(matrix.who):
        sheet.write_string(row, position, name, styles.who)
    at = len(matrix.who)
    for position, skill in enumerate(matrix.skills, at):
        sheet.write_string(row, position, skill.heading, styles.skill)
        if skill.note:
            sheet.write_comment(row, position, skill.note, {**NOTE, "y_scale": 1.2})
    for position in range(at + len(matrix.skills), at + len(matrix.skills) + matrix.more_skills):
        sheet.write_blank(row, position, None, styles.skill)


def _cells_of_people(matrix: MatrixSheet) -> Iterator[Iterable[tuple[int, str | int]]]:
    """For each person the cells that are not blank, from left to right: who it is, then the levels."""
    columns = {skill.id: position for position, skill in enumerate(matrix.skills, len(matrix.who))}
    for person in matrix.people:
        texts = ((position, getattr(person, name)) for position, name in enumerate(matrix.who))
        levels = matrix.levels.get(person.user_id, {}).items()
        yield (
            *((position, text) for position, text in texts if text),
            *sorted((columns[id_], level) for id_, level in levels if id_ in columns),
        )


def _by_highest(matrix: MatrixSheet, top: int, bottom: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The cells of the skills of each highest level, as ranges, some at a time."""
    if bottom < top:
        return
    at = len(matrix.who)
    found: dict[int, list[str]] = {}
    highest = [skill.max_level for skill in matrix.skills] + [max(_LIST_OF)] * matrix.more_skills
    for most, some in groupby(highest, key=lambda most: min(_LIST_OF, key=lambda known: abs(known - most))):
        size = len(list(some))
        found.setdefault(most, []).append(f"{letters(at)}{top + 1}:{letters(at + size - 1)}{bottom + 1}")
        at += size
    for most, ranges in found.items():
        for start in range(0, len(ranges), _RANGES_AT_ONCE):
            yield most, ranges[start : start + _RANGES_AT_ONCE]


def _offer_levels(sheet: Worksheet, most: int, ranges: Sequence[str]) -> None:
    column = letters(_LIST_OF[most])
    takes = f"0 to {most}" if most > 1 else "1 for who has it"
    sheet.data_validation(
        ranges[0],
        {
            "validate": "list",
            "source": f"={LISTS}!${column}$2:${column}${most + 3}",
            "error_title": "Level",
            "error_message": f"Use {takes}, leave it blank, or write {REMOVE} to take the skill away.",
            "multi_range": " ".join(ranges),
        },
    )


def _colour_levels(sheet: Worksheet, most: int, ranges: Sequence[str]) -> None:
    scale = {"min_type": "num", "min_value": 0, "min_color": "#FFFFFF", "max_type": "num", "max_value": most}
    sheet.conditional_format(
        ranges[0], {"type": "2_color_scale", **scale, "max_color": _SCALE[most], "multi_range": " ".join(ranges)}
    )


def _header_points(matrix: MatrixSheet) -> float:
    """The height of the row of headings, which stand upright, with room for the buttons of the filter below them."""
    longest = max((len(skill.heading) for skill in matrix.skills), default=0)
    return min(max(longest * _CHARACTER_POINTS + 36, _LOWEST), _HIGHEST)


def _set_print(sheet: Worksheet, header: int, matrix: MatrixSheet) -> None:
    widths = [*(_WIDTHS[name] for name in matrix.who if name != "user_id"), *[_LEVEL_WIDTH] * len(matrix.skills)]
    is_legible = sum(7 * width + 5 for width in widths) * _LEGIBLE <= _PAGE_PIXELS
    set_page(sheet, None, SHEET_AND_PAGE, narrow=True, fit=is_legible)
    sheet.repeat_rows(0, header)
    sheet.repeat_columns(0, 1)
    if not is_legible:
        sheet.set_print_scale(_SCALE_OF_PAGES)


def _styles(book: Scaffold) -> _Styles:
    upright = {"rotation": 90, "valign": "bottom", "align": "center", "text_wrap": True}
    over = {**HEADER_LOOK, "align": "left", "valign": "vcenter", "indent": 1}
    return _Styles(
        who=book.add_format({**HEADER_LOOK, "bg_color": HEADER, "valign": "bottom"}),
        skill=book.add_format({**HEADER_LOOK, "bg_color": HEADER, **upright}),
        categories=(book.add_format({**over, "bg_color": OURS}), book.add_format({**over, "bg_color": "#5B7088"})),
        text=book.add_format({"num_format": "@", "font_color": INK, **LINE}),
        level=book.add_format({"align": "center", **LINE}),
        example=book.add_format({"italic": True, "font_color": EXAMPLE_COLOUR, "bg_color": "#F7F8FA", **LINE}),
    )
