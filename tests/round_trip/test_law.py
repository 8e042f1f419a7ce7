"""Whatever people, programs and colleagues do in whatever order: no change of another person is ever overwritten unless
somebody said so, and no edit of a sheet is lost without being told.

A model of what each file says, and of what the account held when it was written, foretells what every load does.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from importer import Account, RunReport, Target
from importer.sandbox import Running, running
from tests.round_trip.test_edits import insert_column, insert_title, libreoffice, sort_people
from tests.round_trip.test_plans import Lines
from tests.round_trip.world import SHEET, Cell, World, edited, outcomes, small_world, type_into_text, type_levels

RUNS, STEPS = 45, 40
ALL_STEPS = int(os.environ.get("ROUND_TRIP_STEPS", "700"))
"""How many steps are taken at least; each test run takes some, and whoever changes the merge asks for more."""
MOST_FILES = 4
SAVES = 5
"""How often LibreOffice saves a file in all: it takes seconds each time."""
LEVEL = st.integers(1, 4)


@dataclass
class Sheet:
    """What a file says, and what the account held of each cell when it was written, as far as the file knows."""

    path: Path
    kind: str
    said: dict[Cell, int | None]
    was: dict[Cell, int | None]
    moved: bool = False
    """Whether its rows do not stand any more where a run has seen them."""
    stamps: dict[Cell, tuple[int, str]] = field(default_factory=dict)


@dataclass
class Planned:
    """A plan: what each line wants, what was held when it was made, whether it is approved, whether it was edited."""

    path: Path
    wanted: dict[Cell, int]
    held: dict[Cell, tuple[int, str, int] | None]
    approved: set[Cell] = field(default_factory=set)
    edited: set[Cell] = field(default_factory=set)


@dataclass
class LastRun:
    """The last run that wrote something, what was held before and after it, and what others have changed since."""

    report: RunReport
    before: dict[Cell, int | None]
    left: dict[Cell, int | None]
    touched: set[Cell] = field(default_factory=set)


@dataclass
class Tally:
    """What all runs of the machine went through."""

    steps: int = 0
    loads: int = 0
    changes: int = 0
    kept: int = 0
    conflicts: int = 0
    saves: int = 0
    kills: int = 0


class RoundTrip(RuleBasedStateMachine):
    """Exports, edits, changes of others, plans, approvals, loads and undos, in any order.

    What is drawn never depends on what the account holds, since where a killed run stopped is different each time.
    """

    world: World
    account: Account
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="round-trip-"))
        self.sheets: list[Sheet] = []
        self.plans: list[Planned] = []
        self.last: LastRun | None = None
        self.number = 0
        self.world.hold({cell: 1 + at % 4 for at, cell in enumerate(self.world.cells[:-2])})
        # One cell is let alone, so that no file of this account is ever empty.
        self.cells = self.world.cells[1:]

    def teardown(self) -> None:
        """Let the files go."""
        shutil.rmtree(self.folder)

    def _path(self, suffix: str = ".xlsx") -> Path:
        self.tally.steps += 1
        self.number += 1
        return self.folder / f"{self.number}{suffix}"

    def _held(self) -> dict[Cell, int | None]:
        held = self.world.held()
        return {cell: held.get(cell) for cell in self.world.cells}

    def _records(self) -> dict[Cell, tuple[int, str, int]]:
        """The id, the time and the level of each record."""
        rows = self.world.kantata.query("SELECT id, user_id, skill_id, updated_at, level FROM skill_memberships")
        return {(row["user_id"], row["skill_id"]): (row["id"], row["updated_at"], row["level"]) for row in rows}

    # ---- what comes out of the account

    @precondition(lambda self: len(self.sheets) < MOST_FILES)
    @rule(kind=st.sampled_from(["export", "template"]))
    def export_matrix(self, kind: str) -> None:
        """Somebody exports the matrix, or takes a template with what the account holds."""
        path = self._path()
        if kind == "export":
            self.world.export_matrix(self.account, path)
        else:
            self.account.write_template("skill-memberships", path, matrix=True, **self.world.options)
        held = self._held()
        self.sheets.append(Sheet(path, "matrix", dict(held), dict(held)))

    @precondition(lambda self: len(self.sheets) < MOST_FILES)
    @rule()
    def export_list(self) -> None:
        """Somebody exports the list as text, which carries no base but the id and the time of each record."""
        path = self._path(".csv")
        self.account.export_list("skill-memberships", Target(path, "csv"), **self.world.options)
        held = {cell: level for cell, level in self._held().items() if level is not None}
        stamps = {cell: (id_, time) for cell, (id_, time, _) in self._records().items()}
        self.sheets.append(Sheet(path, "text", dict(held), {}, stamps=stamps))

    # ---- what people do

    @precondition(lambda self: self.sheets)
    @rule(data=st.data(), level=st.one_of(st.none(), LEVEL, LEVEL))
    def edit(self, data: st.DataObject, level: int | None) -> None:
        """Somebody types a level into some cells of a file, or clears them."""
        self.tally.steps += 1
        sheet = data.draw(st.sampled_from(self.sheets))
        typed = dict.fromkeys(self._some_cells(data) & sheet.said.keys(), level)
        if sheet.kind != "text":
            type_levels(sheet.path, self.world, typed, SHEET)
            sheet.said |= typed
        elif level is not None:
            type_into_text(sheet.path, typed)
            sheet.said |= typed

    @precondition(lambda self: any(sheet.kind == "matrix" for sheet in self.sheets))
    @rule(data=st.data(), how=st.sampled_from([sort_people, insert_column, insert_title, None]))
    def rearrange(self, data: st.DataObject, how: Any) -> None:
        """Somebody sorts the sheet, or puts in a column or a title; or a person's row is deleted."""
        self.tally.steps += 1
        sheet = data.draw(st.sampled_from([sheet for sheet in self.sheets if sheet.kind == "matrix"]))
        book = openpyxl.load_workbook(sheet.path)
        if how is not None:
            how(book[SHEET])
            book.save(sheet.path)
            return
        person = data.draw(st.sampled_from(list(self.world.people)[1:]))
        if any(other == person for other, _ in sheet.said):
            with edited(sheet.path) as matrix:
                row = matrix.row_of(person)
                assert row is not None
                matrix.sheet.delete_rows(row)
            sheet.said = {cell: level for cell, level in sheet.said.items() if cell[0] != person}

    @precondition(lambda self: any(sheet.kind == "matrix" for sheet in self.sheets))
    @rule(data=st.data())
    def save_by_libreoffice(self, data: st.DataObject) -> None:
        """A program saves the file in its own way."""
        sheet = data.draw(st.sampled_from([sheet for sheet in self.sheets if sheet.kind == "matrix"]))
        if self.tally.saves < SAVES and shutil.which("soffice") is not None:
            self.tally.saves += 1
            saved = libreoffice(sheet.path, self._path("").parent / "saved", "xlsx")
            shutil.copy(saved, sheet.path)

    @rule(data=st.data(), level=st.one_of(st.none(), LEVEL, LEVEL))
    def somebody_else_changes(self, data: st.DataObject, level: int | None) -> None:
        """Somebody changes levels in Kantata."""
        self.tally.steps += 1
        cells = self._some_cells(data)
        held = self._held()
        changed = [cell for cell in sorted(cells) if held[cell] != level]
        self.tally.changes += len(changed)
        self.world.change(dict.fromkeys(changed, level))
        if self.last is not None:
            self.last.touched.update(changed)

    def _some_cells(self, data: st.DataObject) -> set[Cell]:
        return set(data.draw(st.lists(st.sampled_from(self.cells), min_size=1, max_size=4, unique=True)))

    # ---- what is loaded

    @precondition(lambda self: self.sheets)
    @rule(
        data=st.data(),
        mode=st.sampled_from(["upsert", "add", "mirror"]),
        on_conflict=st.sampled_from(["keep", "keep", "overwrite"]),
        keep_result=st.booleans(),
    )
    def load_in_some_mode(self, data: st.DataObject, mode: str, on_conflict: str, *, keep_result: bool) -> None:
        """Somebody loads a file in another mode than the usual one, or says that it counts."""
        self._load(data, mode, on_conflict, keep_result=keep_result)

    @precondition(lambda self: self.sheets)
    @rule(data=st.data(), keep_result=st.booleans())
    def load(self, data: st.DataObject, *, keep_result: bool) -> None:
        """Somebody loads a file."""
        self._load(data, "upsert", "keep", keep_result=keep_result)

    def _load(self, data: st.DataObject, mode: str, on_conflict: str, *, keep_result: bool) -> None:
        self.tally.steps += 1
        sheet = data.draw(st.sampled_from(self.sheets))
        mode = "upsert" if sheet.kind != "matrix" else mode
        before, records = self._held(), self._records()
        expected = {
            cell: self._expected(sheet, cell, before[cell], records.get(cell), mode, overwrites=on_conflict != "keep")
            for cell in sheet.said
        }
        plan = self.account.plan(sheet.path, mode=mode, on_conflict=on_conflict)
        report = plan.apply(max_removals=99, accept=[each.code.value for each in plan.anomalies])
        self._note_run(report, before)

        after = self._held()
        wanted = {**before, **{cell: level for cell, (_, level) in expected.items()}}
        assert after == wanted, (sheet, mode, on_conflict, before)
        conflicts = [cell for cell, (outcome, _) in expected.items() if outcome == "conflict"]
        assert report.counts["conflict"] == len(conflicts), (sheet, mode, before)
        self._every_edit_is_told(sheet, after, report, set(conflicts), mode)
        self.tally.loads += 1
        self.tally.conflicts += len(conflicts)
        self.tally.kept += len(plan.prepared.plan.kept)
        if keep_result and sheet.kind == "matrix" and mode == "upsert":
            self._take_result(sheet, report, before, after, expected)

    @precondition(lambda self: any(sheet.kind == "matrix" for sheet in self.sheets))
    @rule(data=st.data(), dies_at=st.integers(1, 4), which=st.integers(0, 99), level=st.one_of(st.none(), LEVEL))
    def load_is_killed_and_goes_on(self, data: st.DataObject, dies_at: int, which: int, level: int | None) -> None:
        """A load dies, somebody changes a level before it goes on, and it keeps that."""
        self.tally.steps += 1
        sheet = data.draw(st.sampled_from([sheet for sheet in self.sheets if sheet.kind == "matrix"]))
        before = self._held()
        plan = self.account.plan(sheet.path)
        wanted = {
            (int(change.key[0]), int(change.key[1])): int(str(change.fields["level"]))
            for change in plan.prepared.plan.changes.values()
            if change.action.value in ("create", "update")
        }
        if not wanted:
            return
        events = iter(range(1, 100))

        def die(_event: object) -> None:
            if next(events) == dies_at:
                raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            plan.apply(on_event=die, accept=[each.code.value for each in plan.anomalies])
        died = self._held()
        # What another process has changed meanwhile cannot be told from what was never sent, if it is as before.
        cell = sorted(wanted)[which % len(wanted)]
        if died[cell] != level:
            self.tally.changes += 1
            self.world.change({cell: level})
        self.account.resume()
        self.last = None
        self.tally.kills += 1

        after = self._held()
        for each, value in wanted.items():
            if each == cell and died[cell] != level:
                is_as_planned = level == before[cell] and died[cell] == before[cell]
                assert after[each] in ((level, value) if is_as_planned or level == before[cell] else (level,))
            else:
                assert after[each] == value
        assert {each: level for each, level in after.items() if each not in wanted} == {
            each: level for each, level in before.items() if each not in wanted
        }

    def _expected(
        self,
        sheet: Sheet,
        cell: Cell,
        now: int | None,
        record: tuple[int, str, int] | None,
        mode: str,
        *,
        overwrites: bool,
    ) -> tuple[str, int | None]:
        """What becomes of a cell, and what the account holds then."""
        said = sheet.said[cell]
        if sheet.kind == "text":
            return self._expected_of_text(sheet, cell, now, record, overwrites=overwrites)
        was = sheet.was[cell]
        if said == was:
            return "unchanged", now
        if said is None and (mode != "mirror" or now is None):
            return "", now
        if said == now or (mode == "add" and now is not None):
            return "unchanged", now
        return ("sent", said) if now == was or overwrites else ("conflict", now)

    def _expected_of_text(
        self, sheet: Sheet, cell: Cell, now: int | None, record: tuple[int, str, int] | None, *, overwrites: bool
    ) -> tuple[str, int | None]:
        """The same where only the id and the time of a record tell whether it was changed."""
        said = sheet.said[cell]
        if said == now:
            return "unchanged", now
        is_as_exported = record is not None and record[:2] == sheet.stamps.get(cell)
        return ("sent", said) if is_as_exported or overwrites else ("conflict", now)

    def _every_edit_is_told(
        self, sheet: Sheet, after: dict[Cell, int | None], report: RunReport, conflicts: set[Cell], mode: str
    ) -> None:
        """Each cell that was edited is in the account, in conflict, or counted as cleared; `add` changes no record."""
        lost = [cell for cell, said in sheet.said.items() if said != sheet.was.get(cell) and after[cell] != said]
        cleared = [cell for cell in lost if cell not in conflicts and sheet.said[cell] is None]
        told = sum(int(note.split(" ")[0]) for note in report.summary.run_input.notes if " blank now" in note)
        if sheet.kind == "matrix":
            assert told == (len(cleared) if mode != "mirror" else 0)
        left = [cell for cell in lost if cell not in conflicts and cell not in cleared]
        assert mode == "add" or not left, (sheet, left)

    def _note_run(self, report: RunReport, before: dict[Cell, int | None]) -> None:
        written = sum(report.counts[each] for each in ("created", "updated", "removed"))
        if written:
            self.last = LastRun(report, before, self._held())

    def _take_result(
        self,
        sheet: Sheet,
        report: RunReport,
        before: dict[Cell, int | None],
        after: dict[Cell, int | None],
        expected: dict[Cell, tuple[str, int | None]],
    ) -> None:
        """Go on with the result workbook: what was kept there is known as it was, and all else as it is."""
        path = report.write(self._path())
        was = dict(sheet.was)
        for cell, (outcome, _) in expected.items():
            is_kept = outcome == "unchanged" and sheet.said[cell] == sheet.was[cell] != before[cell]
            if sheet.said[cell] is not None and not is_kept:
                was[cell] = after[cell]
        self.sheets[self.sheets.index(sheet)] = Sheet(path, "result", dict(sheet.said), was)

    # ---- what is approved

    @precondition(lambda self: any(sheet.kind != "text" for sheet in self.sheets) and len(self.plans) < 2)
    @rule(data=st.data(), seed=st.integers(0, 1 << 16), asks=st.booleans())
    def make_plan(self, data: st.DataObject, seed: int, *, asks: bool) -> None:
        """Somebody makes a plan of a file; it is approved in part, and a line of it is edited."""
        sheet = data.draw(st.sampled_from([sheet for sheet in self.sheets if sheet.kind != "text"]))
        path = self._path()
        self.account.plan(sheet.path).write(path, ask_approval=asks)
        lines, random, records = Lines(path), Random(seed), self._records()
        named = {name: id_ for id_, name in self.world.skills.items()}
        planned = Planned(path, {}, {})
        for row in range(2, lines.sheet.max_row + 1):
            if lines.get(row, "Planned change") not in ("create", "update"):
                continue
            cell = (int(lines.get(row, "user_id")), named[lines.get(row, "Skill")])
            planned.wanted[cell], planned.held[cell] = int(lines.get(row, "Level")), records.get(cell)
            says = random.choice(["yes", "no", None, "Yes"]) if asks else random.choice(["yes", "yes", "no"])
            lines.put(row, "Approve", says)
            if str(says).lower() == "yes":
                planned.approved.add(cell)
            if random.random() < 0.1:
                lines.put(row, "Level", 1 + planned.wanted[cell] % 5)
                planned.edited.add(cell)
        lines.save()
        self.plans.append(planned)

    @precondition(lambda self: self.plans)
    @rule(data=st.data())
    def apply_plan(self, data: st.DataObject) -> None:
        """Somebody applies a plan that was approved, however much later."""
        self.tally.steps += 1
        planned = data.draw(st.sampled_from(self.plans))
        self.plans.remove(planned)
        before, records = self._held(), self._records()
        wanted, conflicts = dict(before), 0
        for cell in planned.approved - planned.edited:
            held, now = planned.held[cell], records.get(cell)
            is_same = held == now or (held is not None and now is not None and (held[0], held[2]) == (now[0], now[2]))
            if is_same:
                wanted[cell] = planned.wanted[cell]
            elif now is None or now[2] != planned.wanted[cell] or (held is not None and held[0] != now[0]):
                conflicts += 1
        plan = self.account.plan(planned.path)
        if not planned.approved - planned.edited:
            assert plan.writes == 0
            return
        report = plan.apply(accept=[each.code.value for each in plan.anomalies])
        self._note_run(report, before)

        assert self._held() == wanted, (planned, before)
        counts = outcomes(report.counts)
        assert counts.get("conflict", 0) >= conflicts
        assert counts.get("invalid", 0) == len(planned.edited)
        assert counts.get("not sent", 0) == len(set(planned.wanted) - planned.approved - planned.edited)

    # ---- what is put back

    @rule()
    def undo(self) -> None:
        """Somebody undoes the last run, if there is one: what others have changed since stays as they left it."""
        if self.last is None:
            return
        self.tally.steps += 1
        last, now = self.last, self._held()
        last.report.undo()
        self.last = None

        after = self._held()
        for cell in self.world.cells:
            if now[cell] != last.left[cell]:
                assert after[cell] == now[cell]
            elif cell in last.touched:  # changed, and changed back
                assert after[cell] in (now[cell], last.before[cell])
            else:
                assert after[cell] == last.before[cell]


@pytest.fixture(scope="module")
def kantata_of_few() -> Iterator[Running]:
    """A sandbox with few people, so that a step takes little time."""
    with running(users=60) as server:
        yield server


@pytest.mark.timeout(900)
def test_no_change_of_another_person_is_overwritten_and_no_edit_is_lost_without_being_told(
    kantata_of_few: Running, tmp_path: Path, record_property: Any
) -> None:
    tally = Tally()

    class Machine(RoundTrip):
        """The machine in this sandbox."""

    Machine.world = small_world(kantata_of_few, people=3, skills=3)
    Machine.account = Account(
        kantata_of_few.token, base_url=kantata_of_few.url, folder=tmp_path / "state", settle_wait_s=0.1
    )
    Machine.tally = tally

    some_runs = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # How many steps a run takes is Hypothesis's to choose; and runs in which nothing was merged show nothing.
    while tally.steps < ALL_STEPS or not (tally.kept and tally.conflicts):
        run_state_machine_as_test(Machine, settings=some_runs)

    record_property("round trip", vars(tally))
