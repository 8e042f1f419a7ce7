"""Everything that is measured: `make bench`, or `python -m tests.bench speed --rows 1000`.

What each part prints are the seconds and megabytes of this machine. At the end stands one table of ratios, with their
noise and with those of the last release from docs/benchmarks.md; `--keep` puts the new ones there.
"""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import (
    base,
    choosing,
    exports,
    forecasts,
    matrix,
    migration,
    pace,
    page_memory,
    ratio_table,
    refusals,
    speed,
)
from tests.bench.ratio_table import Ratio

if TYPE_CHECKING:
    from collections.abc import Callable

_LIMITS = ((10, 1, "none", 300), (20, 1, "none", 700), (20, 1, "seconds", 700))
"""Requests, in so many seconds, how a refusal says when it is over, and the updates that are sent."""

_REFUSALS = (
    ("the third request refused, Retry-After: 8", 6_000, 8, ("--refuse", "3")),
    ("the same as a date, the server's clock 20 s ahead", 6_000, 8, ("--refuse", "3", "--date", "--ahead", "20")),
    ("the 50th request refused, Retry-After: 10", 40_000, 10, ("--refuse", "50")),
)
"""One refusal in words, the rows that are sent, the seconds to wait, and the server's options."""


def _pace(folder: Path, repeats: int) -> list[Ratio]:
    with speed.server(0.25) as url:
        ratios = pace.distant(folder, url, 20_000, 16, 0.25, repeats)
    for words, rows, wait_s, options in _REFUSALS:
        with speed.server(0.05, "--wait", str(wait_s), *options) as url:
            pace.refused_once(folder, url, rows, words, wait_s)
    for limit in _LIMITS:
        pace.limited(folder, *limit)
    return ratios


def _refusals(folder: Path) -> None:
    refusals.measure(folder, 200, 1)
    refusals.measure(folder, 1000, 10)


def main() -> None:
    """Measure what is asked for, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--memberships", type=int, default=400_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the ratios as those of this version")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts: dict[str, Callable[[], list[Ratio] | None]] = {
            "migration": migration.measure,
            "forecasts": forecasts.measure,
            "speed": lambda: speed.measure(folder, given.rows, given.repeats),
            "matrix": lambda: matrix.measure(folder, given.repeats),
            "choosing": lambda: choosing.measure(folder),
            "base": lambda: base.measure(folder, given.repeats),
            "pace": lambda: _pace(folder, given.repeats),
            "refusals": lambda: _refusals(folder),
            "exports": lambda: exports.measure(folder, given.memberships, given.repeats),
            "memory": lambda: page_memory.measure(folder),
        }
        parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(parts), choices=[[], *parts])
        given = parser.parse_args()
        speed.compile_importer()
        ratios = [ratio for what in given.what or parts for ratio in parts[what]() or ()]
    if ratios:
        ratio_table.print_table(ratios)
    if given.keep:
        ratio_table.keep(ratios)


if __name__ == "__main__":
    main()
