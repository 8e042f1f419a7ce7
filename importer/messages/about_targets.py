"""What is said of a sheet of targets: which skill, at which level, how many people are wanted."""

from collections.abc import Sequence
from dataclasses import replace

from importer.errors import Unreadable
from importer.messages.about_names import nearest
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, EditCell, Message
from importer.text import quote, sentence_case, shorten_list

_HIGHEST = 5
_ANY_LEVEL = f"1 to {_HIGHEST}, or leave the cell empty for any level"
_PEOPLE = "the number of people you want, as a whole number"
_SHOWN = 5


@problem("blank", "A target has no skill")
def no_skill() -> Said:
    return "The skill is empty.", EditCell("the name of a skill")


def target_level(level: Message) -> Message:
    """What is said of a level that cannot be read, with what a target accepts."""
    return replace(level, remedies=(EditCell(_ANY_LEVEL),))


@problem("out-of-range", "The level of a target is too low or too high", "7")
def target_out_of_range(text: str) -> Said:
    return f"{quote(text)} is not between 0 and {_HIGHEST}.", EditCell(_ANY_LEVEL)


@problem("not-whole", "The number of people is not a number", "two")
def not_a_number_of_people(text: str) -> Said:
    return f"{quote(text)} is not a whole number.", EditCell(_PEOPLE)


@problem("blank", "The number of people is missing", "how many")
def no_number_of_people(column: str) -> Said:
    return f"The {column} is empty.", EditCell(_PEOPLE)


@problem("same-key", "Two targets want different numbers for the same skill", "row 9", True)
def rival_targets(others: str, is_one: bool) -> Said:
    return (
        f"{sentence_case(others)} {'wants' if is_one else 'want'} a different number for the same skill and level.",
        Advice("Keep one of them."),
    )


@problem("not-found", "The skill of a target is not in the account", "Pyton", ["Python"])
def target_skill_not_found(text: str, near: Sequence[str]) -> Said:
    return f"No skill in the account has the name {quote(text)}.{nearest(near)}", Advice("Correct the name.")


@problem(
    "ambiguous",
    "The skill of a target matches several",
    "French",
    ["Language > French", "Cuisine > French"],
    "category",
)
def target_skill_ambiguous(text: str, labels: Sequence[str], column: str) -> Said:
    return (
        f"{quote(text)} matches {len(labels)} skills: {shorten_list(labels, _SHOWN, '; ')}.",
        Advice(f"Enter its id instead, or add its category in a column {column}."),
    )


@problem("no-levels", "A target level for a skill that has none", "First aid")
def target_skill_without_levels(text: str) -> Said:
    return f"{quote(text)} has no levels. People have it or do not have it.", Advice("Leave the level empty.")


@problem("out-of-range", "A target level above the highest of the skill", "Python", 3)
def target_above_highest(text: str, highest: int) -> Said:
    return f"The levels of {quote(text)} end at {highest}.", EditCell(f"1 to {highest}")


@error(Unreadable, "targets-two-columns", "Two columns of the targets say the same", ("A", "C"), 1, "skill")
def two_target_columns(columns: tuple[str, str], row: int, field: str) -> Said:
    return (
        f"Columns {columns[0]} and {columns[1]} of row {row} are both {field}.",
        Advice("Rename or delete one of them."),
    )


@error(Unreadable, "no-targets", "The file has no targets", "targets.xlsx")
def no_targets(name: str) -> Said:
    return (
        f"{name} has no row with the headers skill and how many.",
        Advice("Write the targets below skill, level and how many. Where skills share a name, add category."),
    )
