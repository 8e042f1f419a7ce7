"""The colours of a report's plots by the names of their tones. Quiet ones; a level is the darker the higher it is."""

from collections.abc import Mapping

TONES: Mapping[str, str] = {
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
