"""What is said of how a sheet was read: headers, columns and tables that are missing, or that could be two."""

from collections.abc import Mapping, Sequence

from importer.errors import Ambiguous, Unreadable
from importer.messages.catalogue import Said, error
from importer.remedies import Advice, Remedy, RunCommand, SetOption
from importer.text import count_of, quote, shorten_list

_HEADINGS_SHOWN = 20
_LONGEST_HEADERS = 200
_TEMPLATE = "skill-memberships --matrix"
_RENAME = Advice("Rename or delete one of them.")
ACCOUNT_MAY_TELL = RunCommand("login", "let the names of your account decide")
"""What helps where nobody is signed in, and a sheet is not understood by its headings and its shape alone."""

_OTHER_READINGS = (
    SetOption("as", "skill-matrix", "load a matrix with people down and skills across"),
    SetOption("column", "FIELD=HEADER", "say which column is what"),
    RunCommand("endpoints", "see the fields"),
    RunCommand("template", "get a workbook to fill in"),
)


def _columns(headings: Sequence[str]) -> str:
    """What stands over the columns of a sheet, as the end of a message."""
    shown = shorten_list([" ".join(each.split()) for each in headings], _HEADINGS_SHOWN)
    return f" Columns: {shown}." if headings else ""


# ---- why a sheet has no table; these stand behind the name of the sheet


@error(Unreadable, "no-header", "No row looks like a header", True, 1, ["SKU", "Depot"])
def no_header(is_any_row: bool, row: int, headings: Sequence[str]) -> Said:
    says = "no row is a header that we know." if is_any_row else f"row {row} is not a header that we know."
    return f"{says}{_columns(headings)}", *_OTHER_READINGS


@error(Unreadable, "nothing-to-load", "People stand in the sheet, and nothing to load", 3, ["Name", "Phone"])
def people_alone(people: int, headings: Sequence[str]) -> Said:
    return (
        f"the account knows {count_of(people, 'person', 'people')} here, and beside them is nothing to load."
        f"{_columns(headings)}",
        *_OTHER_READINGS,
    )


@error(Unreadable, "no-header", "The sheet has no headings", 1)
def no_headings(row: int) -> Said:
    return (
        f"there are no headings: row {row} is a record already.",
        Advice("Write a heading above each column, such as email, skill, level."),
        RunCommand("endpoints", "see the columns"),
    )


@error(
    Unreadable,
    "no-column",
    "The header lacks a column",
    1,
    ["Name", "Skill"],
    ["skill_id or skill"],
    "skill-memberships",
)
def column_missing(row: int, headers: Sequence[str], missing: Sequence[str], endpoint: str) -> Said:
    return (
        f"the header in row {row} has no column for {' and '.join(missing)}, which {endpoint} needs."
        f"{_columns(headers)}",
        Advice("Add it."),
        SetOption("column", f"{missing[0].rpartition(' ')[2]}=HEADER", "say which column it is"),
        RunCommand("endpoints", "see the columns"),
    )


@error(Unreadable, "no-matrix", "The sheet is not a skill matrix")
def no_matrix() -> Said:
    return (
        "no row has skills above columns of levels, next to a column of people.",
        SetOption("header-row", "N", "say where the skills stand"),
        SetOption("levels", "Beginner=1,...,Expert=5", "use words for levels"),
        RunCommand(f"template {_TEMPLATE}", "start with an empty matrix"),
    )


def dates_among_levels(count: int) -> Remedy:
    """Why levels may not be seen: Excel made dates of them."""
    return Advice(f"{count:,} of its cells are dates. Excel turns levels such as 3/5 into dates.")


# ---- questions


@error(Ambiguous, "sheets", "Sheets look like versions of each other", "skills.xlsx", ["2026", "2025"])
def versions(file: str, sheets: Sequence[str]) -> Said:
    return (
        f"in {file} the sheets {shorten_list([quote(each) for each in sheets], 6)} say different things of the same "
        "people and skills, as versions of one sheet do.",
        SetOption("sheet", "NAME", "load one of them"),
    )


@error(Ambiguous, "fill-down", "Names stand once for several rows", 12, "Ana Silva", 3)
def blank_below_name(rows: int, name: str, row: int) -> Said:
    return (
        f"{count_of(rows, 'row')} {'has' if rows == 1 else 'have'} a blank cell below a name, as row {row} below "
        f"{quote(name)}.",
        SetOption("fill-down", "", "use the name above in each of them"),
        Advice("Or write the name in each row."),
    )


@error(Ambiguous, "person", "Nothing says whose skills a list has", "Skills")
def whose_sheet(sheet: str | None) -> Said:
    where = f"the sheet {quote(sheet)}" if sheet else "the list"
    return (
        f"nothing says whose skills these are: {where} has no column of people.",
        SetOption("person", "NAME", "say whose they are"),
        Advice("Or add a column with e-mail addresses or names."),
    )


@error(Ambiguous, "skill", "Nothing says which skill a list is about", "Levels")
def which_skill(sheet: str | None) -> Said:
    where = f"the sheet {quote(sheet)}" if sheet else "the list"
    return (
        f"nothing says which skill these levels are of: {where} has people and levels, and no column of skills.",
        SetOption("skill", "NAME", "say which skill it is"),
        Advice("Or add a column with the skills."),
    )


@error(
    Ambiguous,
    "layout",
    "A sheet can be read in several ways",
    {"matrix": '"Alpha" has "Bo" 4', "transposed": '"Bo" has "Alpha" 4'},
)
def which_layout(examples: Mapping[str, str]) -> Said:
    answers: list[Remedy] = [SetOption("layout", name, f"say that {each}") for name, each in examples.items()]
    answers.append(Advice("Or write who is who: an e-mail address, or a full name, names a person for certain."))
    return f"nothing in the sheet or in the account tells which is meant: {' or '.join(examples.values())}.", *answers


@error(
    Ambiguous,
    "sheets",
    "The sheets hold different kinds of tables",
    "skills.xlsx",
    ['"Team A" (a list)', '"Team B" (a matrix)'],
)
def different_tables(name: str, tables: Sequence[str]) -> Said:
    return f"{name} has different kinds of tables: {', '.join(tables)}.", SetOption("sheet", "NAME", "load one of them")


@error(Ambiguous, "columns", "Several columns could be the people", ["Name", "Manager"])
def several_people_columns(columns: Sequence[str]) -> Said:
    named = " or ".join(f'"{each}"' for each in columns)
    return f"the people could be in column {named}.", SetOption("people-column", "HEADER", "choose one")


@error(Ambiguous, "header", "There is a second header below the first", 40, 3)
def second_header(row: int, first: int) -> Said:
    return (
        f"row {row} looks like the header of a second table, below the one in row {first}.",
        SetOption("header-row", "N", "choose one"),
        Advice("Or put each table on its own sheet."),
    )


@error(Ambiguous, "header", "There are levels above the header", (2, 9), 12)
def levels_above_header(rows: tuple[int, int], header: int) -> Said:
    return (
        f"rows {rows[0]} to {rows[1]}, above the header in row {header}, contain levels too.",
        SetOption("header-row", "N", "choose a header"),
        Advice("Or put each table on its own sheet."),
    )


@error(Ambiguous, "columns", "Two columns have the same skill", ("C", "F"), 1, "Python")
def same_skill_twice(columns: tuple[str, str], row: int, text: str) -> Said:
    return (
        f'columns {columns[0]} and {columns[1]} of row {row} are both "{text}".',
        _RENAME,
        SetOption("skill-columns", "HEADER,HEADER", "choose the columns to load"),
    )


@error(Ambiguous, "columns", "Several columns have the header you named", ["C", "F"], 1, "Name")
def header_not_unique(columns: Sequence[str], row: int, header: str) -> Said:
    return f'columns {" and ".join(columns)} of row {row} are all "{header}".', Advice("Use the letter of one.")


# ---- what cannot be read


@error(Unreadable, "no-column", "The column you named is not there", "Person", 1, ["Name", "Python"])
def no_such_column(header: str, row: int, headers: Sequence[str]) -> Said:
    named = ", ".join(headers)[:_LONGEST_HEADERS]
    return f'there is no column "{header}" in row {row}.', Advice(f"The columns are {named}.")


@error(
    Unreadable,
    "which-records",
    "The header fits several kinds of records",
    1,
    ["skill-memberships", "user-group-memberships"],
)
def fits_several(row: int, endpoints: Sequence[str]) -> Said:
    return (
        f"The header in row {row} fits more than one kind of record: {' or '.join(endpoints)}.",
        SetOption("as", endpoints[0], "choose one"),
    )
