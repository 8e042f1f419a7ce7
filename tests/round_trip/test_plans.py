"""What was approved is what is sent: plans that somebody else approves, later, on another machine."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer import Account, Guarded, Unreadable
from importer.sandbox import Running
from tests.books import as_dicts, sheet_rows, workbook
from tests.conftest import Importer
from tests.round_trip.test_edits import libreoffice, needs_libreoffice
from tests.round_trip.world import World, outcomes, small_world, type_levels

YES, NO = "yes", "no"


@pytest.fixture
def planned(importer: Importer, world: World, matrix: Path, tmp_path: Path) -> Path:
    """A plan of four edits, each approved."""
    type_levels(matrix, world, dict.fromkeys(world.cells[:4], 5))
    plan = tmp_path / "matrix.plan.xlsx"
    assert importer("plan", matrix, "-o", plan).code == 0
    return plan


class Lines:
    """The lines of a plan workbook that change something, by where they stand in the person's sheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book["Plan"]
        self.columns = {str(cell.value): at for at, cell in enumerate(self.sheet[1], 1)}
        self.rows = [row for row in range(2, self.sheet.max_row + 1) if self.get(row, "Planned change") == "update"]

    def get(self, row: int, header: str) -> Any:
        """What stands in a line under a header."""
        return self.sheet.cell(row, self.columns[header]).value

    def put(self, row: int, header: str, value: Any) -> None:
        """Type something into a line."""
        self.sheet.cell(row, self.columns[header]).value = value

    def save(self) -> None:
        """Save the workbook in its place."""
        self.book.save(self.path)


def test_a_plan_has_a_yes_beside_each_change_and_none_where_approval_is_asked_for(
    importer: Importer, matrix: Path, planned: Path, tmp_path: Path
) -> None:
    asking = tmp_path / "asking.xlsx"
    importer("plan", matrix, "-o", asking, "--ask-approval")

    approved, asked = Lines(planned), Lines(asking)

    assert [approved.get(row, "Approve") for row in approved.rows] == [YES] * 4
    assert [asked.get(row, "Approve") for row in asked.rows] == [None] * 4
    assert {approved.get(row, "Held now") for row in approved.rows} == {"level 2"}
    others = [row for row in range(2, approved.sheet.max_row + 1) if row not in approved.rows]
    assert {approved.get(row, "Approve") for row in others} == {None}
    offered = [each.formula1 for each in approved.sheet.data_validations.dataValidation]
    assert offered == ['"yes,no"']


def test_a_plan_that_nobody_approved_sends_nothing(importer: Importer, world: World, planned: Path) -> None:
    lines, before = Lines(planned), world.held()
    for row in lines.rows:
        lines.put(row, "Approve", None)
    lines.save()

    ran = importer("apply", planned, "--yes", "--json")

    assert ran.code == 4
    assert "none of the 4 lines of this plan says yes" in ran.err
    assert world.held() == before


def test_only_the_lines_that_say_yes_and_still_hold_are_sent_and_each_line_has_its_outcome(
    importer: Importer, world: World, planned: Path
) -> None:
    lines = Lines(planned)
    approved, refused, edited, stale = lines.rows
    lines.put(refused, "Approve", NO)
    lines.put(edited, "Level", 4)
    cell_of = {row: _cell(world, lines, row) for row in lines.rows}
    lines.save()
    world.change({cell_of[stale]: 1})

    ran = importer("apply", planned, "--yes", "--json")

    assert ran.code == 3
    assert outcomes(ran.json["outcomes"]) == {
        "updated": 1, "not sent": 1, "invalid": 1, "conflict": 1, "unchanged": len(world.cells) - 5,
    }  # fmt: skip
    held = world.held()
    assert [held[cell_of[row]] for row in (approved, refused, edited, stale)] == [5, 2, 2, 1]
    problems = {each["row"]: each for each in ran.json["problems"]}
    assert problems[edited]["cell"]
    assert 'Level was "5" when the plan was made, and is "4" now' in problems[edited]["message"]
    assert "since this plan was made: level is 1 now" in problems[stale]["message"]
    assert "not approved" in problems[refused]["message"]
    by_status = {row["Import status"]: row for row in as_dicts(Path(ran.json["result"]), "To fix")}
    assert set(by_status) == {"not sent", "invalid", "conflict"}


def _cell(world: World, lines: Lines, row: int) -> tuple[int, int]:
    """The person and the skill of a line."""
    named = {name: id_ for id_, name in world.skills.items()}
    return int(lines.get(row, "user_id")), named[lines.get(row, "Skill")]


def test_a_run_of_a_plan_is_at_its_end_though_lines_were_not_approved(
    importer: Importer, world: World, planned: Path
) -> None:
    lines = Lines(planned)
    lines.put(lines.rows[0], "Approve", NO)
    lines.save()
    before = world.held()[_cell(world, lines, lines.rows[0])]

    ran = importer("apply", planned, "--yes", "--json")
    resumed = importer("resume", "--yes")

    assert (ran.code, ran.json["state"]) == (3, "finished")
    assert resumed.code == 0
    assert world.held()[_cell(world, lines, lines.rows[0])] == before


def test_a_colleague_approves_and_an_administrator_applies_it_elsewhere(
    importer: Importer, world: World, matrix: Path, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines(planned)
    for row in lines.rows[2:]:
        lines.put(row, "Approve", NO)
    lines.save()
    there = tmp_path / "elsewhere"
    there.mkdir()
    moved = planned.rename(there / "for approval.xlsx")
    matrix.unlink()
    monkeypatch.setenv("IMPORTER_HOME", str(there / "state"))

    ran = importer("apply", moved, "--yes", "--json")

    assert ran.code == 3
    assert outcomes(ran.json["outcomes"]) == {"updated": 2, "not sent": 2, "unchanged": len(world.cells) - 5}
    told = [str(cell) for row in sheet_rows(Path(ran.json["result"]), "Summary") for cell in row]
    made = next(text for text in told if text.startswith("This plan was made by Dana Reyes, dana@example.com"))
    assert "matrix.xlsx" in made
    assert "2 of 4 lines approved." in told
    summary = {row[0]: row[1] for row in sheet_rows(moved, "Summary") if len(row) > 1}
    assert summary["Made by"].startswith("Dana Reyes, dana@example.com")
    assert summary["Made"].endswith("UTC")


def test_lines_may_be_sorted_and_remarks_put_beside_them(importer: Importer, world: World, planned: Path) -> None:
    lines = Lines(planned)
    rows = [[cell.value for cell in row] for row in lines.sheet.iter_rows(min_row=2)]
    for at, values in enumerate(reversed(rows), 2):
        for column, value in enumerate(values, 1):
            lines.sheet.cell(at, column).value = value
    lines.sheet.insert_cols(1)
    lines.sheet.cell(1, 1).value = "Asked Bo"
    lines.sheet.cell(3, 1).value = "fine with him"
    lines.save()

    ran = importer("apply", planned, "--yes", "--json")

    assert (ran.code, outcomes(ran.json["outcomes"])) == (0, {"updated": 4, "unchanged": len(world.cells) - 5})


@needs_libreoffice
def test_a_plan_that_libreoffice_saved_is_the_same_plan(
    importer: Importer, world: World, planned: Path, tmp_path: Path
) -> None:
    saved = libreoffice(planned, tmp_path / "saved", "xlsx")

    ran = importer("apply", saved, "--yes", "--json")

    assert (ran.code, outcomes(ran.json["outcomes"])) == (0, {"updated": 4, "unchanged": len(world.cells) - 5})


def _without_record(book: openpyxl.Workbook) -> None:
    del book["Import plan"]


def _with_other_record(book: openpyxl.Workbook) -> None:
    book["Import plan"]["B2"].value = "A" + str(book["Import plan"]["B2"].value)[1:]


def _without_column(book: openpyxl.Workbook) -> None:
    cell = next(cell for cell in book["Plan"][1] if cell.value == "Level")
    cell.value = "Grade"


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (_without_record, "is missing or was changed"),
        (_with_other_record, "is missing or was changed"),
        (_without_column, 'its column "Level" cannot be found'),
    ],
)
def test_a_plan_that_was_tampered_with_is_found(account: Account, planned: Path, tamper: Any, says: str) -> None:
    book = openpyxl.load_workbook(planned)
    tamper(book)
    book.save(planned)

    with pytest.raises(Unreadable, match=says):
        account.plan(planned)


def test_a_line_that_was_put_into_a_plan_is_none_of_it(importer: Importer, world: World, planned: Path) -> None:
    lines, before = Lines(planned), world.held()
    copied = [cell.value for cell in lines.sheet[lines.rows[0]]]
    copied[lines.columns["Level"] - 1] = 1
    copied[lines.columns["Cell"] - 1] = "Z9"
    lines.sheet.append(copied)
    lines.save()

    ran = importer("apply", planned, "--yes", "--json")

    assert ran.json["outcomes"]["invalid"] == 1
    assert world.held() == {**before, **{_cell(world, lines, row): 5 for row in lines.rows}}


def test_a_line_in_conflict_is_sent_once_somebody_approves_it(
    importer: Importer, world: World, matrix: Path, tmp_path: Path
) -> None:
    both, also = world.cells[:2]
    type_levels(matrix, world, {both: 5, also: 5})
    world.change({both: 3, also: 3})
    plan = tmp_path / "p.xlsx"
    importer("plan", matrix, "-o", plan)
    lines = Lines(plan)
    in_conflict = [row for row in range(2, lines.sheet.max_row + 1) if lines.get(row, "Planned change") == "conflict"]
    named = {_cell(world, lines, row): row for row in in_conflict}
    held, approvals = ({lines.get(row, header) for row in in_conflict} for header in ("Held now", "Approve"))
    lines.put(named[both], "Approve", "Yes")
    lines.save()

    ran = importer("apply", plan, "--yes", "--json")

    assert (held, approvals) == ({"level 3"}, {None})
    assert outcomes(ran.json["outcomes"]) == {"updated": 1, "conflict": 1, "unchanged": len(world.cells) - 3}
    assert (world.held()[both], world.held()[also]) == (5, 3)


def test_what_looks_like_a_mistake_is_told_in_the_plan_and_stops_it_unless_it_was_accepted(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    world = small_world(kantata, 8, 5)
    kantata.execute("DELETE FROM skill_memberships")
    world.hold({cell: 1 + at % 4 for at, cell in enumerate(world.cells)})
    rows = [[*cell, level + 1] for cell, level in world.held().items()]
    path = workbook(tmp_path / "shifted.xlsx", [["user_id", "skill_id", "level"], *rows])
    suspected, accepted = tmp_path / "suspected.xlsx", tmp_path / "accepted.xlsx"
    importer("plan", path, "-o", suspected)
    importer("plan", path, "-o", accepted, "--accept", "shifted")

    stopped, went = importer("apply", suspected, "--yes", "--json"), importer("apply", accepted, "--yes", "--json")

    told = [str(cell) for row in sheet_rows(suspected, "Summary") for cell in row]
    assert any("This looks like a mistake." in text for text in told)
    assert (stopped.code, stopped.json["accidents"][0]["code"]) == (4, "shifted")
    assert (went.code, went.json["outcomes"]["updated"]) == (0, 40)


def test_removals_of_a_plan_count_only_where_they_are_approved(
    importer: Importer, world: World, matrix: Path, tmp_path: Path
) -> None:
    type_levels(matrix, world, dict.fromkeys(world.cells[:2]))
    plan = tmp_path / "p.xlsx"
    importer("plan", matrix, "--mode", "mirror", "-o", plan)
    lines = Lines(plan)
    removals = [row for row in range(2, lines.sheet.max_row + 1) if lines.get(row, "Planned change") == "remove"]
    lines.put(removals[0], "Approve", NO)
    lines.save()

    stopped = importer("apply", plan, "--yes")
    ran = importer("apply", plan, "--yes", "--max-removals", 1, "--json")

    assert len(removals) == 2
    assert stopped.code == 4
    assert {name: ran.json["outcomes"][name] for name in ("removed", "not sent")} == {"removed": 1, "not sent": 1}


def test_a_plan_is_checked_and_planned_again_without_being_sent(
    importer: Importer, world: World, planned: Path
) -> None:
    before = world.held()

    checked, again = importer("check", planned, "--json"), importer("plan", planned, "--json")

    assert (checked.code, checked.json["valid"]) == (0, len(world.cells) - 1)
    assert (again.code, again.json["changes"]["update"]) == (0, 4)
    assert world.held() == before


def test_columns_of_ones_own_may_be_called_alike_and_as_ours(importer: Importer, world: World, tmp_path: Path) -> None:
    rows = [["user_id", "skill_id", "level", "Remark", "Remark", "Approve", ""]]
    rows += [[str(person), str(skill), "5", "a", "b", "no", "c"] for person, skill in world.cells[:2]]
    plan = tmp_path / "p.xlsx"
    importer("plan", workbook(tmp_path / "list.xlsx", rows), "-o", plan)

    ran = importer("apply", plan, "--yes", "--json")

    assert (ran.code, outcomes(ran.json["outcomes"])) == (0, {"updated": 2})


def test_approval_is_asked_for_in_a_workbook_alone(importer: Importer, matrix: Path) -> None:
    ran = importer("plan", matrix, "--ask-approval")

    assert ran.code == 2
    assert "-o FILE" in ran.err


def test_a_plan_in_python_is_approved_like_any_other(
    account: Account, world: World, matrix: Path, tmp_path: Path
) -> None:
    type_levels(matrix, world, {world.cells[0]: 5})
    path = account.plan(matrix).write(tmp_path / "p.xlsx", ask_approval=True)

    plan = account.plan(path)

    with pytest.raises(Guarded, match="says yes in the column Approve"):
        plan.apply()
