"""What is said of the columns of a sheet: which is which, and where a person has to say. Knows no rule itself."""

from collections.abc import Sequence

from importer.errors import Ambiguous, Usage
from importer.messages.catalogue import Said, error
from importer.remedies import Advice, SetOption
from importer.text import quote, shorten_list


@error(Usage, "usage", "An option --column does not name a field and a header", "level")
def not_a_column(text: str) -> Said:
    return (
        f"{quote(text)} does not name a field and a header.",
        Advice("Write the field, an equals sign and the header: level=Points."),
    )


@error(Usage, "usage", "An option --column names a field that there is not", "grade", ["user", "skill", "level"])
def no_such_field(text: str, fields: Sequence[str]) -> Said:
    return f"{quote(text)} is no field. The fields are: {shorten_list(list(fields), 40)}.", Advice("Use one of these.")


@error(Usage, "usage", "An option --column names a header that is not there", "Points", ["Name", "Skill", "Score"])
def no_such_header(header: str, headers: Sequence[str]) -> Said:
    there = f"The headers are: {shorten_list(list(headers), 40)}." if headers else "The sheet has no headers."
    return f"No column has the header {quote(header)}.", Advice(there)


# ---- questions


_SHOWN = 6


def _named(columns: Sequence[str]) -> str:
    return shorten_list([quote(each) for each in columns], _SHOWN)


@error(
    Ambiguous,
    "columns",
    "Several columns could be the same field",
    "level",
    ["Current level", "Target level"],
    "level=Current level",
)
def several_for_a_field(field: str, columns: Sequence[str], first: str) -> Said:
    return (
        f"{len(columns)} columns could be the {field}: {_named(columns)}.",
        SetOption("column", first, "choose one"),
    )


@error(Ambiguous, "columns", "Several columns have skills, and fewer have levels", ["First", "Second"], ["Level"])
def whose_level(things: Sequence[str], levels: Sequence[str]) -> Said:
    return (
        f"{len(things)} columns have skills ({_named(things)}), and nothing says which of them "
        f"{_named(levels)} is about.",
        SetOption("column", "level=none", "load without levels"),
        Advice("Or give each skill a level of its own: Skill 1, Level 1, Skill 2, Level 2."),
    )


@error(Ambiguous, "columns", "A column that is not used holds levels", ["Points"], "level=Points")
def levels_not_used(columns: Sequence[str], first: str) -> Said:
    holds = "this one holds" if len(columns) == 1 else "these hold"
    return (
        f"No column is called level, and {holds} what looks like levels: {_named(columns)}.",
        SetOption("column", first, "use it as the level"),
        SetOption("column", "level=none", "load without levels"),
    )


@error(
    Ambiguous,
    "columns",
    "Words for levels are given, but no column has levels",
    ["Remark", "Since"],
    "level=Remark",
)
def levels_without_column(columns: Sequence[str], first: str) -> Said:
    return (
        f"You said what words for levels mean, but no column is the level. These columns are not used: "
        f"{_named(columns)}.",
        SetOption("column", first, "use one as the level"),
        SetOption("column", "level=none", "load without levels"),
    )


@error(Ambiguous, "columns", "Ids of another system stand for people", ["employee_id"], "external_id=employee_id")
def ids_of_another_system(columns: Sequence[str], first: str) -> Said:
    return (
        f"Only {_named(columns)} could say who, and holds what look like ids of another system.",
        SetOption("column", first, "look people up by them"),
        Advice("This works if Kantata has these ids as external references."),
    )
