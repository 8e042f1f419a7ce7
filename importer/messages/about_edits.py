"""What is said of the texts that a person enters into the cells of a file. Knows no file."""

from importer.errors import Usage
from importer.messages.catalogue import Said, error
from importer.remedies import Advice
from importer.text import count_of


@error(Usage, "no-sheet-cell", "The sheet has no such cell", "ZZ9")
def no_such_cell(address: str) -> Said:
    return f"There is no cell {address}.", Advice("Look at the sheet again.")


@error(Usage, "cell-too-long", "A text is too long for a cell", 32_767)
def too_long_for_a_cell(limit: int) -> Said:
    return (
        f"This is longer than the {count_of(limit, 'character')} that a cell can hold (an emoji counts twice).",
        Advice("Shorten it."),
    )


@error(Usage, "too-many-cells", "Too many cells are changed in one step", 200_000)
def too_many_cells(limit: int) -> Said:
    return f"These are more than {count_of(limit, 'cell')}.", Advice("Change fewer at a time, or do it in Excel.")
