"""Every schedule within a bound: each life of a process is lived with every sequence of choices, from every state in
which an earlier one may have left journal and account.

Two ends that cannot be told apart are gone on from once. Knows nothing of what is chosen.
"""

import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.clock import Clock
from tests.schedules import ends
from tests.schedules.life import FILES, End, Life, Rest, beginning, state_of
from tests.schedules.model import ROW_OF, WORLDS, Choice, Sort

MEMORY = Path("/dev/shm")
"""Where files are in memory, on systems that have such a folder."""

Path_ = tuple[tuple[int, ...], ...]


class Bound(NamedTuple):
    """How much may go otherwise than well in one schedule: in all, how often the process dies, how much else."""

    all: int
    deaths: int
    others: int

    def after(self, sort: Sort) -> "Bound | None":
        """What is left after a choice; None if it is not within the bound."""
        if sort is Sort.FREE:
            return self
        dies = sort is Sort.DEATH
        left = Bound(self.all - 1, self.deaths - dies, self.others - (not dies))
        return None if min(left) < 0 else left

    def covers(self, other: "Bound") -> bool:
        return all(ours >= theirs for ours, theirs in zip(self, other, strict=True))


class Schedule(NamedTuple):
    """A world, and the choices of each life: for every life the number chosen at each moment, up to the last choice
    that was not the first.
    """

    world: str
    lives: tuple[tuple[int, ...], ...]

    def __str__(self) -> str:
        return f"{self.world}/" + "/".join(".".join(map(str, life)) for life in self.lives)

    @classmethod
    def of(cls, text: str) -> "Schedule":
        """The schedule that is written so."""
        world, *lives = text.split("/")
        return cls(world, tuple(tuple(map(int, filter(None, life.split(".")))) for life in lives))


class Wrong(NamedTuple):
    """A schedule that ends otherwise than the model allows."""

    schedule: Schedule
    story: tuple[str, ...]
    what: tuple[str, ...]

    def __str__(self) -> str:
        told = "; ".join(self.story) or "all goes well"
        return "\n    ".join((f"{self.schedule}\n    {told}", *self.what))


@dataclass
class Report:
    """What was tried."""

    lives: int = 0
    schedules: int = 0
    """Schedules from the first request to the end of the run."""
    transitions: Counter[str] = field(default_factory=Counter)
    states: set[int] = field(default_factory=set)
    """States in which a process may end: of journal and account together."""
    wrong: list[Wrong] = field(default_factory=list)
    took_s: float = 0.0


class Chooser:
    """Chooses as it is told, and then always the first; notes what was there to choose from."""

    def __init__(self, told: Sequence[int]) -> None:
        self._told = told
        self.choices: list[Sequence[Choice]] = []
        self.chosen: list[Choice] = []

    def __call__(self, choices: Sequence[Choice]) -> Choice:
        at = len(self.chosen)
        chosen = choices[self._told[at] if at < len(self._told) else 0]
        self.choices.append(choices)
        self.chosen.append(chosen)
        return chosen


class _Start(NamedTuple):
    rest: Rest
    bound: Bound
    lives: tuple[tuple[int, ...], ...]
    story: tuple[str, ...]


@dataclass
class Exploration:
    """The schedules of one world within a bound."""

    world: str
    report: Report
    folder: Path
    stop_at_first: bool = False
    _known: dict[tuple[object, ...], list[Bound]] = field(default_factory=dict)

    def explore(self, bound: Bound) -> None:
        """Live every schedule within the bound."""
        began = time.perf_counter()
        starts = [_Start(beginning(_emptied(self.folder)), bound, (), ())]
        while starts and not (self.stop_at_first and self.report.wrong):
            start = starts.pop()
            for told, left, chooser, end in self._lives(start):
                starts += self._go_on(start, told, left, chooser, end)
                if self.stop_at_first and self.report.wrong:
                    break
        self.report.took_s += time.perf_counter() - began

    def _lives(self, start: _Start) -> Iterator[tuple[tuple[int, ...], Bound, Chooser, End]]:
        """Every life from here, each with what its choices leave of the bound."""
        untried: list[tuple[tuple[int, ...], Bound]] = [((), start.bound)]
        while untried:
            told, left = untried.pop()
            chooser = Chooser(told)
            end = self._live(start.rest, chooser)
            for at in range(len(told), len(chooser.choices)):
                for number, choice in enumerate(chooser.choices[at][1:], 1):
                    after = left.after(choice.sort)
                    if after is not None:
                        untried.append(((*told, *[0] * (at - len(told)), number), after))
            yield told, left, chooser, end

    def _live(self, rest: Rest, chooser: Chooser) -> End:
        life = Life(WORLDS[self.world], self.folder, chooser, Clock())
        return life.live(rest)

    def _go_on(
        self, start: _Start, told: tuple[int, ...], left: Bound, chooser: Chooser, end: End
    ) -> list[_Start]:
        """What to live next; none if the run is at its end, or its state is known."""
        report = self.report
        report.lives += 1
        report.transitions.update(choice.name for choice in chooser.chosen)
        story = (*start.story, *(each.name for each in chooser.chosen if each.sort is not Sort.FREE))
        lives = (*start.lives, told)
        wrong = list(end.wrong)
        if end.told is not None:
            report.schedules += 1
            moments = [*end.reads, {key: end.rest.account.of(key) for key in ROW_OF}]
            wrong += ends.faults(
                end.told.results, end.told.differing, end.rest.account.history, moments, WORLDS[self.world]
            )
            report.transitions.update(
                f"{row.kind} row ends {end.told.results[row.ref].outcome}"
                for row in ROW_OF.values()
                if row.ref in end.told.results
            )
        elif not end.died and all(each.sort is Sort.FREE for each in chooser.chosen) and start.lives:
            wrong.append("it is resumed, nothing goes wrong, and it does not come to its end")
        if wrong:
            report.wrong.append(Wrong(Schedule(self.world, lives), story, tuple(wrong)))
        if end.told is not None or wrong:
            return []
        if self._is_known(end.rest, left):
            report.schedules += 1
            return []
        return [_Start(end.rest, left, lives, (*story, "---"))]

    def _is_known(self, rest: Rest, left: Bound) -> bool:
        """Whether all that can follow has been lived, or is about to be."""
        for name in (*FILES, "journal.sqlite-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in rest.files.items():
            (self.folder / name).write_bytes(content)
        with closing(sqlite3.connect(self.folder / FILES[0])) as journal:
            state = state_of(journal, rest.account, rest.now)
        self.report.states.add(hash(state))
        bounds = self._known.setdefault(state, [])
        if any(bound.covers(left) for bound in bounds):
            return True
        bounds.append(left)
        return False


def explore(
    worlds: Sequence[str], bound: Bound, report: Report | None = None, *, stop_at_first: bool = False
) -> Report:
    """What comes of every schedule of these worlds within the bound."""
    report = report or Report()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for world in worlds:
            Exploration(world, report, Path(folder), stop_at_first).explore(bound)
    return report


def repeat(schedule: Schedule) -> tuple[list[str], Report]:
    """One schedule alone: every choice that was made, and what was wrong with its end."""
    report = Report()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name)
        exploration = Exploration(schedule.world, report, folder)
        start = _Start(beginning(folder), Bound(99, 99, 99), (), ())
        told: list[str] = []
        lives = list(schedule.lives)
        while lives or start is not None:
            chooser = Chooser(lives.pop(0) if lives else ())
            end = exploration._live(start.rest, chooser)
            told += [choice.name for choice in chooser.chosen]
            told.append("--- the process has died" if end.died else "--- the process has ended")
            following = exploration._go_on(start, tuple(chooser._told), start.bound, chooser, end)
            if not following:
                break
            (start,) = following
    return told, report


def _emptied(folder: Path) -> Path:
    for each in folder.glob("journal*"):
        each.unlink()
    return folder
