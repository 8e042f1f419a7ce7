"""Lists of skills, groups and places, which others name: loaded, changed, removed, exported and undone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list


@dataclass(frozen=True, slots=True)
class Case:
    """A list with rows that are new, that change what is there, and that say what is there; how the account tells it;
    and rows that take away what the new ones made.
    """

    headers: Sequence[str]
    new: Sequence[Sequence[str]]
    changed: Sequence[Sequence[str]]
    same: Sequence[Sequence[str]]
    removed: Sequence[Sequence[str]]
    sql: str
    stored: Sequence[Sequence[Any]]
    """What the account holds, once it has been loaded, of the new and the changed ones."""

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """All rows of the list."""
        return [*self.new, *self.changed, *self.same]


CASES = {
    "skills": Case(
        headers=("name", "category", "max_level", "description"),
        new=[("Latin", "Language", "5", ""), ("Service Design", "Skill", "5", "From end to end")],
        changed=[("PMP", "Other", "", ""), ("Python", "", "", "The language")],
        same=[("Java", "Skill", "5", "")],
        removed=[("Latin", "", "", "")],
        sql="SELECT s.name, c.name, max_level, description FROM skills s JOIN skill_categories c "
        "ON c.id = skill_category_id WHERE s.name IN ('Latin', 'Service Design', 'PMP', 'Python') ORDER BY s.name",
        stored=[("Latin", "Language", 5, None), ("PMP", "Other", 1, None), ("Python", "Skill", 5, "The language"),
                ("Service Design", "Skill", 5, "From end to end")],
    ),
    "groups": Case(
        headers=("name", "company", "contact_name", "contact_email", "notes"),
        new=[("Green Lake Energy", "yes", "Ann Poole", "ann.poole@client.example.com", ""),
             ("Night Desk", "", "", "", "")],
        changed=[("Mentors", "", "", "", "Meet on Mondays"), ("Northwind Traders", "no", "", "", "")],
        same=[("Bench", "no", "", "", "")],
        removed=[("Night Desk", "", "", "", "")],
        sql="SELECT name, company, contact_name, email, notes FROM workspace_groups "
        "WHERE name IN ('Green Lake Energy', 'Night Desk', 'Mentors', 'Northwind Traders') ORDER BY name",
        stored=[("Green Lake Energy", 1, "Ann Poole", "ann.poole@client.example.com", None),
                ("Mentors", 0, None, None, "Meet on Mondays"), ("Night Desk", 0, None, None, None),
                ("Northwind Traders", 0, None, None, None)],
    ),
    "organizations": Case(
        headers=("tree", "path"),
        new=[("Geography", "World > Europe > Nordics > Sweden"), ("Department", "Company > Technology > Robotics"),
             ("Geography", "World > Europe > Nordics")],
        changed=[],
        same=[("Geography", "World > Europe > Germany"), ("department", "Company > Technology")],
        removed=[("Geography", "World > Europe > Nordics > Sweden"), ("Geography", "World > Europe > Nordics")],
        sql="SELECT a.name, a.type, b.name FROM organizations a JOIN organizations b ON b.id = a.parent_id "
        "WHERE a.name IN ('Sweden', 'Nordics', 'Robotics') ORDER BY a.name",
        stored=[("Nordics", "Geography", "Europe"), ("Robotics", "Department", "Technology"),
                ("Sweden", "Geography", "Nordics")],
    ),
}  # fmt: skip
TABLES = ("skills", "workspace_groups", "organizations", "skill_memberships", "user_group_memberships",
          "organization_memberships")  # fmt: skip
SWITCHES: dict[str, dict[str, str]] = {
    "the highest level is a number": {"skill_max_level": "number"},
    "ids come only with their include": {"association_ids": "include_only"},
    "a blank text is empty": {"blank": "empty"},
    "good rows of a bulk create are kept": {"bulk": "partial"},
    "errors do not say which row": {"error_index": "off"},
    "names may stand twice": {"duplicates": "allow", "skill_unique": "off", "org_unique": "off"},
    "lists have no meta": {"meta": "off"},
    "an answer has 20 records": {"bulk_rows": "first 20"},
    "other fields are refused": {"extra_fields": "422", "string_ids": "422", "unknown_filter": "400"},
}


def held(kantata: Running, *, with_ids: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """What the account holds, table by table, without when that was written; a record that was made again has another
    id.
    """
    left = {"created_at", "updated_at", *(() if with_ids else ("id", "parent_id"))}
    return {
        table: sorted(
            (tuple(value for name, value in row.items() if name not in left)
             for row in kantata.query(f"SELECT * FROM {table}")),
            key=repr,
        )
        for table in TABLES
    }  # fmt: skip


def stored(kantata: Running, case: Case) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in kantata.sandbox.store.rows(case.sql, ())]


def bodies(kantata: Running, method: str) -> Iterator[Any]:
    return (json.loads(each["body"]) for each in kantata.requests() if each["method"] == method)


def methods(kantata: Running) -> set[str]:
    return {each["method"] for each in kantata.requests()}


def counts(outcomes: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in outcomes.items() if count}


def load(importer: Importer, path: Path, *options: object) -> Any:
    ran = importer("apply", path, "--yes", "--json", *options)
    assert ran.code == 0, ran.err
    return ran.json


@pytest.mark.parametrize("switches", [{}, *SWITCHES.values()], ids=["as documented", *SWITCHES])
@pytest.mark.parametrize("name", CASES)
def test_a_list_makes_what_is_new_changes_what_differs_and_sends_nothing_the_second_time(
    importer: Importer, kantata: Running, tmp_path: Path, name: str, switches: dict[str, str]
) -> None:
    case = CASES[name]
    path = write_list(tmp_path / "list.csv", case.headers, case.rows)
    kantata.set(**switches)

    first = load(importer, path, "--as", name)
    after = stored(kantata, case)
    kantata.execute("DELETE FROM requests")
    second = load(importer, path, "--as", name)

    expected = {"created": len(case.new), "updated": len(case.changed), "unchanged": len(case.same)}
    assert counts(first["outcomes"]) == {outcome: count for outcome, count in expected.items() if count}
    assert after == case.stored
    assert counts(second["outcomes"]) == {"unchanged": len(case.rows)}
    assert methods(kantata) == {"GET"}


def test_names_alone_are_no_list_of_skills_unless_somebody_says_so(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "names.csv", ("Name", "Description"), [("Latin", "A dead language")])

    alone, told = importer("check", path, "--json"), importer("check", path, "--as", "skills", "--json")

    assert alone.code == 5
    assert told.json["endpoint"] == "skills"
    assert told.json["columns"] == {"Name": "name", "Description": "description"}


@pytest.mark.parametrize("name", CASES)
def test_the_word_remove_takes_away_as_many_as_are_allowed_and_no_others(
    importer: Importer, kantata: Running, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    before = held(kantata)
    load(importer, write_list(tmp_path / "new.csv", case.headers, case.new), "--as", name)
    there = held(kantata)
    rows = [(*row, "remove") for row in case.new]
    gone = write_list(tmp_path / "gone.csv", (*case.headers, "action"), rows)

    stopped = importer("apply", gone, "--as", name, "--yes", "--json")
    still_there = held(kantata)
    done = load(importer, gone, "--as", name, "--max-removals", len(rows))

    assert stopped.code == 4
    assert still_there == there
    assert counts(done["outcomes"]) == {"removed": len(rows)}
    assert held(kantata) == before


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl"])
@pytest.mark.parametrize("name", CASES)
def test_an_export_that_is_loaded_as_it_is_changes_nothing(
    importer: Importer, kantata: Running, name: str, form: str
) -> None:
    importer("export", name, "-o", f"all.{form}")

    again = load(importer, Path(f"all.{form}"))

    assert again["endpoint"] == name
    assert counts(again["outcomes"]) == {"unchanged": again["rows"]}
    assert methods(kantata) == {"GET"}


@pytest.mark.parametrize("name", CASES)
def test_a_template_with_what_the_account_holds_changes_nothing_as_it_is(
    importer: Importer, kantata: Running, name: str
) -> None:
    ran = importer("template", name, "--live", "-o", "live.xlsx")

    again = load(importer, Path("live.xlsx"))

    assert ran.code == 0
    assert again["endpoint"] == name
    assert counts(again["outcomes"]) == {"unchanged": again["rows"]}
    assert methods(kantata) == {"GET"}


def test_a_changed_cell_of_such_a_template_is_one_request_and_a_free_row_another(
    importer: Importer, kantata: Running
) -> None:
    importer("template", "skills", "--live", "-o", "live.xlsx")
    book = openpyxl.load_workbook("live.xlsx")
    sheet = book.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Python")
    sheet.cell(row, 4).value = "The language"
    for column, value in enumerate(("Latin", "Language", "5"), 1):
        sheet.cell(sheet.max_row + (column == 1), column).value = value
    book.save("live.xlsx")

    ran = load(importer, Path("live.xlsx"))

    assert {name: count for name, count in counts(ran["outcomes"]).items() if name != "unchanged"} == {
        "created": 1, "updated": 1,
    }  # fmt: skip
    assert [body["skill"]["description"] for body in bodies(kantata, "PUT")] == ["The language"]
    assert list(bodies(kantata, "POST")) == [
        {"skills": [{"name": "Latin", "skill_category_id": 3102, "max_level": "5"}]}
    ]


def test_what_others_changed_since_stays_and_a_record_that_both_changed_is_a_conflict(
    importer: Importer, kantata: Running
) -> None:
    importer("template", "skills", "--live", "-o", "live.xlsx")
    book = openpyxl.load_workbook("live.xlsx")
    sheet = book.worksheets[0]
    row = next(cell.row for cell in sheet["A"] if cell.value == "Python")
    sheet.cell(row, 4).value = "The language"
    book.save("live.xlsx")
    kantata.execute("UPDATE skills SET skill_category_id = 3104 WHERE name IN ('Python', 'Java')")
    before = held(kantata)

    ran = importer("apply", "live.xlsx", "--yes", "--json")

    assert ran.code == 3
    assert counts(ran.json["outcomes"]) == {"unchanged": 229, "conflict": 1}
    assert [problem["row"] for problem in ran.json["problems"]] == [row]
    assert held(kantata) == before


def test_a_template_of_all_skills_takes_no_filters(importer: Importer) -> None:
    ran = importer("template", "skills", "--live", "--category", "Language")

    assert ran.code == 2
    assert "The template has all skills of the account, so it takes no filters." in ran.err
    assert "importer export skills" in ran.err


@pytest.mark.parametrize("name", CASES)
def test_undo_of_removals_makes_again_what_was_there(
    importer: Importer, kantata: Running, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    load(importer, write_list(tmp_path / "new.csv", case.headers, case.rows), "--as", name)
    before = held(kantata, with_ids=False)
    gone = [(*row, "remove") for row in case.removed]
    path = write_list(tmp_path / "gone.csv", (*case.headers, "action"), gone)
    ran = load(importer, path, "--as", name, "--max-removals", len(gone))

    undone = importer("undo", ran["run"], "--yes", "--json")

    assert undone.code == 0
    assert counts(undone.json["outcomes"]) == {"created": len(gone)}
    assert held(kantata, with_ids=False) == before
    assert stored(kantata, case) == case.stored


@pytest.mark.parametrize("name", CASES)
def test_undo_of_a_list_leaves_every_table_of_the_account_as_it_was(
    importer: Importer, kantata: Running, tmp_path: Path, name: str
) -> None:
    case = CASES[name]
    before = held(kantata)
    ran = load(importer, write_list(tmp_path / "list.csv", case.headers, case.rows), "--as", name)
    assert held(kantata) != before

    undone = importer("undo", ran["run"], "--yes", "--json")

    assert undone.code == 0
    assert counts(undone.json["outcomes"]) == {
        outcome: count for outcome, count in (("removed", len(case.new)), ("updated", len(case.changed))) if count
    }
    assert held(kantata) == before


def test_groups_go_one_at_a_time_and_skills_many(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    skills, groups = ([(f"New {at}", *more) for at in range(7)] for more in (("Skill", "5"), ("Dana Reyes",)))
    load(importer, write_list(tmp_path / "s.csv", ("name", "category", "max_level"), skills))
    sent = [[each["name"] for each in body["skills"]] for body in bodies(kantata, "POST")]
    kantata.execute("DELETE FROM requests")

    load(importer, write_list(tmp_path / "g.csv", ("name", "contact_name"), groups))

    assert sent == [[name for name, *_ in skills]]
    assert sorted(body["workspace_group"]["name"] for body in bodies(kantata, "POST")) == [name for name, _ in groups]


def test_places_come_after_those_above_them_whatever_the_order_of_the_rows(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    paths = ("World > Sea > North > Deep", "World > Sea > South", "World > Sea", "World > Sea > North", "World > Moon")
    path = write_list(tmp_path / "places.csv", ("tree", "path"), [("Geography", each) for each in paths])

    ran = load(importer, path)

    assert counts(ran["outcomes"]) == {"created": 5}
    sent = [{each["name"] for each in body["organizations"]} for body in bodies(kantata, "POST")]
    assert sent == [{"Sea", "Moon"}, {"South", "North"}, {"Deep"}]
    found = kantata.query(
        "SELECT a.name, b.name parent FROM organizations a JOIN organizations b ON b.id = a.parent_id "
        "WHERE a.name IN ('Sea', 'Moon', 'South', 'North', 'Deep')"
    )
    assert {row["name"]: row["parent"] for row in found} == {
        "Sea": "World", "Moon": "World", "South": "Sea", "North": "Sea", "Deep": "North",
    }  # fmt: skip


def test_a_place_below_one_that_is_nowhere_is_not_sent_and_says_which_one(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("Geography", "World > Atlantis > Port"), ("Geography", "World > Europe > Austria")]

    ran = importer("apply", write_list(tmp_path / "places.csv", ("tree", "path"), rows), "--yes", "--json")

    assert ran.code != 0
    assert ran.json["outcomes"]["created"] == 1
    (problem,) = ran.json["problems"]
    assert problem["row"] == 2
    assert "World > Atlantis" in problem["message"]
    assert problem["fix"]
    assert [each["name"] for body in bodies(kantata, "POST") for each in body["organizations"]] == ["Austria"]


def test_a_blank_cell_leaves_what_a_record_has(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    kantata.execute("UPDATE workspace_groups SET notes = 'Old', phone_number = '1' WHERE name = 'Mentors'")
    headers = ("name", "contact_name", "phone_number", "notes")
    path = write_list(tmp_path / "g.csv", headers, [("Mentors", "Dana Reyes", "", "")])

    load(importer, path)

    assert kantata.query("SELECT contact_name, phone_number, notes FROM workspace_groups WHERE name = 'Mentors'") == [
        {"contact_name": "Dana Reyes", "phone_number": "1", "notes": "Old"}
    ]


def test_what_only_add_mode_may_do_leaves_records_that_are_there(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("Python", "Other", "5", "The language"), ("Latin", "Language", "5", "")]
    path = write_list(tmp_path / "s.csv", ("name", "category", "max_level", "description"), rows)

    ran = load(importer, path, "--mode", "add")

    assert counts(ran["outcomes"]) == {"created": 1, "unchanged": 1}
    assert kantata.query("SELECT description FROM skills WHERE name = 'Python'") == [{"description": None}]
