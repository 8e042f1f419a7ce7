"""A file that was exported is compared with what the account held then: what others changed since stays."""

from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importer import Account, Target, export_format
from importer.audit_events import AuditEvent
from importer.sandbox import Running
from tests.books import as_dicts, sheet_rows
from tests.conftest import Importer
from tests.kill.killed import Point, killed
from tests.round_trip.world import Cell, Levels, World, edited, outcomes, small_world, type_into_text, type_levels


def test_one_edit_and_three_changes_of_others_update_one_record_and_keep_three(
    importer: Importer, world: World, matrix: Path
) -> None:
    mine, *theirs = world.cells[:4]
    type_levels(matrix, world, {mine: 5})
    world.change(dict.fromkeys(theirs, 4))

    planned, ran = importer("plan", matrix), importer("apply", matrix, "--yes", "--json")

    assert planned.code == ran.code == 0
    assert "3 levels changed in Kantata since" in planned.err
    assert "and are kept." in planned.err
    assert outcomes(ran.json["outcomes"]) == {"updated": 1, "unchanged": len(world.cells) - 2}
    assert world.held() == {**dict.fromkeys(world.cells[:-1], 2), mine: 5, **dict.fromkeys(theirs, 4)}
    summary = [str(cell) for row in sheet_rows(Path(ran.json["result"]), "Summary") for cell in row]
    assert any("3 levels changed in Kantata since" in text for text in summary)
    assert "Kept as in Kantata:" in ran.err


def test_what_others_changed_removed_or_added_is_counted_whichever_it_was(
    importer: Importer, world: World, matrix: Path
) -> None:
    changed, removed, added = world.cells[0], world.cells[1], world.cells[-1]
    world.change({changed: 4, removed: None, added: 1})
    held = world.held()

    ran = importer("apply", matrix, "--yes")

    assert "3 levels changed in Kantata since" in ran.err
    assert world.held() == held


def test_a_plan_as_json_tells_how_many_are_kept_and_in_conflict(importer: Importer, world: World, matrix: Path) -> None:
    both, theirs = world.cells[:2]
    type_levels(matrix, world, {both: 5})
    world.change({both: 3, theirs: 4})

    told = importer("plan", matrix, "--json")

    assert told.code == 3
    assert {name: told.json["merge"][name] for name in ("compared", "kept", "conflicts")} == {
        "compared": True, "kept": 1, "conflicts": 1,
    }  # fmt: skip
    assert [problem["code"] for problem in told.json["problems"]] == ["changed-on-both-sides"]
    assert told.json["problems"][0]["cell"]


LEVEL = st.one_of(st.none(), st.integers(1, 4))
CELL = st.tuples(LEVEL, LEVEL, LEVEL)
"""What the account held, what the sheet says, and what the account holds now."""


def expected(
    mode: str, was: int | None, said: int | None, now: int | None, *, overwrites: bool
) -> tuple[str, int | None]:
    """What becomes of a cell, and what the account holds in the end, by the table of the documentation."""
    if said == was:
        return ("" if said is None else "unchanged"), now
    if said is None:
        if mode != "mirror" or now is None:
            return "", now
        return ("removed", None) if now == was or overwrites else ("conflict", now)
    if said == now or (mode == "add" and now is not None):
        return "unchanged", now
    if now == was or overwrites:
        return ("created" if now is None else "updated"), said
    return "conflict", now


@pytest.mark.parametrize("mode", ["upsert", "add", "mirror"])
def test_what_becomes_of_every_cell_follows_from_what_it_was_what_it_says_and_what_is_held(
    kantata: Running, account: Account, tmp_path: Path, mode: str
) -> None:
    world = small_world(kantata)

    @given(cells=st.lists(CELL, min_size=len(world.cells), max_size=len(world.cells)), overwrites=st.booleans())
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def law(cells: list[tuple[int | None, int | None, int | None]], *, overwrites: bool) -> None:
        was, said, now = ({cell: each[at] for cell, each in zip(world.cells, cells, strict=True)} for at in range(3))
        assume(any(said.values()) or not any(was.values()))  # a matrix that was cleared whole is none any more
        world.hold(was)
        path = world.export_matrix(account, tmp_path / "matrix.xlsx")
        type_levels(path, world, {cell: said[cell] for cell in world.cells if said[cell] != was[cell]})
        world.hold(now)

        options: Any = {"mode": mode, "on_conflict": "overwrite" if overwrites else "keep", "levels": "0=0"}
        plan = account.plan(path, **options)
        report = plan.apply(max_removals=99, accept=[each.code.value for each in plan.anomalies])

        wanted = {cell: expected(mode, was[cell], said[cell], now[cell], overwrites=overwrites) for cell in world.cells}
        assert world.held() == {cell: level for cell, (_, level) in wanted.items() if level is not None}
        assert outcomes(report.counts) == outcomes(
            {name: sum(name == each for each, _ in wanted.values()) for name, _ in wanted.values() if name}
        )

    law()


def test_a_conflict_stands_in_to_fix_with_both_values_and_loading_the_result_sends_the_sheets_value(
    importer: Importer, world: World, matrix: Path
) -> None:
    both = world.cells[0]
    type_levels(matrix, world, {both: 5})
    world.change({both: 3})

    ran = importer("apply", matrix, "--yes", "--json")
    rows = as_dicts(Path(ran.json["result"]), "To fix")
    held = world.held()[both]
    again = importer("apply", ran.json["result"], "--yes", "--json")

    assert (ran.code, held) == (3, 3)
    assert [row["Import status"] for row in rows] == ["conflict"]
    error = rows[0]["Import error"]
    assert all(text in error for text in ("when it was level 2", "the sheet says level 5", "Kantata holds level 3"))
    assert "changed on 5 January 2026" in error
    assert "load the result workbook again" in rows[0]["Import fix"]
    assert (again.code, outcomes(again.json["outcomes"])) == (0, {"updated": 1})
    assert world.held()[both] == 5


def test_what_changes_again_before_the_result_is_loaded_is_in_conflict_again(
    importer: Importer, world: World, matrix: Path
) -> None:
    both = world.cells[0]
    type_levels(matrix, world, {both: 5})
    world.change({both: 3})
    result = importer("apply", matrix, "--yes", "--json").json["result"]
    world.change({both: 4})

    again = importer("apply", result, "--yes", "--json")

    assert outcomes(again.json["outcomes"]) == {"conflict": 1}
    assert world.held()[both] == 4


def test_a_record_that_somebody_made_meanwhile_is_told_with_who_made_it(
    importer: Importer, world: World, matrix: Path
) -> None:
    free, maker = world.cells[-1], next(iter(world.people))
    (name,) = (row["full_name"] for row in world.kantata.query("SELECT full_name FROM users WHERE id = ?", maker))
    type_levels(matrix, world, {free: 5})
    world.kantata.execute(
        "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, creator_id, created_at, "
        "updated_at) VALUES (?, ?, 1, 'x', ?, '2099-02-03T09:00:00.000000Z', '2099-02-03T09:00:00.000000Z')",
        *free, maker,
    )  # fmt: skip

    ran = importer("apply", matrix, "--yes", "--json")

    (problem,) = ran.json["problems"]
    assert f"(created on 3 February 2099 by {name})" in problem["message"]
    assert "when it was nothing" in problem["message"]


def test_whoever_says_so_beforehand_overwrites_what_others_changed(
    importer: Importer, world: World, matrix: Path
) -> None:
    both, theirs = world.cells[:2]
    type_levels(matrix, world, {both: 5})
    world.change({both: 3, theirs: 4})

    ran = importer("apply", matrix, "--yes", "--on-conflict", "overwrite")

    assert ran.code == 0
    assert "1 change of somebody else will be overwritten, as you said" in ran.err
    assert (world.held()[both], world.held()[theirs]) == (5, 4)


def test_cells_that_were_cleared_change_nothing_and_are_counted_and_mirror_removes_them(
    importer: Importer, world: World, matrix: Path
) -> None:
    cleared = world.cells[:2]
    type_levels(matrix, world, dict.fromkeys(cleared))
    added = world.cells[-1]
    world.change({added: 1})

    told = importer("apply", matrix, "--yes")
    held = world.held()
    mirrored = importer("apply", matrix, "--yes", "--mode", "mirror", "--max-removals", "2", "--json")

    assert "2 cells that were filled on" in told.err
    assert "write remove into them, or load the whole file in mirror mode" in told.err
    assert all(held[cell] == 2 for cell in cleared)
    assert outcomes(mirrored.json["outcomes"])["removed"] == 2
    assert added in world.held(), "somebody gave it to them after the export"


def test_the_word_remove_takes_away_what_is_as_it_was_and_is_in_conflict_with_what_others_changed(
    importer: Importer, world: World, matrix: Path
) -> None:
    as_it_was, changed = world.cells[:2]
    type_levels(matrix, world, {as_it_was: "remove", changed: "remove"})  # type: ignore[dict-item]
    world.change({changed: 4})

    ran = importer("apply", matrix, "--yes", "--max-removals", "1", "--json")

    counts = outcomes(ran.json["outcomes"])
    assert (counts["removed"], counts["conflict"]) == (1, 1)
    assert as_it_was not in world.held()
    assert world.held()[changed] == 4


def test_a_file_of_another_account_is_compared_with_the_account_as_it_is_and_says_so(
    matrix: Path, elsewhere: Running, tmp_path: Path
) -> None:
    there = Account(elsewhere.token, base_url=elsewhere.url, folder=tmp_path / "there")

    plan = there.plan(matrix, match_names=True)

    assert plan.check is not None
    assert any("was written out of another account" in note for note in plan.check.notes)
    assert plan.writes > 0


def test_a_base_that_was_changed_is_not_used_and_that_is_said(account: Account, world: World, matrix: Path) -> None:
    book = openpyxl.load_workbook(matrix)
    text = book["Import base"]["B2"].value
    book["Import base"]["B2"].value = text[:-8] + text[-4:]
    book.save(matrix)
    world.change({world.cells[0]: 4})

    plan = account.plan(matrix)

    assert plan.check is not None
    assert any("was changed, so it is not used" in note for note in plan.check.notes)
    assert plan.writes == 1


def test_a_sheet_that_was_copied_into_a_workbook_of_its_own_says_that_it_has_lost_its_base(
    account: Account, world: World, matrix: Path
) -> None:
    book = openpyxl.load_workbook(matrix)
    for name in ("Import base", "Instructions", "Lists"):
        del book[name]
    book.save(matrix)
    world.change({world.cells[0]: 4})

    plan = account.plan(matrix)

    assert plan.check is not None
    assert any("the hidden sheet is gone" in note for note in plan.check.notes)
    assert plan.writes == 1


def test_changes_of_others_are_no_accident_of_the_sheet(account: Account, kantata: Running, tmp_path: Path) -> None:
    world = small_world(kantata, people=8, skills=8)
    world.hold(dict.fromkeys(world.cells, 2))
    path = world.export_matrix(account, tmp_path / "matrix.xlsx")
    mine, *theirs = world.cells
    type_levels(path, world, {mine: 5})
    world.change(dict.fromkeys(theirs, 3))  # all by one level: what a sheet that is a level off looks like

    plan = account.plan(path)

    assert plan.anomalies == ()
    assert plan.counts == {"create": 0, "update": 1, "unchanged": len(theirs)}


def test_a_sheet_that_was_sorted_wrongly_is_an_accident_whatever_others_changed(
    account: Account, kantata: Running, tmp_path: Path
) -> None:
    world = small_world(kantata, people=8, skills=8)
    levels = Random(14).choices(range(1, 6), k=len(world.cells))
    world.hold(dict(zip(world.cells, levels, strict=True)))
    path = world.export_matrix(account, tmp_path / "matrix.xlsx")
    before = world.held()
    with edited(path) as matrix:
        people = matrix.people
    world.change(dict.fromkeys(world.cells[::9], 3))
    moved: dict[Cell, int | None] = {
        (person, skill): before[people[at - 1], skill] for at, person in enumerate(people) for skill in world.skills
    }
    type_levels(path, world, moved)

    assert [each.code.value for each in account.plan(path).anomalies] == ["scrambled"]


def test_a_killed_run_that_goes_on_keeps_what_was_changed_before_its_rows_were_sent(
    account: Account, world: World, matrix: Path
) -> None:
    first, second, *_ = world.cells
    type_levels(matrix, world, {first: 5, second: 5})
    plan = account.plan(matrix)

    def die(event: Any) -> None:
        if type(event).__name__ == "Begun":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan.apply(on_event=die)
    world.change({second: 4})
    report = account.resume()

    assert report is not None
    assert {name: report.counts[name] for name in ("updated", "conflict")} == {"updated": 1, "conflict": 1}
    assert (world.held()[first], world.held()[second]) == (5, 4)
    assert "Somebody has changed it since this run began: level is 4 now." in str(report.problem_list[0])


def test_an_undo_of_such_a_load_puts_back_what_it_did_and_keeps_what_others_did(
    account: Account, world: World, matrix: Path
) -> None:
    mine, theirs, later = world.cells[:3]
    type_levels(matrix, world, {mine: 5, later: 5})
    world.change({theirs: 4})
    report = account.plan(matrix).apply()
    world.change({later: 1})

    undone = report.undo()

    assert {name: undone.counts[name] for name in ("updated", "conflict")} == {"updated": 1, "conflict": 1}
    assert (world.held()[mine], world.held()[theirs], world.held()[later]) == (2, 4, 1)


def test_a_result_workbook_that_is_edited_is_compared_with_what_the_run_left(
    account: Account, world: World, matrix: Path
) -> None:
    mine, kept, other = world.cells[:3]
    type_levels(matrix, world, {mine: 5})
    world.change({kept: 4})
    result = account.plan(matrix).apply().write()
    type_levels(result, world, {other: 3, mine: 4})
    world.change({mine: 1})

    plan = account.plan(result)

    assert plan.counts == {"create": 0, "update": 1, "unchanged": 0, "conflict": 1}
    report = plan.apply()
    assert (world.held()[mine], world.held()[kept], world.held()[other]) == (1, 4, 3)
    assert report.counts["conflict"] == 1


def test_the_result_of_a_sheet_of_ones_own_carries_a_base_from_then_on(
    account: Account, world: World, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["email", *world.skills.values()])
    for email in world.people.values():
        book.active.append([email, *[3] * len(world.skills)])
    book.save(tmp_path / "own.xlsx")
    result = account.plan(tmp_path / "own.xlsx").apply().write()
    mine, theirs = world.cells[:2]
    loaded = openpyxl.load_workbook(result)
    loaded.worksheets[0]["B2"].value = 5
    loaded.worksheets[0]["C2"].value = 4
    loaded.save(result)
    world.change({theirs: 1})

    plan = account.plan(result)

    assert plan.counts == {"create": 0, "update": 1, "unchanged": 0, "conflict": 1}
    plan.apply()
    assert (world.held()[mine], world.held()[theirs]) == (5, 1)


# ---- lists


def lists(world: World, account: Account, path: Path) -> Path:
    """The list of their skill memberships, in the format that the name of the file says."""
    account.export_list("skill-memberships", Target(path, export_format(path, None)), **world.options)
    return path


def typed(path: Path, levels: Levels) -> None:
    """Type levels into a list of ids."""
    if path.suffix == ".csv":
        type_into_text(path, levels)
        return
    book = openpyxl.load_workbook(path)
    header, *below = book["Skill memberships"].iter_rows()
    user, skill, level = ([cell.value for cell in header].index(name) for name in ("user_id", "skill_id", "level"))
    for line in below:
        line[level].value = levels.get((int(str(line[user].value)), int(str(line[skill].value))), line[level].value)
    book.save(path)


def test_a_list_as_a_workbook_is_compared_like_a_matrix(account: Account, world: World, tmp_path: Path) -> None:
    path = lists(world, account, tmp_path / "list.xlsx")
    mine, changed, gone, both = world.cells[:4]
    typed(path, {mine: 5, both: 5})
    world.change({changed: 4, gone: None, both: 3})

    report = account.plan(path).apply()

    assert outcomes(report.counts) == {"updated": 1, "unchanged": len(world.cells) - 3, "conflict": 1}
    assert {cell: world.held().get(cell) for cell in (mine, changed, gone, both)} == {
        mine: 5, changed: 4, gone: None, both: 3,
    }  # fmt: skip


def test_a_list_as_text_goes_by_the_id_and_the_time_of_each_record(
    account: Account, world: World, tmp_path: Path
) -> None:
    path = lists(world, account, tmp_path / "list.csv")
    mine, *theirs, gone = world.cells[:5]
    typed(path, {mine: 5})
    world.change({**dict.fromkeys(theirs, 4), gone: None})

    report = account.plan(path).apply()

    assert outcomes(report.counts) == {"updated": 1, "conflict": 4, "unchanged": len(world.cells) - 6}
    assert {cell: world.held().get(cell) for cell in (mine, *theirs, gone)} == {
        mine: 5, **dict.fromkeys(theirs, 4), gone: None,
    }  # fmt: skip
    messages = [problem.message for problem in report.problem_list]
    assert all("Somebody changed it in Kantata since the list was exported" in message for message in messages)


def test_a_row_that_was_copied_for_another_skill_is_new_whatever_id_it_still_has(
    account: Account, world: World, tmp_path: Path
) -> None:
    path = lists(world, account, tmp_path / "list.csv")
    person, skill = world.cells[-1]
    header, *lines = path.read_text("utf-8-sig").splitlines()
    names = header.split(",")
    row = next(line.split(",") for line in lines if line.split(",")[names.index("user_id")] == str(person))
    row[names.index("skill_id")], row[names.index("skill")] = str(skill), world.skills[skill]
    path.write_text("\n".join([header, *lines, ",".join(row)]), "utf-8")

    report = account.plan(path).apply()

    assert outcomes(report.counts) == {"created": 1, "unchanged": len(lines)}


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".jsonl"])
@pytest.mark.parametrize("endpoint", ["user-group-memberships", "organization-memberships"])
def test_whoever_was_taken_out_of_a_group_or_a_place_meanwhile_does_not_come_back(
    account: Account, kantata: Running, tmp_path: Path, endpoint: str, suffix: str
) -> None:
    path, table = tmp_path / f"list{suffix}", endpoint.replace("-", "_")
    account.export_list(endpoint, Target(path, export_format(path, None)))
    (gone,) = kantata.query(f"SELECT id FROM {table} ORDER BY id LIMIT 1")
    kantata.execute(f"DELETE FROM {table} WHERE id = ?", gone["id"])

    plan = account.plan(path)

    assert plan.writes == 0
    told = [*plan.notes, *map(str, plan.problem_list)]
    assert any("1 record changed in Kantata since" in text or "since the list was exported" in text for text in told)


def test_a_conflict_of_a_list_as_text_is_sent_once_its_result_is_loaded(
    importer: Importer, account: Account, world: World, tmp_path: Path
) -> None:
    path = lists(world, account, tmp_path / "list.csv")
    both, gone = world.cells[:2]
    typed(path, {both: 5})
    world.change({both: 3, gone: None})

    first = importer("apply", path, "--yes", "--json")
    held = world.held()
    second = importer("apply", first.json["result"], "--yes", "--json")

    assert (first.code, outcomes(first.json["outcomes"])["conflict"]) == (3, 2)
    assert (held[both], held.get(gone)) == (3, None)
    assert (second.code, outcomes(second.json["outcomes"])) == (0, {"created": 1, "updated": 1})
    assert (world.held()[both], world.held()[gone]) == (5, 2)


def test_a_dataframe_of_an_exported_list_goes_by_the_id_and_the_time_as_well(account: Account, world: World) -> None:
    frame = account.export("skill-memberships", **world.options)
    mine, theirs = world.cells[:2]
    is_mine = (frame["user_id"] == mine[0]) & (frame["skill_id"] == mine[1])
    frame.loc[is_mine, "level"] = 5
    world.change({theirs: 4})

    report = account.plan(frame).apply()

    assert {name: report.counts[name] for name in ("updated", "conflict")} == {"updated": 1, "conflict": 1}
    assert (world.held()[mine], world.held()[theirs]) == (5, 4)


def test_rows_that_were_deleted_from_a_list_change_nothing_and_are_counted(
    account: Account, world: World, tmp_path: Path
) -> None:
    path = lists(world, account, tmp_path / "list.xlsx")
    book = openpyxl.load_workbook(path)
    book["Skill memberships"].delete_rows(3, 2)
    book.save(path)

    plan = account.plan(path)

    assert plan.writes == 0
    assert any("2 records that this list had on" in note for note in plan.notes)


def test_a_template_with_what_the_account_holds_is_compared_as_well(
    account: Account, world: World, tmp_path: Path
) -> None:
    options: Any = world.options
    listed, crossed = tmp_path / "list.xlsx", tmp_path / "matrix.xlsx"
    account.write_template("skill-memberships", listed, **options)
    account.write_template("skill-memberships", crossed, matrix=True, **options)
    world.change({world.cells[0]: 4, world.cells[1]: None})

    for path in (listed, crossed):
        plan = account.plan(path)
        assert plan.writes == 0
        assert any("2 levels changed in Kantata since" in note for note in plan.notes)


# ---- a process that dies


@pytest.mark.parametrize(
    "point",
    [
        Point(AuditEvent.AFTER_COMMIT, 1, "begin"),
        Point(AuditEvent.BEFORE_REQUEST, 1, "PUT"),
        Point(AuditEvent.AFTER_REQUEST, 1, "PUT"),
        Point(AuditEvent.AFTER_COMMIT, 2, "step"),
    ],
    ids=str,
)
def test_a_process_that_was_killed_goes_on_and_keeps_what_others_changed_meanwhile(
    importer: Importer, world: World, matrix: Path, point: Point
) -> None:
    mine, theirs = world.cells[:4], world.cells[4:7]
    type_levels(matrix, world, dict.fromkeys((*mine, *theirs), 5))

    was_killed = killed(point, "apply", matrix, "--yes", "--json", "--workers", "1", "--settle-wait", "0.5")
    untouched = [cell for cell in theirs if world.held()[cell] == 2]
    world.change(dict.fromkeys(untouched, 4))
    resumed = importer("resume", "--json", "--settle-wait", "0.5")

    assert was_killed
    assert untouched
    held = world.held()
    assert {held[cell] for cell in untouched} == {4}
    assert {held[cell] for cell in (*mine, *theirs) if cell not in untouched} == {5}
    assert (resumed.code, resumed.json["outcomes"]["conflict"]) == (3, len(untouched))
    again = importer("apply", resumed.json["result"], "--yes", "--json")
    assert (again.code, {world.held()[cell] for cell in untouched}) == (0, {5})
