"""What of a sheet is neither its header nor a record, and why: a total, a remark, a column that we do not use.

Knows places and reasons; decides nothing, and reads no sheet.
"""

from dataclasses import dataclass
from enum import StrEnum

_SHOWN_TEXT = 40


class Reason(StrEnum):
    """Why cells of a sheet are not loaded, as the end of a sentence."""

    ABOVE = "above the header"
    TOTAL = "a total, an average or a goal"
    REMARK = "a remark"
    LEGEND = "what levels mean"
    NO_LEVELS = "nothing to load"
    CATEGORY = "a category, or a remark"
    NOBODY = "levels without a person"
    HEADER_AGAIN = "the header again"
    EXAMPLE = "the template's example"
    OTHER_TABLE = "a table of its own"
    UNUSED = "a column that is not used"
    UNUSED_TOTAL = "a column of totals or averages"
    NO_HEADING = "a column without a heading"
    MERGED = "only the first of them has the level"
    BELOW = "below the table"


MAY_BE_KNOWN = frozenset({Reason.TOTAL, Reason.REMARK, Reason.NOBODY, Reason.NO_LEVELS, Reason.UNUSED})
"""Why rows and columns are set aside that are part of the table all the same where the account knows their names."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Cells that are not loaded: their place (`row 38`), what stands there, why, and how many of them are filled."""

    place: str
    text: str
    reason: Reason
    cells: int
    sheet: str | None = None

    def __str__(self) -> str:
        short = self.text if len(self.text) <= _SHOWN_TEXT else f"{self.text[: _SHOWN_TEXT - 3]}..."
        return self._saying(self.place, short)

    @property
    def sentence(self) -> str:
        """The same with its sheet and the whole text."""
        return self._saying(f'sheet "{self.sheet}", {self.place}' if self.sheet else self.place, self.text)

    def _saying(self, where: str, text: str) -> str:
        return f'{where} "{text}": {self.reason}' if text else f"{where}: {self.reason}"
