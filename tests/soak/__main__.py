"""Many random schedules: `python -m tests.soak --schedules 500 --seed 1`; part of `make bench`.

With `--staged`, they are of runs that have several stages, and that are undone in the end.

Prints how many schedules were tried, what they went through, and every one whose end is not true: its seed makes it
again.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from importer.model import Outcome
from importer.sandbox import running
from tests.soak import staged_schedule, staged_trial
from tests.soak.schedule import make
from tests.soak.staged_trial import StagedTrial
from tests.soak.trial import Trial, carry_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AT_ONCE = 25


def some(seeds: range) -> list[Trial]:
    """The trials of these seeds, one after another, in a sandbox of their own."""
    trials = []
    with running() as kantata, tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            kantata.reset()
            trials.append(carry_out(kantata, make(kantata, seed), Path(folder) / str(seed)))
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
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--staged", action="store_true", help="runs of several stages, undone in the end")
    given = parser.parse_args()
    began = time.monotonic()
    last = given.seed + given.schedules
    parts = [range(start, min(start + _AT_ONCE, last)) for start in range(given.seed, last, _AT_ONCE)]
    with ProcessPoolExecutor(given.processes) as pool:
        done: Iterator[Sequence[Trial | StagedTrial]] = pool.map(some_staged if given.staged else some, parts)
        trials = [trial for part in done for trial in part]
    wrong = [trial for trial in trials if trial.wrong]
    for trial in wrong:
        print(trial.schedule)
        for what in trial.wrong[:5]:
            print(f"  {what}")
    faults, rows, resumes = (sum(getattr(trial, name) for trial in trials) for name in ("faults", "rows", "resumes"))
    print(f"{len(trials):,} schedules in {time.monotonic() - began:.0f} s: {faults:,} faults, {rows:,} rows checked,")
    if given.staged:
        print(_staged_line([trial for trial in trials if isinstance(trial, StagedTrial)]))
    print(f"{resumes:,} times resumed; {len(wrong):,} schedules ended otherwise than they should")
    return 1 if wrong else 0


def _staged_line(trials: list[StagedTrial]) -> str:
    """What the runs of several stages went through."""
    outcomes = sum((trial.outcomes for trial in trials), Counter[str]())
    told = ", ".join(f"{outcomes[each.value]:,} {each.value}" for each in Outcome if outcomes[each.value])
    stages, meddled = sum(trial.stages for trial in trials), sum(trial.meddled for trial in trials)
    undone = sum(trial.is_undone for trial in trials)
    return f"{stages:,} stages ({told}), {meddled:,} records touched by others, {undone:,} runs undone,"


if __name__ == "__main__":
    sys.exit(main())
