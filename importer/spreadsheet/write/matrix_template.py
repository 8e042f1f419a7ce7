"""The workbook of a matrix to fill in, blank or with what an account holds: the sheets, drop-downs, instructions.

Knows plain values, and no API.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold

from importer.base import Base
from importer.endpoints.declare import REMOVE
from importer.spreadsheet.write.base_sheet import write_base
from importer.spreadsheet.write.fast_xlsx import CellRows, write
from importer.spreadsheet.write.instructions import OTHERS_STAY, THEN, Guide, Meaning, write_instructions
from importer.spreadsheet.write.matrix_sheet import (
    LISTS,
    MatrixSheet,
    Shape,
    SkillColumn,
    add_levels,
    lay_out_matrix,
    parts_of,
)
from importer.spreadsheet.write.sheet_names import sheet_names
from importer.table import EXAMPLE

SHEET = "Skill matrix"
_CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed time of creation, so that the blank workbook is the same each time; the format wants it without a zone."""
_TITLE = "Skill matrix of the account"
_HEADER_ROWS = 2
_INSTRUCTIONS = "Instructions"
_TAKEN = (_INSTRUCTIONS, LISTS)

_EXAMPLE_PERSON = {"user": f"{EXAMPLE}Dana Reyes", "email": f"{EXAMPLE}dana@example.com"}
_EXAMPLES = (
    SkillColumn("1", "Python", "Skill", 5),
    SkillColumn("2", "Data Modeling", "Skill", 5),
    SkillColumn("3", "German", "Language", 5),
    SkillColumn("4", "Spanish", "Language", 5),
)
_BLANK = MatrixSheet(
    name=SHEET,
    people=(),
    skills=_EXAMPLES,
    levels={},
    more_people=500,
    more_skills=36,
    shape=Shape(who=("user", "email")),
    example={**_EXAMPLE_PERSON, "1": f"{EXAMPLE}4", "2": f"{EXAMPLE}3", "3": f"{EXAMPLE}5", "4": f"{EXAMPLE}2"},
)
_MEANINGS: Sequence[Meaning] = (
    ("user", "a full name", "The person's full name in Kantata. Where two share it, use the e-mail address."),
    ("email", "an e-mail address", "The person's e-mail address in Kantata. Letter case does not matter."),
    ("a skill", "0 to 5, or leave it blank", ("1 is beginner, 5 is expert; 0 means that no level was set. For a skill "
     "without levels write 1. A blank changes nothing.")),
    ("", REMOVE, "Takes this one skill away from this one person."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveMatrix:
    """What an account holds, as a matrix: `about` are sentences on where it comes from and what was left out; `base` is
    the same for the workbook to carry.
    """

    matrix: MatrixSheet
    about: Sequence[str]
    made_at: dt.datetime
    base: Base | None = None


def write_blank_matrix(target: BinaryIO, own_sheets: Sequence[Meaning] = ()) -> None:
    """Write the matrix without people; the workbook is the same each time, byte for byte.

    `own_sheets` are the layouts in which a sheet of one's own may be.
    """
    steps = (
        (
            "On this workbook's first sheet give each person a row, from row 4 on, by name or e-mail address. The grey "
            "row 3 is never loaded."
        ),
        (
            "Head a column with the name of each skill, in row 2. Python, Data Modeling, German and Spanish are "
            "examples: a column loads nothing while its cells are blank; type over it, or delete it."
        ),
        (
            "Above them, row 1 says the category. It is needed only where two categories have a skill of one name; "
            "leave it, or clear it."
        ),
        "Write how well in each cell. Columns of your own, such as a team or a remark, may stand beside these.",
        *THEN,
    )
    title = "Skill matrix: how to fill this workbook in"
    _write(target, [_BLANK], title, Guide(steps, _MEANINGS, own_sheets=own_sheets), _CREATED)


def write_live_matrix(target: BinaryIO, live: LiveMatrix) -> None:
    """Write the matrix of what an account holds, on as many sheets as it needs."""
    matrix = _with_example(live.matrix)
    sheets = sheets_of(matrix)
    about = list(live.about)
    if len(sheets) > 1:
        named = ", ".join(f'"{sheet.name}"' for sheet in sheets)
        what = (
            "skills are more than a sheet has columns" if _is_too_wide(matrix) else "people are more than it has rows"
        )
        about.append(f"The {what}; they stand on the sheets {named}, which load as one.")
    steps = (
        "Each cell holds the level that the account holds; a blank one means that the person does not have the skill.",
        (
            "Change what has changed. A cell that you clear, a row or a column that you delete changes nothing: to "
            f"take a skill away write {REMOVE}."
        ),
        (
            "Leave the names as they are: they must agree with the ids in the hidden column A. Somebody else may be "
            "added below, by name or e-mail address."
        ),
        OTHERS_STAY,
        *THEN,
    )
    _write(target, sheets, _TITLE, Guide(steps, _MEANINGS, about), live.made_at, live.base)


def sheets_of(matrix: MatrixSheet) -> list[MatrixSheet]:
    """The matrix in sheets that are not too wide and not too long: a category each, and people in their order."""
    parts = parts_of(matrix.skills, matrix.shape.widest - len(matrix.who))
    room = matrix.shape.longest - _HEADER_ROWS - bool(matrix.example) - matrix.more_people
    starts = range(0, max(len(matrix.people), 1), room)
    pieces = [(name or matrix.name, skills, start) for name, skills in parts for start in starts]
    wanted = ((name, f" ({start // room + 1})" if len(starts) > 1 else "") for name, _, start in pieces)
    names = sheet_names(wanted, _TAKEN)
    return [
        replace(
            matrix,
            name=name,
            skills=skills,
            people=matrix.people[start : start + room],
            example={} if start else matrix.example,
        )
        for name, (_, skills, start) in zip(names, pieces, strict=True)
    ]


def _is_too_wide(matrix: MatrixSheet) -> bool:
    return len(matrix.skills) > matrix.shape.widest - len(matrix.who)


def _with_example(matrix: MatrixSheet) -> MatrixSheet:
    """The matrix, with an example where nobody holds anything: without a single level it would not look like one."""
    if any(matrix.levels.values()) or not matrix.skills:
        return matrix
    return replace(matrix, example={**_EXAMPLE_PERSON, matrix.skills[0].id: f"{EXAMPLE}1"})


def _write(
    target: BinaryIO,
    sheets: Sequence[MatrixSheet],
    title: str,
    guide: Guide,
    made: dt.datetime,
    base: Base | None = None,
) -> None:
    def lay_out(book: Scaffold) -> Sequence[CellRows]:
        book.set_properties({"title": title, "created": made})
        rows = [lay_out_matrix(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
        write_instructions(book, title, guide, _INSTRUCTIONS)
        add_levels(book)
        write_base(book, base)
        return rows

    write(target, lay_out)
