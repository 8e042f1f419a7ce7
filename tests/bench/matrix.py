"""A check of the largest matrix, 2,000 people by 300 skills, against the sandbox: seconds and peak memory by stage."""

import json
import statistics
import sys
from pathlib import Path

from importer.sandbox import running
from tests.bench.ratio_table import Ratio
from tests.bench.speed import run
from tests.bench.yardstick import yardstick_s
from tests.gallery.large import PEOPLE, SKILLS, USERS, large

_SECONDS, _READING, _MEGABYTES = 10, 2, 800


def measure(folder: Path, repeats: int) -> list[Ratio]:
    """Check the sheet as the command does, in a process of its own, and print what each stage took."""
    with running(users=USERS) as kantata:
        expected = large(folder, kantata)
        environment = {
            "KANTATA_TOKEN": kantata.token, "KANTATA_BASE_URL": kantata.url, "IMPORTER_HOME": str(folder / "state"),
        }  # fmt: skip
        path = str(folder / expected.file)
        yardsticks, whole = [], []
        for _ in range(repeats):
            yardsticks.append(yardstick_s())
            whole.append(run(sys.executable, "-m", "importer", "check", path, "--json", environment=environment))
        staged = json.loads(run(sys.executable, "-m", "tests.bench.matrix_stages", path, kantata.url).printed)
    told = json.loads(whole[0].printed)
    levels = expected.sheets[0].rows
    if told["valid"] != levels:
        raise SystemExit(f"{told['valid']} of {levels} levels were read")
    print(f"\nA matrix of {PEOPLE:,} people by {SKILLS} skills, {levels:,} levels, checked against the sandbox:")
    print(f"  {'':<8}{'wall':>9}{'own cpu':>9}{'peak':>9}")
    for stage, (wall, cpu, peak) in staged.items():
        print(f"  {stage:<8}{wall:>7.2f} s{cpu:>7.2f} s{peak:>6} MB")
    seconds, peak = statistics.median(each.seconds for each in whole), max(each.peak_mb for each in whole)
    print(f"  {'whole':<8}{seconds:>7.2f} s{'':>9}{peak:>6.0f} MB   (the command, the median of {repeats})")
    print(f"  aims: whole {_SECONDS} s, read {_READING} s, peak {_MEGABYTES} MB")
    ratios = [yardstick / each.seconds for yardstick, each in zip(yardsticks, whole, strict=True)]
    return [Ratio(f"Check of a matrix of {PEOPLE:,} x {SKILLS}, in yardsticks", ratios)]
