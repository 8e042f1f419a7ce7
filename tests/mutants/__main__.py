"""Many damaged files: `python -m tests.mutants --mutants 2500 --seed 1`; part of `make bench`.

Prints how the program ended on them, by format, and every one on which it ended otherwise than with a sentence:
its seed makes it again, and `--keep FOLDER` keeps it.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.sources import write_sources
from tests.mutants.trial import run_all, table


def main() -> int:
    """Try as many mutants as are asked for; 1 if the program ended otherwise than it should on any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for the sources and the mutants")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        sources = write_sources(folder / "sources")
        seeds = range(given.seed, given.seed + given.mutants)
        ends = []
        for end in run_all(sources, seeds, folder, given.processes):
            ends.append(end)
            if end.wrong:
                print(end, flush=True)
    wrong = sum(bool(end.wrong) for end in ends)
    print(*table(ends), sep="\n")
    slowest = max(ends, key=lambda end: end.seconds)
    print(f"{len(ends):,} mutants of {len(sources)} files in {time.monotonic() - began:.0f} s; the slowest took")
    print(f"{slowest.seconds:.1f} s (seed {slowest.mutant.seed}); {wrong:,} ended otherwise than they should")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
