"""What a workbook of the gallery must be read as: written down by who draws it. Knows nothing of how it is read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Records = Mapping[str, Mapping[str, int | None]]
"""For each person's e-mail address the level of each skill."""


@dataclass(frozen=True, slots=True)
class ExpectedSheet:
    """What is taken of one sheet. `rows` are a list's rows, or a matrix's levels; `set_aside` names what else stands
    below the header, or beside its columns.
    """

    sheet: str | None
    header_row: int
    rows: int
    people: int | None = None
    skills: int | None = None
    categories: int | None = None
    set_aside: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        names = ("sheet", "header_row", "rows", "people", "skills", "categories")
        return {name: value for name in names if (value := getattr(self, name)) is not None or name == "sheet"} | {
            "set_aside": sorted(self.set_aside)
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file is read as. `problems` are a sheet, a cell and a code each; `notes` are among what is said;
    `question` is the code of the one question that is asked, whose first answer is right.
    """

    file: str
    habit: str
    layout: str
    sheets: Sequence[ExpectedSheet]
    records: Records
    problems: Sequence[tuple[str | None, str, str]] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    question: str = ""
    endpoint: str = "skill-memberships"

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "habit": self.habit,
            "layout": self.layout,
            "people": len(self.records),
            "levels": sum(len(skills) for skills in self.records.values()),
            "sheets": [each.told() for each in self.sheets],
            "problems": [list(each) for each in self.problems],
            "notes": list(self.notes),
            "question": self.question,
            "endpoint": self.endpoint,
            "records": {person: dict(skills) for person, skills in self.records.items()},
        }


def write_expected(path: Path, every: Iterable[Expected]) -> None:
    """Write what every file is read as, a record a line."""
    lines: list[str] = []
    for each in every:
        told = each.told()
        records = told.pop("records")
        head = json.dumps(told, ensure_ascii=False, indent=1)[:-2]
        body = ",\n".join(f"   {_json(person)}: {_json(skills)}" for person, skills in records.items())
        lines.append(f'"{each.file}": {head},\n "records": {{\n{body}\n }}\n}}')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
