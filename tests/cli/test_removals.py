"""Marks and mirror mode: what they remove, what they never remove, and what stands before a removal."""

from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.books import as_dicts, workbook
from tests.cli.terminal import asked
from tests.conftest import Importer
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")
TOMAS, INGRID = 11482969, 11483277


def levels_of(kantata: Running, user: int) -> dict[int, int]:
    found = kantata.query("SELECT skill_id, level FROM skill_memberships WHERE user_id = ? ORDER BY id", user)
    return {r["skill_id"]: r["level"] for r in found}


def everything(kantata: Running) -> list[dict[str, int]]:
    return kantata.query("SELECT id, user_id, skill_id, level FROM skill_memberships ORDER BY id")


@pytest.fixture
def mirrored(kantata: Running, tmp_path: Path) -> Path:
    """A list with one of Ana's skills at another level, and one that is new to her; all her others are left out."""
    (skill, level), *_ = levels_of(kantata, TOMAS).items()
    new = kantata.query(
        "SELECT id FROM skills WHERE max_level = 5 "
        "AND id NOT IN (SELECT skill_id FROM skill_memberships WHERE user_id = ?)",
        TOMAS)[0]["id"]  # fmt: skip
    return write_list(tmp_path / "tomas.csv", HEADERS, [(TOMAS, skill, 1 + level % 5), (TOMAS, new, 3)])


def test_mirror_removes_what_the_people_in_the_file_have_and_the_file_does_not_and_nobody_elses(
    importer: Importer, kantata: Running, mirrored: Path
) -> None:
    before, others = levels_of(kantata, TOMAS), [r for r in everything(kantata) if r["user_id"] != TOMAS]
    assert len(before) >= 3

    ran = importer("apply", mirrored, "--mode", "mirror", "--max-removals", len(before) - 1, "--yes", "--json")

    assert ran.code == 0, ran.err
    outcomes = ran.json["outcomes"]
    assert (outcomes["created"], outcomes["updated"], outcomes["removed"]) == (1, 1, len(before) - 1)
    assert sum(outcomes.values()) == ran.json["rows"] == len(before) + 1
    assert ran.json["beyond_file"] == len(before) - 1
    assert list(levels_of(kantata, TOMAS).values()) == [1 + next(iter(before.values())) % 5, 3]
    assert [r for r in everything(kantata) if r["user_id"] != TOMAS] == others
    removed = [row for row in as_dicts(Path(ran.json["result"]), "Result") if row["Import status"] == "removed"]
    assert {(row["user_id"], int(str(row["skill_id"])), row["level"]) for row in removed} == {
        (str(TOMAS), skill, "remove") for skill in list(before)[1:]
    }


def test_a_plan_lists_each_removal_by_name_and_says_that_apply_would_stop(
    importer: Importer, kantata: Running, mirrored: Path
) -> None:
    names = kantata.query(
        "SELECT cached_skill_name n, level FROM skill_memberships WHERE user_id = ? ORDER BY id", TOMAS
    )[1:]

    told, shown = (
        importer("plan", mirrored, "--mode", "mirror", "--json"),
        importer("plan", mirrored, "--mode", "mirror"),
    )

    assert told.json["changes"] == {"create": 1, "update": 1, "unchanged": 0, "remove": len(names)}
    assert told.json["forecast"]["DELETE"] == len(names)
    assert sorted(told.json["removals"]) == sorted(
        f"Tomás Lindqvist, {r['n']}" + (f", level {r['level']}" if r["level"] else "") for r in names
    )
    assert f"To be removed ({len(names)}):\n  Tomás Lindqvist, " in shown.err
    assert f"apply would stop: so many removals need --max-removals {len(names)}." in shown.err
    assert shown.code == 0


@pytest.mark.parametrize("asks", [("--yes",), ()])
def test_more_removals_than_allowed_stop_before_anything_is_sent(
    importer: Importer, kantata: Running, mirrored: Path, asks: tuple[str, ...]
) -> None:
    before = everything(kantata)

    ran = importer("apply", mirrored, "--mode", "mirror", "--max-removals", 1, *asks)

    assert ran.code == 4
    assert "records, and you allowed 1. To remove them, add --max-removals" in ran.err
    assert "To be removed (" in ran.err
    assert everything(kantata) == before


@pytest.mark.usefixtures("importer")
@pytest.mark.parametrize("typed", ["all", "1", "right"])
def test_on_a_terminal_the_number_of_removals_is_typed(
    kantata: Running, tmp_path: Path, mirrored: Path, typed: str
) -> None:
    before = levels_of(kantata, TOMAS)
    number = str(len(before) - 1) if typed == "right" else typed

    def answers(said: bytes) -> bytes | None:
        if said.endswith(b"[y/N]: "):
            return b"y\n"
        return number.encode() + b"\n" if said.endswith(b"Type the number to go on []: ") else None

    with asked(answers, "apply", mirrored, "--mode", "mirror", cwd=tmp_path) as (code, _, said):
        assert code == (0 if typed == "right" else 4), said
    assert len(levels_of(kantata, TOMAS)) == (2 if typed == "right" else len(before))


def test_a_mark_removes_one_record_in_any_mode_and_one_that_is_not_there_changes_nothing(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    tomas = levels_of(kantata, TOMAS)
    first, second, third = list(tomas)[:3]
    absent = new_skills(kantata, 1)[0]
    rows = [
        (TOMAS, first, "Remove", ""), (TOMAS, second, 4, " remove "), (TOMAS, third, "", ""),
        (*absent[:2], "", "REMOVE"),
    ]  # fmt: skip
    path = workbook(tmp_path / "team.xlsx", [[*HEADERS, "Action"], *rows])

    ran = importer("apply", path, "--mode", "add", "--max-removals", 2, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert [row["Import status"] for row in as_dicts(Path(ran.json["result"]), "Result")] == [
        "removed", "removed", "unchanged", "unchanged",
    ]  # fmt: skip
    assert levels_of(kantata, TOMAS) == {skill: level for skill, level in tomas.items() if skill not in (first, second)}


def test_another_word_in_the_action_column_is_a_problem_with_its_cell(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (row,) = new_skills(kantata, 1)
    path = workbook(tmp_path / "team.xlsx", [[*HEADERS, "action"], [*row, "delete"]])

    ran = importer("check", path, "--json")

    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [("D2", "not-a-choice")]
    assert "Enter remove, or leave the cell empty." in ran.json["problems"][0]["fix"]


def test_a_mark_and_a_wish_for_one_record_cannot_both_be_meant(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (row,) = new_skills(kantata, 1)
    path = write_list(tmp_path / "a.csv", HEADERS, [row, (*row[:2], "remove"), (*row[:2], "remove")])

    ran = importer("check", path, "--json")

    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [
        ("C2", "same-key"), ("C3", "same-key"), ("C4", "same-key"),
    ]  # fmt: skip


def test_a_blank_level_is_left_alone_but_in_mirror_it_is_no_level(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    skill = next(skill for skill, level in levels_of(kantata, TOMAS).items() if level > 1)
    path = write_list(tmp_path / "a.csv", HEADERS, [(TOMAS, skill, "")])

    upserted = importer("apply", path, "--yes", "--json")
    level = levels_of(kantata, TOMAS)[skill]
    mirrored = importer("apply", path, "--mode", "mirror", "--max-removals", 100, "--yes", "--json")

    assert (upserted.json["outcomes"]["unchanged"], level > 1) == (1, True)
    assert mirrored.json["outcomes"]["updated"] == 1
    assert levels_of(kantata, TOMAS) == {skill: 0}


def test_mirror_spares_whoever_has_a_row_with_a_problem(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    tomas, ingrid = levels_of(kantata, TOMAS), levels_of(kantata, INGRID)
    rows = [
        (TOMAS, next(iter(tomas)), "high"),
        (TOMAS, list(tomas)[1], ""),
        (INGRID, next(iter(ingrid)), next(iter(ingrid.values()))),
    ]
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    ran = importer("apply", path, "--mode", "mirror", "--max-removals", 500, "--yes", "--json")

    assert ran.code == 3
    assert ran.json["outcomes"]["removed"] == len(ingrid) - 1
    assert set(levels_of(kantata, TOMAS)) == set(tomas)
    assert "Nothing is removed from those whose rows have problems (1)." in ran.err


def test_mirror_removes_nothing_where_a_row_does_not_tell_whose_it_is(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    tomas = levels_of(kantata, TOMAS)
    path = write_list(tmp_path / "a.csv", HEADERS, [(TOMAS, next(iter(tomas)), ""), ("Tomás", 271015, 3)])

    ran = importer("apply", path, "--mode", "mirror", "--max-removals", 500, "--yes", "--json")

    assert ran.json["outcomes"]["removed"] == 0
    assert set(levels_of(kantata, TOMAS)) == set(tomas)
    assert "Nothing is removed that the file does not have" in ran.err


def test_a_mirror_is_undone_to_the_last_record(importer: Importer, kantata: Running, mirrored: Path) -> None:
    before = levels_of(kantata, TOMAS)
    run = importer("apply", mirrored, "--mode", "mirror", "--max-removals", 500, "--yes", "--json").json["run"]

    undone = importer("undo", run, "--yes", "--json")

    assert undone.code == 0, undone.err
    assert levels_of(kantata, TOMAS) == before
    assert sum(undone.json["outcomes"].values()) == undone.json["rows"]


def test_mirror_of_groups_and_places_works_by_their_own_owner(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    person = kantata.query("SELECT user_id u FROM user_group_memberships GROUP BY user_id HAVING count(*) > 1 LIMIT 1")[
        0
    ]["u"]
    groups = [r["g"] for r in kantata.query(
        "SELECT workspace_group_id g FROM user_group_memberships WHERE user_id = ? ORDER BY id", person)]  # fmt: skip
    email = kantata.query("SELECT email_address e FROM users WHERE id = ?", person)[0]["e"]
    name = kantata.query("SELECT name n FROM workspace_groups WHERE id = ?", groups[0])[0]["n"]
    path = write_list(tmp_path / "g.csv", ("email", "workspace_group_id"), [(email, groups[0])])
    count = "SELECT count(*) n FROM user_group_memberships"
    before = kantata.query(count)[0]["n"]

    ran = importer("apply", path, "--mode", "mirror", "--max-removals", 100, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert name
    assert ran.json["outcomes"]["removed"] == len(groups) - 1
    assert kantata.query(count)[0]["n"] == before - len(groups) + 1
    beyond = [row for row in as_dicts(Path(ran.json["result"]), "Result") if row["Import status"] == "removed"]
    assert {(row["email"], row["workspace_group_id"], row["action"]) for row in beyond} == {
        (email, str(group), "remove") for group in groups[1:]
    }


def test_a_plan_workbook_of_a_mirror_removes_what_it_shows(
    importer: Importer, kantata: Running, tmp_path: Path, mirrored: Path
) -> None:
    before = levels_of(kantata, TOMAS)
    plan = importer("plan", mirrored, "--mode", "mirror", "-o", tmp_path / "p.plan.xlsx", "--json").json["result"]

    ran = importer("apply", plan, "--max-removals", 500, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["outcomes"]["removed"] == len(before) - 1
    assert len(levels_of(kantata, TOMAS)) == 2
