"""Many random schedules: `python -m tests.soak --schedules 500 --seed 1`; part of `make bench`.

Prints how many schedules were tried, what they went through, and every one whose end is not true: its seed makes it
again.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from importer.sandbox import running
from tests.soak.schedule import make
from tests.soak.trial import Trial, carry_out

_AT_ONCE = 25


def some(seeds: range) -> list[Trial]:
    """The trials of these seeds, one after another, in a sandbox of their own."""
    trials = []
    with running() as kantata, tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            kantata.reset()
            trials.append(carry_out(kantata, make(kantata, seed), Path(folder) / str(seed)))
    return trials


def main() -> int:
    """Try as many schedules as are asked for; 1 if any ended otherwise than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    began = time.monotonic()
    last = given.seed + given.schedules
    parts = [range(start, min(start + _AT_ONCE, last)) for start in range(given.seed, last, _AT_ONCE)]
    with ProcessPoolExecutor(given.processes) as pool:
        trials = [trial for part in pool.map(some, parts) for trial in part]
    wrong = [trial for trial in trials if trial.wrong]
    for trial in wrong:
        print(trial.schedule)
        for what in trial.wrong[:5]:
            print(f"  {what}")
    faults, rows, resumes = (sum(getattr(trial, name) for trial in trials) for name in ("faults", "rows", "resumes"))
    print(f"{len(trials):,} schedules in {time.monotonic() - began:.0f} s: {faults:,} faults, {rows:,} rows checked,")
    print(f"{resumes:,} times resumed; {len(wrong):,} schedules ended otherwise than they should")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
