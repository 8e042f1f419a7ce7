"""The colours of our workbooks. Quiet ones: the word in the cell says it, the colour finds it."""

from collections.abc import Mapping

INK = "#1F2933"
QUIET = "#616E7C"
HEADER = "#1F4E79"
HEADER_TEXT = "#FFFFFF"
OURS = "#44546A"
"""The header of a column that we added to the person's own."""
EXAMPLE = "#8A96A3"
LINK: Mapping[str, str | int] = {"font_color": "#134A7C", "underline": 1}
"""A cell that leads to another one."""
MARK: Mapping[str, str] = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
"""A cell with a problem."""

_GREEN = {"bg_color": "#D5EEDC", "font_color": "#0B5A2B"}
_BLUE = {"bg_color": "#DAE8F6", "font_color": "#134A7C"}
_PURPLE = {"bg_color": "#E6DFF0", "font_color": "#4B2E73"}
_GREY = {"bg_color": "#EDF0F3", "font_color": "#4A5663"}
_RED = {"bg_color": "#FFD6D9", "font_color": "#8E0B16"}
_ORANGE = {"bg_color": "#FCE0CC", "font_color": "#7A3408"}
_YELLOW = {"bg_color": "#FFF1BF", "font_color": "#664D00"}

COLOURS: Mapping[str, Mapping[str, str]] = {
    "created": _GREEN,
    "create": _GREEN,
    "updated": _BLUE,
    "update": _BLUE,
    "removed": _PURPLE,
    "remove": _PURPLE,
    "unchanged": _GREY,
    "duplicate": _GREY,
    "invalid": _RED,
    "refused": _ORANGE,
    "conflict": _PURPLE,
    "not sent": _YELLOW,
    "unknown": _YELLOW,
}
"""Fill and text colour of an outcome, or of a planned change."""
