"""Names that mean nobody alone: written down beside the file, chosen by a person, followed from then on."""

from pathlib import Path
from shutil import copy
from typing import Any

import openpyxl
import pytest

from importer.sandbox import Running
from tests.books import sheet_rows, workbook
from tests.cli.terminal import asked
from tests.conftest import SAMPLES, Importer
from tests.loads import write_list
from tests.sandbox.known import DANA, GREGOR, JAVA, KANBAN, MARIA, OTHER_MARIA, PYTHON, SCRUM_IN_CAPITALS

HEADERS = ("user", "skill", "level")
OTHER_LABEL = "Maria Silva, maria.silva2@example.com, UX Researcher, id 11483059"


def choose(path: Path, **cells: Any) -> Path:
    """Write into an alias workbook, as `Names_B2=...`."""
    book = openpyxl.load_workbook(path)
    for where, value in cells.items():
        sheet, _, cell = where.partition("_")
        book[sheet][cell] = value
    book.save(path)
    return path


def written(kantata: Running) -> list[tuple[int, int]]:
    """The person and skill of every record that was made."""
    rows = kantata.query("SELECT user_id, skill_id FROM skill_memberships WHERE created_at > '2026-01-01' ORDER BY id")
    return [(row["user_id"], row["skill_id"]) for row in rows]


@pytest.fixture
def bare(kantata: Running) -> Running:
    """A sandbox in which nobody has a skill."""
    kantata.execute("DELETE FROM skill_memberships")
    return kantata


def test_names_that_mean_nobody_alone_are_added_with_what_they_may_mean_and_it_is_said(
    importer: Importer, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Gregor Nowak", "Python", 1)])

    ran = importer("check", path)

    assert ran.code == 3
    assert "  2 names were added to aliases.xlsx. Choose there whom each means, and load the file again.\n" in ran.err
    assert "Or choose the right person in aliases.xlsx." in ran.err
    rows = sheet_rows(tmp_path / "aliases.xlsx", "Names")
    assert rows[0] == ("The sheet says", "Means", "Kind")
    assert rows[1:] == [("Maria Silva", None, "person"), ("Gregor Nowak", None, "person")]
    lists = sheet_rows(tmp_path / "aliases.xlsx", "Lists")
    assert lists[0][2:] == ("Maria Silva, maria.silva@example.com, Data Engineer, id 11483042", OTHER_LABEL)
    assert lists[1][2] == "Gregor Novak, gregor.novak@example.com, Support Engineer, id 11483110, inactive"


def test_names_that_are_chosen_for_nobody_yet_change_nothing_and_are_added_once(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Dana Reyes", "Java", 1)])
    first = importer("apply", path, "--dry-run", "--json")
    bytes_ = (tmp_path / "aliases.xlsx").read_bytes()

    second = importer("plan", path, "--json")

    assert (tmp_path / "aliases.xlsx").read_bytes() == bytes_
    assert (first.code, second.code) == (3, 3)
    assert first.json["aliases"] == second.json["aliases"] == str(tmp_path / "aliases.xlsx")
    assert first.json["problems"] == second.json["problems"]
    assert first.json["changes"] == second.json["changes"]
    assert (
        second.json["notes"][-1]
        == "1 name in aliases.xlsx has no meaning yet. Choose it there, and load the file again."
    )
    assert {request["method"] for request in kantata.requests()} == {"GET"}


def test_whom_a_person_chose_is_written_to_and_nobody_else(importer: Importer, bare: Running, tmp_path: Path) -> None:
    rows = [
        ("Maria Silva", "Python", 3),
        ("maria\u00a0SILVA", "Java", 2),
        ("Bob", "Python", 1),
        ("Kwame Mensah", "scrum", 1),
    ]
    path = write_list(tmp_path / "team.csv", HEADERS, rows)
    first = importer("apply", path, "--yes", "--json")
    choose(
        tmp_path / "aliases.xlsx",
        Names_B2=OTHER_LABEL,
        Names_B3="GREGOR.novak@example.com",
        Names_B4=SCRUM_IN_CAPITALS,
    )

    second = importer("apply", path, "--yes", "--json")

    assert (first.code, second.code) == (3, 0)
    assert first.json["outcomes"]["created"] == 0
    assert second.json["outcomes"]["created"] == 4
    assert sorted(written(bare)) == sorted(
        [(OTHER_MARIA, PYTHON), (OTHER_MARIA, JAVA), (GREGOR, PYTHON), (11483277, SCRUM_IN_CAPITALS)]
    )
    said = '"Maria Silva" was read as Maria Silva, maria.silva2@example.com, UX Researcher in 2 cells (aliases.xlsx).'
    assert said in second.json["notes"]
    summary = sheet_rows(tmp_path / second.json["result"], "Summary")
    assert said in [row[1] for row in summary]
    assert second.json["aliases"] == str(tmp_path / "aliases.xlsx")


def test_no_workbook_is_made_where_every_name_means_one(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Dana Reyes", "Python", 3), ("Reyes, Dana", "Java", 3)])

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["aliases"]) == (0, None)
    assert [each.name for each in tmp_path.iterdir()] == ["team.csv"]


def test_a_name_beside_the_id_of_whom_it_means_needs_no_choice(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", *HEADERS), [(MARIA, "Maria Silva", "Python", 3)])

    assert importer("check", path, "--json").json["aliases"] is None
    assert not (tmp_path / "aliases.xlsx").exists()


@pytest.mark.parametrize("headers", [("user", "email"), ("email", "user")])
def test_an_address_beside_a_name_that_several_have_says_who_is_meant_wherever_it_stands(
    importer: Importer, bare: Running, tmp_path: Path, headers: tuple[str, str]
) -> None:
    told = {"user": "Maria Silva", "email": "maria.silva@example.com"}
    row = tuple(told[header] for header in headers)
    path = write_list(tmp_path / "a.csv", (*headers, "skill"), [(*row, "Python")])

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["aliases"]) == (0, None)
    assert written(bare) == [(MARIA, PYTHON)]


def test_a_choice_for_a_name_leaves_those_rows_alone_that_say_beside_it_who_is_meant(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    headers = ("user", "email", "user_id", "skill")
    rows = [
        ("Maria Silva", "", "", "Java"),
        ("Maria Silva", "maria.silva@example.com", "", "Python"),
        ("Maria Silva", "", MARIA, "Kanban"),
        ("Maria Silva", "", DANA, "Kanban"),
    ]
    path = write_list(tmp_path / "a.csv", headers, rows)
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=OTHER_LABEL)

    ran = importer("apply", path, "--yes", "--json")

    assert [(problem["code"], problem["row"]) for problem in ran.json["problems"]] == [("disagree", 5)]
    assert sorted(written(bare)) == sorted([(OTHER_MARIA, JAVA), (MARIA, PYTHON), (MARIA, KANBAN)])
    assert any(
        note.endswith("was read as Maria Silva, maria.silva2@example.com, UX Researcher in 2 cells (aliases.xlsx).")
        for note in ran.json["notes"]
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Somebody, id 999999999", 'aliases.xlsx, Names!B2 says "Somebody, id 999999999"'),
        ("nobody@example.com", "but this account has no such person"),
        ("the tall one", 'aliases.xlsx, Names!B2 says "the tall one", which is not an id'),
        ("#N/A", 'aliases.xlsx, Names!B2 says "#N/A"'),
    ],
)
def test_a_choice_that_is_nobody_is_a_problem_that_names_its_cell_and_nothing_is_written(
    importer: Importer, bare: Running, tmp_path: Path, typed: str, words: str
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=typed)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 3
    (problem,) = ran.json["problems"]
    assert (problem["code"], problem["row"], problem["value"]) == ("alias", 2, "Maria Silva")
    assert words in problem["message"]
    assert "clear that cell" in problem["fix"]
    assert written(bare) == []


def test_a_name_with_two_meanings_has_none_and_both_rows_are_named(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=MARIA, Names_A3=" maria  SILVA", Names_C3="Person", Names_B3=OTHER_MARIA)

    (problem,) = importer("check", path, "--json").json["problems"]

    assert problem["code"] == "alias"
    assert "aliases.xlsx, Names!B2" in problem["message"]
    assert "aliases.xlsx, Names!B3" in problem["message"]


def test_a_choice_wins_over_whoever_has_that_very_name_and_it_is_said(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Gregor Novak", "Java", 3)])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=MARIA, Names_A3="gregor novak", Names_C3="person", Names_B3=OTHER_MARIA)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 0
    assert written(bare) == [(MARIA, PYTHON), (OTHER_MARIA, JAVA)]
    assert (
        '"Gregor Novak" was read as Maria Silva, maria.silva2@example.com, UX Researcher in 1 cell (aliases.xlsx), '
        "although Gregor Novak, gregor.novak@example.com, Support Engineer, id 11483110, inactive has exactly "
        "this name."
    ) in ran.json["notes"]


def test_choices_of_another_account_are_never_followed(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Bob", "Python", 3)])
    importer("check", path)
    bytes_ = choose(tmp_path / "aliases.xlsx", Names_B2=OTHER_LABEL).read_bytes()
    kantata.execute("UPDATE users SET account_id = 777")
    kantata.execute("UPDATE users SET full_name = 'Somebody Else' WHERE id = 11483059")

    ran = importer("apply", path, "--yes")

    assert ran.code == 4
    assert "aliases.xlsx belongs to" in ran.err
    assert "To use another workbook, add --aliases FILE. If it is the same account, write" in ran.err
    assert {request["method"] for request in kantata.requests()} == {"GET"}
    assert (tmp_path / "aliases.xlsx").read_bytes() == bytes_


def test_another_accounts_workbook_without_a_choice_for_these_names_is_left_alone_and_it_is_said(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    importer("check", write_list(tmp_path / "other.csv", HEADERS, [("Bob", "Python", 3)]))
    bytes_ = (tmp_path / "aliases.xlsx").read_bytes()
    kantata.execute("UPDATE users SET account_id = 777")

    ran = importer("check", path)

    assert ran.code == 3
    assert "We did not write down the unclear names. aliases.xlsx belongs to" in ran.err
    assert "Or choose" not in ran.err
    assert (tmp_path / "aliases.xlsx").read_bytes() == bytes_


def test_a_workbook_that_is_no_alias_workbook_is_not_touched_and_it_is_said(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    mine = workbook(tmp_path / "aliases.xlsx", [["The sheet says", "Means"], ["Maria Silva", MARIA]], sheet="People")
    bytes_ = mine.read_bytes()

    beside = importer("check", path, "--json")
    named = importer("check", path, "--aliases", workbook(tmp_path / "mine.xlsx", [["Maria Silva", MARIA]]))

    assert (beside.code, named.code) == (3, 5)
    words = "aliases.xlsx is not one of our alias workbooks: it names no account on a sheet About."
    assert beside.json["notes"] == [f"{words} We did not use it."]
    assert beside.json["aliases"] is None
    assert [problem["code"] for problem in beside.json["problems"]] == ["ambiguous"]
    assert words.replace("aliases.xlsx", "mine.xlsx") in named.err
    assert mine.read_bytes() == bytes_


def test_a_workbook_that_a_person_made_is_followed_where_they_name_it_and_never_written_to(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    names = [["Maria Silva", "Python"], ["Bob", "Java"], ["Zed", "Java"]]
    path = write_list(tmp_path / "team.csv", ("user", "skill"), names)
    chosen: list[list[Any]] = [["The sheet says", "Means"], ["maria silva", MARIA], ["Bob", "dana@example.com"]]
    mine = workbook(tmp_path / "mine.xlsx", chosen, sheet="People")
    bytes_ = mine.read_bytes()

    ran = importer("apply", path, "--aliases", mine, "--yes", "--json")

    assert [problem["row"] for problem in ran.json["problems"]] == [4]
    assert written(bare) == [(MARIA, PYTHON), (DANA, JAVA)]
    assert any(
        "mine.xlsx names no account, and we only add names to workbooks that we made" in n for n in ran.json["notes"]
    )
    assert mine.read_bytes() == bytes_


def test_a_damaged_workbook_stops_everything_as_its_choices_are_not_known(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Dana Reyes", "Python", 3)])
    (tmp_path / "aliases.xlsx").write_bytes(b"PK\x03\x04 half of one")

    ran = importer("apply", path, "--yes")

    assert ran.code == 5
    assert "aliases.xlsx" in ran.err


def test_the_workbook_is_made_and_used_where_a_person_says(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    shared = tmp_path / "shared names.xlsx"

    first = importer("check", path, "--aliases", shared, "--json")
    choose(shared, Names_B2=OTHER_LABEL)
    second = importer("check", path, "--aliases", shared, "--json")

    assert (first.code, second.code) == (3, 0)
    assert "Or choose the right person in shared names.xlsx." in first.json["problems"][0]["fix"]
    assert first.json["aliases"] == second.json["aliases"] == str(shared)
    assert not (tmp_path / "aliases.xlsx").exists()


def test_cells_that_a_person_merged_where_a_name_is_to_be_added_are_named(importer: Importer, tmp_path: Path) -> None:
    importer("check", write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)]))
    book = openpyxl.load_workbook(tmp_path / "aliases.xlsx")
    book["Names"].merge_cells("A3:C3")
    book.save(tmp_path / "aliases.xlsx")
    before = (tmp_path / "aliases.xlsx").read_bytes()

    ran = importer("check", write_list(tmp_path / "more.csv", HEADERS, [("Gregor Nowak", "Python", 1)]))

    assert ran.code == 3
    assert 'We did not write down the unclear names. The cells in row 3 of the sheet "Names" are merged.' in ran.err
    assert (tmp_path / "aliases.xlsx").read_bytes() == before


def test_where_the_workbook_cannot_be_written_it_is_said_and_the_run_goes_on(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Dana Reyes", "Python", 3)])

    ran = importer("apply", path, "--aliases", tmp_path / "no folder" / "names.xlsx", "--yes", "--json")

    assert (ran.code, ran.json["outcomes"]["created"], ran.json["aliases"]) == (3, 1, None)
    assert "We did not write down the unclear names. We could not write names.xlsx in" in ran.err
    assert "choose in" not in ran.json["problems"][0]["fix"]
    assert written(bare) == [(DANA, PYTHON)]


def test_a_person_of_a_matrix_is_one_cell_however_many_levels_they_have(importer: Importer, tmp_path: Path) -> None:
    matrix: list[list[Any]] = [
        ["Name", "Python", "Java", "Pyton"],
        ["Maria Silva", 3, 2, 1],
        ["Dana Reyes", 1, None, 2],
    ]
    path = workbook(tmp_path / "team.xlsx", matrix)
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=OTHER_LABEL, Names_B3="Kanban, id 274938")

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["valid"]) == (0, 5)
    notes = [note for note in ran.json["notes"] if "aliases.xlsx" in note]
    assert notes == [
        '"Maria Silva" was read as Maria Silva, maria.silva2@example.com, UX Researcher in 1 cell (aliases.xlsx).',
        '"Pyton" was read as Kanban in 1 cell (aliases.xlsx).',
    ]


def test_a_skill_within_a_category_is_chosen_for_that_category(importer: Importer, tmp_path: Path) -> None:
    rows = [("Dana Reyes", "Scrum", "Skill", 1), ("Kwame Mensah", "Scrum", "Other", 1)]
    path = write_list(tmp_path / "team.csv", ("user", "skill", "category", "level"), rows)
    importer("check", path)
    assert [row[0] for row in sheet_rows(tmp_path / "aliases.xlsx", "Names")[1:]] == ["Skill > Scrum", "Other > Scrum"]
    choose(tmp_path / "aliases.xlsx", Names_B2="SCRUM, Skill, no levels, id 279403")

    ran = importer("check", path, "--json")

    assert [(problem["code"], problem["row"]) for problem in ran.json["problems"]] == [("ambiguous", 3)]


def test_a_row_that_does_not_say_what_kind_of_thing_it_is_is_not_used_and_it_is_said(
    importer: Importer, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=OTHER_LABEL, Names_C2=None)

    ran = importer("check", path, "--json")

    assert [problem["code"] for problem in ran.json["problems"]] == ["ambiguous"]
    said = 'aliases.xlsx, Names!B2 is not used. Say in the column Kind what "Maria Silva" is: person, skill, group, '
    assert any(note.startswith(said) for note in ran.json["notes"])


def test_a_name_of_one_kind_never_means_a_thing_of_another(importer: Importer, bare: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Pyton", "Pyton", 3), ("Dana Reyes", "Java", 1)])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2=DANA, Names_B3=PYTHON)

    assert importer("apply", path, "--yes").code == 0
    assert written(bare) == [(DANA, PYTHON), (DANA, JAVA)]


def test_a_sheet_in_which_nobody_and_nothing_is_known_adds_no_names(importer: Importer, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "Juggling", "Whistling"],
        ["Bo Larsen", 3, 2],
        ["Li Chan", 1, 5],
        ["Al Ross", 4, 4],
    ]

    ran = importer("check", workbook(tmp_path / "strangers.xlsx", rows), "--json")

    assert (ran.code, ran.json["aliases"]) == (3, None)
    assert not (tmp_path / "aliases.xlsx").exists()


def test_every_kind_of_name_can_be_chosen(importer: Importer, tmp_path: Path) -> None:
    headers = ("geography", "department", "member", "member_type")
    rows = [
        ("Remote", "Consultng", "Website Relaunch", "Workspace"),
        ("Canada", "Finance", "d.reyes@example.com", "User"),
    ]
    path = write_list(tmp_path / "places.csv", headers, rows)
    first = importer("check", path, "--json")
    choose(
        tmp_path / "aliases.xlsx", Names_B2="dana@example.com", Names_B3="World > Europe > Remote, id 48722",
        Names_B4=49263, Names_B5="Website Relaunch, id 38402785",
    )  # fmt: skip

    second = importer("check", path, "--json")

    assert [problem["code"] for problem in first.json["problems"]] == [
        "ambiguous",
        "not-found",
        "ambiguous",
        "not-found",
    ]
    assert (second.code, second.json["valid"]) == (0, 2)


def test_a_place_of_the_other_tree_is_no_meaning_of_a_name(importer: Importer, tmp_path: Path) -> None:
    headers = ("geography", "department", "member", "member_type")
    path = write_list(tmp_path / "a.csv", headers, [("Remote", "Finance", "dana@example.com", "User")])
    importer("check", path)
    choose(tmp_path / "aliases.xlsx", Names_B2="Finance, id 49790")

    (problem,) = importer("check", path, "--json").json["problems"]

    assert problem["code"] == "alias"


def test_a_data_file_of_that_name_is_no_alias_workbook(importer: Importer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "aliases.xlsx", [HEADERS, ["Maria Silva", "Python", 3]])
    bytes_ = path.read_bytes()

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["aliases"]) == (3, None)
    assert path.read_bytes() == bytes_


@pytest.mark.parametrize("named", ["team.csv", "."])
def test_what_is_no_workbook_is_said_to_be_none(importer: Importer, tmp_path: Path, named: str) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3)])

    ran = importer("check", path, "--aliases", tmp_path / named)

    assert ran.code == 5
    assert "Traceback" not in ran.err
    assert (tmp_path / named).name in ran.err


def test_the_rows_that_a_choice_settles_load_from_the_result_workbook(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "Python", 3), ("Dana Reyes", "Python", 3)])
    first = importer("apply", path, "--yes", "--json")
    choose(tmp_path / "aliases.xlsx", Names_B2=OTHER_LABEL)

    second = importer("apply", first.json["result"], "--yes", "--json")

    assert (second.code, second.json["rows"], second.json["outcomes"]["created"]) == (0, 1, 1)
    assert (OTHER_MARIA, PYTHON) in written(bare)


def test_inactive_people_are_told_whether_named_or_given_by_id(importer: Importer, tmp_path: Path) -> None:
    rows = [("", "Gregor Novak", "Python", 3), (GREGOR, "", "Java", 3), ("", "Dana Reyes", "Python", 1)]
    path = write_list(tmp_path / "a.csv", ("user_id", *HEADERS), rows)

    ran = importer("check", path)

    assert "  1 of these people is inactive: Gregor Novak, gregor.novak@example.com, Support Engineer.\n" in ran.err


def test_the_sample_of_every_mistake_writes_its_names_down_in_a_second_check_again_nothing(
    importer: Importer, tmp_path: Path
) -> None:
    path = Path(copy(SAMPLES / "skill-memberships-mistakes.xlsx", tmp_path))

    first, second = importer("check", path), importer("check", path)

    assert "5 names were added to aliases.xlsx. Choose there what each means" in first.err
    assert "5 names in aliases.xlsx have no meaning yet" in second.err


@pytest.mark.usefixtures("importer")
def test_on_a_terminal_the_person_is_asked_whom_a_name_means_and_the_answer_is_remembered(
    bare: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Maria Silva", "scrum", 1), ("Dana Reyes", "Java", 1)])
    answered: list[bytes] = []

    def answers(said: bytes) -> bytes | None:
        for question, answer in (
            (b'have the name "Maria Silva"', b"2\n"),
            (b'have the name "scrum"', b"\n"),
            (b"[y/N]", b"y\n"),
        ):
            if question in said and said.rstrip().endswith((b"[0]:", b"[y/N]:")) and question not in answered:
                answered.append(question)
                return answer
        return None

    with asked(answers, "apply", path, cwd=tmp_path) as (code, _, said):
        assert code == 3, said

    assert "  2  Maria Silva, maria.silva2@example.com, UX Researcher, id 11483059" in said
    assert '"Maria Silva" was read as Maria Silva, maria.silva2@example.com, UX Researcher in 1 cell' in said
    assert "1 name in aliases.xlsx has no meaning yet" in said
    assert sheet_rows(tmp_path / "aliases.xlsx", "Names")[1:] == [
        ("Maria Silva", OTHER_LABEL, "person"),
        ("scrum", None, "skill"),
    ]
    assert written(bare) == [(DANA, JAVA)]
    assert bare.query("SELECT count(*) n FROM requests WHERE path LIKE '%/users'")[0]["n"] <= 4


@pytest.mark.usefixtures("importer")
def test_on_a_terminal_the_person_is_asked_what_nearly_a_name_means_or_that_it_is_new(
    bare: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [("Dana Reyes", "JS", 2), ("Dana Reyes", "Kubernets", 3)])
    answered: list[bytes] = []

    def answers(said: bytes) -> bytes | None:
        for question, answer in (
            (b'the name "JS", but something like it', b"1\n"),
            (b'the name "Kubernets", but something like it', b"2\n"),
            (b"[y/N]", b"y\n"),
        ):
            if question in said and said.rstrip().endswith((b"[0]:", b"[y/N]:")) and question not in answered:
                answered.append(question)
                return answer
        return None

    create = ("--create-missing", "skills", "--new-skill-category", "Skill")
    with asked(answers, "apply", path, *create, cwd=tmp_path) as (code, _, said):
        assert code == 0, said

    assert "  1  JavaScript, " in said
    assert "  2  new" in said
    skills = {row["name"] for row in bare.query("SELECT name FROM skills")}
    assert ("JS" in skills, "Kubernets" in skills) == (False, True)


def test_a_file_of_names_removes_by_the_lists_that_were_read_for_them(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    some = kantata.query("SELECT full_name FROM users WHERE account_id = 6300412 AND disabled = 0 LIMIT 9")
    rows = [(row["full_name"], "Python", 3) for row in some if row["full_name"] != "Maria Silva"]
    path = write_list(tmp_path / "team.csv", HEADERS, rows)

    ran = importer("plan", path, "--mode", "mirror", "--json")

    assert ran.json["changes"]["remove"] > 5
    paths = [request["path"].rsplit("/", 1)[-1] for request in kantata.requests()]
    assert paths.count("users") == 3
    assert paths.count("skills") == 2
