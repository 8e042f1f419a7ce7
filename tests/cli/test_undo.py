"""`undo`, `runs` and `show` as a person meets them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import Importer
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")
Level = dict[tuple[int, int], list[int]]


def levels(kantata: Running) -> Level:
    held: Level = {}
    for r in kantata.query("SELECT user_id, skill_id, level FROM skill_memberships ORDER BY id"):
        held.setdefault((r["user_id"], r["skill_id"]), []).append(r["level"])
    return held


def held_rows(kantata: Running, count: int) -> list[tuple[int, int, int]]:
    found = kantata.query(
        "SELECT user_id, skill_id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id "
        "WHERE max_level = 5 AND level BETWEEN 1 AND 4 ORDER BY m.id LIMIT ?", count)  # fmt: skip
    return [(r["user_id"], r["skill_id"], r["level"]) for r in found]


@pytest.fixture
def loaded(importer: Importer, kantata: Running, tmp_path: Path) -> tuple[str, Level]:
    """A run that created ten, updated four and removed two; and the levels before it."""
    before, held = levels(kantata), held_rows(kantata, 6)
    changed = [(user, skill, level + 1) for user, skill, level in held[:4]]
    removed = [(user, skill, "remove") for user, skill, _ in held[4:]]
    path = write_list(tmp_path / "team.csv", HEADERS, [*new_skills(kantata, 10), *changed, *removed])
    ran = importer("apply", path, "--yes", "--max-removals", "2", "--json")
    assert [ran.json["outcomes"][each] for each in ("created", "updated", "removed")] == [10, 4, 2]
    return str(ran.json["run"]), before


def test_undo_puts_everything_back_where_nobody_touched_it(
    importer: Importer, kantata: Running, loaded: tuple[str, Level]
) -> None:
    run, before = loaded

    ran = importer("undo", run, "--yes", "--json")

    assert ran.code == 0
    assert {name: ran.json["outcomes"][name] for name in ("created", "updated", "removed")} == {
        "created": 2, "updated": 4, "removed": 10,
    }  # fmt: skip
    assert (ran.json["kind"], ran.json["undoes"], ran.json["rows"]) == ("undo", run, 16)
    assert Path(ran.json["result"]).name == "team.undo.xlsx"
    assert levels(kantata) == before


def test_what_a_person_changed_since_is_kept_and_listed_and_the_rest_goes_back(
    importer: Importer, kantata: Running, loaded: tuple[str, Level]
) -> None:
    run, before = loaded
    rows = as_dicts(Path(importer("show", run, "-o", "r.xlsx", "--json").json["result"]), "Result")
    made = [r for r in rows if r["Import status"] == "created"]
    changed, removed = ([r for r in rows if r["Import status"] == each] for each in ("updated", "removed"))
    kantata.execute("UPDATE skill_memberships SET level = 0 WHERE id = ?", made[0]["Import ID"])
    kantata.execute("DELETE FROM skill_memberships WHERE id = ?", made[1]["Import ID"])
    kantata.execute("UPDATE skill_memberships SET level = 0 WHERE id = ?", changed[0]["Import ID"])
    kantata.execute("DELETE FROM skill_memberships WHERE id = ?", changed[1]["Import ID"])
    kantata.by_hand(do="insert", table="skill_memberships", values={
        "user_id": int(removed[0]["user_id"]), "skill_id": int(removed[0]["skill_id"]), "level": 0})  # fmt: skip

    ran = importer("undo", run, "--yes", "--json")

    assert ran.code == 3
    outcomes = ran.json["outcomes"]
    assert {name: count for name, count in outcomes.items() if count} == {
        "created": 1, "updated": 2, "removed": 8, "unchanged": 1, "conflict": 4,
    }  # fmt: skip
    told = {(each["row"], each["message"]) for each in ran.json["problems"]}
    assert told == {
        (2, "Somebody has changed it since the run: level is 0 now. We kept it as it is."),
        (12, "Somebody has changed it since the run: level is 0 now. We kept it as it is."),
        (13, "Somebody has changed it since the run: it was removed. We kept it as it is."),
        (16, "Somebody has changed it since the run: it is there again. We kept it as it is."),
    }
    now = levels(kantata)
    touched = {(int(r["user_id"]), int(r["skill_id"])) for r in (made[0], *changed[:2], removed[0])}
    assert {key: value for key, value in now.items() if key not in touched} == {
        key: value for key, value in before.items() if key not in touched
    }
    assert [now.get((int(r["user_id"]), int(r["skill_id"]))) for r in (made[0], *changed[:2], removed[0])] == [
        [0], [0], None, [0],
    ]  # fmt: skip


def test_an_undo_can_be_undone(importer: Importer, kantata: Running, loaded: tuple[str, Level]) -> None:
    run, _ = loaded
    after = levels(kantata)

    undone = importer("undo", run, "--yes", "--json")
    again = importer("undo", undone.json["run"], "--yes", "--json")

    assert (undone.code, again.code) == (0, 0)
    assert {key: sorted(value) for key, value in levels(kantata).items()} == after


def test_undoing_twice_changes_nothing_the_second_time(
    importer: Importer, kantata: Running, loaded: tuple[str, Level]
) -> None:
    run, before = loaded

    first, second = importer("undo", run, "--yes", "--json"), importer("undo", run, "--yes", "--json")

    assert (first.code, second.code) == (0, 0)
    assert second.json["outcomes"]["unchanged"] == 16
    assert levels(kantata) == before


def test_undo_without_a_terminal_and_without_yes_sends_nothing(
    importer: Importer, kantata: Running, loaded: tuple[str, Level]
) -> None:
    run, _ = loaded
    kantata.execute("DELETE FROM requests")

    ran = importer("undo", run)

    assert ran.code == 4
    assert "create 2   update 4   unchanged 0   remove 10" in ran.err
    assert {request["method"] for request in kantata.requests()} == {"GET"}


def test_a_run_that_stopped_half_way_is_undone_as_far_as_it_went(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    before = levels(kantata)
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 500))
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    stopped = importer("apply", path, "--yes", "--workers", "1", "--json")
    kantata.faults([])

    undone = importer("undo", stopped.json["run"], "--yes", "--json")
    resumed = importer("resume", "--json")

    assert (stopped.code, undone.code) == (8, 0)
    assert undone.json["outcomes"]["removed"] == undone.json["rows"] == 200
    assert levels(kantata) == before
    assert resumed.json == {"run": None, "resumed": False, "exit": 0}


def test_runs_lists_every_run_and_show_tells_one_without_an_account(
    importer: Importer, offline: Importer, loaded: tuple[str, Level], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = loaded
    undo = importer("undo", run, "--yes", "--json").json["run"]
    monkeypatch.delenv("KANTATA_TOKEN")
    monkeypatch.setenv("KANTATA_BASE_URL", "http://127.0.0.1:9")

    listed, shown, told = offline("runs", "--json"), offline("show", run, "--json"), offline("runs")

    assert [(each["run"], each["kind"], each["state"], each["rows"]) for each in listed.json["runs"]] == [
        (undo, "undo", "finished", 16),
        (run, "apply", "finished", 16),
    ]
    assert (shown.json["outcomes"]["created"], shown.json["verified"]) == (10, True)
    assert [each["action"] for each in shown.json["attempts"]] == ["create"] + ["update"] * 4 + ["remove"] * 2
    assert all(each["status"] in (200, 204) and each["request_id"] for each in shown.json["attempts"])
    assert f"undo of {run}" in told.out
    assert "team.csv" in told.out
    assert "Dana Reyes" in told.out


def test_a_run_of_another_account_is_neither_resumed_nor_undone(
    importer: Importer, kantata: Running, loaded: tuple[str, Level]
) -> None:
    run, _ = loaded
    kantata.execute("UPDATE users SET account_id = 777")

    undone, resumed = importer("undo", run, "--yes"), importer("resume", run)

    assert (undone.code, resumed.code) == (4, 4)
    assert f"Run {run} belongs to http" in undone.err
    assert "Use the --base-url or --profile of its account." in resumed.err


def test_old_runs_are_deleted_only_when_asked_and_open_ones_never(
    importer: Importer, kantata: Running, tmp_path: Path, loaded: tuple[str, Level]
) -> None:
    run, _ = loaded
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    path = write_list(tmp_path / "big.csv", HEADERS, new_skills(kantata, 300))
    stopped = importer("apply", path, "--yes", "--workers", "1", "--json").json["run"]
    kantata.faults([])
    kept = importer("runs", "--prune", "1", "--json").json["runs"]
    with closing(sqlite3.connect(importer.folder / "journal.sqlite")) as database, database:
        database.execute("UPDATE runs SET started_at = started_at - 10 * 86400")

    left = importer("runs", "--prune", "5", "--json").json["runs"]

    assert [each["run"] for each in kept] == [stopped, run]
    assert [each["run"] for each in left] == [stopped]
    assert importer("show", run).code == 4
    assert importer("resume", "--json").json["outcomes"]["created"] == 300


def test_a_level_that_a_run_took_away_comes_back(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    before, ((user, skill, _),) = levels(kantata), held_rows(kantata, 1)
    path = write_list(tmp_path / "none.csv", HEADERS, [(user, skill, 0)])
    run = importer("apply", path, "--yes", "--json").json["run"]
    assert levels(kantata)[user, skill] == [0]

    undone = importer("undo", run, "--yes", "--json")

    assert (undone.code, undone.json["outcomes"]["updated"]) == (0, 1)
    assert levels(kantata) == before
