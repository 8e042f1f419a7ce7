"""Every layout in which people keep skills and groups, from the sheet to the account."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import importer as api
from importer import Unreadable
from importer.sandbox import Running
from tests.books import sheet_rows, workbook
from tests.cli.test_levels import held, names, people
from tests.cli.test_sheets import book_of
from tests.conftest import SAMPLES, Importer

Rows = Sequence[Sequence[Any]]
GALLERY = sorted(path.name for path in (SAMPLES / "gallery").iterdir() if path.suffix != ".json")


@pytest.fixture
def who(kantata: Running) -> list[str]:
    """Three people of the account, by name."""
    full = {r["email_address"]: r["full_name"] for r in kantata.query("SELECT email_address, full_name FROM users")}
    return [full[email] for email in people(kantata)]


@pytest.fixture
def two(kantata: Running) -> list[str]:
    """Two skills with levels up to 5."""
    return names(kantata, 5)


@pytest.fixture
def groups(kantata: Running) -> list[str]:
    """Two groups with names of their own."""
    rows = kantata.query(
        "SELECT name FROM workspace_groups GROUP BY lower(name) HAVING count(*) = 1 ORDER BY id LIMIT 2"
    )
    return [row["name"] for row in rows]


def in_groups(kantata: Running) -> set[tuple[str, str]]:
    rows = kantata.query(
        "SELECT u.email_address e, g.name n FROM user_group_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN workspace_groups g ON g.id = m.workspace_group_id")  # fmt: skip
    return {(row["e"], row["n"]) for row in rows}


def load(importer: Importer, path: Path, *options: str) -> Any:
    return importer("apply", path, "--yes", "--json", *options)


def of(kantata: Running, two: list[str]) -> list[tuple[int | None, ...]]:
    """The levels of three people in two skills."""
    all_ = held(kantata)
    return [tuple(all_.get((email, skill)) for skill in two) for email in people(kantata)]


# ---- skills down, people across


def test_a_transposed_matrix_is_known_by_the_accounts_names(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    rows: Rows = [["Skill", *who], ["Backend"], [two[0], 4, 2, None], [two[1], 1, None, 5], ["Total", 5, 2, 5]]

    ran = load(importer, workbook(tmp_path / "turned.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(4, 1), (2, None), (None, 5)]
    told = importer("check", tmp_path / "turned.xlsx", "--json").json
    assert (told["layout"], told["people"], told["skills"]) == ("transposed", 3, 2)
    assert [each["text"] for each in told["set_aside"]] == ["Backend", "Total"]


def test_a_legend_with_headings_of_its_own_beside_a_transposed_matrix_of_strangers_is_nobodys(
    importer: Importer, tmp_path: Path
) -> None:
    words = ["Beginner", "Basic", "Good", "Expert"]
    cells = [["Alpha", 3, 4], ["Beta", 2, 1], ["Gamma", 4, 4], ["Delta", 1, 1]]
    rows = [[*row, None, number, words[number - 1]] for number, row in enumerate(cells, 1)]
    path = workbook(tmp_path / "turned.xlsx", [[None, "Bo Kim", "Li Wei", None, "Points", "Meaning"], *rows])

    told = importer("check", path, "--json").json

    assert (told["layout"], told["people"], told["skills"]) == ("transposed", 2, 4)
    assert {each["reason"] for each in told["set_aside"]} == {"what levels mean"}


def test_a_problem_of_a_transposed_matrix_has_its_cell_and_the_result_loads_again(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    path = workbook(tmp_path / "turned.xlsx", [["Skill", *who], [two[0], 4, "9", None], [two[1], 1, None, 5]])

    ran = load(importer, path)
    book = openpyxl.load_workbook(ran.json["result"])
    book["S"]["C2"] = 2
    book.save(ran.json["result"])
    again = load(importer, Path(ran.json["result"]))

    assert (ran.code, [(p["cell"], p["column"]) for p in ran.json["problems"]]) == (3, [("C2", who[1])])
    assert (again.code, again.json["outcomes"]["created"]) == (0, 1), again.err
    assert of(kantata, two) == [(4, 1), (2, None), (None, 5)]


def test_mirror_of_a_transposed_matrix_removes_what_its_blank_cells_say(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    full: Rows = [["Skill", *who], [two[0], 4, 2, 3], [two[1], 1, 2, 5]]
    assert load(importer, workbook(tmp_path / "turned.xlsx", full)).code == 0

    less: Rows = [["Skill", *who], [two[0], 4, None, None], [two[1], 1, None, 5]]
    said = ("--mode", "mirror", "--max-removals", "9", "--accept", "lost-skills,vanished-column")
    ran = load(importer, workbook(tmp_path / "turned.xlsx", less), *said)

    assert (ran.code, ran.json["outcomes"]["removed"]) == (0, 3), ran.err
    assert of(kantata, two) == [(4, 1), (None, None), (None, 5)]


def test_which_way_a_matrix_of_strangers_is_is_asked_and_each_answer_is_obeyed(
    importer: Importer, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "who.xlsx", [["Topic", "Bo", "Li"], ["Alpha", 4, 2], ["Beta", 1, 3]])

    ran = load(importer, path)

    assert (ran.code, ran.json["question"]["code"]) == (5, "layout"), ran.err
    choices = {each["option"]: each["label"] for each in ran.json["question"]["choices"]}
    assert choices == {"--layout matrix": '"Alpha" has "Bo" 4', "--layout transposed": '"Bo" has "Alpha" 4'}
    for layout in ("matrix", "transposed"):
        assert importer("check", path, "--layout", layout, "--json").json["layout"] == layout


# ---- groups across


@pytest.mark.parametrize("is_turned", [0, 1])
def test_groups_with_ticks_are_loaded_across_and_down(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], groups: list[str], is_turned: int
) -> None:
    kantata.execute("DELETE FROM user_group_memberships")
    rows: list[list[Any]] = [["Name", *groups], [who[0], "x", None], [who[1], "yes", "\u2714"], [who[2], "no", "x"]]
    if is_turned:
        rows = [["Group", *rows[0][1:]], *rows[1:]]
        rows = [list(row) for row in zip(*rows, strict=True)]

    ran = load(importer, workbook(tmp_path / "groups.xlsx", rows))

    assert (ran.code, ran.json["endpoint"]) == (0, "user-group-memberships"), ran.err
    a, b, c = people(kantata)
    assert in_groups(kantata) == {(a, groups[0]), (b, groups[0]), (b, groups[1]), (c, groups[1])}


def test_a_cell_of_groups_that_is_no_tick_is_a_problem(
    importer: Importer, tmp_path: Path, who: list[str], groups: list[str]
) -> None:
    rows: Rows = [["Name", *groups], [who[0], "x", "lead"], [who[1], "x", None]]

    ran = importer("check", workbook(tmp_path / "groups.xlsx", rows), "--json")

    assert (ran.code, [each["cell"] for each in ran.json["problems"]]) == (3, ["C2"]), ran.err


# ---- several records in a row, or in a cell


@pytest.mark.parametrize(
    "header",
    [
        ["Email", "Skill 1", "Level 1", "Skill 2", "Level 2"],
        ["Email", "Skill", "Level", "Skill", "Level"],
        ["E-mail", "Primary skill", "Level", "Secondary skill", "Level"],
    ],
)
def test_pairs_of_columns_are_records_in_their_order(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str], header: list[str]
) -> None:
    a, b, c = people(kantata)
    rows: Rows = [header, [a, two[0], 4, two[1], 2], [b, two[1], 3, None, None], [c, two[0], "7", None, None]]

    ran = load(importer, workbook(tmp_path / "pairs.xlsx", rows))

    assert (ran.code, [(p["cell"], p["column"]) for p in ran.json["problems"]]) == (3, [("C4", header[2])]), ran.err
    assert of(kantata, two) == [(4, 2), (None, 3), (None, None)]
    assert importer("check", tmp_path / "pairs.xlsx", "--json").json["layout"] == "paired-columns"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Email", "Level 1", "Skill 1", "Level 2", "Skill 2"], (4, "A", 2, "B")),
        (["Email", "Skill 1", "Skill 2", "Level 1", "Level 2"], ("A", "B", 4, 2)),
        (["Email", "Skill 1", "Skill 1 level", "Skill 2", "Skill 2 level"], ("A", 4, "B", 2)),
        (["Address", "Skill A", "Level A", "Skill B", "Level B"], ("A", 4, "B", 2)),
        (["Email", "Strongest skill", "Level", "Habilidad adicional", "Nivel"], ("A", 4, "B", 2)),
    ],
)
def test_each_level_of_a_pair_is_of_its_skill_wherever_it_stands(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str], header: list[str], row: tuple[Any, ...]
) -> None:
    skill = {"A": two[0], "B": two[1]}
    cells = [skill.get(each, each) for each in row]

    ran = load(importer, workbook(tmp_path / "pairs.xlsx", [header, [people(kantata)[0], *cells]]))

    assert (ran.code, of(kantata, two)[0]) == (0, (4, 2)), ran.err


def test_one_level_for_two_skills_is_asked_about_and_never_given_to_one(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    rows: Rows = [["Email", "Primary skill", "Secondary skill", "Level"], [people(kantata)[0], *two, 3]]
    path = workbook(tmp_path / "shared.xlsx", rows)

    asked = load(importer, path)
    untouched = of(kantata, two)[0]
    told = load(importer, path, *shlex.split(asked.json["question"]["choices"][0]["option"]))

    assert (asked.code, asked.json["question"]["code"], untouched) == (5, "columns", (None, None))
    assert (told.code, of(kantata, two)[0]) == (0, (0, 0)), told.err


def test_pairs_of_people_in_two_columns_and_under_merged_headings(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str], who: list[str]
) -> None:
    first, _, last = who[0].rpartition(" ")
    split: Rows = [["First name", "Last name", "Skill 1", "Level 1", "Skill 2", "Level 2"],
                   [first, last, two[0], 4, two[1], 2]]  # fmt: skip
    merged: Rows = [["Name", "Best", None, "Next", None], [None, "Skill", "Level", "Skill", "Level"],
                    [who[1], two[0], 1, two[1], 3]]  # fmt: skip
    path = workbook(tmp_path / "merged.xlsx", merged)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("A1:A2")
    book.save(path)

    codes = [load(importer, each).code for each in (workbook(tmp_path / "split.xlsx", split), path)]

    assert (codes, of(kantata, two)[:2]) == ([0, 0], [(4, 2), (1, 3)])


def test_what_is_wrong_in_a_pair_is_corrected_on_the_result_and_loaded_from_there(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, _, _ = people(kantata)
    path = workbook(
        tmp_path / "pairs.xlsx", [["Email", "Skill 1", "Level 1", "Skill 2", "Level 2"], [a, two[0], 4, two[1], 9]]
    )
    ran = load(importer, path)
    book = openpyxl.load_workbook(ran.json["result"])
    sheet = book["To fix"]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("level") + 1).value = 2
    book.save(ran.json["result"])

    again = load(importer, Path(ran.json["result"]))

    assert (ran.code, again.code, again.json["outcomes"]["created"]) == (3, 0, 1), again.err
    assert of(kantata, two)[0] == (4, 2)


def test_a_cell_is_split_where_every_part_is_a_name_and_whole_where_one_is_not(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, b, c = people(kantata)
    rows: Rows = [["Email", "Skill"], [a, f"{two[0]} (3); {two[1]} - 4"], [b, f"{two[0]}, Fortran 77"], [c, two[1]]]

    ran = load(importer, workbook(tmp_path / "several.xlsx", rows))

    assert (ran.code, [each["cell"] for each in ran.json["problems"]]) == (3, ["B3"]), ran.err
    assert of(kantata, two) == [(3, 4), (None, None), (None, 0)]
    assert sum(ran.json["outcomes"].values()) == ran.json["rows"] == 4


# ---- one person's sheet, one skill's sheet


@pytest.mark.parametrize(
    ("cell", "levels"),
    [("{} 4; {} 2", (4, 2)), ("\u2022 {}\n\u2022 {}", (0, 0)), ("{} [4], {}: 2", (4, 2)), ("{}, {},", (0, 0))],
)
def test_skills_in_a_cell_may_have_levels_and_bullets(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str], cell: str, levels: tuple[int, int]
) -> None:
    ran = load(
        importer, workbook(tmp_path / "cell.xlsx", [["Email", "Skills"], [people(kantata)[0], cell.format(*two)]])
    )

    assert (ran.code, of(kantata, two)[0]) == (0, levels), ran.err


def test_levels_in_a_cell_of_their_own_go_with_the_skills_beside_them_where_there_are_as_many(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, b, _ = people(kantata)
    rows: Rows = [["Email", "Skills", "Levels"], [a, ", ".join(two), "4, 2"], [b, ", ".join(two), "3"]]

    ran = load(importer, workbook(tmp_path / "beside.xlsx", rows))

    assert (ran.code, [p["cell"] for p in ran.json["problems"]]) == (3, ["B3"]), ran.err
    assert of(kantata, two)[:2] == [(4, 2), (None, None)]


def test_a_name_with_the_sign_that_separates_names_is_kept_whole(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, _, _ = people(kantata)
    name = next(row["name"] for row in kantata.query("SELECT name FROM skills WHERE name LIKE '%/%' AND max_level = 5"))

    ran = load(importer, workbook(tmp_path / "slash.xlsx", [["Email", "Skills"], [a, f"{name}, {two[0]}"]]))

    assert (ran.code, ran.json["outcomes"]["created"]) == (0, 2), ran.err


def test_a_sheet_is_the_persons_whose_name_it_bears_or_stands_above(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    header = ["Skill", "Level", "Comment"]
    sheets: dict[str, Rows] = {
        who[0]: [["Department:", "Consulting"], [], header, [two[0], 4, "new"]],
        "Second": [[f"Name: {who[1]}"], [], header, [two[0], 2], [two[1], 9]],
    }

    ran = load(importer, book_of(tmp_path / "each.xlsx", sheets))

    assert (ran.code, [(p["sheet"], p["cell"]) for p in ran.json["problems"]]) == (3, [("Second", "B5")]), ran.err
    assert of(kantata, two) == [(4, None), (2, None), (None, None)]


def test_a_sheet_is_of_the_skill_whose_name_it_bears(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    sheets: dict[str, Rows] = {
        two[0]: [["Name", "Level"], [who[0], 4], [who[1], 2]],
        two[1]: [["Name", "Level"], [who[0], 1]],
    }

    ran = load(importer, book_of(tmp_path / "each.xlsx", sheets))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(4, 1), (2, None), (None, None)]


def test_whose_skills_a_list_has_is_asked_where_nothing_says_so(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"Skill,Level\n{two[0]},4\n{two[1]},2\n")

    asked, told = load(importer, path), load(importer, path, "--person", who[2])

    assert (asked.code, asked.json["question"]["code"]) == (5, "person")
    assert told.code == 0, told.err
    assert of(kantata, two) == [(None, None), (None, None), (4, 2)]


# ---- what stands once for several rows, versions, and what is around a table


def test_of_which_skill_a_list_of_people_is_is_asked_where_nothing_says_so(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str], who: list[str]
) -> None:
    path = workbook(tmp_path / "levels.xlsx", [["Name", "Level"], [who[0], 4], [who[1], 2]])

    asked, told = load(importer, path), load(importer, path, "--skill", two[1])

    assert (asked.code, asked.json["question"]["code"]) == (5, "skill")
    assert "--skill NAME" in asked.out + asked.err
    assert (told.code, [each[1] for each in of(kantata, two)[:2]]) == (0, [4, 2]), told.err


def test_a_merged_name_counts_for_each_row_that_it_covers(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    lines: Rows = [["Name", "Skill", "Level"], [who[0], two[0], 4], [None, two[1], 2], [who[1], two[0], 3]]
    for line in lines:
        sheet.append(list(line))
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")

    assert load(importer, tmp_path / "merged.xlsx").code == 0
    assert of(kantata, two) == [(4, 2), (3, None), (None, None)]


def test_blank_cells_below_a_name_are_asked_about_and_one_forgotten_name_is_a_problem(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    header = ["Name", "Skill", "Level"]
    often = workbook(
        tmp_path / "a.xlsx", [header, [who[0], two[0], 4], [None, two[1], 2], [who[1], two[0], 3], [None, two[1], 1]]
    )
    once = workbook(
        tmp_path / "b.xlsx", [header, *([who[2], skill, 1] for skill in two), [who[0], two[0], 4], [None, two[1], 2]]
    )

    asked, problem = load(importer, often), importer("check", once, "--json")
    (choice,) = asked.json["question"]["choices"]
    told = load(importer, often, choice["option"])

    assert (asked.code, asked.json["question"]["code"], choice["option"]) == (5, "fill-down", "--fill-down")
    assert (problem.code, [each["cell"] for each in problem.json["problems"]]) == (3, ["A5"])
    assert told.code == 0, told.err
    assert of(kantata, two) == [(4, 2), (3, 1), (None, None)]


@pytest.mark.parametrize("sheets", [("2026", "2025"), ("Skills", "Skills (old)"), ("Spring", "Autumn")])
def test_versions_of_a_sheet_are_a_question_and_not_one_table(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str], sheets: tuple[str, str]
) -> None:
    header = ["Name", *two]
    path = book_of(
        tmp_path / "versions.xlsx",
        {sheets[0]: [header, [who[0], 4, 3], [who[1], 2, 1]], sheets[1]: [header, [who[0], 3, 3], [who[1], 2, 1]]},
    )

    asked = load(importer, path)
    told = load(importer, path, "--sheet", sheets[0])

    assert (asked.code, asked.json["question"]["code"]) == (5, "sheets"), asked.err
    assert len(asked.json["question"]["choices"]) == 2
    assert told.code == 0, told.err
    assert of(kantata, two) == [(4, 3), (2, 1), (None, None)]


def test_questions_of_a_survey_name_their_skills_in_brackets(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, b, _ = people(kantata)
    header = ["Timestamp", "Email Address", *(f"Rate your skills [{skill}]" for skill in two), "Anything else?"]
    rows: Rows = [
        header,
        ["2026/03/01 9:00:00", a, "4 - Advanced", "2 - Basic", "I like it"],
        ["2026/03/02 9:00:00", b, None, 3, None],
    ]

    ran = load(importer, workbook(tmp_path / "survey.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(4, 2), (None, 3), (None, None)]
    assert [each["text"] for each in ran.json["set_aside"]] == ["Timestamp", "Anything else?"]


def test_a_survey_of_one_skill_and_one_of_people_by_another_heading(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, b, _ = people(kantata)
    one: Rows = [["Timestamp", "Email", f"Rate [{two[0]}]"], ["2026/03/01", a, 4], ["2026/03/02", b, 1]]
    both: Rows = [["Timestamp", "Username", *(f"Skills [{each}]" for each in two)], ["2026/03/01", a, 5, 2]]

    codes = [load(importer, workbook(tmp_path / f"{n}.xlsx", rows)).code for n, rows in enumerate((one, both))]

    assert (codes, of(kantata, two)[:2]) == ([0, 0], [(5, 2), (1, None)])


def test_the_lines_of_a_report_below_a_list_are_set_aside(
    importer: Importer, kantata: Running, tmp_path: Path, two: list[str]
) -> None:
    a, _, _ = people(kantata)
    below = ["Skills by person", "Copyright 2026 Example Holdings", "Confidential"]
    rows: Rows = [["Email", "Skill", "Level"], [a, two[0], 4], [], *([line] for line in below)]

    ran = load(importer, workbook(tmp_path / "report.xlsx", rows))

    assert ran.code == 0, ran.err
    assert [each["text"] for each in ran.json["set_aside"]] == below
    summary = [str(cell) for row in sheet_rows(Path(ran.json["result"]), "Summary") for cell in row]
    assert [line for line in below if not any(line in cell for cell in summary)] == []


def test_how_a_sheet_was_read_and_what_spoke_for_it_is_explained(
    importer: Importer, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    path = workbook(tmp_path / "turned.xlsx", [["Skill", *who], [two[0], 4, 2, 1], ["Juggling", 1, None, 5]])

    told, shown = importer("check", path, "--explain", "--json"), importer("check", path, "--explain")

    assert told.json["explanation"] == [
        "The file was read as a transposed matrix: skills below each other, people side by side (skill-memberships).",
        "What speaks for that: 4 names that the account knows.",
        'Sheet "S": the header is row 1.',
        "What stands over the cells is the full name: 3 of 3 different texts could be used.",
        'Column A ("Skill") is the skill: 1 of 2 different texts could be used.',
        "Each cell is the level: 4 of 4 different texts could be used.",
    ]
    assert [line for line in told.json["explanation"] if line not in shown.err] == []


def test_what_else_a_sheet_could_be_is_explained_with_what_speaks_for_it(
    importer: Importer, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    people: Rows = [["Topic", *who], [two[0], 4, 2, 1], [two[1], 1, None, 5], ["Fire Walking", 1, 1, 1]]

    told = importer("check", workbook(tmp_path / "turned.xlsx", people), "--explain", "--json")

    assert told.json["layout"] == "transposed"
    assert told.json["explanation"][1:3] == [
        "What speaks for that: 5 names that the account knows.",
        "It could also be a matrix: people below each other, skills side by side. What speaks for that: its shape.",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Project", "Team lead", "Senior", "Junior"], ["Apollo", 0, 1, 2]],
        [["Skill", "Beginner", "Expert"], ["Python", "writes scripts", "builds systems"], ["Java", "reads", "writes"]],
        [["Row Labels", "Beginner", "Expert"], ["Python", 3, 4], ["Java", 3, 4]],
    ],
    ids=["people by their grade", "what is expected of a level", "how many have a level"],
)
def test_a_column_for_each_level_is_none_where_no_names_of_the_account_stand_below_it(
    importer: Importer, tmp_path: Path, who: list[str], rows: list[list[Any]]
) -> None:
    cells = [[who[cell] if isinstance(cell, int) and rows[0][0] == "Project" else cell for cell in row] for row in rows]

    ran = importer("check", workbook(tmp_path / "levels.xlsx", cells), "--json")

    assert ran.code == 5, ran.err
    assert "Columns: " in ran.err


@pytest.mark.parametrize("file", GALLERY)
def test_every_sheet_of_the_gallery_can_be_explained(importer: Importer, file: str) -> None:
    ran = importer("check", SAMPLES / "gallery" / file, "--explain", "--no-aliases", "--json")

    assert ran.code in (0, 3, 5), ran.err
    assert ran.code == 5 or ran.json["explanation"][0].startswith("The file was read as ")


def test_last_names_in_a_column_of_their_own_are_explained(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [["First name", "Last name", "Skill", "Level"], ["Ingrid", "S\u00f8rensen", "Python", 3]]

    told = importer("check", workbook(tmp_path / "list.xlsx", rows), "--explain", "--json").json["explanation"]

    assert 'Column B ("Last name") is the last name.' in told


# ---- what forms, people and programs add


def test_the_points_and_feedback_of_a_form_are_no_skills_and_an_address_that_is_withheld_is_nobodys(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    first, second = two
    rows: Rows = [
        ["ID", "Email", "Name", "Total points", first, f"Points - {first}", second, f"Feedback - {second}"],
        *([at, "anonymous", name, 9, 4, 5, 2, ""] for at, name in enumerate(who, 1)),
    ]

    ran = load(importer, workbook(tmp_path / "form.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(4, 2)] * 3


@pytest.mark.parametrize(
    "forms",
    [("{} (Current)", "{} (Target)"), ("{} - as is", "{} - to be"), ("{} [Ist]", "{} [Soll]"), ("{}", "{} (goal)")],
)
def test_the_levels_to_be_reached_are_set_aside_beside_those_of_today(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str], forms: tuple[str, str]
) -> None:
    heads = [form.format(skill) for skill in two for form in forms]
    rows: Rows = [["Name", *heads], [who[0], 3, 4, 2, 5], [who[1], 1, 2, 4, 4], [who[2], 2, 5, 3, 5]]

    ran = load(importer, workbook(tmp_path / "plan.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(3, 2), (1, 4), (2, 3)]
    assert [each["text"] for each in ran.json["set_aside"]] == [forms[1].format(skill) for skill in two]


def test_groups_between_commas_below_a_question_are_loaded(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], groups: list[str]
) -> None:
    kantata.execute("DELETE FROM user_group_memberships")
    rows: Rows = [["Name", "Which groups are you in?"], [who[0], ", ".join(groups)], [who[1], groups[1]]]

    ran = load(importer, workbook(tmp_path / "form.xlsx", rows))

    a, b, _ = people(kantata)
    assert ran.code == 0, ran.err
    assert in_groups(kantata) == {(a, groups[0]), (a, groups[1]), (b, groups[1])}


def test_several_people_in_a_cell_have_the_level_beside_them_each(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    rows: Rows = [["Skill", "Level", "People"], [two[0], 3, f"{who[0]}; {who[1]}"], [two[1], 5, who[2]]]

    ran = load(importer, workbook(tmp_path / "by-skill.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(3, None), (3, None), (None, 5)]


def test_skills_in_a_cell_without_any_level_leave_the_levels_of_the_account_alone_in_mirror(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    load(
        importer, workbook(tmp_path / "list.xlsx", [["Name", "Skill", "Level"], *([who[0], skill, 4] for skill in two)])
    )
    rows: Rows = [["Name", "Skills"], [who[0], "; ".join(two)]]

    ran = load(importer, workbook(tmp_path / "cells.xlsx", rows), "--mode", "mirror", "--max-removals", "99")

    assert ran.code == 0, ran.err
    assert of(kantata, two)[0] == (4, 4)


def test_what_only_heads_the_skills_of_a_persons_sheet_is_set_aside(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    rows: Rows = [["Skill", "Level"], ["Programming", None], [two[0], 3], ["Other", None], [two[1], 2]]

    ran = load(importer, workbook(tmp_path / "one.xlsx", rows, sheet=who[0]))

    assert ran.code == 0, ran.err
    assert [each["text"] for each in ran.json["set_aside"]] == ["Programming", "Other"]
    assert of(kantata, two)[0] == (3, 2)


def test_two_ratings_in_a_persons_sheet_are_a_question(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    rows: Rows = [["Skill", "Self", "Manager"], [two[0], 3, 4], [two[1], 2, 5]]
    path = workbook(tmp_path / "one.xlsx", rows, sheet=who[0])

    asked, ran = load(importer, path), load(importer, path, "--column", "level=Manager")

    assert (asked.code, asked.json["question"]["code"]) == (5, "columns"), asked.err
    assert ran.code == 0, ran.err
    assert of(kantata, two)[0] == (4, 5)


def test_people_in_a_sheet_that_is_named_after_a_group_are_its_members(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], groups: list[str]
) -> None:
    kantata.execute("DELETE FROM user_group_memberships")
    sheets: dict[str, Rows] = {
        groups[0]: [["Name", "Since"], [who[0], 2024], [who[1], 2025]],
        groups[1]: [["Name"], [who[2]]],
    }

    ran = load(importer, book_of(tmp_path / "groups.xlsx", sheets))

    a, b, c = people(kantata)
    assert (ran.code, ran.json["endpoint"]) == (0, "user-group-memberships"), ran.err
    assert in_groups(kantata) == {(a, groups[0]), (b, groups[0]), (c, groups[1])}


def test_0_in_a_matrix_of_groups_says_who_is_not_in_one(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], groups: list[str]
) -> None:
    kantata.execute("DELETE FROM user_group_memberships")
    rows: Rows = [["Name", *groups], [who[0], 1, 0], [who[1], 0, 1]]

    ran = load(importer, workbook(tmp_path / "groups.xlsx", rows))

    a, b, _ = people(kantata)
    assert ran.code == 0, ran.err
    assert in_groups(kantata) == {(a, groups[0]), (b, groups[1])}


def test_a_line_above_people_side_by_side_is_no_header(
    importer: Importer, kantata: Running, tmp_path: Path, who: list[str], two: list[str]
) -> None:
    rows: Rows = [["Role:", "Dev", "Lead", "Dev"], ["Skill", *who], [two[0], 3, 4, 5], [two[1], 1, 2, None]]

    ran = load(importer, workbook(tmp_path / "roles.xlsx", rows))

    assert ran.code == 0, ran.err
    assert of(kantata, two) == [(3, 1), (4, 2), (5, None)]


# ---- without an account


def test_where_nobody_is_signed_in_the_shape_of_a_sheet_decides_as_far_as_it_can() -> None:
    assert api.read(SAMPLES / "gallery" / "team-page.xlsx").layout == "transposed"


@pytest.mark.parametrize(("file", "lacks"), [("practice.xlsx", "skill"), ("ficha-de-competencias.xlsx", "people")])
def test_where_nobody_is_signed_in_it_is_said_that_the_account_may_tell_more(file: str, lacks: str) -> None:
    with pytest.raises(Unreadable) as why:
        api.read(SAMPLES / "gallery" / file)

    assert lacks in why.value.message
    assert why.value.fix.endswith("To let the names of your account decide, run `importer login`.")
