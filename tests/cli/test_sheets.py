"""Which sheets of a file are taken, what is said of them, and what is left out of a list: as a person sees it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.books import workbook
from tests.conftest import Importer

Rows = Sequence[Sequence[Any]]
DANA, PRIYA, KWAME = ("Dana Reyes", "Priya Raghunathan", "Kwame Mensah")
TEAM: Rows = [("Name", "Python", "Java"), (DANA, 3, 2), (PRIYA, 4, None), (KWAME, None, 5)]


def book_of(path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_all_sheets_that_look_alike_are_taken_and_the_others_are_named(importer: Importer, tmp_path: Path) -> None:
    sheets = {
        "North": TEAM,
        "South": [("Skills of the south",), *TEAM[:2]],
        "Holidays": [("Day", "Name"), ("1 May", "May Day")],
    }
    path = book_of(tmp_path / "a.xlsx", sheets)

    ran = importer("check", path)

    assert ran.code == 0, ran.err
    assert ran.err.splitlines()[1:] == [
        '  Sheet "North", header in row 1, 3 people, 2 skills.',
        '  Sheet "South", header in row 2, 1 person, 2 skills.',
        '  Sheet "Holidays" is left out, because it has no table to load.',
    ]


def test_the_sheets_that_are_named_are_taken_and_no_other(importer: Importer, tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", {"North": TEAM, "South": TEAM[:2], "West": TEAM[:3]})

    ran = importer("check", path, "--sheet", "West", "--sheet", "South", "--json")

    assert [(each["sheet"], each["people"], each["rows"]) for each in ran.json["sheets"]] == [
        ("West", 2, 3),
        ("South", 1, 2),
    ]
    assert (ran.json["people"], ran.json["skills"], ran.json["levels"]) == (2, 2, 5)


def test_a_hidden_sheet_is_not_read_unless_it_is_named_and_that_is_said(importer: Importer, tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", {"Now": TEAM, "Last year": TEAM})
    book = openpyxl.load_workbook(path)
    book["Last year"].sheet_state = "hidden"
    book.save(path)

    silent, named = importer("check", path, "--json"), importer("check", path, "--sheet", "Last year", "--json")

    assert 'Sheet "Last year" is hidden, so we left it out. Name a sheet to load it.' in silent.json["notes"]
    assert (silent.json["sheet"], silent.json["levels"], named.json["sheet"]) == ("Now", 4, "Last year")


def test_hidden_rows_columns_and_a_filter_are_loaded_and_said_for_each_sheet(
    importer: Importer, tmp_path: Path
) -> None:
    path = book_of(tmp_path / "a.xlsx", {"North": TEAM, "South": TEAM[:3]})
    book = openpyxl.load_workbook(path)
    book["North"].row_dimensions[3].hidden = True
    book["North"].auto_filter.ref = "A1:C4"
    book["South"].column_dimensions["B"].hidden = True
    book.save(path)

    ran = importer("check", path, "--json")

    assert ran.json["levels"] == 4 + 3
    assert 'Sheet "North": Filtered or hidden rows (3) were read like the others.' in ran.json["notes"]
    assert 'Sheet "South": Hidden columns (B) were read like the others.' in ran.json["notes"]


def test_a_sheet_that_explains_levels_is_no_table_and_is_said_to_be_used(importer: Importer, tmp_path: Path) -> None:
    levels: Rows = [("Level", "Word"), (2, "Can"), (5, "Teaches")]
    path = book_of(tmp_path / "a.xlsx", {"Team": [TEAM[0], (DANA, "can", "Teaches")], "Levels": levels})

    ran, told = importer("check", path, "--json"), importer("check", path, "--levels", "Can=1,Teaches=4", "--json")

    assert ran.code == told.code == 0
    assert 'Sheet "Levels" says what levels mean: can = 2, teaches = 5.' in ran.json["notes"]
    assert '"can" was read as 2 in 1 cell.' in ran.json["notes"]
    assert '"can" was read as 1 in 1 cell.' in told.json["notes"]
    assert len(ran.json["sheets"]) == len(told.json["sheets"]) == 1


def test_a_word_for_skills_merged_above_their_names_makes_no_list_of_a_matrix(
    importer: Importer, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", [("Employee", "Skill", None), (None, "Python", "Java"), *TEAM[1:]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B1:C1")
    book.worksheets[0].merge_cells("A1:A2")
    book.save(path)

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["layout"], ran.json["header_row"]) == (0, "matrix", 2)
    assert (ran.json["people"], ran.json["levels"]) == (3, 4)


@pytest.mark.parametrize(
    ("rows", "option", "choice", "levels"),
    [
        ([*TEAM, (), ("Name", "Go", "Rust", "Scala"), (DANA, 1, 2, 3), (PRIYA, 1, 2, 3)], "--header-row", "6", 6),
        ([("Employee", "Colleague", "Python"), (DANA, PRIYA, 3), (KWAME, DANA, 4)], "--people-column", "Colleague", 2),
        ([("Name", "Python", "Python"), (DANA, 3, 4), (PRIYA, 2, 1)], "--skill-columns", "C", 2),
    ],
)
def test_what_could_be_read_in_two_ways_is_a_stop_that_an_option_settles(
    importer: Importer, tmp_path: Path, rows: Rows, option: str, choice: str, levels: int
) -> None:
    path = workbook(tmp_path / "a.xlsx", rows)

    stopped, settled = importer("check", path), importer("check", path, option, choice, "--json")

    assert stopped.code == 5
    assert option in stopped.err
    assert (settled.code, settled.json["levels"]) == (0, levels), settled.err


LIST: Rows = [
    ("Skill survey", None, None, None),
    (),
    ("Employee", "Skill", "Level", "Remark"),
    (DANA, "Python", 3, None),
    (),
    (PRIYA, "Java", 4, "Total recall"),
    (KWAME, "Python", 2, None),
]


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ([("Total", None, 9)], 'row 8 "Total"'),
        ([(), ("Average level", None, "=AVERAGE(C4:C7)")], 'row 9 "Average level"'),
        ([("Total", 3, 9)], 'row 8 "Total"'),
        ([(None, "Summe:", 9)], 'row 8 "Summe:"'),
        ([("Employee", "Skill", "Level", "Remark")], "row 8 (row 3 again)"),
        (
            [("Please send corrections to People Operations by mail.",)],
            'row 8 "Please send corrections to People Ope..."',
        ),
        ([("Note: levels as agreed",)], 'row 8 "Note: levels as agreed"'),
    ],
)
def test_what_is_no_record_of_a_list_is_left_out_and_named(
    importer: Importer, tmp_path: Path, below: Rows, left: str
) -> None:
    path = workbook(tmp_path / "a.xlsx", [*LIST, *below])

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["rows"], ran.json["valid"]) == (0, 3, 3), ran.err
    assert ran.json["sheets"][0]["left_out"] == [left]
    assert f'Sheet "S", header in row 3; left out: {left}.' in ran.json["notes"]


@pytest.mark.parametrize(
    "row", [("Amina Diallo", None, 3), (None, "Python", 3), ("amina.diallo@example.com",), ("Max", "Go", 2)]
)
def test_a_row_of_a_list_that_may_be_somebodys_is_never_left_out(
    importer: Importer, tmp_path: Path, row: Sequence[Any]
) -> None:
    path = workbook(tmp_path / "a.xlsx", [*LIST, row])

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["rows"], ran.json["invalid"]) == (3, 4, 1)
    assert {each["row"] for each in ran.json["problems"]} == {8}


def test_many_people_without_levels_are_told_by_their_rows(importer: Importer, tmp_path: Path) -> None:
    people = [f"Somebody {letter}" for letter in "ABCDEFGHIJKL"]
    few = workbook(tmp_path / "few.xlsx", [*TEAM, *((who,) for who in people[:2])])
    many = workbook(tmp_path / "many.xlsx", [*TEAM, *((who,) for who in people)])

    told = [importer("check", path, "--json").json["sheets"][0]["left_out"] for path in (few, many)]

    assert told == [['row 5 "Somebody A" (no levels)', 'row 6 "Somebody B" (no levels)'], ["rows 5 to 16 (no levels)"]]


def test_much_that_is_left_out_is_cut_for_a_person_and_whole_in_json(importer: Importer, tmp_path: Path) -> None:
    columns = [f"Column {letter}" for letter in "ABCDEFGHIJ"]
    path = workbook(tmp_path / "a.xlsx", [(*TEAM[0], *columns), *((*row, *["some text"] * 10) for row in TEAM[1:])])

    ran = importer("check", path, "--json")

    assert ran.json["sheets"][0]["left_out"] == [f'column "{name}"' for name in columns]
    assert ran.json["notes"][0].endswith('column "Column H", 2 more.')
