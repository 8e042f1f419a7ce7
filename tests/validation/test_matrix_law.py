"""Whatever HR puts around a matrix, each level is read once, for its person and skill, and no total is anybody's."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from importer import endpoints
from importer.errors import Ambiguous
from importer.layouts.matrix_finder import MatrixOptions, find_matrix
from importer.layouts.sheet_features import SheetFeatures
from importer.table import Sheet
from importer.validation.level import NUMBERS

PEOPLE = ["Dana Reyes", "Kwame Mensah", "Priya Raghunathan", "Amina Diallo", "Max Weber", "Siobhán O'Neill", "Jo Total"]
SKILLS = ["Python", "R", "C", "NA", "Total Quality", "Project Management", "Scrum", "TRUE", "SAP FI/CO"]
TITLES = [("Skills of Team A",), ("as of 1 March 2026",), ("Legend", "", "1 = Beginner", "5 = Expert"), ()]
BETWEEN = [(), ("Team North",), ("* joined in May",)]
Row = Sequence[Any]


@st.composite
def kept(draw: st.DrawFn) -> tuple[list[Row], set[tuple[str, str, int]]]:
    """The rows of a sheet, and who has which skill how well."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=3, max_size=6, unique=True))
    corner = draw(st.sampled_from(["Name", "Employee", "Mitarbeiter", "Team / name", ""]))
    # A skill called TRUE over a tick is one where a heading of people shows that this is the header.
    pool = SKILLS if corner else [skill for skill in SKILLS if skill != "TRUE"]
    skills = draw(st.lists(st.sampled_from(pool), min_size=2, max_size=6, unique=True))
    left = draw(st.lists(st.sampled_from(["Role", "FTE", "Personnel no."]), max_size=2, unique=True))
    right = draw(st.lists(st.sampled_from(["Average", "Points", "Notes"]), max_size=2, unique=True))
    beside = {
        "Role": "Senior Consultant",
        "FTE": 1,
        "Personnel no.": 4711,
        "Average": "2,4",
        "Points": 17,
        "Notes": "ok",
    }
    is_first = draw(st.booleans())
    header = [corner, *left, *skills, *right] if is_first else [*left, corner, *skills, *right]
    rows: list[Row] = draw(st.lists(st.sampled_from(TITLES), max_size=3))
    if draw(st.booleans()):
        start = 1 + len(left)
        rows = [*rows, [""] * start + ["Code" if at * 2 < len(skills) else "Other" for at in range(len(skills))]]
    rows = [*rows, header]
    truth: set[tuple[str, str, int]] = set()
    level = st.sampled_from([0, 0, 1, 2, 3, 4, 5])  # 0 is a blank cell
    for person in people:
        levels = draw(st.lists(level, min_size=len(skills), max_size=len(skills)).filter(any))
        truth |= {(person, skill, some) for skill, some in zip(skills, levels, strict=True) if some}
        cells = [beside[name] for name in left]
        cells = [person, *cells] if is_first else [*cells, person]
        rows += draw(st.lists(st.sampled_from(BETWEEN), max_size=1))
        rows += [[*cells, *(some or "" for some in levels), *(beside[name] for name in right)]]
    label = draw(st.sampled_from(["", "Average", "Total", "Team average"]))
    if label:
        blank = [""] * (len(header) - len(skills) - len(right) - 1)
        totals = (
            [f"{at},{3 + at}" for at in range(len(skills))]
            if "verage" in label
            else [7 + at for at in range(len(skills))]
        )
        rows += [(), [label, *blank, *totals]]
    return rows, truth


@given(kept())
def test_every_level_is_read_once_for_its_person_and_skill_whatever_stands_around_it(
    sheet: tuple[list[Row], set[tuple[str, str, int]]],
) -> None:
    rows, truth = sheet
    width = max(map(len, rows))
    columns = tuple([str(row[at]) if at < len(row) else "" for row in rows] for at in range(width))

    try:
        view = SheetFeatures(Sheet(columns), NUMBERS)
        matrix = find_matrix(view, endpoints.load("skill-memberships"), MatrixOptions())
    except Ambiguous:
        return

    if matrix is None:  # where nothing names the people, one column of levels might be anything: the file is refused
        assert len({skill for _, skill, _ in truth}) == 1
        return
    (who,) = matrix.people
    read = {
        (columns[who][row - 1], skill, int(text))
        for row in matrix.rows
        for column, skill in matrix.skills.items()
        if (text := columns[column][row - 1])
    }
    assert read == truth
