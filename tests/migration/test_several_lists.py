"""Several lists of one kind in one command: what contradicts is refused, and none removes what another has."""

from itertools import pairwise
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list

DANA, KWAME = "dana@example.com", "kwame.mensah@example.com"
_LIST = ("email", "skill", "level")


def held(kantata: Running) -> list[tuple[str, str, int]]:
    """Who has which skill, and how well."""
    rows = kantata.query(
        "SELECT u.email_address, s.name, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id ORDER BY 1, 2, 3"
    )
    return [(row["email_address"], row["name"], row["level"]) for row in rows]


def test_in_mirror_mode_no_list_removes_what_another_of_its_kind_has(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    before = held(kantata)
    who = next(each[0] for each, after in pairwise(before) if each[0] == after[0])
    first, second = [each for each in before if each[0] == who][:2]
    one, two = write_list(tmp_path / "one.csv", _LIST, [first]), write_list(tmp_path / "two.csv", _LIST, [second])

    ran = importer("apply", one, two, "--mode", "mirror", "--max-removals", "100", "--yes")

    assert ran.code == 2
    assert "there are several lists of skill-memberships. Put them into one list, or choose another mode." in ran.err
    assert held(kantata) == before


@pytest.mark.parametrize("theirs", ["2", "remove"])
def test_a_row_that_contradicts_an_earlier_file_is_refused_and_names_the_other_row(
    importer: Importer, kantata: Running, tmp_path: Path, theirs: str
) -> None:
    one = write_list(tmp_path / "one.csv", _LIST, [(KWAME, "Python", "4"), (DANA, "Python", "4")])
    two = write_list(tmp_path / "two.csv", _LIST, [(KWAME, "Python", "4"), (DANA, "Python", theirs)])

    ran = importer("apply", one, two, "--yes", "--json")

    (problem,) = ran.json["problems"]
    assert (ran.code, problem["code"], problem["file"], problem["cell"]) == (3, "same-key", "two.csv", "C3")
    assert problem["message"].startswith("Row 3 of one.csv has the same ")
    assert {(DANA, "Python", 4), (KWAME, "Python", 4)} <= set(held(kantata))
    assert sum(ran.json["outcomes"].values()) == 4


def test_a_list_without_a_column_does_not_contradict_one_that_has_it(importer: Importer, tmp_path: Path) -> None:
    columns, zig = ("name", "category", "max_level"), ("Zig", "Language", "5")
    told = write_list(tmp_path / "told.csv", (*columns, "description"), [(*zig, "A language for systems")])
    short = write_list(tmp_path / "short.csv", columns, [zig])

    ran = importer("plan", told, short, "--json")

    assert [each["code"] for each in ran.json["problems"]] == []
