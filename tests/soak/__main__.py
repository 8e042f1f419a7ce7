"""Many random schedules: `python -m tests.soak --schedules 500 --seed 1`; part of `make bench`.

With `--minutes` it goes on for that long instead. With `--staged`, the runs have several stages, and are undone in the
end; with `--long`, those of the schedules that may be are sent as long lists are, some people at a time. Every schedule
whose end is not true is printed as soon as it is found: its seed makes it again. At the end, also after Ctrl-C, stands
how many schedules were tried, and what they went through.
"""

import argparse
import contextlib
import math
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from importer.model import Outcome
from importer.sandbox import running
from tests.soak import staged_schedule, staged_trial
from tests.soak.schedule import make
from tests.soak.staged_trial import StagedTrial
from tests.soak.trial import Trial, carry_out, may_be_long

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_AT_ONCE = 25


def some(seeds: range) -> list[Trial]:
    """The trials of these seeds, one after another, in a sandbox of their own."""
    trials = []
    with running() as kantata, tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            kantata.reset()
            trials.append(carry_out(kantata, make(kantata, seed), Path(folder) / str(seed)))
    return trials


def some_long(seeds: range) -> list[Trial]:
    """As `some`, of lists that go in stages, as long ones do."""
    trials = []
    with running() as kantata, tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            kantata.reset()
            schedule = make(kantata, seed)
            if may_be_long(schedule):
                trials.append(carry_out(kantata, schedule, Path(folder) / str(seed), in_stages=True))
    return trials


def some_staged(seeds: range) -> list[StagedTrial]:
    """As `some`, of several stages. A trial that breaks off went wrong."""
    trials = []
    with running() as kantata, tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            kantata.reset()
            schedule = staged_schedule.make(kantata, seed)
            try:
                trials.append(staged_trial.carry_out(kantata, schedule, Path(folder) / str(seed)))
            except Exception:  # noqa: BLE001  (whatever it is, its seed is to be told)
                trials.append(StagedTrial(schedule, (traceback.format_exc(limit=-5),)))
    return trials


def main() -> int:
    """Try as many schedules as are asked for; 1 if any ended otherwise than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--minutes", type=float, help="go on for so long, however many schedules that makes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--long", action="store_true", help="lists in stages, as long ones are sent")
    parser.add_argument("--staged", action="store_true", help="runs of several stages, undone in the end")
    given = parser.parse_args()
    began = time.monotonic()
    trials: list[Trial | StagedTrial] = []
    with contextlib.suppress(KeyboardInterrupt):
        for trial in _tried(given):
            trials.append(trial)
            if trial.wrong:
                print(trial.schedule, *trial.wrong[:5], sep="\n  ", flush=True)
    wrong = sum(bool(trial.wrong) for trial in trials)
    faults, rows, resumes = (sum(getattr(trial, name) for trial in trials) for name in ("faults", "rows", "resumes"))
    print(f"{len(trials):,} schedules in {time.monotonic() - began:.0f} s: {faults:,} faults, {rows:,} rows checked,")
    if given.staged:
        print(_staged_line([trial for trial in trials if isinstance(trial, StagedTrial)]))
    print(f"{resumes:,} times resumed; {wrong:,} schedules ended otherwise than they should")
    return 1 if wrong else 0


def _tried(given: argparse.Namespace) -> "Iterator[Trial | StagedTrial]":
    """The trials as they end: as many as are asked for, or until the time is over."""
    over = math.inf if given.minutes is None else time.monotonic() + 60 * given.minutes
    last = given.seed + given.schedules if given.minutes is None else sys.maxsize
    parts = (range(start, min(start + _AT_ONCE, last)) for start in range(given.seed, last, _AT_ONCE))
    work: Callable[[range], Sequence[Trial | StagedTrial]] = some_staged if given.staged else some
    work = some_long if given.long else work
    with ProcessPoolExecutor(given.processes) as pool:
        begun = {pool.submit(work, part) for part in islice(parts, 2 * given.processes)}
        while begun:
            done, begun = wait(begun, return_when=FIRST_COMPLETED)
            begun |= {pool.submit(work, part) for part in islice(parts, len(done) if time.monotonic() < over else 0)}
            yield from (trial for each in done for trial in each.result())


def _staged_line(trials: list[StagedTrial]) -> str:
    """What the runs of several stages went through."""
    outcomes = sum((trial.outcomes for trial in trials), Counter[str]())
    told = ", ".join(f"{outcomes[each.value]:,} {each.value}" for each in Outcome if outcomes[each.value])
    stages, meddled = sum(trial.stages for trial in trials), sum(trial.meddled for trial in trials)
    undone = sum(trial.is_undone for trial in trials)
    return f"{stages:,} stages ({told}), {meddled:,} records touched by others, {undone:,} runs undone,"


if __name__ == "__main__":
    sys.exit(main())
