"""Skills that the last run of a file had, and that are gone from it. Pure; goes by ids and by what headers say."""

import pandas as pd

from importer.messages import about_anomalies
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.run_input import RunInput
from importer.table import CATEGORY, CELL, HEADING, Arrangement, Table
from importer.text import fold

_NOT_OF_PEOPLE = (None, HEADING, CATEGORY, CELL)


def find_missing_columns(last: RunInput, now: RunInput) -> Anomaly | None:
    """Whether a column of the matrix is gone, or empty, whose people are still there.

    A list has no columns of skills: what this quarter's list does not repeat is not gone.
    """
    if {last.table.arrangement, now.table.arrangement} != {Arrangement.CELLS}:
        return None
    here, ids = set(map(fold, now.table.frame[now.table.headings].unique())), set(now.skills.values())
    gone = [heading for heading, id_ in last.skills.items() if id_ not in ids and fold(heading) not in here]
    if not gone:
        return None
    frame, there = last.table.frame, _people(now.table)
    cells = {heading: frame[frame[last.table.headings] == heading] for heading in gone}
    columns = [
        (heading, len(some)) for heading, some in cells.items() if not there.isdisjoint(_people(last.table, some))
    ]
    if not columns:
        return None
    return Anomaly(about_anomalies.column_missing(columns))


def _people(table: Table, some: pd.DataFrame | None = None) -> frozenset[str]:
    """What the file says of whose its refs are, or `some` of them: every text of the columns that say so."""
    names = [name for name, where in table.parts[0].columns.items() if where not in _NOT_OF_PEOPLE]
    frame = table.frame if some is None else some
    return frozenset(fold(str(text)) for name in names for text in frame[name].unique()) - {""}
