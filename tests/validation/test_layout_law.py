"""Turned, split, paired, packed into cells or spread over sheets: the records of a matrix are read the same."""

import csv
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from importer import pipeline
from importer.layouts.account_names import AccountNames
from importer.layouts.read_options import ReadOptions
from importer.spreadsheet.read.book import Book
from tests.cli.test_sheets import book_of

PEOPLE = ["Dana Reyes", "Kwame Mensah", "Priya Raghunathan", "Max Weber", "Siobhán O'Neill", "Li Na", "Jo Total"]
SKILLS = ["Python", "R", "C", "NA", "Data Modeling", "Project Management", "SAP FI-CO", "TRUE", "Total Quality"]
Held = Mapping[tuple[str, str], int]
"""The level of each person in each skill."""
Rows = list[list[Any]]


class Known(AccountNames):
    """An account with these people and skills, and no group."""

    is_there = True

    def people(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of them."""
        return frozenset(texts) & frozenset(PEOPLE)

    def skills(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of them."""
        return frozenset(texts) & frozenset(SKILLS)

    def groups(self, texts: Collection[str]) -> frozenset[str]:  # noqa: ARG002
        """None."""
        return frozenset()


@st.composite
def held(draw: st.DrawFn) -> Held:
    """At least two people with at least two skills, each with some."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=5, unique=True))
    skills = draw(st.lists(st.sampled_from(SKILLS), min_size=2, max_size=5, unique=True))
    levels = {(who, skill): draw(st.integers(0, 5)) for who in people for skill in skills}
    some = {pair: level for pair, level in levels.items() if level}
    for who, skill in zip(people, skills * len(people), strict=False):
        some.setdefault((who, skill), 1)
    for skill in skills:
        some.setdefault((people[0], skill), 2)
    return some


def people_of(held: Held) -> list[str]:
    return list(dict.fromkeys(who for who, _ in held))


def skills_of(held: Held) -> list[str]:
    return list(dict.fromkeys(skill for _, skill in held))


def as_list(held: Held) -> Rows:
    return [["Employee", "Skill", "Level"], *([who, skill, level] for (who, skill), level in held.items())]


def as_matrix(held: Held) -> Rows:
    skills = skills_of(held)
    return [["Name", *skills], *([who, *(held.get((who, skill), "") for skill in skills)] for who in people_of(held))]


def as_transposed(held: Held) -> Rows:
    turned = as_matrix(held)
    return [list(row) for row in zip(["Skill", *turned[0][1:]], *turned[1:], strict=True)]


def in_pairs(held: Held) -> Rows:
    rows = [[who, *(part for skill, level in of(held, who) for part in (skill, level))] for who in people_of(held)]
    most = max(len(row) // 2 for row in rows)
    header = ["Name", *(f"{what} {number}" for number in range(1, max(2, most) + 1) for what in ("Skill", "Level"))]
    return [header, *([*row, *[""] * (len(header) - len(row))] for row in rows)]


def in_cells(held: Held, between: str = "; ", pair: str = "{} ({})") -> Rows:
    packed = [[who, between.join(pair.format(*each) for each in of(held, who))] for who in people_of(held)]
    return [["Name", "Skills"], *packed]


def in_cells_with_dashes(held: Held) -> Rows:
    return in_cells(held, ", ", "{} - {}")


def in_lines_of_cells(held: Held) -> Rows:
    return in_cells(held, "\n", "{}: {}")


def in_columns_per_level(held: Held) -> Rows:
    def holders(skill: str, level: int) -> str:
        return "; ".join(who for who in people_of(held) if held.get((who, skill)) == level)

    return [["Skill", *range(1, 6)], *([each, *(holders(each, at) for at in range(1, 6))] for each in skills_of(held))]


def skills_in_columns_per_level(held: Held) -> Rows:
    def of_level(who: str, level: int) -> str:
        return "\n".join(skill for skill, each in of(held, who) if each == level)

    return [["Name", *range(1, 6)], *([who, *(of_level(who, at) for at in range(1, 6))] for who in people_of(held))]


def ticks(level: int) -> list[str]:
    return ["x" if at == level else "" for at in range(1, 6)]


def with_ticks(held: Held) -> Rows:
    return [["Name", "Skill", *range(1, 6)], *([*pair, *ticks(level)] for pair, level in held.items())]


def of(held: Held, who: str) -> list[tuple[str, int]]:
    return [(skill, level) for (other, skill), level in held.items() if other == who]


def sheets_of_people(held: Held) -> dict[str, Rows]:
    return {who: [["Skill", "Level"], *map(list, of(held, who))] for who in people_of(held)}


def forms_of_people(held: Held) -> dict[str, Rows]:
    return {
        who: [["Skill", *range(1, 6)], *([skill, *ticks(level)] for skill, level in of(held, who))]
        for who in people_of(held)
    }


def split_by_people(held: Held) -> dict[str, Rows]:
    matrix = as_matrix(held)
    half = 1 + len(matrix[1:]) // 2
    return {"North": matrix[: half + 1], "South": [matrix[0], *matrix[half + 1 :]]}


def read(path: Path, layout: str | None = None) -> Iterator[tuple[tuple[str, str], int]]:
    """Each record that is read of a file: who, what, how well."""
    table = pipeline.read(Book(path), ReadOptions(layout=layout), names=Known()).table
    for who, skill, level in zip(table.texts("user"), table.texts("skill"), table.texts("level"), strict=True):
        yield (who, skill), int(level)


def written(folder: str, rows: Sequence[Sequence[Any]]) -> Path:
    path = Path(folder) / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


EVERY = (
    as_list,
    as_matrix,
    as_transposed,
    in_pairs,
    in_cells,
    in_cells_with_dashes,
    in_lines_of_cells,
    in_columns_per_level,
    skills_in_columns_per_level,
    with_ticks,
)


@given(held())
def test_a_sheet_turned_paired_or_packed_into_cells_has_the_same_records(held: Held) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for lay_out in EVERY:
            assert dict(read(written(folder, lay_out(held)))) == held, lay_out.__name__


@given(held())
def test_a_sheet_that_is_spread_over_several_has_the_same_records(held: Held) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for spread in (sheets_of_people, forms_of_people, split_by_people):
            assert dict(read(book_of(Path(folder) / "sheets.xlsx", spread(held)))) == held, spread.__name__
