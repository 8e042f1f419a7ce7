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
from itertools import chain
from itertools import repeat as repeated
from pathlib import Path
from typing import NamedTuple

from tests.clock import Clock
from tests.schedules import ends
from tests.schedules.life import FILES, End, Life, Rest, beginning, state_of
from tests.schedules.model import ROW_OF, WELL, WORLDS, Choice, Sort

MEMORY = Path("/dev/shm")  # noqa: S108  (only a folder with a name of chance is made in it)
"""Where files are in memory, on systems that have such a folder."""

_MOST_LIVES = 20


class Bound(NamedTuple):
    """How much may go otherwise than well in one schedule: in all, how often the process dies, how much else."""

    all: int
    deaths: int
    others: int
    room_for_alike: int
    """A fault that is like another one is tried while so much else may go wrong: with every death, and alone."""

    @classmethod
    def of(cls, every: int, *, deaths: int | None = None, others: int | None = None, full: bool = False) -> "Bound":
        """So much in all; `full` tries every fault with every other one."""
        deaths, others = (every if each is None else each for each in (deaths, others))
        return cls(every, deaths, others, 1 if full else others)

    def after(self, choice: Choice) -> "Bound | None":
        """What is left after a choice; None if it is not within the bound."""
        if choice.sort is Sort.FREE:
            return self
        if choice.is_alike and self.others < self.room_for_alike:
            return None
        dies = choice.sort is Sort.DEATH
        others = 0 if dies else self.room_for_alike if choice.is_alike else 1
        left = self._replace(all=self.all - 1, deaths=self.deaths - dies, others=self.others - others)
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
        if world not in WORLDS:
            raise ValueError(f"there is no world {world}")
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
    """Those that were followed to the end of the run, or to a state from which all that can follow is lived once."""
    transitions: Counter[str] = field(default_factory=Counter)
    states: set[int] = field(default_factory=set)
    """States in which a process may end: of journal and account together."""
    wrong: list[Wrong] = field(default_factory=list)
    took_s: float = 0.0


class Chooser:
    """Chooses as it is told, and then always the first; notes what was there to choose from."""

    def __init__(self, told: Sequence[int]) -> None:
        self.told = tuple(told)
        self.choices: list[Sequence[Choice]] = []
        self.chosen: list[Choice] = []

    def begun(self) -> "Chooser":
        """The same at the beginning of a life."""
        self.choices, self.chosen = [], []
        return self

    def __call__(self, choices: Sequence[Choice]) -> Choice:
        chosen = choices[self.number(choices)]
        self.choices.append(choices)
        self.chosen.append(chosen)
        return chosen

    def number(self, _choices: Sequence[Choice]) -> int:
        """Which of the choices it is."""
        at = len(self.chosen)
        return self.told[at] if at < len(self.told) else 0


class Follower(Chooser):
    """Chooses each thing of a story as soon as it can, one after the other."""

    def __init__(self, story: list[str]) -> None:
        super().__init__(())
        self._story = story

    def number(self, choices: Sequence[Choice]) -> int:
        """Which of the choices it is."""
        names = [choice.name for choice in choices]
        if not self._story or self._story[0] not in names:
            return 0
        return names.index(self._story.pop(0))


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
            for chooser, left, end in self._lives(start):
                starts += self.go_on(start, chooser, left, end)
                if self.stop_at_first and self.report.wrong:
                    break
        self.report.took_s += time.perf_counter() - began

    def _lives(self, start: _Start) -> Iterator[tuple[Chooser, Bound, End]]:
        """Every life from here, each with what its choices leave of the bound."""
        untried: list[tuple[tuple[int, ...], Bound]] = [((), start.bound)]
        while untried:
            told, left = untried.pop()
            chooser = Chooser(told)
            end = self.live(start.rest, chooser)
            for at in range(len(told), len(chooser.choices)):
                for number, choice in enumerate(chooser.choices[at][1:], 1):
                    after = left.after(choice)
                    if after is not None:
                        untried.append(((*told, *[0] * (at - len(told)), number), after))
            yield chooser, left, end

    def live(self, rest: Rest, chooser: Chooser) -> End:
        """One life."""
        life = Life(WORLDS[self.world], self.folder, chooser, Clock())
        return life.live(rest)

    def go_on(self, start: _Start, chooser: Chooser, left: Bound, end: End) -> list[_Start]:
        """Judge the end of a life. What to live next: none if the run is at its end, or its state is known."""
        report = self.report
        report.lives += 1
        report.transitions.update(choice.name for choice in chooser.chosen)
        report.transitions.update(end.late)
        story = (*start.story, *(each.name for each in chooser.chosen if each.sort is not Sort.FREE))
        lives = (*start.lives, chooser.told)
        wrong = [*end.wrong, *self._wrong_end(start, chooser, end)]
        report.schedules += end.told is not None
        if wrong:
            report.wrong.append(Wrong(Schedule(self.world, lives), story, tuple(wrong)))
        if end.told is not None or wrong:
            return []
        if self._is_known(end.rest, left):
            report.schedules += 1
            return []
        return [_Start(end.rest, left, lives, (*story, "---"))]

    def _wrong_end(self, start: _Start, chooser: Chooser, end: End) -> list[str]:
        """What the model does not allow of this end."""
        if end.told is None:
            went_well = not end.died and all(each.sort is Sort.FREE for each in chooser.chosen)
            return ["nothing went wrong, and it did not come to its end"] if went_well and start.lives else []
        account = end.rest.account
        moments = [*end.rest.reads, {key: account.of(key) for key in ROW_OF}]
        self.report.transitions.update(ends.names_of(end.told.results))
        return ends.faults(end.told, account, moments, WORLDS[self.world])

    def _is_known(self, rest: Rest, left: Bound) -> bool:
        """Whether all that can follow has been lived, or is about to be."""
        for name in (*FILES, "journal.sqlite-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in rest.files.items():
            (self.folder / name).write_bytes(content)
        with closing(sqlite3.connect(self.folder / FILES[0])) as journal:
            held = tuple(tuple(records) for read in rest.reads for records in read.values())
            state = (*state_of(journal, rest.account, rest.now), held)
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
    """One schedule alone: what happened in it, request by request, and what was wrong with its end."""
    return _live_through(schedule.world, chain(map(Chooser, schedule.lives), repeated(Chooser(()))))


def follow(world: str, story: Sequence[str]) -> tuple[list[str], Report]:
    """As `repeat`, of the schedule in which these things happen one after the other, each as soon as it can."""
    return _live_through(world, repeated(Follower(list(story))))


def _live_through(world: str, choosers: Iterator[Chooser]) -> tuple[list[str], Report]:
    report, told = Report(), []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        exploration = Exploration(world, report, Path(folder))
        following = [_Start(beginning(Path(folder)), Bound.of(99, full=True), (), ())]
        while following and report.lives < _MOST_LIVES:
            (start,) = following
            chooser = next(choosers).begun()
            end = exploration.live(start.rest, chooser)
            told += [choice.name for choice in chooser.chosen if choice is not WELL]
            told.append("--- the process has died" if end.died else "--- the process has ended")
            following = exploration.go_on(start, chooser, start.bound, end)
    return told, report


def _emptied(folder: Path) -> Path:
    for each in folder.glob("journal*"):
        each.unlink()
    return folder
