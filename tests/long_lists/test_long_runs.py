"""A long list planned and sent in stages, against the sandbox: all is as if it had been planned and sent at once."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from importer import Account, Begun, Event, Guarded, runs, show
from importer.pipeline import long_list
from importer.pipeline.long_plan import LongPlan
from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import Importer
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level", "action", "note")
STAGE_ROWS = 8


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of eleven rows and more are long, and a stage has some eight."""
    monkeypatch.setattr(long_list, "MOST_ROWS", 10)
    monkeypatch.setattr(long_list, "STAGE_ROWS", STAGE_ROWS)


def some_of_everything(kantata: Running, seed: int) -> list[Sequence[Any]]:
    """Rows that come to every end, those of each person here and there."""
    new = new_skills(kantata, 40)
    held = kantata.query(
        "SELECT user_id, skill_id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id "
        "WHERE max_level = 5 AND level BETWEEN 1 AND 4 GROUP BY user_id ORDER BY m.id LIMIT 24"
    )
    rows: list[Sequence[Any]] = [(*each, "", "new") for each in new]
    for at, row in enumerate(held):
        level, action = ((row["level"], ""), (row["level"] + 1, ""), ("", "remove"))[at % 3]
        rows.append((row["user_id"], row["skill_id"], level, action, "held"))
    rows += [(*new[3], "", "again"), (*new[30], "", "again"), (new[7][0], new[7][1], 5, "", "another level")]
    rows += [(new[0][0], new[39][1], 9, "", "too high"), ("nobody", new[1][1], 2, "", "of nobody")]
    random.Random(seed).shuffle(rows)
    return rows


def levels_held(kantata: Running) -> list[dict[str, Any]]:
    return kantata.query("SELECT user_id, skill_id, level FROM skill_memberships ORDER BY user_id, skill_id, level")


def without_ids(report: pd.DataFrame) -> pd.DataFrame:
    return report.drop(columns="id")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("importer")
def test_in_stages_every_row_comes_to_the_same_end_as_at_once(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, seed))
    with Account() as account:
        at_once = account.plan(path).apply(max_removals=99)
        held = levels_held(kantata)
        kantata.reset()
        monkeypatch.setattr(long_list, "MOST_ROWS", 10)
        monkeypatch.setattr(long_list, "STAGE_ROWS", STAGE_ROWS)
        plan = account.plan(path)
        in_stages = plan.apply(max_removals=99)

    assert isinstance(plan, LongPlan)
    assert len(plan.kept_stages) > 4
    assert without_ids(in_stages.outcomes).equals(without_ids(at_once.outcomes))
    assert in_stages.counts == at_once.counts
    assert [str(each) for each in in_stages.problem_list] == [str(each) for each in at_once.problem_list]
    assert levels_held(kantata) == held
    assert in_stages.exit_code == at_once.exit_code
    assert in_stages.verification == at_once.verification
    assert in_stages.requests["DELETE"] == at_once.requests["DELETE"]


@pytest.mark.usefixtures("short")
def test_the_plan_in_stages_says_what_the_plan_at_once_says(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 1))

    in_stages = importer("plan", path, "--json").json
    monkeypatch.setattr(long_list, "MOST_ROWS", 10_000)
    at_once = importer("plan", path, "--json").json

    for each in (in_stages, at_once):
        each.pop("forecast")
        each["removals"].sort()
    assert in_stages == at_once


@pytest.mark.usefixtures("short")
def test_the_result_has_every_row_in_the_order_of_the_list_with_its_id(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = some_of_everything(kantata, 2)
    path = write_list(tmp_path / "long.csv", HEADERS, rows)

    ran = importer("apply", path, "--yes", "--max-removals", "99", "--json")
    result, fixes = (as_dicts(Path(ran.json["result"]), name) for name in ("Result", "To fix"))
    again = importer("show", ran.json["run"], "-o", tmp_path / "again.csv", "--json")
    told = pd.read_csv(again.json["result"], dtype=str, keep_default_na=False)

    assert [[str(line[header] or "") for header in HEADERS] for line in result] == [
        [str(each) for each in row] for row in rows
    ]
    assert told["Import status"].to_list() == [line["Import status"] for line in result]
    assert told["Import ID"].to_list() == [str(line["Import ID"] or "") for line in result]
    ids = {str(each["id"]) for each in kantata.query("SELECT id FROM skill_memberships")}
    for line in result:
        is_there = line["Import status"] in ("created", "updated", "unchanged", "duplicate")
        assert (str(line["Import ID"]) in ids) == is_there, line
    assert [line["note"] for line in fixes] == [line["note"] for line in result if line["Import status"] == "invalid"]
    assert ran.json["outcomes"] == again.json["outcomes"]


@pytest.mark.usefixtures("importer", "short")
def test_it_is_one_run_which_is_told_shown_and_put_back_as_one(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 3))
    before = levels_held(kantata)
    begun: list[Event] = []
    with Account() as account:
        report = account.plan(path).apply(max_removals=99, on_event=begun.append)
        shown = show(report.run)
        undone = report.undo()

    told = {row["run"]: row for row in runs().to_dict("records")}
    assert [type(each) for each in begun].count(Begun) == 1
    assert [told[report.run][name] for name in ("endpoint", "state", "rows")] == ["skill-memberships", "finished", 69]
    assert len(told) == 2
    assert shown.outcomes.equals(report.outcomes)
    assert shown.attempts
    assert undone.to_dict()["endpoint"] == "skill-memberships"
    assert (undone.counts["conflict"], undone.counts["removed"], undone.counts["created"]) == (0, 39, 8)
    assert levels_held(kantata) == before


@pytest.mark.usefixtures("importer", "short")
def test_the_rows_of_a_long_dataframe_keep_their_labels_also_when_they_are_put_back(kantata: Running) -> None:
    rows = new_skills(kantata, 30)
    levels = pd.DataFrame(rows, columns=list(HEADERS[:3]), index=[f"row {number}" for number in range(30)])
    levels.loc["row 30"] = [rows[0][0], rows[29][1], 9]
    with Account() as account:
        report = account.plan(levels).apply()
        undone = report.undo()

    assert list(levels.join(report.outcomes)["outcome"]) == ["created"] * 30 + ["invalid"]
    assert report.problems.index.to_list() == ["row 30"]
    assert undone.outcomes["outcome"].dropna().to_dict() == dict.fromkeys(levels.index[:30], "removed")


@pytest.mark.usefixtures("importer", "short")
def test_a_run_that_is_stopped_goes_on_where_it_stopped(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS[:3], new_skills(kantata, 60))
    before = len(levels_held(kantata))
    begun: list[Begun] = []

    def stop_half_way(event: Event) -> None:
        if isinstance(event, Begun):
            begun.append(event)
        elif len(levels_held(kantata)) - before >= 30:
            begun[0].stop()

    with Account() as account:
        stopped = account.plan(path).apply(on_event=stop_half_way)
        created = len(levels_held(kantata)) - before
        resumed = account.resume(on_event=lambda event: begun.append(event) if isinstance(event, Begun) else None)

    assert stopped.was_interrupted
    assert 30 <= created < 60
    assert stopped.counts["created"] == created
    assert stopped.counts["not sent"] == 60 - created
    assert stopped.exit_code == 8
    assert resumed is not None
    assert resumed.counts["created"] == 60
    assert [each.rows for each in begun] == [60, 60 - created]
    assert len(levels_held(kantata)) == before + 60


@pytest.mark.usefixtures("short")
def test_nothing_is_sent_where_a_row_has_a_problem_and_all_or_nothing_is_asked_for(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 4))
    before = levels_held(kantata)

    ran = importer("apply", path, "--yes", "--max-removals", "99", "--all-or-nothing", "--json")

    assert ran.json["outcomes"]["not sent"] == 39 + 8 + 8
    assert levels_held(kantata) == before
    assert importer("resume", "--json").json["resumed"] is False


@pytest.mark.usefixtures("importer", "short")
def test_what_somebody_changes_between_plan_and_run_is_kept(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 5))
    with Account() as account:
        plan = account.plan(path)
        updated = plan.changes[plan.changes["change"] == "update"]
        kantata.execute("UPDATE skill_memberships SET level = 1 WHERE id = ?", int(updated["id"].iloc[0]))
        report = plan.apply(max_removals=99)

    assert report.counts["conflict"] == 1
    assert report.counts["updated"] == len(updated) - 1


@pytest.mark.usefixtures("importer", "short")
def test_a_long_list_with_more_removals_than_allowed_is_held_back(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 6))
    with Account() as account:
        plan = account.plan(path)
        with pytest.raises(Guarded, match="8"):
            plan.apply(max_removals=7)

    assert len(plan.removals) == 8
    assert len(plan.describe_changes(10, 5)) == 5
    assert plan.describe_changes() == [*plan.describe_changes(0, 20), *plan.describe_changes(20)]


@pytest.mark.usefixtures("importer", "short")
def test_a_stage_in_which_no_row_can_be_sent_holds_nobody_up(kantata: Running, tmp_path: Path) -> None:
    rows = new_skills(kantata, 30)
    people = list(dict.fromkeys(person for person, *_ in rows))
    wrong = [(people[0], skill, 9) for skill in range(271_000, 271_020)]
    path = write_list(tmp_path / "long.csv", HEADERS[:3], [*wrong, *(row for row in rows if row[0] != people[0])])
    right = sum(row[0] != people[0] for row in rows)
    with Account() as account:
        report = account.plan(path).apply()

    assert (report.counts["invalid"], report.counts["created"]) == (20, right)
    assert report.is_verified


@pytest.mark.usefixtures("importer")
def test_a_list_that_was_long_once_and_is_not_any_more_is_loaded_as_any_other(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = new_skills(kantata, 30)
    path = write_list(tmp_path / "long.csv", HEADERS[:3], rows)
    with Account() as account:
        with monkeypatch.context() as short:
            short.setattr(long_list, "MOST_ROWS", 10)
            account.plan(path).apply()
        changed = [(*rows[0][:2], 5), (*rows[1][:2], 4)]
        write_list(path, HEADERS[:3], [*changed, *rows[2:20]])
        plan = account.plan(path)
        report = plan.apply()

    assert not isinstance(plan, LongPlan)
    assert (report.counts["updated"], report.counts["unchanged"]) == (2, 18)


@pytest.mark.usefixtures("short")
def test_the_workbook_of_a_long_plan_is_applied_as_any_other(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, some_of_everything(kantata, 7))
    planned = importer("plan", path, "-o", tmp_path / "plan.xlsx", "--json")

    ran = importer("apply", tmp_path / "plan.xlsx", "--yes", "--max-removals", "99", "--json")

    assert planned.json["changes"] == {"create": 39, "update": 8, "unchanged": 8, "remove": 8}
    assert ran.json["outcomes"]["created"] == 39
    assert ran.json["outcomes"]["removed"] == 8


@pytest.mark.usefixtures("importer", "short")
def test_no_file_of_a_long_list_stays_behind(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    path = write_list(tmp_path / "long.csv", HEADERS[:3], new_skills(kantata, 30))
    with Account() as account:
        plan = account.plan(path)
        kept = list((tmp_path / "tmp").iterdir())
        del plan

    assert len(kept) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.usefixtures("short")
def test_a_full_folder_for_temporary_files_is_told_before_anything_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource")
    path = write_list(tmp_path / "long.csv", HEADERS[:3], new_skills(kantata, 30))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 10, before[1]))
    try:
        ran = importer("plan", path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert ran.code != 0
    assert "The folder for temporary files has no room" in ran.err
    assert "TMPDIR" in ran.err
