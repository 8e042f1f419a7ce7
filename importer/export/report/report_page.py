"""The report as one page that is whole in itself: no script, nothing loaded. Knows what is shown, and not why.

Every text is escaped by the template. Bars are drawn as SVG, their names and numbers are text, so that they can be read
at any width and aloud.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from importer.export.report.report_model import Column, Look, Plot, Shape, Shown, Table, Value, drawn

LISTED = 1_000
"""So many rows of a table are on the page; a workbook has all."""
_OPEN, _FEW = 12, 2
"""A table of so few rows is shown at once, unless it has so few columns that its plot says it all."""
_HERE = Path(__file__).parent
_FULL = 1000
"""The width of a plot, in its own units."""
_LEFT = (Look.TEXT, Look.STRONG)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a bar, in units of the plot."""

    tone: str
    start: float
    width: float
    said: str


@dataclass(frozen=True, slots=True)
class _Strip:
    """A bar: its pieces, what it says aloud, and the number beside it."""

    pieces: Sequence[_Piece]
    said: str
    value: str


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    strips: Sequence[_Strip]


@dataclass(frozen=True, slots=True)
class _Drawn:
    title: str
    bars: Sequence[_Bar]
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of the page; a cell is its text and the class of its look."""

    id: str
    name: str
    title: str
    says: Sequence[str]
    plots: Sequence[_Drawn]
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[tuple[str, str]]]
    summary: str
    is_open: bool
    nothing: str


def write_page(target: BinaryIO, shown: Shown) -> None:
    """Write the report as a page; the same one gives the same page, byte for byte."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    loader = FileSystemLoader(_HERE)
    template = Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")
    page = template.render(
        title=shown.title,
        made=f"{shown.made:%Y-%m-%d}",
        facts=shown.facts,
        figures=[(_text(_look(figure.value), figure.value) or "\u2013", figure.says) for figure in shown.figures],
        notes=shown.notes,
        parts=[_part(table) for table in (shown.levels, *shown.tables)],
        style=style,
        style_hash=f"sha256-{digest}",
    )
    target.write(page.encode("utf-8", "xmlcharrefreplace"))


def _part(table: Table) -> _Part:
    rows = table.rows[:LISTED]
    tops = _tops(table)
    more = f"The first {LISTED:,} of {len(table.rows):,} rows" if len(table.rows) > LISTED else ""
    return _Part(
        id=table.name.lower().replace(" ", "-"),
        name=table.name,
        title=table.title,
        says=table.says,
        plots=[_drawn(table, plot) for plot in table.plots],
        heads=[(column.header, "text" if column.look in _LEFT else "") for column in table.columns],
        rows=[
            [
                (_text(column.look, value), _class(column, value, top))
                for column, value, top in zip(table.columns, values, tops, strict=True)
            ]
            for values in rows
        ],
        summary=more or f"The table: {len(rows):,} row{'' if len(rows) == 1 else 's'}",
        is_open=not table.plots or (len(rows) <= _OPEN and len(table.columns) > _FEW),
        nothing=table.nothing,
    )


def _look(value: Value) -> Look:
    return Look.AVERAGE if isinstance(value, float) else Look.COUNT


def _text(look: Look, value: Value) -> str:
    """A value as a person reads it."""
    if value is None or isinstance(value, str):
        return value or ""
    if look is Look.SHARE:
        return f"{value:.1%}"
    if look in (Look.AVERAGE, Look.DECIMAL):
        return f"{value:.1f}"
    return "\u00b7" if look is Look.HEAT and not value else f"{value:,}"


def _tops(table: Table) -> list[float]:
    """For each column the value that has the darkest colour."""
    heat = [at for at, column in enumerate(table.columns) if column.look is Look.HEAT]
    most = max((_number(row[at]) for row in table.rows for at in heat), default=0.0)
    tops = {Look.HEAT: most, Look.AVERAGE: 5.0, Look.LEVEL: 5.0}
    return [tops.get(column.look, 0.0) for column in table.columns]


def _class(column: Column, value: Value, top: float) -> str:
    if column.look in _LEFT:
        return "text"
    share = _number(value) / top if top else 0.0
    return f"heat{min(5, int(share * 5) + (share > 0))}" if share > 0 else ""


def _number(value: Value) -> float:
    return 0.0 if value is None or isinstance(value, str) else float(value)


def _drawn(table: Table, plot: Plot) -> _Drawn:
    series = drawn(table, plot)
    rows = table.rows[: plot.rows]
    heads = [table.columns[at].header for at, _ in series]
    if plot.shape is Shape.BARS:
        full = max(_number(row[at]) for row in rows for at, _ in series)
    else:
        full = max(sum(_number(row[at]) for at, _ in series) for row in rows)
    bars = [_Bar(str(row[plot.label] or ""), list(_strips(row, plot, series, heads, full))) for row in rows]
    legend = [(head, tone) for head, (_, tone) in zip(heads, series, strict=True)] if len(series) > 1 else []
    return _Drawn(plot.title, bars, legend)


def _strips(
    row: Sequence[Value], plot: Plot, series: Sequence[tuple[int, str]], heads: Sequence[str], full: float
) -> Iterator[_Strip]:
    """The bars of one row: one for each series, or one of pieces."""
    told = [(tone, _number(row[at]), head) for (at, tone), head in zip(series, heads, strict=True)]
    if plot.shape is Shape.BARS:
        for tone, number, head in told:
            said = f"{row[plot.label]}, {head}: {number:,.0f}"
            yield _Strip([_Piece(tone, 0, round(number / full * _FULL, 1), said)], said, f"{number:,.0f}")
        return
    total = sum(number for _, number, _ in told)
    scale = (total if plot.shape is Shape.PARTS else full) or 1
    pieces: list[_Piece] = []
    start = 0.0
    for tone, number, head in told:
        width = number / scale * _FULL
        if number:
            pieces.append(_Piece(tone, round(start, 1), round(width, 1), f"{head}: {number:,.0f}"))
        start += width
    said = f"{row[plot.label]}: {', '.join(piece.said for piece in pieces) or 'none'}"
    yield _Strip(pieces, said, f"{total:,.0f}")
