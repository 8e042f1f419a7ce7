"""What a check found in a table: what `check` and `Account.check` give. Knows no file and no account."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from importer.messages.phrases import table_sentence
from importer.model import Problem
from importer.pipeline.data_frames import counts_html, problems_frame, valid_frame
from importer.pipeline.explanation import explain
from importer.pipeline.json_objects import check_object
from importer.set_aside import Reason, SetAside
from importer.validation.aliases import UnresolvedName
from importer.validation.schema import CheckedTable


@dataclass(frozen=True)
class CheckResult:
    """What a check found: each row (or cell of a matrix) is valid, repeats another, or has problems."""

    checked: CheckedTable
    index: pd.Index | None = None
    is_offline: bool = False
    """Whether there was no token, so that names were not compared with the ids beside them."""

    def __repr__(self) -> str:
        return f"<CheckResult {self.sentence}>"

    @property
    def frame(self) -> pd.DataFrame:
        """The valid rows, one typed column a field (Int64 or string), with the index of the table."""
        return valid_frame(self.checked, self.index)

    @property
    def problems(self) -> pd.DataFrame:
        """One row a problem: `code`, `sheet`, `cell`, `row`, `column`, `value`, `message`, `fix`.

        Shapes: of a DataFrame, each has the label of its row; cells and rows are counted as Excel would show them if
        the DataFrame were saved, the header being row 1.
        """
        return problems_frame(self.checked.problems, self.index)

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The same as values, in sheet order."""
        return self.checked.problems

    @property
    def counts(self) -> dict[str, int]:
        """How many rows (or cells) there are, and how many are valid, repeat another, or have problems."""
        valid, again, invalid = (
            len(some) for some in (self.checked.valid, self.checked.duplicates, self.checked.invalid)
        )
        return {
            self.checked.table.units: len(self.checked.values),
            "valid": valid,
            "duplicate": again,
            "invalid": invalid,
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing, as sentences."""
        return self.checked.notes

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What of its sheets is neither header nor part of a record, each with its place, its text and the reason."""
        return self.checked.table.set_aside

    @property
    def set_aside_of_theirs(self) -> tuple[SetAside, ...]:
        """The same, without columns that stand in a list only because we export them."""
        ours = self.checked.table.of_our_export
        return tuple(each for each in self.set_aside if each.reason is not Reason.UNUSED or each.text not in ours)

    @property
    def sentence(self) -> str:
        """Which table was read, and how much of it is right."""
        return table_sentence(self.checked)

    @property
    def explanation(self) -> tuple[str, ...]:
        """How the file was read, column by column, and what spoke for it, as sentences."""
        return explain(self.checked)

    @property
    def aliases(self) -> Path | None:
        """The workbook with a person's choices of what names mean, if one was read or written."""
        return self.checked.aliases

    @property
    def units(self) -> str:
        """What its rows are called: rows, or the cells of a matrix."""
        return self.checked.table.units

    @property
    def unclear_names(self) -> tuple[UnresolvedName, ...]:
        """The names that wait in that workbook for a choice."""
        return self.checked.unresolved_names

    def to_dict(self) -> dict[str, Any]:
        """The object that `importer check --json` prints."""
        return check_object(self.checked)

    def _repr_html_(self) -> str:
        """The check in a notebook: its counts and its first problems."""
        return counts_html(self.sentence, self.counts, [*self.notes, *map(str, self.checked.problems[:10])])


def checks_to_dict(checks: Sequence[CheckResult], *, explain: bool = False) -> dict[str, Any]:
    """The object that `importer check --json` prints: of several tables their sums, and each under `tables`."""
    parts = [each.to_dict() | ({"explanation": list(each.explanation)} if explain else {}) for each in checks]
    if len(parts) == 1:
        return parts[0]
    return {
        "endpoint": "several",
        "file": parts[0]["file"],
        **{name: sum(part[name] for part in parts) for name in ("rows", "valid", "invalid")},
        "problems": [
            {**problem, "file": check.checked.table.source.name}
            for check, part in zip(checks, parts, strict=True)
            for problem in part["problems"]
        ],
        "tables": parts,
    }
