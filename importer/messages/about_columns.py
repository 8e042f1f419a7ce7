"""What is said of the columns of a sheet: which is which, and where a person has to say. Knows no rule itself."""

from collections.abc import Sequence

from importer.errors import Usage
from importer.messages.catalogue import Said, error
from importer.remedies import Advice
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
