"""No plan changes what the sheet does not name, and nothing that cannot be read removes or lowers what a person has."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from importer import Account, Ambiguous, Guarded, RunPlan, Unreadable
from importer.model import Action
from importer.sandbox import Running
from tests.odd_cells import ODD, OddCell, odd_workbook

Key = tuple[int, int]
"""A person's id and a skill's."""

MODES = ("upsert", "add", "mirror")
UNREADABLE = ("error", "date", "formula that was never calculated", "hidden number", "hidden text")
BLANK = ("", "", "-", "n/a", "null")
NOT_HELD = ("no", "false", "none")
REMARKS = ("on leave", "ask Bo", "3+", "2-3", "4.7", "9", "#2")
CELLS = st.one_of(
    st.integers(1, 5),
    st.integers(1, 5),
    st.sampled_from([*BLANK, *NOT_HELD, 0, "x"]),
    st.sampled_from(REMARKS),
    st.sampled_from([ODD[kind] for kind in UNREADABLE]),
)


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the account; `id` is 0 for one that it does not have."""

    id: int
    name: str
    has_levels: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who a row is about; `id` is 0 for nobody that the account has, or for one of several of a name."""

    id: int
    text: str


@dataclass(slots=True)
class Sheet:
    """A sheet, and what it may do: the writes that its cells name, and the people of whom nothing may be removed."""

    rows: list[list[Any]]
    levels: dict[Key, set[int | None]] = field(default_factory=dict)
    """For each person and skill the levels that a cell says; None for a record that is there, without a level."""
    removals: set[Key] = field(default_factory=set)
    troubled: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    skills: set[int] = field(default_factory=set)
    options: dict[str, Any] = field(default_factory=dict)

    def say(self, who: Somebody, skill: Skill, cell: object, *, is_list: bool, zero: str | None) -> None:
        """Note what a cell says of a person and a skill."""
        key = (who.id, skill.id)
        if not who.id or not skill.id:
            if _is_filled(cell) or is_list:
                self.troubled.add(who.id)
            return
        if cell in BLANK:
            if is_list:
                self.levels.setdefault(key, set()).update((None, 0))
            else:
                self.removals.add(key)
        elif cell in NOT_HELD or (cell == 0 and (zero == "none" or (not is_list and not skill.has_levels))):
            self.removals.add(key)
        elif cell == "x" or (cell == 1 and not skill.has_levels):
            if skill.has_levels:
                self.troubled.add(who.id)
            else:
                self.levels.setdefault(key, set()).update((None, 0, 1))
        elif isinstance(cell, int) and (skill.has_levels or cell == 0):
            self.levels.setdefault(key, set()).add(cell)
        else:
            self.troubled.add(who.id)


def _is_filled(cell: object) -> bool:
    return isinstance(cell, OddCell) or cell not in BLANK


@dataclass(frozen=True, slots=True)
class World:
    """Some people of the account, their skills, and others that nobody of them has."""

    people: tuple[Somebody, ...]
    skills: tuple[Skill, ...]
    held: Mapping[Key, int]


def world_of(kantata: Running) -> World:
    """Four people with a few skills, two of one name, and somebody whom the account does not have."""
    people = kantata.query(
        """SELECT u.id, u.email_address FROM users u JOIN skill_memberships m ON m.user_id = u.id
        WHERE u.disabled = 0 AND u.account_id = 6300412 GROUP BY u.id HAVING count(*) BETWEEN 3 AND 6
        AND count(DISTINCT m.skill_id) = count(*) ORDER BY u.id LIMIT 4"""
    )
    marked = ", ".join(str(each["id"]) for each in people)
    records = kantata.query(f"SELECT user_id, skill_id, level FROM skill_memberships WHERE user_id IN ({marked})")
    named = ", ".join(str(each["skill_id"]) for each in records)
    skills = kantata.query(
        f"""SELECT id, name, max_level FROM skills s WHERE lower(name) <> 'scrum' AND (id IN ({named})
        OR id IN (SELECT id FROM skills WHERE max_level = 5 LIMIT 2) OR name = 'PMP') ORDER BY id"""
    )
    return World(
        (
            *(Somebody(each["id"], each["email_address"]) for each in people),
            Somebody(0, "nobody@example.com"),
            Somebody(0, "Maria Silva"),
        ),
        (
            *(Skill(each["id"], each["name"], each["max_level"] > 1) for each in skills),
            Skill(0, "Basket Weaving", has_levels=True),
        ),
        {(each["user_id"], each["skill_id"]): each["level"] for each in records},
    )


def list_of(draw: st.DrawFn, world: World) -> Sheet:
    """A list, with or without a column of levels."""
    has_level = draw(st.booleans())
    zero = draw(st.sampled_from([None, None, "none"]))
    sheet = Sheet([["email" if draw(st.booleans()) else "user", "skill", *(["level"] if has_level else []), "remark"]])
    sheet.options = {"levels": "0=none"} if zero else {}
    for _ in range(draw(st.integers(1, 7))):
        who, skill = draw(st.sampled_from(world.people)), draw(st.sampled_from(world.skills))
        cell = draw(CELLS) if has_level else ""
        sheet.rows.append([who.text, skill.name, *([cell] if has_level else []), draw(st.sampled_from(["", "3"]))])
        sheet.people.add(who.id)
        sheet.say(who, skill, cell, is_list=True, zero=zero)
    named = {(who, skill) for who, skill in sheet.levels}
    sheet.removals |= {key for key in world.held if key[0] in sheet.people and key not in named}
    sheet.skills = {key[1] for key in (*world.held, *sheet.levels)}
    return sheet


def matrix_of(draw: st.DrawFn, world: World) -> Sheet:
    """A matrix of some people and some skills."""
    skills = draw(st.lists(st.sampled_from(world.skills), min_size=2, max_size=5, unique=True))
    people = draw(st.lists(st.sampled_from(world.people), min_size=2, max_size=6, unique=True))
    zero = draw(st.sampled_from(["none", "0"]))
    sheet = Sheet([["Name", *(skill.name for skill in skills), "Remarks"]], options={"levels": f"0={zero}"})
    for who in people:
        cells = draw(st.lists(CELLS, min_size=len(skills), max_size=len(skills)))
        sheet.rows.append([who.text, *cells, draw(st.sampled_from(["", "ok", "Total"]))])
        sheet.people.add(who.id)
        for skill, cell in zip(skills, cells, strict=True):
            sheet.say(who, skill, cell, is_list=False, zero=zero)
    sheet.skills = {skill.id for skill in skills}
    return sheet


def writes_of(plan: RunPlan) -> Iterator[tuple[Action, Key, int | None, int | None]]:
    """Each write of a plan: what it does, to whom and which skill, the level that it sets, and the level before."""
    for change in plan.prepared.plan.changes.values():
        if change.action is not Action.LEAVE:
            user, skill = map(int, change.key)
            levels = [each.get("level") for each in (change.fields, change.before or {})]
            new, old = (None if level is None else int(level) for level in levels)
            yield change.action, (user, skill), new, old


def wrong_writes(sheet: Sheet, plan: RunPlan, mode: str) -> list[str]:
    """The writes of a plan that its sheet does not ask for."""
    found = []
    has_levels = len(sheet.rows[0]) > 3
    has_zeros = any(cell == 0 for row in sheet.rows for cell in row)
    for action, key, new, old in writes_of(plan):
        is_removal, is_update = action is Action.REMOVE, action is Action.UPDATE
        said = sheet.levels.get(key, ())
        checks = {
            "the sheet does not name them": key[0] not in sheet.people or key[1] not in sheet.skills,
            "no cell asks for it": is_removal and (mode != "mirror" or key not in sheet.removals),
            "something of this person cannot be read": is_removal and key[0] in sheet.troubled,
            f"no cell says so, but {said}": not is_removal and new not in said,
            "a record is changed": is_update and mode == "add",
            "there is no column of levels": is_update and not has_levels,
            "a level is lost": is_update and not new and mode != "mirror" and not has_zeros,
        }
        found += [f"{mode}: {action} {key} {old} to {new}: {why}" for why, is_wrong in checks.items() if is_wrong]
    return found


@pytest.mark.parametrize("build", [list_of, matrix_of], ids=["list", "matrix"])
def test_no_plan_changes_what_the_sheet_does_not_name_and_what_cannot_be_read_lowers_or_removes_nothing(
    kantata: Running, tmp_path: Path, build: Any
) -> None:
    world = world_of(kantata)
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path / "state", settle_wait_s=0.1)

    @given(sheet=st.composite(build)(world), mode=st.sampled_from(MODES))
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    def law(sheet: Sheet, mode: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = odd_workbook(Path(folder) / "sheet.xlsx", sheet.rows)
            try:
                plan = account.plan(path, mode=mode, no_aliases=True, **sheet.options)
            except (Ambiguous, Guarded, Unreadable) as error:  # nothing is planned, so nothing changes
                event(f"refused: {error.said.code}")
                return
        event("planned")
        assert wrong_writes(sheet, plan, mode) == [], sheet.rows

    law()
