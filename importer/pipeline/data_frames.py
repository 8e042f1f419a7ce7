"""What a table, a check, a plan or a run says, as DataFrames and as HTML for a notebook. Decides nothing.

The rows of a DataFrame that was given keep their index, whatever it is; the rows of a file are known by their row or
their cell, as Excel counts them. Everything that reads a table's places for the Python API stands here.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from importer.model import CellRef, Change, Problem, Result, Value
from importer.spreadsheet.read.data_frame import FIRST_ROW
from importer.sync.merge import is_denial
from importer.table import Arrangement, Table
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable

_TEXT = "string"


def table_frame(parsed: ParsedTable, index: pd.Index | None) -> pd.DataFrame:
    """The used columns of a table by the header that declares each, as text; a row for each row or filled cell."""
    table = parsed.table
    columns = {name: _column(table.texts(name)) for name in table.used}
    return pd.DataFrame(columns).set_axis(labels(table, table.refs, index))


def valid_frame(checked: CheckedTable, index: pd.Index | None) -> pd.DataFrame:
    """The valid rows, one typed column a field."""
    return checked.valid.set_axis(labels(checked.table, checked.valid_refs, index))


def problems_frame(problems: Sequence[Problem], index: pd.Index | None) -> pd.DataFrame:
    """One row a problem: `code`, `sheet`, `cell`, `row`, `column`, `value`, `message`, `fix`."""
    names = ("code", "sheet", "cell", "row", "column", "value", "message", "fix")
    columns = {
        name: _column([getattr(each, name) for each in problems], "Int64" if name == "row" else _TEXT) for name in names
    }
    frame = pd.DataFrame(columns)
    return frame if index is None else frame.set_axis(_taken(index, [each.row for each in problems]))


def _asked(table: Table, change: Change) -> Mapping[str, Value]:
    """The record that a change asks for; empty where it asks for none."""
    return {} if is_denial(change) else table.endpoint.whole(change)


def changes_frame(table: Table, changes: Mapping[CellRef, Change], index: pd.Index | None) -> pd.DataFrame:
    """One row a change: `change` (create, update, unchanged, remove), `id`, the key, and what it held and is to hold.

    A removal of a record that stands in no row has a missing label.
    """
    rows = [
        {
            "change": change.action.value,
            "id": change.record_id,
            **{name: value for name, value in _asked(table, change).items() if value is not None},
            **{f"{name}_before": value for name, value in (change.before or {}).items()},
        }
        for change in changes.values()
    ]
    frame = pd.DataFrame(rows, columns=None if rows else ["change", "id"])
    return frame.convert_dtypes().set_axis(labels(table, list(changes), index))


def outcomes_frame(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], index: pd.Index | None
) -> pd.DataFrame:
    """What became of each row: `outcome`, `id`, `code`, `message`, `fix`.

    Shapes: of a list that was given as a DataFrame, as many rows as that, in its order, with its index; a row that was
    set aside has no outcome. Else a row for each row or filled cell that was read. Of several sheets, a column `sheet`
    says which; of a matrix in a DataFrame, a column `column` says under which header.
    """
    cells = [_outcome(results[ref]) for ref in refs]
    if index is not None and table.arrangement is Arrangement.ROWS:
        there = {ref.row - FIRST_ROW: cell for ref, cell in zip(refs, cells, strict=True)}
        cells = [there.get(at, _NO_OUTCOME) for at in range(len(index))]
        return _texts(cells, index)
    frame = _texts(cells, labels(table, refs, index))
    if index is not None and table.is_matrix:
        frame.insert(0, "column", _column([table.header_over(ref, table.headings) for ref in refs]).to_numpy())
    elif len(table.parts) > 1:
        frame.insert(0, "sheet", _column([table.parts[ref.sheet].sheet for ref in refs]).to_numpy())
    return frame


_OUTCOME = ("outcome", "id", "code", "message", "fix")
_NO_OUTCOME: tuple[str | None, ...] = (None,) * len(_OUTCOME)


def _outcome(result: Result) -> tuple[str | None, ...]:
    problems = result.problems
    if not problems:
        return (result.outcome.value, result.record_id, None, None, None)
    said = (" ".join(dict.fromkeys(getattr(each, name) for each in problems)) for name in ("message", "fix"))
    return (result.outcome.value, result.record_id, problems[0].code, *said)


def _texts(cells: Sequence[tuple[str | None, ...]], index: pd.Index) -> pd.DataFrame:
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(_OUTCOME)
    texts = {name: _column(list(column)) for name, column in zip(_OUTCOME, columns, strict=True)}
    return pd.DataFrame(texts).set_axis(index)


def _column(values: list[Any], dtype: str = _TEXT) -> pd.Series:
    return pd.Series(values, dtype=dtype)


def labels(table: Table, refs: Iterable[CellRef], index: pd.Index | None) -> pd.Index:
    """What records of a table are known by: the labels of the DataFrame that was given, else their row or cell."""
    if index is not None:
        return _taken(index, [ref.row for ref in refs])
    if table.is_matrix:
        return pd.Index([table.location(ref).cell for ref in refs], name="cell")
    return pd.Index([ref.row for ref in refs], dtype="int64", name="row")


def _taken(index: pd.Index, rows: Sequence[int | None]) -> pd.Index:
    """The labels of these rows of the sheet; a missing label for what stands in no row of it."""
    positions = [-1 if row is None or not 0 <= row - FIRST_ROW < len(index) else row - FIRST_ROW for row in rows]
    if -1 not in positions:
        return index.take(positions)
    known = index.to_list()
    return pd.Index([None if at < 0 else known[at] for at in positions], dtype=object, name=index.name)


def stack_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The frames below each other, with a new index; where one lacks a column of another, its values are missing there.

    A column of several types holds objects: pandas 2 and 3 do not agree on which type it would get.
    """
    types: dict[str, set[Any]] = {}
    for frame in frames:
        for name, dtype in frame.dtypes.items():
            types.setdefault(str(name), set()).add(dtype)
    alike = {name: object if len(several) > 1 else next(iter(several)) for name, several in types.items()}
    whole = [
        frame.assign(**{
            name: frame[name].astype(dtype) if name in frame else pd.Series(pd.NA, index=frame.index, dtype=dtype)
            for name, dtype in alike.items()
        })[list(alike)]
        for frame in frames
    ]  # fmt: skip
    return pd.concat(whole, ignore_index=True)


def counts_text(counts: Mapping[str, int]) -> str:
    """The counts that are not 0, for a console: `created 3, invalid 1`."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count) or "nothing"


def counts_html(title: str, counts: Mapping[str, int], lines: Iterable[str] = ()) -> str:
    """A title, a table of counts and some sentences, for a notebook; whatever comes from files is escaped."""
    shown = {name: count for name, count in counts.items() if count}
    heads = "".join(f"<th>{escape(name)}</th>" for name in shown)
    cells = "".join(f"<td>{count:,}</td>" for count in shown.values())
    table = f"<table><tr>{heads}</tr><tr>{cells}</tr></table>" if shown else ""
    more = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p><strong>{escape(title)}</strong></p>{table}{f'<ul>{more}</ul>' if more else ''}"
