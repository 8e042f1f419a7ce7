"""The ratios of a benchmark in one table, beside those that the last release had. Measures nothing itself."""

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer import __version__

KEPT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
"""The page that keeps the figures of the last release."""
_KEPT_LINE = re.compile(r"^\| (?P<name>[^|]+?) +\| +(?P<ratio>\d+(?:\.\d+)?) +\| +(?P<noise>\d+) % \|$", re.MULTILINE)
_KEPT_VERSION = re.compile(r"^\| what .*\| +version (?P<version>\S+) +\|", re.MULTILINE)

_LEAST_DIFFERENCE = 0.05
"""Three measurements may lie closer together than the next three."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as good ours is as what it is compared with, once for each time that both were measured.

    More is better. What is compared is measured in turn with ours, so that a slow minute of the machine is shared.
    """

    name: str
    values: Sequence[float]

    @property
    def median(self) -> float:
        """The ratio that stands for all of them."""
        return statistics.median(self.values)

    @property
    def noise(self) -> float:
        """How far the others lie from that, as a share of it, at most."""
        return max(abs(value / self.median - 1) for value in self.values)


@dataclass(frozen=True, slots=True)
class Kept:
    """A ratio of the last release, and its noise."""

    ratio: float
    noise: float


def print_table(ratios: Iterable[Ratio]) -> None:
    """Print each ratio with its noise, that of the last release, and whether they differ by more than the noise."""
    version, before = read_kept()
    ratios = list(ratios)
    width = max(len(each.name) for each in ratios)
    print(f"\n{'More is better.':<{width}}{'now':>10}{'noise':>9}{version:>10}")
    for each in ratios:
        line = f"{each.name:<{width}}{each.median:>10.2f}{each.noise:>8.0%}"
        kept = before.get(each.name)
        print(line if kept is None else f"{line}{kept.ratio:>11.2f}   {_verdict(each, kept)}")


def _verdict(now: Ratio, before: Kept) -> str:
    noise = max(now.noise + before.noise, _LEAST_DIFFERENCE)
    change = now.median / before.ratio - 1
    if abs(change) <= noise:
        return "alike, within the noise"
    return f"{'better' if change > 0 else 'WORSE'} by {abs(change):.0%}"


def read_kept() -> tuple[str, dict[str, Kept]]:
    """The version whose figures are kept, and its ratios by name."""
    text = KEPT.read_text(encoding="utf-8")
    version = _KEPT_VERSION.search(text)
    kept = {
        found["name"]: Kept(float(found["ratio"]), int(found["noise"]) / 100) for found in _KEPT_LINE.finditer(text)
    }
    return version["version"] if version else "before", kept


def keep(ratios: Iterable[Ratio]) -> None:
    """Keep these ratios as those of this version; what was measured of it before, and is not among them, stays."""
    version, before = read_kept()
    kept = dict(before) if version == __version__ else {}
    kept |= {each.name: Kept(each.median, each.noise) for each in ratios}
    width = max(map(len, kept))
    lines = [f"| {'what':<{width}} | version {__version__} | noise |", f"|{'-' * (width + 2)}|--:|--:|"]
    lines += [f"| {name:<{width}} | {each.ratio:.2f} | {100 * each.noise:.0f} % |" for name, each in kept.items()]
    text = KEPT.read_text(encoding="utf-8")
    above, table = text.split("| what ", 1)
    below = table.partition("\n\n")[2]
    KEPT.write_text("\n".join([above.rstrip("\n"), "", *lines, "", below]), encoding="utf-8")
