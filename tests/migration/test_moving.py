"""A whole account, moved to another one with other ids: in one run, once, and back."""

from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from importer import Account
from importer.pipeline.staged_report import StagedReport
from importer.sandbox import Running, running
from tests.conftest import Importer
from tests.loads import write_list
from tests.migration.holdings import Holdings, holdings, tables

_ALL = ("--match", "names", "--create-missing", "all")
_TWICE = "Website Relaunch"
"""Two projects of the stand-in have this title, so that no name tells which of them is meant."""


def people_of(kantata: Running) -> set[object]:
    """The e-mail addresses of an account's people."""
    return {row["email_address"] for row in kantata.query("SELECT email_address FROM users")}


def what_can_come(there: Holdings, people: set[object]) -> Holdings:
    """Of what an account holds, what does not hang on a person whom the other account has not."""
    return {
        name: Counter({row: n for row, n in rows.items() if not _is_of_the_missing(name, row, people)})
        for name, rows in there.items()
    }


def _is_of_the_missing(name: str, row: tuple[object, ...], people: set[object]) -> bool:
    if "memberships" not in name:
        return False
    return row[0] == _TWICE or ("@" in str(row[0]) and row[0] not in people)


@pytest.fixture
def book(account: Account, tmp_path: Path) -> Path:
    """The workbook of the whole account."""
    path: Path = account.export_all(tmp_path / "account.xlsx").path
    return path


def test_one_command_moves_all_that_an_account_has_but_for_people_who_are_missing(
    importer: Importer, kantata: Running, empty: Running, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, there, people = tables(empty), holdings(kantata), people_of(empty)
    monkeypatch.setenv("KANTATA_BASE_URL", empty.url)

    ran = importer("apply", book, *_ALL, "--yes", "--json")

    assert ran.code == 3, ran.err
    assert holdings(empty) == what_can_come(there, people)
    outcomes = ran.json["outcomes"]
    assert sum(outcomes.values()) == ran.json["rows"]
    assert outcomes["created"] == sum(map(Counter.total, holdings(empty).values())) - outcomes["unchanged"]
    missing = {row[0] for name, rows in there.items() if "memberships" in name for row in rows} - people
    assert set(ran.json["missing_people"]) == {each for each in missing if "@" in str(each)} != set()
    wrong = {each["value"] for each in ran.json["problems"]}
    assert {value for value in wrong if "@" in value} == set(ran.json["missing_people"])
    assert _TWICE in wrong

    again = importer("apply", book, *_ALL, "--yes", "--json")

    assert again.json["requests"]["POST"] == again.json["requests"]["PUT"] == again.json["requests"]["DELETE"] == 0
    assert (again.json["outcomes"]["created"], again.json["outcomes"]["updated"]) == (0, 0)

    undone = importer("undo", ran.json["run"], "--yes", "--json")

    assert undone.code == 0, undone.err
    assert tables(empty) == before


def test_an_undo_of_a_migration_can_be_undone_and_all_is_back_under_new_ids(
    new_account: Account, empty: Running, book: Path
) -> None:
    report = new_account.plan_all(new_account.read_all([book], match_names=True, create_missing=["all"])).apply()
    moved = holdings(empty)

    back = new_account.undo(new_account.undo(report))

    assert holdings(empty) == moved
    assert back.counts["created"] == report.counts["created"]
    assert back.is_verified


def test_the_workbook_of_an_account_changes_nothing_in_that_account(importer: Importer, book: Path) -> None:
    ran = importer("apply", book, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["outcomes"]["unchanged"] == ran.json["rows"] > 2_000
    assert ran.json["requests"]["POST"] == 0


def test_several_files_in_one_command_are_one_run_in_the_order_in_which_they_need_each_other(
    importer: Importer, kantata: Running, empty: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("skill-memberships", "user-group-memberships", "groups", "skills")
    for name in names:
        importer("export", name, "-o", tmp_path / f"{name}.csv")
    there, people = holdings(kantata), people_of(empty)
    monkeypatch.setenv("KANTATA_BASE_URL", empty.url)

    ran = importer("apply", *(tmp_path / f"{name}.csv" for name in names), *_ALL, "--yes", "--json")

    came = what_can_come(there, people)
    assert [stage["endpoint"] for stage in ran.json["stages"]] == [
        "skills", "groups", "skill-memberships", "user-group-memberships",
    ]  # fmt: skip
    for name in ("skills", "groups", "skill memberships", "user group memberships"):
        assert holdings(empty)[name] == came[name]
    assert len(importer("runs", "--json").json["runs"]) == 1


def test_a_problem_among_several_files_begins_with_the_name_of_its_file(importer: Importer, tmp_path: Path) -> None:
    skills = write_list(tmp_path / "skills.csv", ("name", "category", "max_level"), [("Zig", "Skill", "7")])
    people = write_list(tmp_path / "people.csv", ("email", "skill", "level"), [("dana@example.com", "Python", "9")])

    plan, told = importer("plan", skills, people, "--json").json, importer("plan", skills, people).err
    checked = importer("check", skills, people, "--json").json

    for problems in (plan["problems"], checked["problems"]):
        assert [(each["file"], each["cell"]) for each in problems] == [("skills.csv", "C2"), ("people.csv", "C2")]
    assert "  skills.csv, C2, max_level: " in told
    assert "  people.csv, C2, level: " in told


def test_a_workbook_of_another_account_says_that_its_ids_mean_nothing_and_what_is_not_there_yet(
    importer: Importer, empty: Running, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_BASE_URL", empty.url)

    by_names, by_ids = importer("plan", book, *_ALL), importer("plan", book, "--create-missing", "all")

    assert "Its ids mean nothing here; load it by its names." in by_ids.err
    assert "is not in this account yet, but the row says" in by_ids.err
    assert "900000" not in by_ids.err
    assert "mean nothing" not in by_names.err
    assert "Remembered" not in by_names.err + by_ids.err  # which sheets these are, nobody has said


def test_the_result_of_a_migration_names_who_is_missing_and_loads_the_rest_once_it_is_mended(
    importer: Importer, empty: Running, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_BASE_URL", empty.url)
    result = Path(importer("apply", book, *_ALL, "--yes", "--json", "-o", tmp_path / "result.xlsx").json["result"])
    workbook = openpyxl.load_workbook(result)
    said = "\n".join(str(cell.value) for row in workbook["Summary"].iter_rows() for cell in row)
    assert "not in this account, and nobody was created, because that buys licences" in said
    sheet = workbook["To fix Skill memberships"]
    headers = [cell.value for cell in sheet[1]]
    rows = sheet.max_row - 1
    for row in sheet.iter_rows(min_row=2):
        row[headers.index("email")].value = "dana@example.com"
        row[headers.index("user")].value = "Dana Reyes"
    workbook.save(result)

    again = importer("apply", result, "--yes", "--json", "--no-aliases")

    (stage,) = (each for each in again.json["stages"] if each["endpoint"] == "skill-memberships")
    assert stage["rows"] == rows
    assert stage["outcomes"]["invalid"] + stage["outcomes"]["unchanged"] + stage["outcomes"]["created"] > 0
    assert again.json["outcomes"]["created"] == stage["outcomes"]["created"]


def test_places_keep_their_way_where_the_root_of_the_tree_is_called_otherwise(
    new_account: Account, empty: Running, book: Path
) -> None:
    empty.execute("UPDATE organizations SET name = 'Globe' WHERE type = 'Geography' AND parent_id IS NULL")

    report = new_account.plan_all(new_account.read_all([book], match_names=True, create_missing=["all"])).apply()

    paths = {row[1] for row in holdings(empty)["organizations"] if row[0] == "Geography"}
    assert {path.split(" > ")[0] for path in map(str, paths)} == {"Globe"}
    assert "Globe > Europe > Germany" in paths
    assert not [each for each in report.problem_list if each.column == "geography"]


def test_an_undo_keeps_what_somebody_else_uses_by_then_and_says_so(
    new_account: Account, empty: Running, book: Path
) -> None:
    report = new_account.plan_all(new_account.read_all([book], match_names=True, create_missing=["all"])).apply()
    (python,) = empty.query("SELECT id FROM skills WHERE name = 'Python'")
    (person,) = empty.query(
        "SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM skill_memberships WHERE skill_id = ?) LIMIT 1",
        python["id"],
    )
    held = {"user_id": person["id"], "skill_id": python["id"], "cached_skill_name": "Python", "level": 3}
    empty.by_hand(do="insert", table="skill_memberships", values=held)

    undone = new_account.undo(report)

    assert [row["name"] for row in empty.query("SELECT name FROM skills")] == ["Python"]
    (conflict,) = (each for each in undone.problem_list if each.code == "in-use")
    assert '"Python" is not removed, because it is in use: 1 skill membership.' in conflict.message
    assert undone.counts["conflict"] == 1


def test_a_migration_in_which_something_was_refused_sends_the_rest_and_says_what_hangs_on_it(
    new_account: Account, empty: Running, book: Path
) -> None:
    empty.set(skill_limit="200")
    tables_ = new_account.read_all([book], match_names=True, create_missing=["all"])

    report = new_account.plan_all(tables_).apply()

    assert isinstance(report, StagedReport)
    counts = {stage.details.endpoint: stage.counts for stage in report.stages}
    assert counts["skills"]["created"] == 200
    assert counts["skills"]["refused"] == 30
    left = next(each for each in report.stages if each.details.endpoint == "skill-memberships").outcomes
    waiting = left[left["outcome"] == "not sent"]
    assert set(waiting["code"]) == {"named-not-there"}
    assert len(waiting) > 0
    assert counts["user-group-memberships"]["created"] > 400
    assert report.exit_code == 3
    assert not report.details.is_open


def test_a_plan_tells_in_names_what_is_new_and_the_frame_has_every_change(new_account: Account, book: Path) -> None:
    plan = new_account.plan_all(new_account.read_all([book], match_names=True, create_missing=["all"]))

    frame = plan.changes
    assert set(frame["endpoint"]) == {
        *("skills", "organizations", "groups"),
        *("skill-memberships", "user-group-memberships", "organization-memberships"),
    }
    assert (frame["change"] == "create").sum() == plan.writes
    assert plan.forecast["POST"] == 2 + 2 + 25 + 4 + 8 + 5
    assert isinstance(frame, pd.DataFrame)


def test_two_accounts_of_the_same_people_differ_after_a_move_in_nothing_that_has_a_name_of_its_own(
    account: Account, kantata: Running, tmp_path: Path
) -> None:
    with running(shift=7_000_000, lacks=["skills", "groups", "organizations"]) as other:
        target = Account(other.token, base_url=other.url)
        book = account.export_all(tmp_path / "account.xlsx").path

        report = target.plan_all(target.read_all([book], match_names=True, create_missing=["all"])).apply()

        mine, theirs = holdings(kantata), holdings(other)
        assert report.exit_code == 3
        differences = {name: mine[name] - theirs[name] for name in mine if mine[name] != theirs[name]}
        assert {row[0] for rows in differences.values() for row in rows} == {_TWICE}
        assert all(not (theirs[name] - mine[name]) for name in mine)
