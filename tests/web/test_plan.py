"""The plan as a person goes through it: in names, what removes and changes first, filtered by what they look for."""

from pathlib import Path
from typing import Any

from importer.sandbox import Running
from tests.books import workbook
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor, read

HEADERS = ["user_id", "skill_id", "level"]


def _held(kantata: Running, where: str) -> dict[str, Any]:
    """One skill of an active person, with all names."""
    return kantata.query(
        f"""SELECT m.user_id, m.skill_id, m.level, u.full_name person, s.name skill FROM skill_memberships m
        JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 AND s.max_level = 5 AND {where} ORDER BY m.id LIMIT 1"""
    )[0]


def _lines(html: str, *actions: str) -> list[str]:
    return [text for action in actions for _, text in read(html.partition("<tbody>")[2], action)]


def _of_every_kind(visitor: Visitor, kantata: Running, tmp_path: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    """A list of ids that adds, changes, removes and leaves alone, with a problem; and the records it is about."""
    new, other = new_skills(kantata, 2)
    names = kantata.query(
        "SELECT u.full_name person, s.name skill FROM users u, skills s WHERE u.id = ? AND s.id = ?", new[0], new[1]
    )[0]
    told = {
        "unset": _held(kantata, "m.level = 0"),
        "update": _held(kantata, "m.level = 2"),
        "remove": _held(kantata, "m.level = 4"),
        "unchanged": _held(kantata, "m.level = 3"),
        "create": {"user_id": new[0], "skill_id": new[1], "level": new[2], **names},
    }
    levels = {"unset": 3, "update": 5, "remove": "remove", "unchanged": 3, "create": 1}
    rows: list[list[Any]] = [
        [told[kind]["user_id"], told[kind]["skill_id"], levels[kind]]
        for kind in ("create", "unchanged", "unset", "update", "remove")
    ]
    file = visitor.drop(write_list(tmp_path / "team.csv", HEADERS, [*rows, [*other[:2], "high"]]))
    visitor.plan(file)
    return file, told


def test_a_plan_of_ids_is_told_in_names_with_old_and_new_and_removals_first(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    file, told = _of_every_kind(visitor, kantata, tmp_path)

    html = visitor.get(f"{file}/plan").text

    table = html[html.index('<table class="list changes">') :]
    assert _lines(table, "remove")[0].split() == (
        f"row 6 \N{MINUS SIGN} remove {told['remove']['person']} {told['remove']['skill']} Level: 4".split()
    )
    assert [each.split() for each in _lines(table, "update") if each.startswith("row")] == [
        f"row 4 ± update {told['unset']['person']} {told['unset']['skill']} Level: not set → 3".split(),
        f"row 5 ± update {told['update']['person']} {told['update']['skill']} Level: 2 → 5".split(),
    ]
    assert _lines(table, "create")[0].split() == (
        f"row 2 + create {told['create']['person']} {told['create']['skill']} Level: 1".split()
    )
    assert table.index('<tr class="remove">') < table.index('<tr class="update">') < table.index('<tr class="create">')
    assert f"{told['remove']['person']}, {told['remove']['skill']}, Level: 4" in read(html, "removals")[0][1]


def test_each_count_of_a_plan_leads_to_its_lines(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    file, told = _of_every_kind(visitor, kantata, tmp_path)

    tabs = read(visitor.get(f"{file}/plan").text, "tabs")[0][1]
    unchanged = visitor.get(f"{file}/plan?show=unchanged").text
    problems = visitor.get(f"{file}/plan?show=with+problems").text

    assert tabs == "4 all changes 1 remove 2 update 1 create 1 with problems 1 unchanged"
    assert "1 line" in unchanged
    assert told["unchanged"]["skill"] in _lines(unchanged, "unchanged")[0]
    assert "is not a level" in _lines(problems, "with-problems")[0]


def test_the_lines_of_a_plan_are_filtered_by_person_and_skill(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    people = kantata.query(
        "SELECT id, email_address e FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id LIMIT 3"
    )
    rows = [["email", "Go", "Kotlin"], *([person["e"], at, at] for at, person in enumerate(people, 1))]
    file = visitor.drop(workbook(tmp_path / "team.xlsx", rows))
    visitor.plan(file)

    one = visitor.get(f"{file}/plan?who={people[1]['e'].upper()}").text
    both = visitor.get(f"{file}/plan?who={people[1]['e']}&what=KOT").text
    none = visitor.get(f"{file}/plan?who=nobody+of+this+name").text

    table = one[one.index('<table class="list changes">') :]
    assert "2 lines that match" in table
    assert people[0]["e"] not in table
    assert "1 line that matches" in both
    assert "Kotlin" in both[both.index("<tbody>") :]
    assert "No line matches." in none


def test_a_mode_is_told_by_a_plain_name_and_a_sentence(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    file = visitor.drop(write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 1)))
    plan = visitor.plan(file, mode="mirror")

    assert "Add, update and remove</strong>: We also remove" in plan.text
    for name in ("Add and update", "Only add", "Add, update and remove"):
        assert name in visitor.get(f"{file}/problems").text
