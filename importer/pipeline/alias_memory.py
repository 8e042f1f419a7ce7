"""What a person has said that names mean: reads the alias workbook, follows it, and adds the names that still mean
nobody. What is added chooses nothing, so that a dry run may add it.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.endpoints.declare import Candidate, Directory, Name, NameAnswers
from importer.errors import ImporterError
from importer.kantata.client import Account
from importer.kantata.directory import AccountDirectory
from importer.messages import about_files
from importer.spreadsheet.write.alias_workbook import SHEETS, Alias, AliasBook, NewAlias, read_alias_book
from importer.text import fold
from importer.validation import aliases as choosing
from importer.validation.aliases import Choice, UnresolvedName
from importer.validation.names import name_occurrences
from importer.validation.parsed_table import ParsedTable

FILE_NAME = "aliases.xlsx"
_MOST_ADDED = 500
"""So many names are added at once: beyond, it is not names that are wrong, but the column or the account."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Where a person's choices are kept. `is_named` tells that they named the file, and not we."""

    path: Path
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class NameResolution:
    """What each name is, by the account and by a person's choices; what is to be said of it; and the workbook, if one
    was read or written.
    """

    answers: NameAnswers
    notes: tuple[str, ...] = ()
    workbook: Path | None = None
    unclear: tuple[UnresolvedName, ...] = ()


def beside(file: Path, named: Path | None) -> Aliases | None:
    """The alias workbook of a data file: the named one, else the one beside it; none where that is the file itself."""
    path = named or file.with_name(FILE_NAME)
    return None if path == file and named is None else Aliases(path, is_named=named is not None)


def resolve(
    draft: ParsedTable,
    found: NameAnswers,
    directory: AccountDirectory,
    aliases: Aliases,
    account: Callable[[], Account],
) -> NameResolution:
    """What each name of the draft is, once a person's choices are followed.

    Raises: Unreadable when the workbook cannot be read; Guarded when it has choices for these names, and belongs to
    another account: its ids may be other people's there. Denied, Unreachable.
    """
    book = read_alias_book(aliases.path)
    if book is not None and book.account is None and not (aliases.is_named and book.aliases):
        return NameResolution(found, (_not_ours(aliases),))
    choices = _choices(book, found) if book else {}
    if book and choices and book.account is not None:
        _belongs(book, account())
    candidates = {
        **directory.candidates_by_id(name for name in choosing.to_look_up(choices) if name[0] is not Directory.EMAILS),
        **_only(directory.find(name for name in choosing.to_look_up(choices) if name[0] is Directory.EMAILS)),
    }
    after = choosing.follow(found, choices, candidates)
    unclear = {name for name, answer in after.items() if len(answer.exact) != 1 and answer.wrong is None}
    known = name_occurrences(draft, unclear | choices.keys(), after)
    told = choosing.notes(
        found, after, {name: each for name, each in known.items() if name in choices}, aliases.path.name
    )
    names = tuple(UnresolvedName(name[0], each.text, after[name]) for name, each in known.items() if name in unclear)
    waiting, said = _ask(aliases.path, book, names, account)
    place = aliases.path.name if waiting else ""
    asked = {name: dataclasses.replace(after[name], choose_in=place) for name in unclear}
    workbook = aliases.path if book or waiting else None
    return NameResolution({**after, **asked}, (*told, *said), workbook, names if waiting else ())


def remember(workbook: Path, chosen: Iterable[tuple[UnresolvedName, Candidate]]) -> None:
    """Write down what a person chose for names that wait in the workbook.

    Raises: ImporterError when it cannot be written.
    """
    from importer.spreadsheet.write.alias_rows import choose  # noqa: PLC0415  (imports openpyxl)

    choose(workbook, {(SHEETS[each.directory], fold(each.text)): candidate.label for each, candidate in chosen})


def _not_ours(aliases: Aliases) -> str:
    """Why a workbook is not used, where it lies there by chance. One that a person made and named is, as are the ids in
    their sheets: they say themselves which account these are of.

    Raises: Unreadable where a person named it, and it has no names.
    """
    wrong = about_files.not_an_alias_workbook(aliases.path.name)
    if aliases.is_named:
        raise wrong
    return f"{wrong.message} We did not use it."


def _choices(book: AliasBook, found: NameAnswers) -> dict[Name, list[Choice]]:
    """What the workbook says of the names that were looked up; a row in which nothing is chosen says nothing."""
    rows = _by_name(each for each in book.aliases if each.meaning)
    wanted = ((name, rows.get((SHEETS[name[0]], name[1]), ())) for name in found)
    return {
        name: [Choice(each.meaning, f"{book.path.name}, {each.place}") for each in some]
        for name, some in wanted
        if some
    }


def _by_name(aliases: Iterable[Alias]) -> dict[tuple[str, str], list[Alias]]:
    rows: dict[tuple[str, str], list[Alias]] = {}
    for each in aliases:
        rows.setdefault((each.sheet, fold(each.name)), []).append(each)
    return rows


def _belongs(book: AliasBook, account: Account) -> None:
    """Raises: Guarded when the workbook is another account's."""
    if book.account is None:
        raise about_files.alias_workbook_without_account(book.path.name)
    if book.account != account.key:
        raise about_files.alias_workbook_of_another(book.path.name, book.account, account.key)


def _only(found: NameAnswers) -> dict[Name, Candidate]:
    return {name: answer.exact[0] for name, answer in found.items() if len(answer.exact) == 1}


def _unchosen(name: UnresolvedName) -> NewAlias:
    candidates = (*name.answer.exact, *name.answer.near)
    return NewAlias(SHEETS[name.directory], name.text, tuple(each.label for each in candidates))


def _ask(
    path: Path, book: AliasBook | None, names: Sequence[UnresolvedName], account: Callable[[], Account]
) -> tuple[bool, tuple[str, ...]]:
    """Whether the names stand in the workbook now, for a person to choose; and what is said of them."""
    if not names:
        return False, ()
    there = _by_name(book.aliases) if book else {}
    distinct = {(each.sheet, fold(each.name)): each for each in map(_unchosen, reversed(names))}
    new = [distinct[key] for key in reversed(distinct) if key not in there]
    try:
        if new:
            from importer.spreadsheet.write.alias_rows import add_rows  # noqa: PLC0415  (as above)

            owner = account()
            if book is not None:
                _belongs(book, owner)  # one that names no account is a person's own, and is not written to
            add_rows(path, new[:_MOST_ADDED], str(owner), owner.key)
    except ImporterError as error:
        return False, (f"We did not write down the unclear names. {error.message}",)
    return True, tuple(_sentences(path.name, new, len(distinct) - len(new)))


def _sentences(workbook: str, new: list[NewAlias], waiting: int) -> Iterator[str]:
    if new:
        count = f"The first {_MOST_ADDED} of {len(new):,} names" if len(new) > _MOST_ADDED else _names(len(new))
        were = "was" if len(new) == 1 else "were"
        yield f"{count} {were} added to {workbook}. Choose there {_what(new)}, and load the file again."
    if waiting:
        have = "has" if waiting == 1 else "have"
        yield f"{_names(waiting)} in {workbook} {have} no meaning yet. Choose it there, and load the file again."


def _names(count: int) -> str:
    return "1 name" if count == 1 else f"{count:,} names"


def _what(names: list[NewAlias]) -> str:
    whom = "whom" if all(each.sheet == SHEETS[Directory.PEOPLE] for each in names) else "what"
    return f"{whom} it means" if len(names) == 1 else f"{whom} each means"
