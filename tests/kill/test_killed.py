"""The real program as a real process, killed for real at events of every kind; then `resume`, and all is well."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from importer.audit_events import AuditEvent
from importer.sandbox import Running
from tests.audit import doing_at, listening
from tests.books import as_dicts
from tests.conftest import ROOT, Importer, Ran
from tests.gate import Gate, Side
from tests.kill.killed import Point, killed
from tests.loads import new_skills, write_list
from tests.soak import judge
from tests.soak.schedule import TABLES, Key, Kind, Row

SKILLS = next(table for table in TABLES if table.has_level)
HEADERS = ("user_id", "skill_id", "level")
ME = 11482907
APPLY = ("apply", "--yes", "--json", "--max-removals", "2", "--workers", "2")

READ = [Point(AuditEvent.BEFORE_OPEN), Point(AuditEvent.AFTER_OPEN), Point(AuditEvent.BEFORE_CHECK)]
PLAN = [
    *(Point(AuditEvent.AFTER_REQUEST, nth, "GET") for nth in (1, 2)),
    Point(AuditEvent.BEFORE_PLAN),
    Point(AuditEvent.AFTER_ACCOUNT_READ),
    Point(AuditEvent.BEFORE_RUN),
    Point(AuditEvent.BEFORE_TRANSACTION, 1, "begin"),
    Point(AuditEvent.AFTER_CHANGES),
    Point(AuditEvent.BEFORE_COMMIT, 1, "begin"),
    Point(AuditEvent.AFTER_COMMIT, 1, "begin"),
]
SEND = [
    Point(AuditEvent.BEFORE_TRANSACTION, 1, "step"),
    Point(AuditEvent.AFTER_RESULTS),
    *(Point(AuditEvent.BEFORE_COMMIT, nth, "step") for nth in (1, 2)),
    *(Point(AuditEvent.AFTER_COMMIT, nth, "step") for nth in (1, 2, 3, 5, 8)),
    *(Point(AuditEvent.BEFORE_REQUEST, nth, "POST") for nth in (1, 2)),
    *(Point(AuditEvent.AFTER_REQUEST, nth, "POST") for nth in (1, 2)),
    *(Point(AuditEvent.BEFORE_REQUEST, nth, "PUT") for nth in (1, 4)),
    *(Point(AuditEvent.AFTER_REQUEST, nth, "PUT") for nth in (1, 5)),
    *(Point(AuditEvent.BEFORE_REQUEST, nth, "DELETE") for nth in (1, 2)),
    *(Point(AuditEvent.AFTER_REQUEST, nth, "DELETE") for nth in (1, 2)),
    Point(AuditEvent.AFTER_VERDICT, 1, "done"),
    Point(AuditEvent.AFTER_LANDING),
    Point(AuditEvent.BEFORE_VERIFICATION),
    Point(AuditEvent.AFTER_VERIFICATION_READ),
]
LOOK = [
    Point(AuditEvent.AFTER_VERDICT, 1, "in doubt"),
    Point(AuditEvent.BEFORE_LOOK),
    Point(AuditEvent.BEFORE_READ_BACK),
    Point(AuditEvent.AFTER_LOOK),
    Point(AuditEvent.BEFORE_LOOK, 2),
    Point(AuditEvent.AFTER_LOOK, 3),
]
LEAVES_PART = [Point(AuditEvent.AFTER_PART_OPEN), Point(AuditEvent.BEFORE_MOVE), Point(AuditEvent.BETWEEN_NAMES)]
WRITE = [
    Point(AuditEvent.BEFORE_TRANSACTION, 1, "end"),
    Point(AuditEvent.BEFORE_COMMIT, 1, "end"),
    Point(AuditEvent.AFTER_COMMIT, 1, "end"),
    Point(AuditEvent.BEFORE_RESULT),
    *LEAVES_PART,
    Point(AuditEvent.AFTER_MOVE),
]
LOAD = [*READ, *PLAN, *SEND, *WRITE]
UNDO = [
    Point(AuditEvent.AFTER_UNDO_PLAN),
    Point(AuditEvent.AFTER_COMMIT, 1, "begin"),
    *(Point(AuditEvent.AFTER_COMMIT, nth, "step") for nth in (1, 3)),
    *(Point(AuditEvent.BEFORE_REQUEST, nth, "DELETE") for nth in (1, 7)),
    *(Point(AuditEvent.AFTER_REQUEST, nth, "DELETE") for nth in (1, 9)),
    Point(AuditEvent.AFTER_REQUEST, 2, "PUT"),
    Point(AuditEvent.AFTER_REQUEST, 1, "POST"),
    Point(AuditEvent.BEFORE_TRANSACTION, 1, "end"),
]
RESUME = [
    Point(AuditEvent.AFTER_REOPENING),
    Point(AuditEvent.AFTER_REPLANNING),
    Point(AuditEvent.AFTER_LOOK),
    Point(AuditEvent.AFTER_REQUEST, 1, "POST"),
    Point(AuditEvent.BEFORE_REQUEST, 3, "PUT"),
    Point(AuditEvent.AFTER_COMMIT, 4, "step"),
    Point(AuditEvent.AFTER_COMMIT, 1, "end"),
    Point(AuditEvent.AFTER_PART_OPEN),
]


def wanted(kantata: Running) -> list[Row]:
    """Rows of every kind: two batches of new ones, levels that differ, and marks.

    They take 18 requests: two workers need ten steps at least, however many answers come at once.
    """
    stood = kantata.query(
        "SELECT m.id, user_id, skill_id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id "
        "WHERE max_level = 5 AND level BETWEEN 1 AND 4 ORDER BY m.id LIMIT 16"
    )
    rows = [Row(Kind.NEW, (user, skill), level) for user, skill, level in new_skills(kantata, 230)]
    for at, r in enumerate(stood):
        kind = Kind.DIFFERS if at < 14 else Kind.REMOVE
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


def expect_whole(kantata: Running, rows: Sequence[Row], *ended: Ran) -> None:
    """Every command went well, the account is as the file wants it, and each result says so."""
    assert [ran.code for ran in ended] == [0] * len(ended), "".join(ran.err for ran in ended)
    expect_all_done(kantata, rows)
    for ran in ended:
        if ran.json.get("result"):
            assert sum(ran.json["outcomes"].values()) == ran.json["rows"] == len(rows)
            expect_result(kantata, Path(ran.json["result"]))


@pytest.mark.parametrize("point", LOAD, ids=str)
def test_a_load_killed_anywhere_ends_as_if_nothing_had_happened(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    kantata.set(duplicates="allow")
    rows = wanted(kantata)
    path = write(tmp_path / "team.csv", rows)
    judge.watch(kantata, SKILLS, ME)

    was_killed = killed(point, *APPLY, path, "--settle-wait", "1.5")
    left = list(tmp_path.glob(".*.part"))
    resumed = importer("resume", "--settle-wait", "1.5", "--json")
    again = importer(*APPLY, path)

    assert was_killed
    expect_whole(kantata, rows, resumed, again)
    assert len(left) == (point in LEAVES_PART)


@pytest.mark.parametrize("point", LOOK, ids=str)
def test_a_load_killed_while_it_looks_for_a_late_commit_ends_as_if_nothing_had_happened(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path, point: Point
) -> None:
    """The first request reaches the account only when the process is dead, and its successor has looked once."""
    kantata.set(duplicates="allow")
    rows = wanted(kantata)
    path = write(tmp_path / "team.csv", rows)
    judge.watch(kantata, SKILLS, ME)
    late = gate.hold("POST", side=Side.LATE)
    kantata.faults([{"on": "PUT", "nth": 2, "fault": "drop_after_commit"}])

    was_killed = killed(point, *APPLY, path, "--settle-wait", "20")
    with doing_at(AuditEvent.AFTER_LOOK, late.release) as committed:
        resumed = importer("resume", "--settle-wait", "20", "--workers", "1", "--json")
    again = importer(*APPLY, path)

    assert (was_killed, len(committed)) == (True, 1)
    expect_whole(kantata, rows, resumed, again)
    assert not list(tmp_path.glob(".*.part"))


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


@pytest.mark.parametrize("point", RESUME, ids=str)
def test_a_resume_killed_anywhere_is_finished_by_the_next(
    importer: Importer, kantata: Running, tmp_path: Path, point: Point
) -> None:
    kantata.set(duplicates="allow")
    rows = wanted(kantata)
    path = write(tmp_path / "team.csv", rows)
    judge.watch(kantata, SKILLS, ME)
    first = killed(Point(AuditEvent.AFTER_REQUEST, 1, "POST"), *APPLY, path, "--workers", "1")

    second = killed(point, "resume", "--settle-wait", "1.5", "--workers", "2")
    resumed = importer("resume", "--settle-wait", "1.5", "--json")

    assert (first, second) == (True, True)
    assert resumed.code == 0, resumed.err
    expect_all_done(kantata, rows)
    (run,) = importer("runs", "--json").json["runs"]
    shown = importer("show", run["run"], "-o", tmp_path / "again.xlsx", "--json").json
    assert (run["state"], shown["outcomes"]["created"]) == ("finished", 230)
    expect_result(kantata, Path(shown["result"]))


def test_every_event_that_is_declared_is_announced_by_a_load_an_undo_and_a_resume(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write(tmp_path / "team.csv", wanted(kantata)[200:])
    heard: set[AuditEvent] = set()

    with listening(heard.add):
        kantata.faults([{"on": "PUT", "nth": 1, "fault": "drop_after_commit"}])
        run = importer(*APPLY, path).json["run"]
        undone = importer("undo", run, "--yes")
        kantata.faults([{"on": "POST", "nth": 1, "fault": "revoke"}])
        stopped = importer(*APPLY, path)
        kantata.faults([])
        resumed = importer("resume")
        row = (kantata.query("SELECT email_address FROM users WHERE id = ?", ME)[0]["email_address"], "Zig", "4")
        new = write_list(tmp_path / "new.csv", ("email", "skill", "level"), [row])
        made = importer(*APPLY, new, "--create-missing", "skills", "--new-skill-category", "Skill",
                        "--new-skill-levels", "5")  # fmt: skip

    assert (undone.code, stopped.code != 0, resumed.code, made.code) == (0, True, 0, 0)
    assert heard == set(AuditEvent)


def test_every_event_is_raised_in_the_module_that_its_declaration_names_and_a_process_is_killed_at_it() -> None:
    declared = (ROOT / "importer" / "audit_events.py").read_text(encoding="utf-8")
    module_of = dict(re.findall(r'^    ([A-Z_]+) = "importer\.[a-z_.]+"  # ([a-z_.]+)$', declared, re.MULTILINE))

    assert module_of.keys() == AuditEvent.__members__.keys()
    for path in sorted((ROOT / "importer").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "importer").with_suffix("").parts)
        raised = set(re.findall(r"sys\.audit\(AuditEvent\.([A-Z_]+)", path.read_text(encoding="utf-8")))
        assert raised == {name for name, of in module_of.items() if of == module}, module
    of_several = {AuditEvent.BEFORE_STAGE}  # test_staged_killed
    assert {point.event for point in (*LOAD, *LOOK, *UNDO, *RESUME)} | of_several == set(AuditEvent)
