"""What a person says of where the table is and how it is to be read. Knows no sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from importer.errors import Choice
from importer.layouts.matrix_finder import MatrixOptions
from importer.validation.level import NUMBERS, LevelScale, parse_scale


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person says about where the table is and how to read it. `endpoint` may also be `skill-matrix`.

    `columns` gives for a field the header (or letter) of its column, or `none`; `person` and `skill` say whose or which
    a sheet is that does not say so; `fill_down` that a blank cell below a name means the same.
    """

    endpoint: str | None = None
    sheets: tuple[str, ...] = ()
    matrix: MatrixOptions = field(default_factory=MatrixOptions)
    scale: LevelScale | None = None
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    skill: str | None = None
    fill_down: bool = False
    remembered: LevelScale = NUMBERS
    """What words mean that neither the person nor the sheet explains."""

    def answered(self, answer: Choice) -> "ReadOptions":
        """The same, with an answer to a question."""
        value = answer.value
        said: dict[str, Any]
        match answer.option:
            case "levels":
                said = {"scale": parse_scale(value).over(self.scale or NUMBERS)}
            case "columns":
                name, _, header = value.partition("=")
                said = {"columns": {**self.columns, name: header}}
            case "sheets":
                said = {"sheets": (value,)}
            case "fill_down":
                said = {"fill_down": True}
            case "header_row":
                said = {"matrix": replace(self.matrix, header_row=int(value))}
            case "people_column":
                said = {"matrix": replace(self.matrix, people_column=value)}
            case option:
                said = {option: value}
        return replace(self, **said)

    def pack(self, sheets: Sequence[str | None]) -> dict[str, Any]:
        """What was said, with the sheets that were found, as JSON can hold it."""
        return {
            "meant": self.endpoint,
            "sheets": sheets,
            "header_row": self.matrix.header_row,
            "people_column": self.matrix.people_column,
            "skill_columns": self.matrix.skill_columns,
            "levels": None if self.scale is None else self.scale.words,
            "layout": self.layout,
            "columns": dict(self.columns),
            "person": self.person,
            "skill": self.skill,
            "fill_down": self.fill_down,
        }

    def or_as(self, before: Mapping[str, Any]) -> "ReadOptions":
        """The same, and where nothing is said now, what was said before."""
        levels, told = before["levels"], self.matrix
        return ReadOptions(
            endpoint=self.endpoint or before["meant"],
            sheets=self.sheets or tuple(before["sheets"]),
            matrix=MatrixOptions(
                told.header_row or before["header_row"],
                told.people_column or before["people_column"],
                told.skill_columns or tuple(before["skill_columns"]),
            ),
            scale=self.scale or (None if levels is None else LevelScale(levels)),
            layout=self.layout or before.get("layout"),
            columns={**before.get("columns", {}), **self.columns},
            person=self.person or before.get("person"),
            skill=self.skill or before.get("skill"),
            fill_down=self.fill_down or before.get("fill_down", False),
            remembered=self.remembered,
        )
