"""How both faces say the same: what was read, what would change, a fault of ours. Decides nothing, prints nothing."""

import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from importer import __version__
from importer.errors import ImporterError
from importer.messages import about_runs

if TYPE_CHECKING:
    from importer.sync.journal_entries import Run
    from importer.sync.plan import Plan
    from importer.validation.schema import CheckedTable


def table_sentence(checked: "CheckedTable") -> str:
    """Which table was read and how much of it is right."""
    source = checked.table.source
    sheets = list(dict.fromkeys(f'"{part.sheet}"' for part in checked.table.parts if part.sheet))
    sheet = f", sheet{'s' if len(sheets) > 1 else ''} {', '.join(sheets)}" if sheets else ""
    valid = len(checked.valid) + len(checked.duplicates)
    invalid = len(checked.invalid)
    units = checked.table.units if len(checked.values) != 1 else checked.table.units.removesuffix("s")
    endpoint = checked.table.endpoint
    matrix = "a skill matrix" if endpoint.owner_has == "skills" else f"a matrix of {endpoint.owner_has}"
    what = matrix if checked.table.is_matrix else endpoint.name
    rows = f"{len(checked.values):,} {units} of {what}"
    wrong = f", {invalid:,} with problems" if invalid else ""
    return f"{source.name}{sheet}: {rows}, {valid:,} valid{wrong}."


def plan_counts(plan: "Plan") -> dict[str, int]:
    """How many rows come to what, by what a person is told of them, in the order in which they are told."""
    settled = Counter(result.outcome.value for result in plan.results.values())
    counts = Counter({action.value: count for action, count in plan.counts.items()})
    counts["unchanged"] += settled.pop("unchanged", 0)
    told = {
        name: counts[name] for name in ("create", "update", "unchanged", "remove") if counts[name] or name != "remove"
    }
    told |= {name: count for name, count in settled.items() if name != "invalid"}
    return told | ({"with problems": settled["invalid"]} if settled["invalid"] else {})


def describe_run(run: "Run") -> str:
    """What a run did, in a few words: `apply skills.xlsx`, `undo of 20261122-143005-3f9a`."""
    return f"undo of {run.undoes}" if run.undoes else f"{run.kind} {Path(run.file).name}"


def internal_error(error: Exception) -> ImporterError:
    """A fault of ours, with the place in our code; the exception's text may hold personal data and stays out."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "importer" in frame.filename]
    where = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return about_runs.internal(__version__, f"{type(error).__name__}{where}")
