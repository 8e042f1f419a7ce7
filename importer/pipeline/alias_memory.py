"""Resolves names by a person's alias workbook, adds names without a meaning to it, for the person to choose, and keeps
their answers on how a sheet is read.

A name that is added has no meaning yet, so a dry run may add it, too.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.endpoints.declare import WITHIN, Candidate, Directory, Name, NameAnswers
from importer.endpoints.declare import Answer as NameAnswer
from importer.errors import Denied, ImporterError, Unreachable, Unreadable, Usage
from importer.kantata.client import Account
from importer.kantata.directory import AccountDirectory
from importer.messages import about_files
from importer.pipeline.creation import MADE_IN
from importer.pipeline.remembered import in_words, not_known
from importer.remedies import ChooseNames, Note
from importer.spreadsheet.write.alias_workbook import KINDS, Alias, AliasBook, Answer, NewAlias, read_alias_book
from importer.text import count_of, fold
from importer.validation import aliases as choosing
from importer.validation.aliases import Choice, UnresolvedName
from importer.validation.names import name_occurrences
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable

FILE_NAME = "aliases.xlsx"
_KINDS = tuple(dict.fromkeys(KINDS.values()))
NEW = "new"
"""What a person writes for a name that means nothing that is there, so that it may be made."""
_MAKEABLE = frozenset(KINDS[each] for each in MADE_IN)
_MOST_ADDED = 500
"""At most so many names are added at once: with more, the column or the account is wrong rather than the names."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Where the alias workbook is. `is_named` tells that the person named the file."""

    path: Path
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class NameResolution:
    """What each name means by the account and by the person's choices; notes; and the workbook, if one was used."""

    answers: NameAnswers
    notes: tuple[str, ...] = ()
    workbook: Path | None = None
    unclear: tuple[UnresolvedName, ...] = ()


def beside(file: Path, named: Path | None) -> Aliases | None:
    """The alias workbook of a data file: the named one, else the one beside it; None if that is the file itself."""
    path = named or file.with_name(FILE_NAME)
    return None if path == file and named is None else Aliases(path, is_named=named is not None)


def resolve(
    draft: ParsedTable,
    found: NameAnswers,
    directory: AccountDirectory,
    aliases: Aliases,
    account: Callable[[], Account],
) -> NameResolution:
    """What each name of the table means, with the person's choices applied.

    Raises: Unreadable when the workbook cannot be read; Guarded when it has choices for these names but belongs to
    another account, whose ids may be other people's here; Denied, Unreachable.
    """
    book = read_alias_book(aliases.path)
    if not _is_usable(book, aliases):
        return NameResolution(found, (_not_used(aliases),))
    choices, after = _followed(book, found, directory, account)
    unclear = {name for name, answer in after.items() if len(answer.exact) != 1 and answer.wrong is None}
    known = name_occurrences(draft, unclear | choices.keys(), after)
    notes = choosing.notes(
        found, after, {name: each for name, each in known.items() if name in choices}, aliases.path.name
    )
    names = tuple(UnresolvedName(name[0], each.text, after[name]) for name, each in known.items() if name in unclear)
    waiting, more_notes = _add_names(
        aliases.path, book, names, account, is_any_known=any(answer.exact for answer in after.values())
    )
    place = aliases.path.name if waiting else ""
    asked = {name: dataclasses.replace(after[name], choose_in=place) for name in unclear}
    workbook = aliases.path if book or waiting else None
    more_notes = (*_without_kind(book, found), *more_notes)
    return NameResolution({**after, **asked}, (*notes, *more_notes), workbook, names if waiting else ())


def follow_choices(
    found: NameAnswers, directory: AccountDirectory, aliases: Aliases | None, account: Callable[[], Account]
) -> NameAnswers:
    """What each name means with the person's choices applied, as in `resolve`; nothing is written.

    Raises: as `resolve`.
    """
    book = read_alias_book(aliases.path) if aliases else None
    if aliases is None or not _is_usable(book, aliases):
        return found
    return _followed(book, found, directory, account)[1]


def names_said_new(aliases: Aliases | None) -> tuple[str, ...]:
    """The names that a person marked as new in the workbook, without a category before them."""
    try:
        book = read_alias_book(aliases.path) if aliases else None
    except Unreadable:
        return ()  # whoever uses it says why it cannot be read
    said = (each.name for each in book.aliases if _is_new(each)) if book else ()
    return tuple(name.rpartition(WITHIN)[2] for name in said)


def _is_new(alias: Alias) -> bool:
    """Whether a person says that a name means nothing that is there: it may be made."""
    return fold(alias.meaning) == NEW and alias.kind in _MAKEABLE


def _is_usable(book: AliasBook | None, aliases: Aliases) -> bool:
    """Whether this is an alias workbook, or there is none yet, and not another workbook of that name."""
    return book is None or book.account is not None or (aliases.is_named and not book.is_blank)


def _followed(
    book: AliasBook | None, found: NameAnswers, directory: AccountDirectory, account: Callable[[], Account]
) -> tuple[dict[Name, list[Choice]], dict[Name, NameAnswer]]:
    """The choices that the workbook has for these names, and what each name means with them."""
    choices = _choices(book, found) if book else {}
    if book and choices and book.account is not None:
        _belongs(book, account())
    candidates = {
        **directory.candidates_by_id(name for name in choosing.to_look_up(choices) if name[0] is not Directory.EMAILS),
        **_only(directory.find(name for name in choosing.to_look_up(choices) if name[0] is Directory.EMAILS)),
    }
    return choices, choosing.follow(found, choices, candidates)


def remember(workbook: Path, chosen: Iterable[tuple[UnresolvedName, Candidate]]) -> None:
    """Save a person's choices for names that wait in the workbook.

    Raises: ImporterError when it cannot be written.
    """
    from importer.spreadsheet.write.alias_rows import choose  # noqa: PLC0415  (imports openpyxl)

    choose(workbook, {(KINDS[each.directory], fold(each.text)): candidate.label for each, candidate in chosen})


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The answers on how a sheet is read that an alias workbook has, and the workbook."""

    book: AliasBook | None = None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers; none where there is no workbook."""
        return self.book.answers if self.book else ()

    def why_not(self, account: Callable[[], Account]) -> str | None:
        """Why they cannot be used in this account: the workbook is another's. None if they can, or the account cannot
        be asked.
        """
        book = self.book
        if book is None or book.account is None:
            return None
        try:
            ours = account().key
        except (Denied, Unreachable, Usage):  # whoever needs the account says so
            return None
        return None if book.account == ours else about_files.answers_not_used(book.path.name, book.account, ours)


def known_answers(aliases: Aliases | None) -> KnownAnswers:
    """What a person answered before. Of a workbook that cannot be read nothing: whoever needs its names says why."""
    try:
        book = read_alias_book(aliases.path) if aliases else None
    except Unreadable:
        return KnownAnswers()
    is_ours = book is not None and aliases is not None and (book.account is not None or aliases.is_named)
    return KnownAnswers(book if is_ours else None)


def keep_answers(
    checked: CheckedTable, aliases: Aliases | None, answers: Iterable[Answer], account: Callable[[], Account]
) -> CheckedTable:
    """Write down the answers with which a file was understood, unless they are known; the table with a note on it."""
    if aliases is None or checked.valid.empty:
        return checked
    try:
        book = read_alias_book(aliases.path)
        new = not_known(answers, book.answers if book else ())
        if not new:
            return checked
        owner = account()
        if book is not None:
            _belongs(book, owner)
        from importer.spreadsheet.write.alias_rows import write_answers  # noqa: PLC0415  (as above)

        write_answers(aliases.path, new, str(owner), owner.key)
    except ImporterError as error:
        note = about_files.answers_not_kept(str(error))
        return dataclasses.replace(checked, notes=(*checked.notes, note))
    note = about_files.answers_kept(aliases.path.name, in_words(new))
    return dataclasses.replace(checked, notes=(*checked.notes, note), aliases=aliases.path)


def _not_used(aliases: Aliases) -> str:
    """A note on why we do not use a workbook that happens to be beside the file and is no alias workbook.

    Raises: Unreadable if the person named the workbook.
    """
    wrong = about_files.not_an_alias_workbook(aliases.path.name)
    if aliases.is_named:
        raise wrong
    return f"{wrong.message} We did not use it."


def _choices(book: AliasBook, found: NameAnswers) -> dict[Name, list[Choice]]:
    """The choices that the workbook has for these names; a row without a meaning is no choice."""
    rows = _by_name(each for each in book.aliases if each.meaning and not _is_new(each))
    wanted = ((name, rows.get((KINDS[name[0]], name[1]), ())) for name in found)
    return {
        name: [Choice(each.meaning, f"{book.path.name}, {each.place}") for each in some]
        for name, some in wanted
        if some
    }


def _by_name(aliases: Iterable[Alias]) -> dict[tuple[str, str], list[Alias]]:
    rows: dict[tuple[str, str], list[Alias]] = {}
    for each in aliases:
        rows.setdefault((each.kind, fold(each.name)), []).append(each)
    return rows


def _without_kind(book: AliasBook | None, found: NameAnswers) -> Iterator[str]:
    """The rows that may be meant for one of these names, and do not say what kind of thing it is."""
    if book is None:
        return
    texts = {text for _, text in found}
    for each in book.aliases:
        if each.meaning and each.kind not in _KINDS and fold(each.name) in texts:
            yield about_files.name_without_kind(f"{book.path.name}, {each.place}", each.name, _KINDS)


def _belongs(book: AliasBook, account: Account) -> None:
    """Raises: Guarded when the workbook is another account's."""
    if book.account is None:
        raise about_files.alias_workbook_without_account(book.path.name)
    if book.account != account.key:
        raise about_files.alias_workbook_of_another(book.path.name, book.account, account.key)


def _only(found: NameAnswers) -> dict[Name, Candidate]:
    return {name: answer.exact[0] for name, answer in found.items() if len(answer.exact) == 1}


def _unchosen(name: UnresolvedName) -> NewAlias:
    kind = KINDS[name.directory]
    candidates = [each.label for each in (*name.answer.exact, *name.answer.near)]
    new = [NEW] if kind in _MAKEABLE and not name.answer.exact else []
    return NewAlias(kind, name.text, (*candidates, *new))


def _add_names(
    path: Path,
    book: AliasBook | None,
    names: Sequence[UnresolvedName],
    account: Callable[[], Account],
    *,
    is_any_known: bool,
) -> tuple[bool, tuple[str, ...]]:
    """Add the names that are missing in the workbook; return whether all are there now, and notes. Of a sheet in which
    no name is known nothing is added.
    """
    if not names:
        return False, ()
    there = _by_name(book.aliases) if book else {}
    distinct = {(each.kind, fold(each.name)): each for each in map(_unchosen, reversed(names))}
    new = [distinct[key] for key in reversed(distinct) if key not in there]
    new.sort(key=lambda each: _KINDS.index(each.kind))
    if new and not is_any_known:  # the column, the account or the sheet is wrong rather than the names
        return False, ()
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
        count = (
            f"The first {_MOST_ADDED} of {len(new):,} names" if len(new) > _MOST_ADDED else count_of(len(new), "name")
        )
        were = "was" if len(new) == 1 else "were"
        yield Note(f"{count} {were} added to {workbook}.", ChooseNames(workbook, _what(new)))
    if waiting:
        have = "has" if waiting == 1 else "have"
        names = count_of(waiting, "name")
        yield Note(f"{names} in {workbook} {have} no meaning yet.", ChooseNames(workbook, "it"))


def _what(names: list[NewAlias]) -> str:
    whom = "whom" if all(each.kind == KINDS[Directory.PEOPLE] for each in names) else "what"
    return f"{whom} it means" if len(names) == 1 else f"{whom} each means"
