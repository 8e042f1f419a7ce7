"""What is said of one cell, or of one row: ids, choices, blanks, what Excel did to a number. Knows no level."""

from collections.abc import Sequence

from importer.messages.catalogue import Said, problem
from importer.remedies import Advice, EditCell, OpenInExcel
from importer.text import quote, sentence_case

_AN_ID = "the number that Kantata gave"


@problem("not-an-id", "An id is not a number", "A12")
def not_an_id(text: str) -> Said:
    return f"{quote(text)} is not an id.", EditCell(f"{_AN_ID}, digits only")


@problem("not-an-id", "An id is too long", "1234567890123456789")
def id_too_long(text: str) -> Said:
    return f"{quote(text)} is too long for an id.", EditCell(_AN_ID)


@problem("not-an-id", "An id is too small", "0")
def id_too_small(text: str) -> Said:
    return f"{quote(text)} is not an id.", EditCell(f"{_AN_ID}; ids start at 1")


@problem("leading-zero", "An id starts with a zero", "00123")
def leading_zero(text: str) -> Said:
    return (
        f"{quote(text)} starts with a zero, but Kantata's ids do not.",
        Advice("It may be a personnel number. Enter the id that Kantata gave, or the e-mail address."),
    )


@problem("not-a-choice", "The value is not one of the choices", "Project", "User or Workspace")
def not_a_choice(text: str, accepted: str) -> Said:
    return f"{quote(text)} is not one of the choices.", EditCell(accepted)


@problem("shortened", "Excel shortened a long number", "1.23457E+11")
def shortened(text: str) -> Said:
    return (
        f"Excel shortened {quote(text)}, and its last digits are lost.",
        Advice("Format the column as Text, then paste the whole number again."),
    )


@problem("error-cell", "The cell shows an Excel error", "#N/A")
def excel_error(text: str) -> Said:
    return f"{text} is an Excel error, not a value.", Advice("Correct the formula, or type the value.")


@problem("no-value", "A formula was never calculated")
def not_calculated() -> Said:
    return "Excel has never calculated this formula.", OpenInExcel()


@problem("hidden-value", "The format of a cell hides its value", "4")
def hidden_by_format(text: str) -> Said:
    return (
        f"The format of the cell hides its value ({text}).",
        Advice("Choose Format Cells > Number > General, then clear the cell or keep its value."),
    )


@problem("symbol", "A cell is in a font of signs", "\u00fc")
def symbol_font(text: str) -> Said:
    return (
        f"This cell shows a sign of a font such as Wingdings; what it holds is {quote(text)}.",
        Advice("Enter the sign itself, such as \u2714, x or nothing, in an ordinary font."),
    )


@problem("quotation", "A quotation mark is wrong in a line of a text file")
def wrong_quotation() -> Said:
    return (
        'A quotation mark (") is wrong in this line, so we cannot tell its cells apart.',
        Advice("Close it, write it twice if it belongs to the text, or save the sheet as .xlsx."),
    )


@problem("too-many-cells", "A row has more cells than the others")
def one_cell_more() -> Said:
    return (
        "This row has more cells than the others, so its cells may have moved to the right.",
        Advice("Put quotation marks around a text with a separator in it, or remove the extra cell."),
    )


@problem("date", "Excel turned a value into a date", "2026-03-05")
def became_a_date(text: str) -> Said:
    return (
        f"Excel turned this into a date ({text}).",
        Advice("Format the cell as Number or Text, then type the value again."),
    )


@problem("blank", "A cell that must be filled is empty", "group", "a name")
def blank(column: str, accepted: str) -> Said:
    return f"The {column} is empty.", EditCell(accepted)


@problem("blank", "All cells that could name something are empty", ("user_id", "email", "user"))
def all_blank(columns: Sequence[str]) -> Said:
    return f"{', '.join(columns[:-1])} and {columns[-1]} are empty.", Advice("Fill in one of them.")


@problem("out-of-range", "A number is too low or too high", "7", 0, 5, "0 to 5, or leave the cell empty")
def out_of_range(text: str, lowest: int | None, highest: int, accepted: str) -> Said:
    return f"{quote(text)} is not between {lowest} and {highest}.", EditCell(accepted)


@problem("too-many-cells", "A row of a text file has more cells than the header", 6, 5)
def too_many_cells(cells: int, headers: int) -> Said:
    return (
        f"This row has {cells} cells, but the header has {headers}.",
        Advice("Put a text that contains a comma in quotation marks."),
    )


@problem(
    "same-key", "Two rows want different things for the same record", "row 9", True, "user_id and skill_id", "level"
)
def same_record(others: str, is_one: bool, key: str, differing: str) -> Said:
    return (
        f"{sentence_case(others)} of the file {'has' if is_one else 'have'} the same {key} "
        f"but a different {differing}.",
        Advice("Keep one of them."),
    )


@problem(
    "same-key",
    "A row wants something else for a record than another file does",
    "row 9 of people.csv",
    "user_id and skill_id",
    "level",
)
def same_record_elsewhere(other: str, key: str, differing: str) -> Said:
    return (
        f"{sentence_case(other)} has the same {key} but a different {differing}.",
        Advice("Keep one of them."),
    )


@problem("duplicate", "A row repeats an earlier one", "row 9")
def duplicate(earlier: str) -> Said:
    return (f"{sentence_case(earlier)} of the file says the same.",)


@problem("mended-twice", "A row was changed in two places", ("D7", "Team A", "3"), ("F2", "To fix", "4"))
def changed_twice(own: tuple[str | None, str | None, str], other: tuple[str, str, str]) -> Said:
    cell, sheet, text = own
    there, other_sheet, other_text = other
    return (
        f'{cell} on the sheet "{sheet}" says {quote(text)}, but {there} on the sheet "{other_sheet}" says '
        f"{quote(other_text)}. Both were changed.",
        Advice("Enter the same in both, or undo one of the changes."),
    )
