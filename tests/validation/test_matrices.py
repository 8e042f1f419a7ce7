"""Where the matrix is in a sheet, what around it is left out and named, and where it is not for us to say."""

from collections.abc import Sequence

import pytest

from importer import endpoints
from importer.coordinates import Place, column_of
from importer.errors import Ambiguous, Unreadable
from importer.layouts.accounting import account_for
from importer.layouts.matrix_finder import Matrix, MatrixOptions, find_matrix
from importer.layouts.sheet_features import SheetFeatures
from importer.table import Merge, Sheet
from importer.validation.level import NUMBERS, parse_scale

SKILLS = endpoints.load("skill-memberships")
Rows = Sequence[Sequence[object]]


def grid(rows: Rows, *, merged: Sequence[str] = (), down: Sequence[str] = (), across: Sequence[str] = ()) -> Sheet:
    """A sheet of these rows; `merged` as `A1:C1`, `down` and `across` the cells with sums of others."""
    width = max(map(len, rows))
    texts = [["" if cell is None else str(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    columns = tuple(map(list, zip(*texts, strict=True)))
    merges = [(place(first), place(last)) for first, _, last in (cells.partition(":") for cells in merged)]
    return Sheet(
        columns,
        merges=tuple(Merge(*first, *last) for first, last in merges),
        formulas=frozenset(map(place, (*down, *across))),
        sums_down=frozenset(map(place, down)),
        sums_across=frozenset(map(place, across)),
    )


def place(cell: str) -> Place:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), column_of(letters)


def found(sheet: Sheet, told: MatrixOptions | None = None, scale: str = "") -> Matrix:
    matrix = find_matrix(
        SheetFeatures(sheet, parse_scale(scale) if scale else NUMBERS), SKILLS, told or MatrixOptions()
    )
    assert matrix is not None
    return matrix


def left_out(sheet: Sheet, told: MatrixOptions | None = None) -> tuple[str, ...]:
    """What of the sheet is neither header nor record, as a person reads it."""
    return tuple(map(str, account_for(sheet, found(sheet, told).taken).set_aside))


def skills(matrix: Matrix) -> list[str]:
    return list(matrix.skills.values())


PLAIN: Rows = [("Name", "Python", "Java", "Go"), ("Dana Reyes", 3, 2, ""), ("Kwame Mensah", "", 5, 1)]


def test_a_plain_matrix_is_people_down_and_skills_across() -> None:
    sheet = grid(PLAIN)
    matrix = found(sheet)

    assert (matrix.header_row, matrix.rows, skills(matrix)) == (1, (2, 3), ["Python", "Java", "Go"])
    assert left_out(sheet) == ()


def test_titles_dates_and_a_legend_above_are_passed_over() -> None:
    above: Rows = [("Team A", "", "", ""), ("as of 1 March",), ("", "1 = Beginner", "3 = Advanced", "5 = Expert"), ()]

    matrix = found(grid([*above, *PLAIN]))

    assert (matrix.header_row, matrix.rows, skills(matrix)) == (5, (6, 7), ["Python", "Java", "Go"])
    assert left_out(grid([*above, *PLAIN])) == (
        'row 1 "Team A": above the header',
        'row 2 "as of 1 March": above the header',
        'row 3 "1 = Beginner, 3 = Advanced, 5 = Expert": above the header',
    )


@pytest.mark.parametrize("merged", [(), ("B1:C1",)])
def test_categories_above_the_skills_are_known_whether_merged_or_not(merged: tuple[str, ...]) -> None:
    matrix = found(grid([("", "Code", "", "Cloud"), *PLAIN], merged=merged))

    assert matrix.header_row == 2
    assert list(matrix.categories.values()) == ["Code", "Code", "Cloud"]


def test_the_second_line_of_a_header_is_nobodys() -> None:
    rows: Rows = [("Name", "Python", "Java"), ("", "1-5", "1-5"), ("Dana Reyes", 3, 2), ("Kwame Mensah", 4, 1)]

    sheet = grid(rows, merged=["A1:A2"])

    assert (found(sheet).rows, left_out(sheet)) == ((3, 4), ())


def test_a_column_for_the_goal_under_each_skill_is_left_out() -> None:
    rows: Rows = [
        ("Name", "Python", "", "Java", ""),
        ("", "Current", "Target", "Current", "Target"),
        ("Dana Reyes", 3, 4, 2, 3),
        ("Kwame Mensah", 4, 5, 1, 2),
    ]

    sheet = grid(rows, merged=["A1:A2", "B1:C1", "D1:E1"])

    assert found(sheet).skills == {1: "Python", 3: "Java"}
    assert left_out(sheet) == (
        'column C "Python, Target": a column of totals or averages',
        'column E "Java, Target": a column of totals or averages',
    )


@pytest.mark.parametrize("label", ["Average", "Total", "Ø", "Durchschnitt:", "TARGET", "Total level", "Gesamt"])
def test_a_row_of_totals_is_left_out_and_named(label: str) -> None:
    sheet = grid([*PLAIN, (), (label, 3, 3, 1)], down=["B5", "C5", "D5"])

    assert found(sheet).rows == (2, 3)
    assert left_out(sheet) == (f'row 5 "{label}": a total, an average or a goal',)


@pytest.mark.parametrize("label", ["Team North", "People who know it", ""])
def test_a_row_that_sums_up_those_above_is_left_out_whatever_it_is_called(label: str) -> None:
    sheet = grid([*PLAIN, (label, 1, 2, 1)], down=["B4", "C4", "D4"])

    assert found(sheet).rows == (2, 3)
    assert left_out(sheet) == ((f'row 4 "{label}"' if label else "row 4") + ": a total, an average or a goal",)


def test_averages_without_a_formula_are_known_by_their_decimals() -> None:
    sheet = grid([*PLAIN, ("Team North", "2,9", "3,5", "1,3")])

    assert found(sheet).rows == (2, 3)
    assert left_out(sheet) == ('row 4 "Team North": a total, an average or a goal',)


def test_a_skill_that_one_person_has_is_a_skill_though_its_average_stands_below_it() -> None:
    rows: Rows = [*PLAIN, ("Priya Raghunathan", 1, 1, ""), ("Bo Kim", 1, 1, ""), ("Durchschnitt", "2,0", "2,3", "0,3")]
    rows = [(*row, "Ada" if at == 0 else 4 if at == 1 else "0,8" if at == 5 else "") for at, row in enumerate(rows)]

    assert skills(found(grid(rows))) == ["Python", "Java", "Go", "Ada"]


def test_a_colleague_called_max_is_no_maximum() -> None:
    typed = found(grid([*PLAIN, ("Max", 3, 4, "")]))
    calculated = grid([*PLAIN, ("Max", 3, 4, "")], down=["B4", "C4"])

    assert typed.rows == (2, 3, 4)
    assert found(calculated).rows == (2, 3)
    assert left_out(calculated) == ('row 4 "Max": a total, an average or a goal',)


def test_a_person_whose_levels_are_looked_up_by_formulas_is_no_total() -> None:
    sheet = grid(PLAIN)
    looked_up = Sheet(sheet.columns, formulas=frozenset(map(place, ("B2", "C2", "C3", "D3"))))

    assert found(looked_up).rows == (2, 3)


@pytest.mark.parametrize("heading", ["Average", "Total", "Summe", "FTE", "Years of experience", "Target"])
def test_a_column_of_other_numbers_is_left_out_and_named(heading: str) -> None:
    rows: Rows = [(*row, heading if not at else 3) for at, row in enumerate(PLAIN)]

    matrix = found(grid(rows))

    assert skills(matrix) == ["Python", "Java", "Go"]
    what = "a column that is not used" if "F" in heading or "Y" in heading else "a column of totals or averages"
    assert left_out(grid(rows)) == (f'column E "{heading}": {what}',)


def test_a_column_that_sums_up_those_beside_it_is_left_out_whatever_it_is_called() -> None:
    rows: Rows = [(*row, "Fit" if not at else 4) for at, row in enumerate(PLAIN)]

    assert left_out(grid(rows, across=["E2", "E3"])) == ('column E "Fit": a column that is not used',)


def test_remarks_to_the_right_and_texts_in_between_are_left_out_and_named() -> None:
    rows: Rows = [
        ("Name", "Role", "Python", "Office", "Java", "Notes"),
        ("Dana Reyes", "Lead", 3, "Berlin", 2, "wants to move to the data team soon"),
        ("Kwame Mensah", "Analyst", 4, "Lyon", 1, "back in June, see the review"),
    ]

    matrix = found(grid(rows))

    assert skills(matrix) == ["Python", "Java"]
    assert left_out(grid(rows)) == (
        'column B "Role": a column that is not used',
        'column D "Office": a column that is not used',
        'column F "Notes": a column that is not used',
    )


def test_lines_of_teams_blank_rows_and_remarks_below_are_left_out_and_named() -> None:
    rows: Rows = [
        PLAIN[0], ("Team North",), PLAIN[1], (), ("Team South",), PLAIN[2], (),
        ("Legend", "1 = Beginner", "5 = Expert"), ("* as agreed in March",),
    ]  # fmt: skip

    assert found(grid(rows)).rows == (3, 6)
    assert left_out(grid(rows)) == (
        'row 2 "Team North": nothing to load',
        'row 5 "Team South": nothing to load',
        'row 8 "Legend, 1 = Beginner, 5 = Expert": what levels mean',
        'row 9 "* as agreed in March": nothing to load',
    )


def test_a_legend_below_that_lists_numbers_and_words_is_nobodys() -> None:
    rows: Rows = [*PLAIN, (), ("1", "Beginner"), ("5", "Expert")]

    assert found(grid(rows)).rows == (2, 3)
    assert left_out(grid(rows)) == (
        'row 5 "1, Beginner": levels without a person',
        'row 6 "5, Expert": levels without a person',
    )


def test_somebody_without_any_level_is_named() -> None:
    assert left_out(grid([*PLAIN, ("Priya Raghunathan", "", "-", "n/a")])) == (
        'row 4 "Priya Raghunathan, -, n/a": nothing to load',
    )


def test_a_header_that_is_repeated_for_the_next_page_is_left_out() -> None:
    sheet = grid([*PLAIN, PLAIN[0], ("Priya Raghunathan", 1, 1, 1)])

    assert (found(sheet).rows, left_out(sheet)) == ((2, 3, 5), ('row 4 "Name": the header again',))


SECOND: Rows = [
    ("Name", "Docker", "Kubernetes", "Terraform", "Ansible"),
    ("Priya Raghunathan", 1, 2, 3, 4), ("Amina Diallo", 1, 1, 1, 2),
]  # fmt: skip


PAIR: Rows = [("Name", "Rust", "Scala"), ("Priya Raghunathan", 1, 2), ("Amina Diallo", 1, 2)]


@pytest.mark.parametrize(
    "below", [SECOND, PAIR, [("", *PAIR[0][1:]), *PAIR[1:]], [("Name", "Python", "Rust"), *PAIR[1:]]]
)
@pytest.mark.parametrize("is_above", [False, True])
def test_two_tables_below_each_other_are_never_read_under_one_header(below: Rows, is_above: bool) -> None:  # noqa: FBT001
    rows = [*below, (), *PLAIN] if is_above else [*PLAIN, (), *below]

    with pytest.raises(Ambiguous) as asked:
        found(grid(rows))

    assert [each.option for each in asked.value.answers] == ["header_row"] * 2
    second = str(len(rows) - len(PLAIN if is_above else below) + 1)
    assert [each.value for each in asked.value.answers] == ["1", second]


def test_a_second_table_of_two_skills_is_found_below_one_of_two_skills() -> None:
    rows: Rows = [
        ("Team North", "Python", "Go"),
        *(row[:3] for row in PLAIN[1:]),
        ("Team South", "Rust", "Ada"),
        *PAIR[1:],
    ]

    with pytest.raises(Ambiguous, match="row 4 looks like the header of a second table"):
        found(grid(rows))


def test_of_two_tables_the_one_whose_header_is_told_is_read_and_the_other_left_out() -> None:
    rows = [*PLAIN, (), *SECOND]

    above, below = found(grid(rows), MatrixOptions(header_row=1)), found(grid(rows), MatrixOptions(header_row=5))

    assert (above.rows, skills(above)) == ((2, 3), ["Python", "Java", "Go"])
    assert left_out(grid(rows), MatrixOptions(header_row=1))[0].startswith("rows 5 to 7 ")
    assert (below.rows, len(below.skills)) == ((6, 7), 4)


def test_merged_cells_of_a_person_stand_for_each_of_their_lines() -> None:
    rows: Rows = [PLAIN[0], ("Dana Reyes", 3, "", ""), ("", "", 2, ""), ("Kwame Mensah", "", 5, 1)]

    matrix = found(grid(rows, merged=["A2:A3"]))

    assert matrix.rows == (2, 3, 4)
    assert matrix.names == {(2, 0): "Dana Reyes", (3, 0): "Dana Reyes"}
    assert len(matrix.who) == 2


def test_a_line_of_goals_under_each_person_is_left_out() -> None:
    rows: Rows = [
        ("Name", "", "Python", "Java"), ("Dana Reyes", "Ist", 3, 2), ("", "Soll", 4, 3), ("Kwame Mensah", "Ist", 1, 1),
        ("", "Soll", 2, 2),
    ]  # fmt: skip

    sheet = grid(rows, merged=["A2:A3", "A4:A5"])

    assert found(sheet).rows == (2, 4)
    assert left_out(sheet) == (
        'rows 3, 5 "Soll": a total, an average or a goal',
        'column B "Ist": a column without a heading',
    )


def test_a_level_over_merged_cells_is_said_to_count_for_the_first_alone() -> None:
    said = "cells merged with B2: only the first of them has the level"
    assert left_out(grid(PLAIN, merged=["B2:C2"])) == (said,)


def test_a_name_in_two_columns_is_one_name() -> None:
    rows: Rows = [("Last name", "First name", "Python", "Go"), ("Reyes", "Dana", 3, 2), ("Mensah", "Kwame", 1, "")]

    matrix = found(grid(rows))

    assert matrix.names == {(2, 1): "Dana Reyes", (3, 1): "Kwame Mensah"}
    assert left_out(grid(rows)) == ()


def test_two_columns_that_could_be_the_people_are_a_question_that_people_column_settles() -> None:
    rows: Rows = [
        ("Employee", "Colleague", "Python", "Go"),
        ("Dana Reyes", "Amina Diallo", 3, 1),
        ("Kwame Mensah", "Bo Kim", 1, 1),
    ]

    with pytest.raises(Ambiguous) as asked:
        found(grid(rows))

    assert [each.typed for each in asked.value.answers] == ["--people-column Employee", "--people-column Colleague"]
    assert list(found(grid(rows), MatrixOptions(people_column="Colleague")).people) == [1]
    assert list(found(grid(rows), MatrixOptions(people_column="a")).people) == [0]


def test_names_without_a_heading_are_found_by_what_they_are_and_two_such_columns_are_a_question() -> None:
    one: Rows = [("", "Role", "Python", "Go"), ("Dana Reyes", "Lead", 3, 1), ("Kwame Mensah", "Analyst", 1, 1)]
    two: Rows = [("", "", "Python", "Go"), ("Dana Reyes", "Amina Diallo", 3, 1), ("Kwame Mensah", "Bo Kim", 1, 1)]

    assert list(found(grid(one)).people) == [0]
    with pytest.raises(Ambiguous) as asked:
        found(grid(two))
    assert [each.value for each in asked.value.answers] == ["A", "B"]


def test_of_two_tables_beside_each_other_no_level_goes_to_the_others_person() -> None:
    rows: Rows = [
        ("Name", "Python", "Go", "", "Name", "Java", "Rust"),
        ("Dana Reyes", 3, 1, "", "Amina Diallo", 1, 2),
        ("Kwame Mensah", 1, 1, "", "Bo Kim", 3, 4),
    ]

    with pytest.raises(Ambiguous) as asked:
        found(grid(rows))

    assert [each.value for each in asked.value.answers] == ["A", "E"]
    assert skills(found(grid(rows), MatrixOptions(people_column="A"))) == ["Python", "Go"]
    assert skills(found(grid(rows), MatrixOptions(people_column="E"))) == ["Java", "Rust"]


def test_a_skill_that_stands_there_twice_is_a_question_unless_its_category_tells_them_apart() -> None:
    rows: Rows = [("Name", "Python", "Scrum", "Scrum"), ("Dana Reyes", 3, 2, 1), ("Kwame Mensah", 1, 5, 1)]

    with pytest.raises(Ambiguous, match=r'columns C and D of row 1 are both "Scrum"') as asked:
        found(grid(rows))

    assert (asked.value.code, asked.value.answers) == ("columns", ())
    assert list(found(grid(rows), MatrixOptions(skill_columns=("Python", "D"))).skills) == [1, 3]
    assert len(found(grid([("", "Skill", "", "Certification"), *rows])).skills) == 3


def test_columns_that_are_named_are_taken_and_one_that_is_not_there_is_answered_with_those_that_are() -> None:
    assert skills(found(grid(PLAIN), MatrixOptions(skill_columns=("go", "PYTHON")))) == ["Python", "Go"]
    with pytest.raises(
        Unreadable, match=r'there is no column "Rust" in row 1\. The columns are Name, Python, Java, Go'
    ):
        found(grid(PLAIN), MatrixOptions(skill_columns=("Rust", "Go")))


def test_a_header_that_is_told_is_obeyed() -> None:
    rows: Rows = [("Name", "alpha", "beta", "gamma"), *PLAIN]

    assert found(grid(rows), MatrixOptions(header_row=1)).header_row == 1
    assert find_matrix(SheetFeatures(grid(rows), NUMBERS), SKILLS, MatrixOptions(header_row=9)) is None


def test_words_that_mean_something_else_elsewhere_are_skills_where_skills_stand() -> None:
    rows: Rows = [
        ("Name", "NA", "R", "C", "TRUE", "Level 3"), ("Dana Reyes", 3, 2, 1, 1, 1), ("Kwame Mensah", 1, 5, 1, 1, 1)
    ]  # fmt: skip

    assert skills(found(grid(rows))) == ["NA", "R", "C", "TRUE", "Level 3"]


def test_a_skill_that_nobody_has_yet_and_one_that_is_mostly_mistyped_are_skills() -> None:
    rows: Rows = [("Name", "Python", "Cobol", "Ada", "Go"), ("Dana Reyes", 3, "", "good", 1), ("Bo Kim", 1, "", 2, 1)]

    assert skills(found(grid(rows))) == ["Python", "Cobol", "Ada", "Go"]


def test_levels_under_no_heading_are_named() -> None:
    rows: Rows = [("Name", "Python", "", "Go"), ("Dana Reyes", 3, 2, 1), ("Kwame Mensah", 1, 5, 1)]

    assert left_out(grid(rows)) == ('column C "2, 5": a column without a heading',)


def test_words_for_levels_that_somebody_told_make_a_matrix() -> None:
    rows: Rows = [("Name", "Python", "Go"), ("Dana Reyes", "kann", "lehrt"), ("Kwame Mensah", "lehrt", "kann")]

    assert find_matrix(SheetFeatures(grid(rows), NUMBERS), SKILLS, MatrixOptions()) is None
    assert skills(found(grid(rows), scale="kann=2,lehrt=5")) == ["Python", "Go"]
    assert skills(found(grid(rows), MatrixOptions(skill_columns=("Python", "Go")))) == ["Python", "Go"]


def test_a_list_of_words_and_numbers_is_no_matrix() -> None:
    rows: Rows = [
        ("Level", "Word", "What it means"),
        (1, "Beginner", "has heard of it"),
        (2, "Basic", "does it with help"),
    ]

    assert find_matrix(SheetFeatures(grid(rows), NUMBERS), SKILLS, MatrixOptions()) is None
