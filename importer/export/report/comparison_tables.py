"""The tables of gaps against targets and of changes since an earlier export, in words. Knows the numbers' frames."""

from collections.abc import Iterator, Sequence

import pandas as pd

from importer.export.report import comparison
from importer.export.report.comparison import KINDS, count_changes
from importer.export.report.report_data import Earlier, Facts
from importer.export.report.report_model import TOP, Column, Look, Plot, Shape, Table, Value, first_rows
from importer.export.report.sections import rows_of

LISTED = 20_000
"""So many changes are listed one by one; by skill and by person all are counted."""
_TONES = ("new", "gone", "up", "down")


def gaps_table(gaps: pd.DataFrame, name: str, left_out: int) -> Table:
    """How many people are missing for each target; `name` is the targets' file, `left_out` its rows with problems."""
    columns = (
        Column("Skill", Look.STRONG, 34),
        Column("Category", Look.TEXT, 18),
        Column("Level", Look.TEXT, 12),
        Column("Wanted", Look.COUNT),
        Column("Have", Look.COUNT),
        Column("Missing", Look.BAR, 11),
        Column("One level below", Look.COUNT),
    )
    rows = list(_gap_rows(gaps))
    shown = min(len(rows), TOP)
    met = sum(1 for row in rows if row[5] == 0)
    says = [
        f"What {name} asks for, and who is there: of {len(rows):,} target{_s(len(rows))} {met:,} {_are(met)} met.",
        (
            'Have counts people at the level or above. "One level below" are those nearest to it, who might grow into '
            "it."
        ),
    ]
    if left_out:
        says.append(f"{left_out:,} row{_s(left_out)} of {name} could not be read and {_are(left_out)} left out.")
    title = first_rows("Wanted and there", shown, len(rows), "targets")
    plots = [Plot(title, 0, (3, 4), shown, Shape.BARS, ("wanted", "main"))] if rows else []
    return Table(
        "Gaps", "Gaps against targets", says, columns, rows, plots, f"{name} has no target that could be read."
    )


def _gap_rows(gaps: pd.DataFrame) -> Iterator[tuple[Value, ...]]:
    """The rows of the targets. A skill that is wanted at several levels says which, as it would be told nowhere else
    in a chart.
    """
    several = gaps["skill_id"].duplicated(keep=False).to_list()
    told = rows_of(gaps, ("name", "category", "level", "wanted", "have", "gap", "near"))
    for is_again, (skill, category, level, *counts) in zip(several, told, strict=True):
        said = f"{level} or above" if level else "any"
        yield (f"{skill} ({said})" if is_again else skill, category, said, *counts)


def changes_tables(changes: pd.DataFrame, earlier: Earlier, facts: Facts) -> list[Table]:
    """What has changed since an earlier export: one by one, by skill and by person."""
    name = earlier.name
    counts = changes["kind"].value_counts().reindex(list(KINDS), fill_value=0)
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    says = (
        f"Since {name}: {told}.",
        (
            "New is a skill that a person has now and had not, gone one that they had; up and down are levels. "
            "A level set where there was none counts as up."
        ),
        *_to_bear_in_mind(changes, earlier, facts),
    )
    nothing = f"Nothing has changed since {name}."
    by_skill = _counted_table(count_changes(changes, "skill_id", "skill"), "skill", "skills", says[:1], nothing)
    by_person = _counted_table(count_changes(changes, "user_id", "person"), "person", "people", says[:1], nothing)
    columns = (
        Column("Change", Look.STRONG, 10),
        Column("Person", Look.TEXT, 28),
        Column("Skill", Look.TEXT, 34),
        Column("Category", Look.TEXT, 18),
        Column("Level before", Look.LEVEL),
        Column("Level now", Look.LEVEL),
    )
    rows = rows_of(changes.head(LISTED), ("kind", "person", "skill", "category", "before", "now"))
    more = (f"The first {LISTED:,} of {len(changes):,} changes are listed.",) if len(changes) > LISTED else ()
    listed = Table("Changes", f"Changes since {name}", (*says, *more), columns, rows, (), nothing)
    return [listed, by_skill, by_person]


def _to_bear_in_mind(changes: pd.DataFrame, earlier: Earlier, facts: Facts) -> Iterator[str]:
    """What would else be misread: people who are no longer, or not yet, in one of the two."""
    gone, people = comparison.count_losses_with_people(changes, earlier)
    if gone:
        yield f"Of those gone {gone:,} {_are(gone)} of {people:,} {_people(people)} inactive now."
    left_out = comparison.inactive_then(earlier, facts)
    if left_out:
        yield f"{left_out:,} {_people(left_out)} inactive now, and may have been so then, {_are(left_out)} left out."
    unknown = comparison.unknown_then(earlier, facts)
    if unknown:
        told = "1 person" if unknown == 1 else f"{unknown:,} people"
        yield f"{earlier.name} says nothing about {told} of this report, so all their skills count as new."


def _people(count: int) -> str:
    return "person who is" if count == 1 else "people who are"


def _counted_table(counts: pd.DataFrame, one: str, many: str, says: Sequence[str], nothing: str) -> Table:
    columns = (
        Column(one.capitalize(), Look.STRONG, 34),
        *(Column(kind.capitalize(), Look.HEAT) for kind in KINDS),
        Column("All changes", Look.BAR, 11),
    )
    rows, title = rows_of(counts, ("name", *KINDS, "all")), f"Changes by {one}"
    shown = min(len(rows), TOP)
    heading = first_rows(title, shown, len(rows), many)
    plots = [Plot(heading, 0, (1, 2, 3, 4), shown, Shape.STACKED, _TONES)] if rows else []
    return Table(f"Changed {many}", title, says, columns, rows, plots, nothing)


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
