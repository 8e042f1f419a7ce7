"""Everything that is measured, as ratios in one run: `make bench`, or `python -m tests.bench speed --rows 1000`."""

import argparse
import tempfile
from pathlib import Path

from tests.bench import base, choosing, exports, forecasts, matrix, migration, pace, page_memory, refusals, speed

_LIMITS = ((10, 1, "none", 300), (20, 1, "none", 700), (20, 1, "seconds", 700))
"""Requests, in so many seconds, how a refusal says when it is over, and the updates that are sent."""

_REFUSALS = (
    ("the third request refused, Retry-After: 8", 6_000, 8, ("--refuse", "3")),
    ("the same as a date, the server's clock 20 s ahead", 6_000, 8, ("--refuse", "3", "--date", "--ahead", "20")),
    ("the 50th request refused, Retry-After: 10", 40_000, 10, ("--refuse", "50")),
)
"""One refusal in words, the rows that are sent, the seconds to wait, and the server's options."""

_EVERYTHING = ["speed", "matrix", "choosing", "base", "pace", "refusals", "exports", "migration", "memory", "forecasts"]


def main() -> None:  # noqa: C901  (a line for each thing that is measured)
    """Measure what is asked for, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=_EVERYTHING, default=[])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--memberships", type=int, default=400_000)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    wanted = given.what or _EVERYTHING
    if "migration" in wanted:
        migration.measure()
    if "forecasts" in wanted:
        forecasts.measure()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "speed" in wanted:
            speed.measure(folder, given.rows, given.repeats)
        if "matrix" in wanted:
            matrix.measure(folder, given.repeats)
        if "choosing" in wanted:
            choosing.measure(folder)
        if "base" in wanted:
            base.measure(folder, given.repeats)
        if "pace" in wanted:
            with speed.server(0.25) as url:
                pace.distant(folder, url, 20_000, 16, 0.25)
            for words, rows, wait_s, options in _REFUSALS:
                with speed.server(0.05, "--wait", str(wait_s), *options) as url:
                    pace.refused_once(folder, url, rows, words, wait_s)
            for limit in _LIMITS:
                pace.limited(folder, *limit)
        if "refusals" in wanted:
            refusals.measure(folder, 200, 1)
            refusals.measure(folder, 1000, 10)
        if "memory" in wanted:
            page_memory.measure(folder)
        if "exports" in wanted:
            exports.measure(folder, given.memberships)


if __name__ == "__main__":
    main()
