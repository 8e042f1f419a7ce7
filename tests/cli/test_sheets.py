"""Which sheets of a file are taken, what is said of them, and what is left out of a list: as a person sees it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.books import sheet_rows, workbook
from tests.conftest import Importer

Rows = Sequence[Sequence[Any]]
DANA, PRIYA, KWAME = ("Dana Reyes", "Priya Raghunathan", "Kwame Mensah")
TEAM: Rows = [("Name", "Python", "Java"), (DANA, 3, 2), (PRIYA, 4, None), (KWAME, None, 5)]


def book_of(path: Path, sheets: Mapping[str, Rows]) -> Path:
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
        "Set aside:",
        '  row 1 "Skills of the south": above the header',
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
        ([("Employee", "Skill", "Level", "Remark")], 'row 8 "Employee, Skill, Level"'),
        (
            [("Please send corrections to People Operations by mail.",)],
            'row 8 "Please send corrections to People Operations by mail."',
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
    aside = [f'{each["place"]} "{each["text"]}"' for each in ran.json["set_aside"]]
    assert aside == ['row 1 "Skill survey"', left, 'column D "Remark"']
    assert importer("check", path).err.count(": ") > len(aside)


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


def test_people_without_levels_are_each_named_by_their_row(importer: Importer, tmp_path: Path) -> None:
    people = [f"Somebody {letter}" for letter in "ABCDEFGHIJKL"]

    ran = importer("check", workbook(tmp_path / "many.xlsx", [*TEAM, *((who,) for who in people)]), "--json")

    told = [(each["place"], each["text"], each["reason"]) for each in ran.json["set_aside"]]
    assert told == [(f"row {row}", who, "nothing to load") for row, who in enumerate(people, 5)]


def test_much_that_is_set_aside_is_whole_in_json_and_in_the_summary_and_cut_on_the_terminal(
    importer: Importer, tmp_path: Path
) -> None:
    columns = [f"Column {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"]
    rows = [(*TEAM[0], *columns), *((*row, *["some text"] * len(columns)) for row in TEAM[1:])]
    path = workbook(tmp_path / "a.xlsx", rows)

    shown, ran = importer("check", path), importer("apply", path, "--yes", "--json")

    assert [each["text"] for each in ran.json["set_aside"]] == columns
    summary = [row[1] for row in sheet_rows(Path(ran.json["result"]), "Summary") if len(row) > 1]
    assert [name for name in columns if not any(f'"{name}"' in str(text) for text in summary)] == []
    assert shown.err.count("a column that is not used") == 20
    assert shown.err.rstrip().endswith("... --json lists all of it.")
