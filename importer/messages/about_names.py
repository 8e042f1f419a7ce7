"""What is said of names: one that matches nobody, one that matches several, and what a person chose for one."""

from collections.abc import Sequence

from importer.lookalikes import foreign_letters
from importer.messages.catalogue import Said, problem
from importer.remedies import Advice, ChooseName, Remedy, SetOption
from importer.text import quote, shorten_list

_SHOWN = 5
_MADE = {"skill": "skills", "group": "groups", "geography": "organizations", "department": "organizations"}
"""What can be made where names lack it, by what it is called."""


def nearest(labels: Sequence[str]) -> str:
    """The nearest names as a sentence, with a space before it; empty where there are none."""
    if not labels:
        return ""
    return f" The nearest is {labels[0]}." if len(labels) == 1 else f" The nearest are {'; '.join(labels)}."


def _lookalikes(text: str) -> str:
    """A sentence about letters of another alphabet in a word, with a space before it; empty where there are none."""
    foreign = foreign_letters(text)
    if foreign is None:
        return ""
    letters, script, other = foreign
    if len(letters) == 1:
        return f" Its letter {quote(letters)} is {script}, not {other}; it only looks the same."
    return f" Its letters {quote(letters)} are {script}, not {other}; they only look the same."


@problem(
    "not-found", "A name matches nobody in the account", "person", "the name", "Ana Silv", ["Ana Silva"], "user_id", ""
)
def not_found(thing: str, called: str, text: str, near: Sequence[str], field: str, workbook: str) -> Said:
    return (
        f"No {thing} in the account has {called} {quote(text)}.{_lookalikes(text)}{nearest(near)}",
        Advice(f"Correct it, or enter the {field} instead."),
        *((ChooseName(workbook, thing),) if workbook else ()),
        *((SetOption("create-missing", _MADE[thing], "make what is missing first"),) if thing in _MADE else ()),
    )


@problem(
    "not-found",
    "A name matches nobody whom this token may see",
    "person",
    "the name",
    "Ana Silv",
    ["Ana Silva"],
    "user_id",
    "",
)
def not_visible(thing: str, called: str, text: str, near: Sequence[str], field: str, workbook: str) -> Said:
    everybody = "everybody" if thing == "person" else f"every {thing}"
    return (
        f"No {thing} that this token can see has {called} {quote(text)}.{_lookalikes(text)}{nearest(near)} "
        f"The token does not belong to an administrator, so it may not see {everybody} in the account.",
        Advice(f"Correct it, enter the {field} instead, or use the token of an Account Administrator."),
        *((ChooseName(workbook, thing),) if workbook else ()),
    )


@problem("not-found", "An id is not in the account", "person", "99000001")
def id_not_in_account(thing: str, text: str) -> Said:
    return (
        f"No {thing} in the account has the id {quote(text)}.",
        Advice("Correct it."),
        SetOption("match", "names", "load a file from another account by its names"),
    )


def ids_not_visible(ids: Sequence[str]) -> str:
    """A note on ids that a token without administrator rights does not see, so that nobody knows whether they exist."""
    few = shorten_list(ids, _SHOWN)
    which = f"the id {few}" if len(ids) == 1 else f"{len(ids):,} of the ids: {few}"
    return (
        "This token does not belong to an administrator, so it may not see everybody in the account. "
        f"It cannot see {which}. We leave it to Kantata whether to accept {'it' if len(ids) == 1 else 'them'}."
    )


def names_beside_email(names: Sequence[str]) -> str:
    """A note on names that nobody has, in rows whose e-mail address says who is meant."""
    few = shorten_list([quote(name) for name in names], _SHOWN)
    if len(names) == 1:
        return f"We went by the e-mail address beside {few}, as nobody in the account has that name."
    return f"We went by the e-mail addresses beside {len(names):,} names that nobody in the account has: {few}."


@problem(
    "ambiguous",
    "A name matches several people or things",
    "Maria Silva",
    "people",
    ["Maria Silva, maria@example.com, id 11", "Maria Silva, m.silva@example.com, id 12"],
    "Enter the e-mail address or the user_id instead.",
    ChooseName("aliases.xlsx", "person"),
)
def ambiguous(text: str, things: str, labels: Sequence[str], instead: str, choose: Remedy | None = None) -> Said:
    return (
        f"{quote(text)} matches {len(labels)} {things}: {shorten_list(labels, _SHOWN, '; ')}.",
        Advice(instead),
        *((choose,) if choose is not None else ()),
    )


@problem("disagree", "The name and the id of a row do not match", "Maria Silva", 11, 12)
def disagree(text: str, by_name: int | str | None, by_id: int | str) -> Said:
    here = "is not in this account yet" if by_name is None else f"has the id {by_name} in this account"
    return (
        f"{quote(text)} {here}, but the row says {by_id}.",
        Advice("Correct one of them."),
        SetOption("match", "names", "load a file from another account by its names"),
    )


@problem(
    "alias",
    "Two different choices for one name",
    [("Maria Silva, id 11", "aliases.xlsx, Names!B4"), ("Maria Silva, id 12", "aliases.xlsx, Names!B9")],
)
def two_meanings(choices: Sequence[tuple[str, str]]) -> Said:
    said = " and ".join(f"{quote(label)} ({place})" for label, place in choices)
    return f"This name has two meanings: {said}.", Advice("Clear one of these cells.")


@problem(
    "alias", "The choice for a name is not in the account", "aliases.xlsx, Names!B4", "Maria Silva, id 99", "person"
)
def choice_not_in_account(place: str, text: str, thing: str) -> Said:
    return (
        f"{place} says {quote(text)}, but this account has no such {thing}.",
        Advice("Choose again there, or clear that cell."),
    )


@problem("alias", "The choice for a name cannot be read", "aliases.xlsx, Names!B4", "Maria", " or an e-mail address")
def choice_without_id(place: str, text: str, or_else: str) -> Said:
    return (
        f"{place} says {quote(text)}, which is not an id{or_else}.",
        Advice(f"Choose from the list there, type an id{or_else}, or clear that cell."),
    )
