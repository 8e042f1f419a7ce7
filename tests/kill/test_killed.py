"""The real program as a real process, killed for real at events of every kind; then `resume`, and all is well."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import Importer
from tests.kill.killed import Point, killed
from tests.loads import new_skills, write_list
from tests.soak import judge
from tests.soak.schedule import TABLES, Key, Kind, Row

SKILLS = next(table for table in TABLES if table.has_level)
HEADERS = ("user_id", "skill_id", "level")
ME = 11482907
APPLY = ("apply", "--yes", "--json", "--max-removals", "2", "--workers", "2")

READ: list[Point] = [
    ("importer.spreadsheet.read.book:Book.__init__", "call", 1),
    ("importer.spreadsheet.read.book:Book.__init__", "return", 1),
    ("importer.validation.parsed_table:parse_cells", "return", 1),
]
PLAN: list[Point] = [
    ("importer.kantata.client:Client.me", "return", 1),
    ("importer.kantata.transport:Transport._request", "return", 2),
    ("importer.kantata.existing_records:read_existing", "return", 1),
    ("importer.sync.plan:make_plan", "return", 1),
    ("importer.sync.journal:Journal.begin", "call", 1),
    ("importer.sync.journal:Journal._add_changes", "return", 1),
    ("importer.sync.journal:Journal._add_results", "call", 1),
    ("importer.sync.journal:Journal.begin", "return", 1),
]
SEND: list[Point] = [
    ("importer.sync.journal:Journal.step", "call", 1),
    ("importer.sync.journal:Journal._add_results", "return", 1),
    *(("importer.sync.journal:Journal.step", "return", nth) for nth in (1, 2, 3, 5, 8)),
    *(("importer.kantata.client:Client.create", "call", nth) for nth in (1, 2)),
    *(("importer.kantata.client:Client.create", "return", nth) for nth in (1, 2)),
    *(("importer.kantata.client:Client.update", "call", nth) for nth in (1, 4)),
    *(("importer.kantata.client:Client.update", "return", nth) for nth in (1, 5)),
    *(("importer.kantata.client:Client.delete", "call", nth) for nth in (1, 2)),
    *(("importer.kantata.client:Client.delete", "return", nth) for nth in (1, 2)),
    ("importer.sync.worker:Worker._created", "return", 1),
    ("importer.sync.executor:Executor._land", "return", 1),
    ("importer.sync.run:Execution._verify", "call", 1),
    ("importer.sync.verification:TouchedRecords.unsure", "return", 1),
]
SETTLE: list[Point] = [
    ("importer.sync.worker:Worker._undone", "return", 1),
    ("importer.sync.worker:Worker._settle", "call", 1),
    ("importer.sync.worker:Worker._read_back", "call", 1),
    ("importer.sync.worker:Worker._settle", "return", 1),
    ("importer.sync.worker:Worker._settle", "call", 2),
    ("importer.sync.worker:Worker._settle", "return", 3),
]
WRITE: list[Point] = [
    ("importer.sync.journal:Journal.end", "call", 1),
    ("importer.sync.journal:Journal.end", "return", 1),
    ("importer.pipeline.result_builder:write_result_workbook", "call", 1),
    ("importer.spreadsheet.write.fast_xlsx:write", "call", 1),
    ("importer.spreadsheet.write.atomic_write:_move", "call", 1),
    ("importer.spreadsheet.write.atomic_write:_move", "return", 1),
]


def wanted(kantata: Running) -> list[Row]:
    """Rows of every kind: two batches of new ones, levels that differ, and marks."""
    stood = kantata.query(
        "SELECT m.id, user_id, skill_id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id "
        "WHERE max_level = 5 AND level BETWEEN 1 AND 4 ORDER BY m.id LIMIT 8"
    )
    rows = [Row(Kind.NEW, (user, skill), level) for user, skill, level in new_skills(kantata, 230)]
    for at, r in enumerate(stood):
        kind = Kind.DIFFERS if at < 6 else Kind.REMOVE
        rows.append(Row(kind, (r["user_id"], r["skill_id"]), r["level"] + (kind is Kind.DIFFERS), r["id"]))
    return rows


def write(path: Path, rows: Sequence[Row]) -> Path:
    return write_list(path, HEADERS, [(*row.key, "remove" if row.kind is Kind.REMOVE else row.level) for row in rows])


def standing(kantata: Running) -> dict[Key, list[tuple[int, int | None]]]:
    return dict(judge.standing(kantata, SKILLS))


def expect_all_done(kantata: Running, rows: Sequence[Row]) -> None:
    """The account holds exactly what the file wants, and no record was ever made twice."""
    held = standing(kantata)
    for row in rows:
        levels = [level for _, level in held.get(row.key, [])]
        assert levels == ([] if row.kind is Kind.REMOVE else [row.level]), row
    made = [deed.key for deed in judge.deeds(kantata, SKILLS) if deed.do == "INSERT"]
    assert len(made) == len(set(made)) == 230


def expect_result(kantata: Running, result: Path) -> None:
    """Each row of the result names its own record."""
    ids = {tuple(map(str, key)): str(records[0][0]) for key, records in standing(kantata).items()}
    for row in as_dicts(result, "Result"):
        if row["level"] != "remove":
            assert row["Import ID"] == ids[str(row["user_id"]), str(row["skill_id"])]


@pytest.mark.parametrize("point", [*READ, *PLAN, *SEND, *SETTLE, *WRITE], ids=str)
def test_a_load_killed_anywhere_ends_as_if_nothing_had_happened(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    kantata.set(duplicates="allow")
    rows = wanted(kantata)
    path = write(tmp_path / "team.csv", rows)
    judge.watch(kantata, SKILLS, ME)
    if point in SETTLE:
        late = {"on": "POST", "nth": 1, "fault": "late_commit", "seconds": 0.4}
        kantata.faults([late, {"on": "PUT", "nth": 2, "fault": "drop_after_commit"}])

    was_killed = killed(point, *APPLY, path, "--settle-wait", "1.5")
    resumed = importer("resume", "--settle-wait", "1.5", "--json")
    again = importer(*APPLY, path)

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    expect_all_done(kantata, rows)
    for ran in (resumed, again):
        if ran.json.get("result"):
            assert sum(ran.json["outcomes"].values()) == ran.json["rows"] == len(rows)
            expect_result(kantata, Path(ran.json["result"]))
    assert not list(tmp_path.glob(".*.part")) or point[0].startswith("importer.spreadsheet")


UNDO: list[Point] = [
    ("importer.sync.undo:inverse_changes", "return", 1),
    ("importer.sync.journal:Journal.begin", "return", 1),
    *(("importer.sync.journal:Journal.step", "return", nth) for nth in (1, 3)),
    *(("importer.kantata.client:Client.delete", "call", nth) for nth in (1, 7)),
    *(("importer.kantata.client:Client.delete", "return", nth) for nth in (1, 9)),
    ("importer.kantata.client:Client.update", "return", 2),
    ("importer.kantata.client:Client.create", "return", 1),
    ("importer.sync.journal:Journal.end", "call", 1),
]


@pytest.mark.parametrize("point", UNDO, ids=str)
def test_an_undo_killed_anywhere_is_finished_by_resume_and_the_account_is_as_before(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    rows = wanted(kantata)[200:]
    before = {key: [level for _, level in records] for key, records in standing(kantata).items()}
    run = importer(*APPLY, write(tmp_path / "team.csv", rows)).json["run"]

    was_killed = killed(point, "undo", run, "--yes", "--workers", "2", "--json")
    resumed = importer("resume", "--settle-wait", "1.5", "--json")
    again = importer("undo", run, "--yes", "--json")

    assert was_killed
    assert (resumed.code, again.code) == (0, 0), resumed.err + again.err
    assert {key: [level for _, level in records] for key, records in standing(kantata).items()} == before
    undone = again.json["outcomes"] if resumed.json.get("resumed") is False else resumed.json["outcomes"]
    assert undone["created"] + undone["updated"] + undone["removed"] + undone["unchanged"] == len(rows)


@pytest.mark.parametrize(
    "point",
    [
        ("importer.sync.recovery:uncertain_tasks", "return", 1),
        ("importer.sync.run:Execution.plan_rest", "return", 1),
        ("importer.sync.worker:Worker._settle", "return", 1),
        ("importer.kantata.client:Client.create", "return", 1),
        ("importer.kantata.client:Client.update", "call", 3),
        ("importer.sync.journal:Journal.step", "return", 4),
        ("importer.sync.journal:Journal.end", "return", 1),
        ("importer.spreadsheet.write.fast_xlsx:write", "call", 1),
    ],
    ids=str,
)
def test_a_resume_killed_anywhere_is_finished_by_the_next(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    kantata.set(duplicates="allow")
    rows = wanted(kantata)
    path = write(tmp_path / "team.csv", rows)
    judge.watch(kantata, SKILLS, ME)
    first = killed(("importer.kantata.client:Client.create", "return", 1), *APPLY, path, "--workers", "1")

    second = killed(point, "resume", "--settle-wait", "1.5", "--workers", "2")
    resumed = importer("resume", "--settle-wait", "1.5", "--json")

    assert (first, second) == (True, True)
    assert resumed.code == 0, resumed.err
    expect_all_done(kantata, rows)
    (run,) = importer("runs", "--json").json["runs"]
    shown = importer("show", run["run"], "-o", tmp_path / "again.xlsx", "--json").json
    assert (run["state"], shown["outcomes"]["created"]) == ("finished", 230)
    expect_result(kantata, Path(shown["result"]))
