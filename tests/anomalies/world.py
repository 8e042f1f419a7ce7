"""Accounts, honest quarterly updates of them, and accidents, each made from a seed; and the plans that they come to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random

from importer import endpoints
from importer.model import Action, CellRef, Change, Mode, Outcome, Result
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.detect import Evidence, detect_anomalies
from importer.sync.plan import Plan
from importer.table import Arrangement

Cell = tuple[int, int]
"""A person and a skill."""
Levels = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Quarter:
    """What the account holds, and what this quarter's sheet says; people and skills stand in the order given."""

    held: Levels
    sheet: Levels
    people: tuple[int, ...]
    skills: tuple[int, ...]
    arrangement: Arrangement = Arrangement.CELLS
    mode: Mode = Mode.UPSERT
    invalid: int = 0

    def plan(self) -> Plan:
        """The plan of loading the sheet."""
        row_of = {person: row for row, person in enumerate(self.people, 5)}
        column_of = {skill: column for column, skill in enumerate(self.skills, 2)}
        cells = sorted(self.sheet, key=lambda cell: (row_of[cell[0]], column_of[cell[1]]))
        changes = {}
        for number, (person, skill) in enumerate(cells, 2):
            at = (
                CellRef(number)
                if self.arrangement is Arrangement.ROWS
                else CellRef.at(row_of[person], column_of[skill])
            )
            changes[at] = _change(at, (person, skill), self.sheet[person, skill], self.held.get((person, skill)))
        beyond = []
        if self.mode is Mode.MIRROR:
            shown = {person for person, _ in self.sheet}
            first = max(changes, default=1) + 1
            for number, cell in enumerate(sorted(self.held.keys() - self.sheet.keys()), first):
                at = CellRef(number)
                if cell[0] in shown:
                    changes[at] = _change(at, cell, None, self.held[cell])
                    beyond.append(at)
        invalid = {CellRef(10**9 + at): Result(Outcome.INVALID) for at in range(self.invalid)}
        return Plan(endpoints.load("skill-memberships"), self.mode, changes, invalid, (), tuple(beyond))

    def accidents(self) -> tuple[Anomaly, ...]:
        """What is seen of it."""
        plan = self.plan()
        seen = Evidence(
            self.arrangement,
            person=lambda at: f"P{plan.changes[CellRef(at)].key[0]}",
            skill=lambda at: f"S{plan.changes[CellRef(at)].key[1]}",
            row=lambda at: at if self.arrangement is Arrangement.ROWS else CellRef(at).row,
        )
        return detect_anomalies(plan, seen, self._held_by)

    def _held_by(self, people: Iterable[str]) -> dict[tuple[str, str], int]:
        wanted = set(people)
        return {(str(who), str(what)): level for (who, what), level in self.held.items() if str(who) in wanted}

    def codes(self) -> list[str]:
        """The codes of what is seen."""
        return [each.code.value for each in self.accidents()]


def _change(at: CellRef, cell: Cell, wanted: int | None, held: int | None) -> Change:
    key = (str(cell[0]), str(cell[1]))
    before = None if held is None else {"level": held}
    id_ = None if held is None else f"{cell[0]}{cell[1]:04}"
    if wanted is None:
        return Change(at, key, Action.REMOVE, {}, id_, before)
    action = Action.CREATE if held is None else Action.LEAVE if held == wanted else Action.UPDATE
    return Change(at, key, action, {"user_id": cell[0], "skill_id": cell[1], "level": wanted}, id_, before)


# ---- honest


def account(random: Random, people: int, skills: int, filled: float) -> tuple[dict[Cell, int], list[int], list[int]]:
    """Levels of people: some know more than others, some skills are known better, and some are seldom known."""
    who, what = list(range(101, 101 + people)), list(range(1001, 1001 + skills))
    strength = {person: random.gauss(0, 0.8) for person in who}
    ease = {skill: random.gauss(3, 0.7) for skill in what}
    held = {
        (person, skill): max(1, min(5, round(ease[skill] + strength[person] + random.gauss(0, 0.9))))
        for person in who
        for skill in what
        if random.random() < filled
    }
    return held, who, what


def honest(random: Random, *, largest: int = 60) -> Quarter:
    """A quarter as it should be: a part of the levels rise, a few fall, people and skills come and go."""
    people, skills = random.choice((3, 5, 8, 10, 20, 40, largest)), random.choice((2, 4, 8, 15, 30))
    held, who, what = account(random, people, skills, random.choice((0.3, 0.6, 0.95, 1.0)))
    rising, falling = random.uniform(0.02, 0.3), random.uniform(0, 0.05)
    sheet = {}
    for cell, level in held.items():
        dice = random.random()
        by = random.choice((1, 1, 1, 2)) if dice < rising else -1 if dice > 1 - falling else 0
        sheet[cell] = max(1, min(5, level + by))
    if random.random() < 0.5:  # a team was trained in one skill
        skill = random.choice(what)
        team = set(random.sample(who, k=max(2, len(who) * random.choice((1, 2, 4)) // 4)))
        sheet |= {cell: min(5, level + 1) for cell, level in sheet.items() if cell[1] == skill and cell[0] in team}
    for person in random.sample(who, k=len(who) // 12):  # they left
        who.remove(person)
        sheet = {cell: level for cell, level in sheet.items() if cell[0] != person}
    for new in range(901, 901 + random.choice((0, 0, 1, len(who) // 5))):
        who.insert(random.randint(0, len(who)), new)
        sheet |= {(new, skill): random.randint(1, 4) for skill in what if random.random() < 0.6}
    for new in range(1901, 1901 + random.choice((0, 0, 1, 2))):
        what.insert(random.randint(0, len(what)), new)
        sheet |= {(person, new): random.randint(1, 3) for person in who if random.random() < 0.5}
    for cell in [cell for cell in sheet if random.random() < 0.03]:  # no longer told
        del sheet[cell]
    random.shuffle(what)
    if random.random() < 0.2:  # the sheet stands sorted by one of its skills
        by_skill = random.choice(what)
        who.sort(key=lambda person: sheet.get((person, by_skill), 9))
    arrangement = random.choice((Arrangement.CELLS, Arrangement.CELLS, Arrangement.ROWS))
    return Quarter(
        held, sheet, tuple(who), tuple(what), arrangement, random.choice((Mode.UPSERT, Mode.UPSERT, Mode.ADD))
    )


def changes_only(random: Random) -> Quarter:
    """A list of the changes alone, most of them one level up."""
    whole = replace(honest(random), arrangement=Arrangement.ROWS)
    changed = {cell: level for cell, level in whole.sheet.items() if whole.held.get(cell) != level}
    return replace(whole, sheet=changed or whole.sheet)


# ---- accidents


def shift(by: int) -> Callable[[Quarter, Random], Quarter]:
    """Every level counted from another lowest one; what falls out of the scale is invalid."""

    def happen(quarter: Quarter, _random: Random) -> Quarter:
        moved = {cell: level + by for cell, level in quarter.sheet.items() if 0 <= level + by <= 5}
        return replace(quarter, sheet=moved, invalid=len(quarter.sheet) - len(moved))

    return happen


def invert(quarter: Quarter, _random: Random) -> Quarter:
    """1 is the best."""
    return replace(quarter, sheet={cell: 6 - level for cell, level in quarter.sheet.items()})


def row_off(by: int) -> Callable[[Quarter, Random], Quarter]:
    """All levels pasted so many rows lower."""

    def happen(quarter: Quarter, _random: Random) -> Quarter:
        if quarter.arrangement is Arrangement.ROWS:
            cells = _in_order(quarter)
            pairs = zip(cells[by:], cells, strict=False) if by > 0 else zip(cells, cells[-by:], strict=False)
            return replace(quarter, sheet={here: quarter.sheet[there] for here, there in pairs})
        at = {person: number for number, person in enumerate(quarter.people)}
        moved = {
            (quarter.people[at[person] + by], skill): level
            for (person, skill), level in quarter.sheet.items()
            if 0 <= at[person] + by < len(quarter.people)
        }
        return replace(quarter, sheet=moved)

    return happen


def column_off(quarter: Quarter, random: Random) -> Quarter:
    """The levels of one column pasted a row lower."""
    skill = _fullest(quarter, random)
    moved = row_off(1)(replace(quarter, arrangement=Arrangement.CELLS), random).sheet
    kept = {cell: level for cell, level in quarter.sheet.items() if cell[1] != skill}
    return replace(quarter, sheet=kept | {cell: level for cell, level in moved.items() if cell[1] == skill})


def sort_column(quarter: Quarter, random: Random) -> Quarter:
    """One column sorted by itself; its blanks go to the end."""
    if quarter.arrangement is Arrangement.ROWS:
        cells = _in_order(quarter)
        return replace(quarter, sheet=dict(zip(cells, sorted(quarter.sheet.values()), strict=True)))
    skill = _fullest(quarter, random)
    levels = sorted(level for cell, level in quarter.sheet.items() if cell[1] == skill)
    kept = {cell: level for cell, level in quarter.sheet.items() if cell[1] != skill}
    column = {(person, skill): level for person, level in zip(quarter.people, levels, strict=False)}
    return replace(quarter, sheet=kept | column)


def sort_people(quarter: Quarter, random: Random) -> Quarter:
    """The people's column sorted by itself."""
    order = list(quarter.people)
    random.shuffle(order)
    to = dict(zip(quarter.people, order, strict=True))
    moved = {(to[person], skill): level for (person, skill), level in quarter.sheet.items()}
    return replace(quarter, sheet=moved, people=tuple(order))


def _in_order(quarter: Quarter) -> list[Cell]:
    rows, columns = quarter.people, quarter.skills
    at = {person: number for number, person in enumerate(rows)} | {s: n for n, s in enumerate(columns)}
    return sorted(quarter.sheet, key=lambda cell: (at[cell[0]], at[cell[1]]))


def _fullest(quarter: Quarter, _random: Random) -> int:
    counts = dict.fromkeys(quarter.skills, 0)
    for cell in quarter.sheet.keys() & quarter.held.keys():
        counts[cell[1]] += 1
    return max(counts, key=lambda skill: counts[skill])
