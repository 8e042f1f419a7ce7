"""A load of several stages as a real process, killed for real in and between them; then `resume`, and all is well.

A choice of the points runs with every test run; `python -m tests.kill` kills at every one.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from importer.audit_events import AuditEvent
from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import Importer
from tests.kill.killed import EVERYWHERE, Point, killed
from tests.kill.test_killed import ME
from tests.loads import write_list
from tests.soak.ledger import Ledger, folded
from tests.soak.schedule import Key, Table
from tests.soak.staged_schedule import (
    GROUP_RECORDS,
    GROUPS,
    PLACE_RECORDS,
    PLACES,
    SKILL_RECORDS,
    SKILLS,
    WITHIN,
    empty,
)

PEOPLE = (11484151, 11484191, 11484238, 11484270, 11484282)
NEW_SKILLS = [f"Talent {number}" for number in range(1, 211)]
TOLD_ANEW = ("Python", "SQL", "Java")
NEW_GROUPS = [f"Circle {number}" for number in range(1, 4)]
APPLY = ("apply", "--yes", "--json", "--workers", "2", "--create-missing", "all", "--new-skill-category", "Skill",
         "--new-skill-levels", "5")  # fmt: skip
SETTLE = ("--settle-wait", "1.5")


def points(event: AuditEvent, numbers: Iterable[int], argument: str = "") -> list[Point]:
    return [Point(event, nth, argument) for nth in numbers]


BEGIN = [
    *points(AuditEvent.BEFORE_TRANSACTION, (1,), "begin"),
    *points(AuditEvent.AFTER_CHANGES, (1, 2, 4, 6)),
    *points(AuditEvent.BEFORE_COMMIT, (1,), "begin"),
    *points(AuditEvent.AFTER_COMMIT, (1,), "begin"),
]
"""The journal takes the run and all its stages, or none of them."""
STAGES = points(AuditEvent.BEFORE_STAGE, range(1, 7))
REQUESTS = [
    *points(AuditEvent.BEFORE_REQUEST, range(1, 11), "POST"),
    *points(AuditEvent.AFTER_REQUEST, range(1, 11), "POST"),
    *points(AuditEvent.BEFORE_REQUEST, (1, 3), "PUT"),
    *points(AuditEvent.AFTER_REQUEST, (1, 3), "PUT"),
]
"""Skills in two requests and three changes, places in two waves, three groups one by one, three kinds of records."""
STEPS = [
    *points(AuditEvent.BEFORE_TRANSACTION, (1, 8, 14), "step"),
    *points(AuditEvent.BEFORE_COMMIT, (2, 6, 12, 16), "step"),
    *points(AuditEvent.AFTER_COMMIT, (1, 4, 7, 10, 13, 17), "step"),
    *points(AuditEvent.AFTER_VERDICT, (3, 8), "done"),
    *points(AuditEvent.AFTER_LANDING, (2, 7, 12)),
]
ENDS = [
    *points(AuditEvent.BEFORE_VERIFICATION, range(1, 7)),
    *points(AuditEvent.AFTER_VERIFICATION_READ, (1, 2, 4, 6)),
    *points(AuditEvent.BEFORE_TRANSACTION, (1, 3, 6, 7), "end"),
    *points(AuditEvent.AFTER_COMMIT, (1, 2, 5, 6, 7), "end"),
    Point(AuditEvent.BEFORE_RESULT),
    *points(AuditEvent.AFTER_PART_OPEN, (1,)),
    *points(AuditEvent.BEFORE_MOVE, (1,)),
]
LOAD = [*BEGIN, *STAGES, *REQUESTS, *STEPS, *ENDS]
LOAD_ALWAYS = [
    Point(AuditEvent.BEFORE_COMMIT, 1, "begin"),
    Point(AuditEvent.AFTER_REQUEST, 2, "POST"),
    Point(AuditEvent.BEFORE_STAGE, 2),
    Point(AuditEvent.AFTER_REQUEST, 3, "POST"),
    Point(AuditEvent.AFTER_COMMIT, 2, "end"),
    Point(AuditEvent.AFTER_REQUEST, 6, "POST"),
    Point(AuditEvent.AFTER_REQUEST, 9, "POST"),
    Point(AuditEvent.BEFORE_TRANSACTION, 7, "end"),
]
RESUME = [
    Point(AuditEvent.AFTER_REOPENING, 3),
    Point(AuditEvent.BEFORE_STAGE, 2),
    Point(AuditEvent.AFTER_REPLANNING, 1),
    Point(AuditEvent.AFTER_REPLANNING, 3),
    Point(AuditEvent.AFTER_LOOK),
    Point(AuditEvent.AFTER_REQUEST, 1, "POST"),
    Point(AuditEvent.AFTER_REQUEST, 4, "POST"),
    Point(AuditEvent.BEFORE_REQUEST, 7, "POST"),
    Point(AuditEvent.AFTER_COMMIT, 3, "step"),
    Point(AuditEvent.AFTER_COMMIT, 2, "end"),
    Point(AuditEvent.AFTER_COMMIT, 7, "end"),
]
RESUME_ALWAYS = [Point(AuditEvent.AFTER_REPLANNING, 3), Point(AuditEvent.AFTER_REQUEST, 4, "POST")]
UNDO = [
    Point(AuditEvent.AFTER_UNDO_PLAN, 4),
    Point(AuditEvent.AFTER_COMMIT, 1, "begin"),
    Point(AuditEvent.BEFORE_STAGE, 3),
    Point(AuditEvent.BEFORE_REQUEST, 1, "DELETE"),
    Point(AuditEvent.AFTER_REQUEST, 15, "DELETE"),
    Point(AuditEvent.AFTER_REQUEST, 40, "DELETE"),
    Point(AuditEvent.BEFORE_STAGE, 5),
    Point(AuditEvent.BEFORE_STAGE, 6),
    Point(AuditEvent.AFTER_REQUEST, 2, "PUT"),
    Point(AuditEvent.AFTER_REQUEST, 150, "DELETE"),
    Point(AuditEvent.AFTER_COMMIT, 30, "step"),
    Point(AuditEvent.BEFORE_TRANSACTION, 4, "end"),
    Point(AuditEvent.BEFORE_TRANSACTION, 7, "end"),
]
UNDO_ALWAYS = [Point(AuditEvent.AFTER_REQUEST, 40, "DELETE"), Point(AuditEvent.BEFORE_STAGE, 6)]


def chosen(every: list[Point], always: list[Point]) -> list[Point]:
    """Every point where that is asked for, else those of every test run."""
    return every if os.environ.get(EVERYWHERE) else always


NAMING = ("user_id", "member_id", "name", "skill", "group", "geography", "department")
HEADERS = {
    SKILLS: ("name", "category", "max_level", "description"),
    SKILL_RECORDS: ("user_id", "skill", "level"),
    GROUP_RECORDS: ("user_id", "group"),
    PLACE_RECORDS: ("member_type", "member_id", "geography", "department"),
}


ROWS = 213 + 40 + 15 + 5


def prepare(kantata: Running, folder: Path) -> tuple[Ledger, Sequence[Path], dict[Table, list[Key]]]:
    """The account without groups and places; the files; and the keys that it has to hold in the end. Most of what the
    records name is in no list.
    """
    empty(kantata, ("groups", "organizations"))
    kantata.set(duplicates="allow", skill_unique="off", org_unique="off")
    roots = {row["type"]: row["name"] for row in kantata.query("SELECT name, type FROM organizations")}
    north, works = f"{roots['Geography']}{WITHIN}North", f"{roots['Department']}{WITHIN}Works"
    places = [north, f"{north}{WITHIN}Lapland"]
    keys: dict[Table, list[Key]] = {
        SKILLS: [(name,) for name in (*NEW_SKILLS, *TOLD_ANEW)],
        GROUPS: [(name,) for name in NEW_GROUPS],
        PLACES: [*(("Geography", place) for place in places), ("Department", works)],
        SKILL_RECORDS: [(person, name) for person in PEOPLE for name in NEW_SKILLS[:8]],
        GROUP_RECORDS: [(person, name) for person in PEOPLE for name in NEW_GROUPS],
        PLACE_RECORDS: [(person, places[at % 2], works) for at, person in enumerate(PEOPLE)],
    }
    told: dict[Table, list[Sequence[object]]] = {
        SKILLS: [
            (*key, "", "", "Told anew") if key[0] in TOLD_ANEW else (*key, "Skill", 5, "") for key in keys[SKILLS]
        ],
        SKILL_RECORDS: [(*key, 1 + at % 5) for at, key in enumerate(keys[SKILL_RECORDS])],
        GROUP_RECORDS: [*keys[GROUP_RECORDS]],
        PLACE_RECORDS: [("User", *key) for key in keys[PLACE_RECORDS]],
    }
    files = [write_list(folder / f"{table.endpoint}.csv", HEADERS[table], rows) for table, rows in told.items()]
    return Ledger(kantata, ME), files, keys


def ids_of(ledger: Ledger, keys: Mapping[Table, Sequence[Key]]) -> dict[Table, dict[Key, str]]:
    """The one record of each key, of which none was ever made twice."""
    ids: dict[Table, dict[Key, str]] = {}
    for table, some in keys.items():
        here = ledger.told(table)
        for key in some:
            (id_,) = here.now.get(folded(key), [])
            made = [deed for deed in here.done.get(folded(key), ()) if deed.do == "INSERT"]
            assert len(made) == (key[0] not in TOLD_ANEW), (table.endpoint, key, made)
            ids.setdefault(table, {})[folded(key)] = str(id_)
        assert sum(deed.do == "INSERT" for deed in ledger.deeds(table)) == len(some) - 3 * (table is SKILLS)
    return ids


def expect_result(path: Path, ids: Mapping[Table, Mapping[Key, str]]) -> None:
    """Each row of the result names its own record."""
    for table, headers in HEADERS.items():
        for row in as_dicts(path, f"Result {_title(table)}"):
            cells = [str(row[header]) for header in headers if header in NAMING]
            key: Key = (cells[0],) if table is SKILLS else (int(cells[0]), *cells[1:])
            assert row["Import ID"] == ids[table][folded(key)], row


def _title(table: Table) -> str:
    return table.endpoint.replace("-", " ").capitalize()


@pytest.mark.parametrize("point", chosen(LOAD, LOAD_ALWAYS), ids=str)
def test_a_load_of_several_stages_killed_anywhere_ends_as_if_nothing_had_happened(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    ledger, files, keys = prepare(kantata, tmp_path)

    was_killed = killed(point, *APPLY, *files, *SETTLE)
    resumed = importer("resume", *SETTLE, "--json")
    again = importer(*APPLY, *files)

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    ids = ids_of(ledger, keys)
    for ran in (resumed, again):
        if ran.json.get("result"):
            assert sum(ran.json["outcomes"].values()) == ran.json["rows"] == ROWS
            expect_result(Path(ran.json["result"]), ids)
    assert again.json["outcomes"]["unchanged"] in (0, again.json["rows"])


@pytest.mark.parametrize("point", chosen(RESUME, RESUME_ALWAYS), ids=str)
def test_a_resume_of_several_stages_killed_anywhere_is_finished_by_the_next(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    ledger, files, keys = prepare(kantata, tmp_path)
    first = killed(Point(AuditEvent.AFTER_REQUEST, 2, "POST"), *APPLY, *files, "--workers", "1")

    second = killed(point, "resume", *SETTLE, "--workers", "2")
    resumed = importer("resume", *SETTLE, "--json")

    assert (first, second) == (True, True)
    assert resumed.code == 0, resumed.err
    ids = ids_of(ledger, keys)
    (run,) = importer("runs", "--json").json["runs"]
    shown = importer("show", run["run"], "-o", tmp_path / "again.xlsx", "--json").json
    assert (run["state"], shown["outcomes"]["created"], shown["outcomes"]["updated"]) == ("finished", 270, 3)
    expect_result(Path(shown["result"]), ids)


@pytest.mark.parametrize("point", chosen(UNDO, UNDO_ALWAYS), ids=str)
def test_an_undo_of_several_stages_killed_anywhere_is_finished_by_resume_and_the_account_is_as_before(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    ledger, files, _ = prepare(kantata, tmp_path)
    run = importer(*APPLY, *files).json["run"]

    was_killed = killed(point, "undo", run, "--yes", "--workers", "2", "--json")
    resumed = importer("resume", *SETTLE, "--json")
    again = importer("undo", run, "--yes", "--json")

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    assert ledger.differs_from(ledger.before) == ([], [])


def test_the_points_of_every_test_run_are_among_all() -> None:
    assert len(LOAD) + len(RESUME) >= 40
    for some, every in ((LOAD_ALWAYS, LOAD), (RESUME_ALWAYS, RESUME), (UNDO_ALWAYS, UNDO)):
        assert set(some) <= set(every)
