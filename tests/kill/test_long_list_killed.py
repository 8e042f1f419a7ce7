"""A long list, sent in stages by a real process, killed for real in and between them; then `resume`, and all is well.

A choice of the points runs with every test run; `python -m tests.kill` kills at every one.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.audit_events import AuditEvent
from importer.pipeline import long_list
from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import Importer
from tests.kill.killed import LONG_LIST, Point, killed
from tests.kill.test_staged_killed import chosen, points
from tests.loads import new_skills, write_list

ROWS, MOST_ROWS, STAGE_ROWS = 1_000, 500, 230
APPLY = ("apply", "--yes", "--json", "--workers", "2")
SETTLE = ("--settle-wait", "1.5")
"""Five stages of 230 rows and, as all rows of a person are in one, a few more: each in two requests."""

LOAD = [
    *points(AuditEvent.BEFORE_TRANSACTION, (1,), "begin"),
    *points(AuditEvent.AFTER_CHANGES, range(1, 6)),
    *points(AuditEvent.BEFORE_COMMIT, (1,), "begin"),
    *points(AuditEvent.AFTER_COMMIT, (1,), "begin"),
    *points(AuditEvent.BEFORE_STAGE, range(1, 6)),
    *points(AuditEvent.BEFORE_REQUEST, range(1, 10), "POST"),
    *points(AuditEvent.AFTER_REQUEST, range(1, 10), "POST"),
    *points(AuditEvent.BEFORE_COMMIT, (2, 6), "step"),
    *points(AuditEvent.AFTER_COMMIT, (1, 5, 9), "step"),
    *points(AuditEvent.BEFORE_VERIFICATION, range(1, 6)),
    *points(AuditEvent.AFTER_VERIFICATION_READ, range(1, 6)),
    *points(AuditEvent.BEFORE_TRANSACTION, range(1, 7), "end"),
    *points(AuditEvent.AFTER_COMMIT, range(1, 7), "end"),
    Point(AuditEvent.BEFORE_RESULT),
]
LOAD_ALWAYS = [
    Point(AuditEvent.BEFORE_COMMIT, 1, "begin"),
    Point(AuditEvent.AFTER_REQUEST, 3, "POST"),
    Point(AuditEvent.BEFORE_STAGE, 3),
    Point(AuditEvent.BEFORE_TRANSACTION, 2, "end"),
    Point(AuditEvent.AFTER_COMMIT, 5, "end"),
]
RESUME = [
    Point(AuditEvent.AFTER_REOPENING, 1),
    Point(AuditEvent.AFTER_REPLANNING, 2),
    Point(AuditEvent.BEFORE_STAGE, 2),
    Point(AuditEvent.AFTER_REQUEST, 1, "POST"),
    Point(AuditEvent.AFTER_REQUEST, 4, "POST"),
    Point(AuditEvent.AFTER_COMMIT, 2, "end"),
]
RESUME_ALWAYS = [Point(AuditEvent.AFTER_REQUEST, 4, "POST")]
UNDO = [
    Point(AuditEvent.AFTER_UNDO_PLAN, 3),
    Point(AuditEvent.AFTER_COMMIT, 1, "begin"),
    Point(AuditEvent.AFTER_REQUEST, 15, "DELETE"),
    Point(AuditEvent.BEFORE_STAGE, 3),
    Point(AuditEvent.AFTER_REQUEST, 600, "DELETE"),
    Point(AuditEvent.BEFORE_TRANSACTION, 4, "end"),
]
UNDO_ALWAYS = [Point(AuditEvent.AFTER_REQUEST, 600, "DELETE")]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LONG_LIST, f"{MOST_ROWS} {STAGE_ROWS}")
    monkeypatch.setattr(long_list, "MOST_ROWS", MOST_ROWS)
    monkeypatch.setattr(long_list, "STAGE_ROWS", STAGE_ROWS)


def levels_of(kantata: Running, rows: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], list[dict[str, int]]]:
    """The records of these people and skills."""
    wanted = {row[:2] for row in rows}
    found: dict[tuple[int, int], list[dict[str, int]]] = {pair: [] for pair in wanted}
    for each in kantata.query("SELECT id, user_id, skill_id, level FROM skill_memberships"):
        if (each["user_id"], each["skill_id"]) in wanted:
            found[each["user_id"], each["skill_id"]].append(each)
    return found


def expect_all_once(kantata: Running, rows: Sequence[tuple[int, int, int]], result: Path) -> None:
    """Each level is held once, was made once, and its row of the result names it."""
    held = levels_of(kantata, rows)
    assert Counter(len(some) for some in held.values()) == {1: len(rows)}
    told = as_dicts(result, "Result")
    assert [(int(line["user_id"]), int(line["skill_id"])) for line in told] == [row[:2] for row in rows]
    for (person, skill, level), line in zip(rows, told, strict=True):
        (record,) = held[person, skill]
        assert (record["level"], str(record["id"])) == (level, str(line["Import ID"])), line


def prepare(kantata: Running, folder: Path) -> tuple[list[tuple[int, int, int]], Path]:
    kantata.set(duplicates="allow", skill_unique="off")
    rows = new_skills(kantata, ROWS)
    return rows, write_list(folder / "long.csv", ("user_id", "skill_id", "level"), rows)


@pytest.mark.parametrize("point", chosen(LOAD, LOAD_ALWAYS), ids=str)
def test_a_long_list_killed_anywhere_ends_as_if_nothing_had_happened(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    rows, path = prepare(kantata, tmp_path)

    was_killed = killed(point, *APPLY, path, *SETTLE)
    resumed = importer("resume", *SETTLE, "--json")
    again = importer(*APPLY, path)

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    for ran in (resumed, again):
        if ran.json.get("result"):
            assert sum(ran.json["outcomes"].values()) == ran.json["rows"] == ROWS
            expect_all_once(kantata, rows, Path(ran.json["result"]))
    assert again.json["outcomes"]["unchanged"] in (0, ROWS)


@pytest.mark.parametrize("point", chosen(RESUME, RESUME_ALWAYS), ids=str)
def test_a_resume_of_a_long_list_killed_anywhere_is_finished_by_the_next(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    rows, path = prepare(kantata, tmp_path)
    first = killed(Point(AuditEvent.AFTER_REQUEST, 3, "POST"), *APPLY, path, "--workers", "1")

    second = killed(point, "resume", *SETTLE, "--workers", "2")
    resumed = importer("resume", *SETTLE, "--json")

    assert (first, second) == (True, True)
    assert resumed.code == 0, resumed.err
    (run,) = importer("runs", "--json").json["runs"]
    shown = importer("show", run["run"], "-o", tmp_path / "again.xlsx", "--json").json
    assert (run["state"], run["rows"], shown["outcomes"]["created"]) == ("finished", ROWS, ROWS)
    expect_all_once(kantata, rows, Path(shown["result"]))


@pytest.mark.parametrize("point", chosen(UNDO, UNDO_ALWAYS), ids=str)
def test_an_undo_of_a_long_list_killed_anywhere_is_finished_by_resume_and_the_account_is_as_before(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    rows, path = prepare(kantata, tmp_path)
    run = importer(*APPLY, path).json["run"]

    was_killed = killed(point, "undo", run, "--yes", "--workers", "2", "--json")
    resumed = importer("resume", *SETTLE, "--json")
    again = importer("undo", run, "--yes", "--json")

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    assert not any(levels_of(kantata, rows).values())


def test_another_load_first_finds_out_what_a_killed_long_list_has_done(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows, path = prepare(kantata, tmp_path)
    was_killed = killed(Point(AuditEvent.AFTER_REQUEST, 5, "POST"), *APPLY, path, *SETTLE)

    again = importer(*APPLY, path, *SETTLE)

    assert was_killed
    assert again.code == 0, again.err
    assert again.json["outcomes"]["unchanged"] + again.json["outcomes"]["created"] == ROWS
    assert again.json["outcomes"]["unchanged"] >= 600
    expect_all_once(kantata, rows, Path(again.json["result"]))
    assert importer("resume", "--json").json["resumed"] is False
