"""What is said of things that are made before the records that name them. Knows no rule itself."""

from collections.abc import Mapping, Sequence

from importer.errors import Ambiguous, Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, EditCell, SetOption
from importer.text import count_of, quote, shorten_list

_SHOWN = 5


def _named(names: Sequence[str]) -> str:
    return " or ".join(map(quote, names))


@problem("nearly-there", "A new name is nearly one that the account has", "JS", ["JavaScript"])
def nearly_there(name: str, near: Sequence[str]) -> Said:
    return (
        f"There is no {quote(name)} in the account, but there is {_named(near)}, so it was not made.",
        Advice(f"If that is what is meant, enter {quote(near[0])}."),
        SetOption("new", name, "make it as something new"),
    )


@problem("ambiguous", "A name is spelled in several ways in the account", "scrum", ["Scrum", "SCRUM"])
def spelled_in_several_ways(name: str, names: Sequence[str]) -> Said:
    return (
        f"{quote(name)} can mean {_named(names)}, which differ in how they are spelled.",
        Advice("Spell it as the one that is meant."),
    )


@problem("not-made", "A place cannot be made from its name alone", "Fiji")
def place_without_path(name: str) -> Said:
    return (
        f"There is no {quote(name)} in the account, and its name does not tell where it would lie, so it was not made.",
        Advice("Enter the way down to it, such as World > Americas > Canada, or correct the name."),
    )


@problem("not-made", "A thing that this token does not see may be there all the same", "Rust")
def may_be_hidden(name: str) -> Said:
    return (
        f"This token sees no {quote(name)}, and may not see everything, so nothing was made.",
        Advice("Use the token of an Account Administrator, or correct the name."),
    )


@error(Ambiguous, "new-skills", "New skills need a category", ["Rust", "Zig"])
def category_of_new_skills(names: Sequence[str]) -> Said:
    return (
        f"Of which category are the new skills? {_count(names)}.",
        Advice("Add a column category to the sheet."),
        SetOption("new-skill-category", "Skill", "say it for all of them"),
    )


@error(Ambiguous, "new-skills", "It must be known whether new skills have levels", ["Rust", "Zig"])
def levels_of_new_skills(names: Sequence[str]) -> Said:
    return (
        f"Do the new skills have levels? {_count(names)}.",
        Advice("Add a column max_level to the sheet, with 5 for those that have levels and 1 for others."),
        SetOption("new-skill-levels", "5", "say it for all of them"),
    )


def _count(names: Sequence[str]) -> str:
    verb = "is" if len(names) == 1 else "are"
    return f"{count_of(len(names), 'skill')} {verb} new: {shorten_list(list(map(quote, names)), _SHOWN)}"


@error(Usage, "no-thing", "That cannot be made first", "skill", ["skills", "groups", "organizations", "all"])
def no_such_thing(word: str, things: Sequence[str]) -> Said:
    return f"{quote(word)} cannot be made first.", Advice(f"Name {', '.join(things[:-1])} or {things[-1]}.")


@error(
    Usage, "no-category", "There is no such category of skills", "Foo", ["Skill", "Language", "Certification", "Other"]
)
def no_such_category(word: str, categories: Sequence[str]) -> Said:
    return f"{quote(word)} is no category of skills.", Advice(f"Name {', '.join(categories[:-1])} or {categories[-1]}.")


@error(Usage, "no-limit", "A limit is not written as one", "skills:6000")
def not_a_limit(text: str) -> Said:
    return f"{quote(text)} is no limit.", Advice("Write it as skills=6000.")


@error(Usage, "no-limit", "There is no such limit", "people", ["skills", "organizations", "skills-per-person"])
def no_such_limit(word: str, limits: Sequence[str]) -> Said:
    return f"There is no limit on {quote(word)}.", Advice(f"Name {', '.join(limits[:-1])} or {limits[-1]}.")


@problem("no-place-above", "A place lies in one that is not there", "World > Oceania")
def no_place_above(above: str) -> Said:
    return (
        f"It lies in {quote(above)}, which is neither in the account nor in this list.",
        Advice("Add a row for that place, or correct the path."),
    )


@problem("not-a-path", "The way to a place has a gap", "World > > Canada")
def not_a_path(text: str) -> Said:
    return f"{quote(text)} is no way to a place: a name is missing in it.", Advice("Enter it as World > Americas.")


@problem("no-tree", "The account has no tree of places", "World > Canada")
def no_tree(text: str) -> Said:
    return (
        f"{quote(text)} cannot be made: the account has no such tree, or this token does not see it.",
        Advice("Ask Kantata to switch organizations on, or use the token of an Account Administrator."),
    )


def spelled_otherwise(things: str, spelled: Mapping[str, str]) -> str:
    """Which names were read as the account's own, which are spelled otherwise."""
    pairs = [f"{quote(was)} as {quote(now)}" for was, now in spelled.items()]
    return f"Read as {things} of the account: {shorten_list(pairs, _SHOWN)}."


def other_root(theirs: str, ours: str) -> str:
    """That the root of a tree is called otherwise here."""
    return f"{quote(theirs)}, where everything in the sheet lies, is {quote(ours)} in this account."


@problem("in-use", "A thing that would be removed is in use", "Python", "3 skill memberships")
def in_use(what: str, by: str) -> Said:
    return (
        f'"{what}" is not removed, because it is in use: {by}.',
        Advice("Remove these first; Kantata would take them away together with it, and nothing brings them back."),
    )


@problem("needed", "A new thing needs something that its row does not tell", "category", "Skill or Language")
def needed_to_create(field: str, accepted: str) -> Said:
    return f"A new skill needs a {field}.", EditCell(accepted.removesuffix(", or leave the cell empty"))


@problem("account-limit", "The account has no room for more", "skills", 4990, 5000)
def beyond_account_limit(things: str, there: int, limit: int) -> Said:
    return (
        f"The account has {there:,} {things} and takes {limit:,}, so this one has no room.",
        Advice("Remove others first, or leave this one out."),
        SetOption("limit", f"{things}={limit * 2}", "send it all the same, if your account takes more"),
    )


@problem("named-not-there", "A record names a new thing that Kantata did not take", "Rust")
def named_was_not_made(what: str) -> Said:
    return (
        f'It was not sent, because "{what}", which it names, was not made.',
        Advice("See why in its own line of this result, and mend it; then load this workbook again."),
    )


@problem("named-not-there", "A record names another one that is not in the account", "World > Americas")
def named_is_not_there(what: str) -> Said:
    return (
        f'It was not sent, because "{what}" is not in the account.',
        Advice("See why that was not made, and mend it; then load this row again."),
    )
