"""The report as one page that is whole in itself: no script, nothing loaded. Knows what it shows, and not why.

Every text is escaped by the template. Bars are drawn as SVG, their names and numbers are text, so that they can be read
at any width and aloud.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from importer.export.report.report_model import (
    Column,
    Figure,
    Look,
    Plot,
    Shape,
    SkillReport,
    Table,
    Value,
    visible_series,
)

LISTED = 1_000
"""So many rows of a table are on the page; a workbook has all."""
_OPEN, _FEW = 12, 2
"""A table of so few rows is shown at once, unless it has so few columns that its plot says it all."""
_HERE = Path(__file__).parent
_FULL = 1000
"""The width of a plot, in its own units."""
_LEFT = (Look.TEXT, Look.STRONG)


class Piece(NamedTuple):
    """A part of a bar, in units of the plot; `text` is what it says aloud."""

    tone: str
    start: float
    width: float
    text: str


class Strip(NamedTuple):
    """A bar: its pieces, what it says aloud, and the number beside it."""

    pieces: Sequence[Piece]
    text: str
    value: str


def write_page(target: BinaryIO, report: SkillReport) -> None:
    """Write the report as a page; the same one gives the same page, byte for byte."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {
        "figure": _figure,
        "summary": _summary,
        "open": _is_open,
        "cells": _cells,
        "strips": _strips,
    }
    page = environment.get_template("page.html").render(
        report=report,
        tables=[report.levels, *report.tables],
        legend=_legend,
        left=_LEFT,
        style=style,
        style_hash=f"sha256-{digest}",
    )
    target.write(page.encode("utf-8", "xmlcharrefreplace"))


def _figure(figure: Figure) -> str:
    look = Look.AVERAGE if isinstance(figure.value, float) else Look.COUNT
    return _text(look, figure.value) or "\u2013"


def _summary(table: Table) -> str:
    """What stands over the rows of a table."""
    count = len(table.rows)
    if count > LISTED:
        return f"The first {LISTED:,} of {count:,} rows"
    return f"The table: {count:,} row{'' if count == 1 else 's'}"


def _is_open(table: Table) -> bool:
    return not table.plots or (len(table.rows) <= _OPEN and len(table.columns) > _FEW)


def _cells(table: Table) -> Iterator[list[tuple[str, str]]]:
    """The rows that are on the page; a cell is its text and the class of its look."""
    heat = [at for at, column in enumerate(table.columns) if column.look is Look.HEAT]
    most = max((_number(row[at]) for row in table.rows for at in heat), default=0.0)
    darkest = {Look.HEAT: most, Look.AVERAGE: 5.0, Look.LEVEL: 5.0}
    for values in table.rows[:LISTED]:
        yield [
            (_text(column.look, value), _class(column, value, darkest.get(column.look, 0.0)))
            for column, value in zip(table.columns, values, strict=True)
        ]


def _text(look: Look, value: Value) -> str:
    """A value as a person reads it."""
    if value is None or isinstance(value, str):
        return value or ""
    if look is Look.SHARE:
        return f"{value:.1%}"
    if look in (Look.AVERAGE, Look.DECIMAL):
        return f"{value:.1f}"
    return "\u00b7" if look is Look.HEAT and not value else f"{value:,}"


def _class(column: Column, value: Value, darkest: float) -> str:
    """The class of a cell; `darkest` is the value that has the darkest colour, 0 where there are no colours."""
    if column.look in _LEFT:
        return "text"
    share = _number(value) / darkest if darkest else 0.0
    return f"heat{min(5, int(share * 5) + (share > 0))}" if share > 0 else ""


def _number(value: Value) -> float:
    return 0.0 if value is None or isinstance(value, str) else float(value)


def _legend(table: Table, plot: Plot) -> list[tuple[str, str]]:
    """The name and the tone of each series, where there are several."""
    series = [(table.columns[at].header, tone) for at, tone in visible_series(table, plot)]
    return series if len(series) > 1 else []


def _strips(table: Table, plot: Plot) -> Iterator[tuple[str, list[Strip]]]:
    """The name of each row of a plot, and its bars: one for each series, or one of pieces."""
    series = [(at, tone, table.columns[at].header) for at, tone in visible_series(table, plot)]
    rows = table.rows[: plot.rows]
    longest = max if plot.shape is Shape.BARS else sum
    full = max(longest(_number(row[at]) for at, _, _ in series) for row in rows)
    for row in rows:
        label = str(row[plot.label] or "")
        numbers = [(tone, _number(row[at]), header) for at, tone, header in series]
        if plot.shape is Shape.BARS:
            yield label, [_bar(f"{row[plot.label]}, {header}", tone, number, full) for tone, number, header in numbers]
        else:
            total = sum(number for _, number, _ in numbers)
            pieces = list(_pieces(numbers, (total if plot.shape is Shape.PARTS else full) or 1))
            text = f"{row[plot.label]}: {', '.join(piece.text for piece in pieces) or 'none'}"
            yield label, [Strip(pieces, text, f"{total:,.0f}")]


def _bar(name: str, tone: str, number: float, full: float) -> Strip:
    text = f"{name}: {number:,.0f}"
    return Strip([Piece(tone, 0, round(number / full * _FULL, 1), text)], text, f"{number:,.0f}")


def _pieces(numbers: Sequence[tuple[str, float, str]], scale: float) -> Iterator[Piece]:
    """A piece for each number that is not 0, one after the other."""
    start = 0.0
    for tone, number, header in numbers:
        width = number / scale * _FULL
        if number:
            yield Piece(tone, round(start, 1), round(width, 1), f"{header}: {number:,.0f}")
        start += width
