"""The charts of a report's workbook, each on ranges of the table beside it. Knows plots, and no number."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.export.report.report_model import Plot, Shape, Table, visible_series
from importer.spreadsheet.write.palette import INK, QUIET

_TONES: Mapping[str, str] = {
    "main": "#4A86BD",
    "none": "#D3D9E0",
    "one": "#CFE0F0",
    "two": "#A6C6E3",
    "three": "#74A5D2",
    "four": "#3F7AB3",
    "five": "#1F4E79",
    "other": "#BDB4D1",
    "wanted": "#C3CBD3",
    "new": "#7DB493",
    "gone": "#C99393",
    "up": "#74A5D2",
    "down": "#DDBB7C",
}
"""The colours of series by the names of their tones. Quiet ones; a level is the darker the higher it is."""
WIDTH = 620
"""Pixels."""
_ROW, _TALL_ROW, _LOWEST = 21, 34, 200
"""Pixels of a bar, of one whose name may need two lines, and of the lowest chart."""
_TITLE, _AXIS, _LEGEND, _EDGE, _RIGHT = 52, 30, 30, 12, 36
"""Pixels of what stands around the bars: above them, below them (thrice), and on their right."""
_SHORT, _LINE, _CHARACTER = 24, 56, 6
"""Names of up to so many characters leave the bars room enough; the most for which room is made; pixels of one."""
_TEXT = {"name": "Calibri", "size": 9, "color": QUIET, "bold": False}


def add_chart(
    book: Scaffold, sheet: Worksheet, table: Table, plot: Plot, at: tuple[int, int], place: tuple[int, int, int]
) -> int:
    """Add a chart of the table whose header's first cell is `at`; returns its height in pixels.

    `place` is the row and the column of its upper left corner, and how many pixels below the row's edge that is.
    """
    header, left = at
    row, column, down = place
    first, last = header + 1, header + plot.rows
    kinds: dict[Shape, dict[str, Any]] = {
        Shape.BARS: {"type": "bar"},
        Shape.STACKED: {"type": "bar", "subtype": "stacked"},
        Shape.PARTS: {"type": "bar", "subtype": "percent_stacked"},
    }
    chart = book.add_chart(kinds[plot.shape])
    series = visible_series(table, plot)
    for position, tone in series:
        chart.add_series(
            {
                "name": [sheet.get_name(), header, left + position],
                "categories": [sheet.get_name(), first, left + plot.label, last, left + plot.label],
                "values": [sheet.get_name(), first, left + position, last, left + position],
                "fill": {"color": _TONES[tone]},
                "border": {"none": True},
                "gap": 35,
                **({"overlap": 100} if plot.shape is not Shape.BARS else {}),
                **({"data_labels": {"value": True, "font": _TEXT}} if plot.shape is Shape.BARS else {}),
            }
        )
    longest = max(len(str(values[plot.label] or "")) for values in table.rows[: plot.rows])
    below = (_AXIS if plot.shape is not Shape.BARS else 0) + (_LEGEND if len(series) > 1 else 0) + _EDGE
    bars = plot.rows * (2 if plot.shape is Shape.BARS and len(series) > 1 else 1)
    height = max(_TITLE + bars * (_ROW if longest <= _LINE else _TALL_ROW) + below, _LOWEST)
    width = WIDTH + _CHARACTER * min(max(longest - _SHORT, 0), _LINE)
    # Programs that place the bars themselves leave names out that they think have no room.
    left = _CHARACTER * min(longest, _LINE) + 16
    chart.set_plotarea(
        {
            "layout": {
                "x": left / width,
                "y": _TITLE / height,
                "width": 1 - (left + _RIGHT) / width,
                "height": 1 - (_TITLE + below) / height,
            }
        }
    )
    chart.set_title({"name": plot.title, "name_font": {"size": 12, "color": INK, "bold": True}, "overlay": False})
    chart.set_size({"width": width, "height": height})
    # The first row stands on top, as in the table; the axis of values stays below.
    chart.set_y_axis({"reverse": True, "crossing": "max", "num_font": {**_TEXT, "color": INK}, "line": {"none": True},
                      "interval_unit": 1, "major_tick_mark": "none"})  # fmt: skip
    percent = {"num_format": "0%"} if plot.shape is Shape.PARTS else {"num_format": "#,##0"}
    chart.set_x_axis(
        {"num_font": _TEXT, "line": {"none": True}, **percent, "major_tick_mark": "none",
         "major_gridlines": {"visible": plot.shape is not Shape.BARS, "line": {"color": "#E3E7EB"}},
         "visible": plot.shape is not Shape.BARS, "min": 0}
    )  # fmt: skip
    chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom", "font": _TEXT})
    chart.set_chartarea({"border": {"color": "#E3E7EB"}})
    # A chart keeps its size when a filter hides the rows beside it.
    options = {"y_offset": down, "object_position": 3, "description": plot.title}
    sheet.insert_chart(row, column, chart, options)
    return height
