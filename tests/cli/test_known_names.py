"""What the account knows is part of the table, whatever its cells look like; what it does not know is set aside."""

from pathlib import Path
from typing import Any

import pytest

import importer as api
from importer.sandbox import Running
from tests.books import workbook
from tests.cli.test_levels import held, names, people
from tests.conftest import Importer


@pytest.fixture
def team(kantata: Running, tmp_path: Path) -> Any:
    """Writes a matrix of people of the account, by name, and two of its skills with levels up to 5."""
    full = {r["email_address"]: r["full_name"] for r in kantata.query("SELECT email_address, full_name FROM users")}

    def write(*cells: tuple[Any, Any], headings: tuple[str, ...] = (), below: tuple[Any, ...] = ()) -> Path:
        rows = [[full[who], *two] for who, two in zip(people(kantata), cells, strict=False)]
        header = ["Name", *(headings or names(kantata, 5))]
        return workbook(tmp_path / "team.xlsx", [header, *rows, *below], sheet="Team")

    return write


def cells_of(ran: Any) -> list[str]:
    return [each["cell"] for each in ran.json["problems"]]


def test_a_persons_levels_that_look_like_averages_are_problems_at_their_cells(importer: Importer, team: Any) -> None:
    ran = importer("check", team((3, 2), (4, 5), ("3,5", "2,5")), "--json")

    assert (ran.code, cells_of(ran), ran.json["set_aside"]) == (3, ["B4", "C4"], []), ran.err


def test_the_same_line_of_nobody_is_an_average(importer: Importer, team: Any) -> None:
    ran = importer("check", team((3, 2), (4, 5), below=(("Team North", "3,5", "2,5", "2,9"),)), "--json")

    assert ran.code == 0, ran.err
    (aside,) = ran.json["set_aside"]
    assert (aside["place"], aside["text"], aside["cells"]) == ("row 4", "Team North", 4)


def test_each_cell_under_a_skills_name_is_a_problem_where_none_of_them_is_a_level(
    importer: Importer, team: Any
) -> None:
    ran = importer("check", team((3, "3*"), (4, "2*"), (1, "1*")), "--json")

    assert (ran.code, cells_of(ran)) == (3, ["C2", "C3", "C4"]), ran.err


def test_a_column_of_remarks_under_a_heading_that_is_no_skill_is_set_aside(
    importer: Importer, kantata: Running, team: Any
) -> None:
    first, _ = names(kantata, 5)
    ran = importer(
        "check", team((3, "new here"), (4, "wants more of it"), headings=(first, "What HR thinks")), "--json"
    )

    assert ran.code == 0, ran.err
    assert [(each["place"], each["text"]) for each in ran.json["set_aside"]] == [("column C", "What HR thinks")]


def test_a_matrix_of_signs_is_found_by_the_names_that_the_account_knows(importer: Importer, team: Any) -> None:
    ran = importer("check", team(("\u25cb", "\u25d4"), ("\u25d1", "\u25d5"), ("\u25cf", "\u25cb")), "--json")

    assert (ran.code, ran.json["question"]["code"]) == (5, "levels"), ran.err
    assert "Team" in ran.err


def test_mirror_removes_what_a_person_without_any_level_and_a_skill_without_any_holder_had(
    importer: Importer, kantata: Running, team: Any
) -> None:
    everybody, skills = people(kantata), names(kantata, 5)
    assert importer("apply", team((3, 2), (4, 5), (1, 1)), "--yes").code == 0
    before = held(kantata)

    path = team((3, None), (None, None), (2, None))
    said = ("--mode", "mirror", "--max-removals", "9", "--accept", "lost-skills,vanished-column")
    ran = importer("apply", path, *said, "--yes", "--json")

    assert ran.code == 0, ran.err
    gone = {(who, skill) for who in everybody for skill in skills} - {
        (everybody[0], skills[0]),
        (everybody[2], skills[0]),
    }
    assert before.keys() - held(kantata).keys() == gone
    assert importer("apply", path, *said, "--yes", "--json").json["outcomes"]["removed"] == 0


def test_a_table_that_was_read_without_an_account_is_completed_by_the_account(kantata: Running, team: Any) -> None:
    table = api.read(team((3, 2), (4, 5), (None, None)))
    with api.Account("demo", base_url=kantata.url) as account:
        checked = account.check(table)

    assert [each.text for each in table.set_aside] != []
    assert checked.set_aside == ()


def test_a_legend_with_headings_of_its_own_beside_a_matrix_is_read_and_is_nobodys(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (first, second), everybody = names(kantata, 5), people(kantata)
    legend = enumerate(["no knowledge", "Beginner", "Basic", "Intermediate", "Advanced", "Expert"])
    blank: list[list[Any]] = [[None, None, None]] * 3
    cells = [[everybody[0], 3, 0], [everybody[1], 4, 5], [everybody[2], 0, 1], *blank]
    rows = [[*row, None, number, word] for row, (number, word) in zip(cells, legend, strict=True)]

    header = ["E-mail", first, second, None, "Level", "Meaning"]
    ran = importer("check", workbook(tmp_path / "beside.xlsx", [header, *rows]), "--json")

    assert (ran.code, ran.json["skills"], ran.json["valid"]) == (0, 2, 6), ran.err
    assert any("no knowledge = 0, Beginner = 1" in note for note in ran.json["notes"])


@pytest.mark.parametrize("encoding", ["cp1254", "cp857", "mac_turkish"])
def test_names_that_the_account_knows_tell_the_encoding_of_a_file_that_does_not(
    importer: Importer, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "list.csv"
    people = ["Selin \u015eahin", "Mert \u015eahin", "Tom\u00e1s Lindqvist"]
    path.write_bytes("\r\n".join(["Name,Skill,Level", *(f"{who},Python,3" for who in people)]).encode(encoding))

    told = importer("check", path, "--json").json

    assert (told["rows"], told["valid"]) == (3, 3), told["problems"]
    assert any("look right?" in note for note in told["notes"])
