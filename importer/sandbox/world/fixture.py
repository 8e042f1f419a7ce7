"""The names of the fixture world, as the file beside this module lists them; knows no id."""

import tomllib
from importlib.resources import files
from typing import Any

FIXTURE: dict[str, Any] = tomllib.loads((files("importer.sandbox.world") / "fixture.toml").read_text(encoding="utf-8"))
HEADLINES: list[str] = FIXTURE["headlines"]


def words(text: str) -> list[str]:
    """The names in a text that separates them with | and line ends."""
    return [name for line in text.strip().splitlines() for name in line.split("|")]


def _names(line: str) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in line.split())


_LINES = FIXTURE["cultures"].strip().splitlines()
CULTURES = [(_names(given), _names(family)) for given, family in zip(_LINES[::2], _LINES[1::2], strict=True)]
