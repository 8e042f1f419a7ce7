"""A few people and skills of the sandbox: what they hold, what somebody changes meanwhile, and the files of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from importer import Account
from importer.sandbox import Running

Cell = tuple[int, int]
"""A person's id and a skill's."""
Levels = Mapping[Cell, int | None]
"""The level of each cell; None for no record."""

SHEET, LIST = "Skill matrix", "Skill memberships"
_BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """Some people and skills. Whatever they hold besides is not looked at: files are exported of these alone."""

    kantata: Running
    people: Mapping[int, str]
    """E-mail addresses by id."""
    skills: Mapping[int, str]
    """Names by id."""
    _times: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def cells(self) -> list[Cell]:
        """Every pair of a person and a skill."""
        return list(product(self.people, self.skills))

    def hold(self, levels: Levels) -> None:
        """Let the account hold just these levels of these people and skills."""
        for person, skill in self.cells:
            self.kantata.execute("DELETE FROM skill_memberships WHERE user_id = ? AND skill_id = ?", person, skill)
        self.change({cell: level for cell, level in levels.items() if level is not None})

    def change(self, levels: Levels, by: int | None = None) -> None:
        """Somebody writes these levels in Kantata, each a minute after the one before."""
        for (person, skill), level in levels.items():
            time = f"{_BEGIN + timedelta(minutes=next(self._times)):%Y-%m-%dT%H:%M:%S}.000000Z"
            if level is None:
                self.kantata.execute("DELETE FROM skill_memberships WHERE user_id = ? AND skill_id = ?", person, skill)
            elif (person, skill) in self.held():
                self.kantata.execute(
                    "UPDATE skill_memberships SET level = ?, updated_at = ? WHERE user_id = ? AND skill_id = ?",
                    level, time, person, skill,
                )  # fmt: skip
            else:
                self.kantata.execute(
                    "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, creator_id, "
                    "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    person, skill, level, self.skills[skill], by or person, time, time,
                )  # fmt: skip

    def held(self) -> dict[Cell, int]:
        """What the account holds of these people and skills."""
        people, skills = (", ".join(map(str, ids)) for ids in (self.people, self.skills))
        rows = self.kantata.query(
            "SELECT user_id, skill_id, coalesce(level, 0) level FROM skill_memberships "
            f"WHERE user_id IN ({people}) AND skill_id IN ({skills})"
        )
        return {(row["user_id"], row["skill_id"]): row["level"] for row in rows}

    @property
    def options(self) -> dict[str, Any]:
        """What an export is asked for, to be of these people and skills."""
        return {"users": list(self.people.values()), "skills": list(self.skills.values())}

    def export_matrix(self, account: Account, path: Path) -> Path:
        """Their matrix as a workbook."""
        return account.export_matrix(path, **self.options).path


def small_world(kantata: Running, people: int = 3, skills: int = 4) -> World:
    """So many people whose name is theirs alone, and skills with levels."""
    some = kantata.query(
        "SELECT id, email_address FROM users WHERE disabled = 0 AND account_id = 6300412 AND full_name IN "
        "(SELECT full_name FROM users GROUP BY full_name HAVING count(*) = 1) ORDER BY id LIMIT ?", people
    )  # fmt: skip
    known = kantata.query(
        "SELECT id, name FROM skills WHERE max_level = 5 AND lower(name) IN (SELECT lower(name) FROM skills "
        "GROUP BY lower(name) HAVING count(*) = 1) ORDER BY id LIMIT ?", skills
    )  # fmt: skip
    return World(
        kantata,
        {row["id"]: row["email_address"] for row in some},
        {row["id"]: row["name"] for row in known},
    )


class MatrixSheet:
    """The sheet of a matrix that was exported, found by what its cells say, wherever they stand."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        rows = list(sheet.iter_rows(min_row=1, max_row=10, values_only=True))
        self.header = next(at for at, row in enumerate(rows, 1) if "user_id" in row)
        headings = {str(text): at for at, text in enumerate(rows[self.header - 1], 1) if text is not None}
        self.columns = headings
        self._ids = headings["user_id"]

    @property
    def people(self) -> list[int]:
        """The ids of the people in the order of their rows."""
        below = range(self.header + 1, self.sheet.max_row + 1)
        texts = (self.sheet.cell(row, self._ids).value for row in below)
        return [int(str(text)) for text in texts if text is not None]

    def row_of(self, person: int) -> int | None:
        """The row of a person; None where it is gone."""
        for row in range(self.header + 1, self.sheet.max_row + 1):
            if str(self.sheet.cell(row, self._ids).value) == str(person):
                return row
        return None

    def put(self, person: int, skill: str, value: Any) -> bool:
        """Type something into a cell; whether it is still there."""
        row, column = self.row_of(person), self.columns.get(skill)
        if row is None or column is None:
            return False
        self.sheet.cell(row, column).value = value
        return True

    def get(self, person: int, skill: str) -> Any:
        """What stands in a cell; None where it is blank, or gone."""
        row, column = self.row_of(person), self.columns.get(skill)
        return None if row is None or column is None else self.sheet.cell(row, column).value


@contextmanager
def edited(path: Path, sheet: str = SHEET) -> Iterator[MatrixSheet]:
    """The sheet of a matrix, which is saved as it is left."""
    book = openpyxl.load_workbook(path)
    yield MatrixSheet(book[sheet])
    book.save(path)


def type_levels(path: Path, world: World, levels: Levels, sheet: str = SHEET) -> None:
    """Type these levels into the matrix; None clears a cell."""
    with edited(path, sheet) as matrix:
        for (person, skill), level in levels.items():
            assert matrix.put(person, world.skills[skill], level)


def type_into_text(path: Path, levels: Levels) -> None:
    """Type these levels into a list of ids that is CSV; None clears a cell."""
    lines = path.read_text("utf-8-sig").splitlines()
    user, skill, level = (lines[0].split(",").index(name) for name in ("user_id", "skill_id", "level"))
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        told = levels.get((int(row[user]), int(row[skill])), row[level])
        row[level] = "" if told is None else str(told)
    path.write_text("\n".join([lines[0], *(",".join(row) for row in rows)]), "utf-8")


def outcomes(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: count for name, count in counts.items() if count}
