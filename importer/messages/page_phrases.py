"""What the page says of what a person does on it, where that is no problem. Decides nothing."""

from importer.text import count_of


def edited(cells: int) -> str:
    """What is said after a step that changed cells."""
    return f"{count_of(cells, 'cell')} changed." if cells else "Nothing changed: the cells already hold that."


def pasted(cells: int, rows_left: int, columns_left: int) -> str:
    """What is said after a block was pasted, of which some rows or columns had no room."""
    rows = f"{count_of(rows_left, 'row')} did not fit below the last row" if rows_left else ""
    columns = f"{count_of(columns_left, 'column')} did not fit beside the last column" if columns_left else ""
    left = " and ".join(filter(None, (rows, columns)))
    return f"{edited(cells)} {left[:1].upper()}{left[1:]}." if left else edited(cells)


def taken_back(cells: int) -> str:
    """What is said after a step was undone."""
    return f"Undone: {count_of(cells, 'cell')} changed back." if cells else "There is nothing to undo."


def taken_again(cells: int) -> str:
    """What is said after a step was redone."""
    return f"Redone: {count_of(cells, 'cell')} changed again." if cells else "There is nothing to redo."


def replaced(cells: int, find: str) -> str:
    """What is said after texts were replaced."""
    return f"Replaced in {count_of(cells, 'cell')}." if cells else f"No cell in view contains “{find}”."


BUSY = "We are reading the file. Try again in a moment."
NO_ANSWER = "The program does not answer. If it has ended, start it again."
