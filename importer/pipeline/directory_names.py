"""Answers a layout's questions on names by the account's directory, and by what a person chose before. Sends no write.

Where there is no token, or the account cannot be reached, it knows no name; whoever needs the account says so later.
"""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path

from importer.endpoints.declare import Directory, Name
from importer.errors import Denied, Unreachable, Unreadable, Usage
from importer.kantata.directory import AccountDirectory
from importer.spreadsheet.write.alias_workbook import KINDS, read_alias_book
from importer.text import bare_address, fold


class DirectoryNames:
    """The names that an account knows, with those that the alias workbook explains."""

    def __init__(self, directory: Callable[[], AccountDirectory], workbook: Path | None = None) -> None:
        self._open = directory
        self._workbook = workbook
        self._answers: dict[Name, bool] = {}
        self._is_closed = False

    @property
    def is_there(self) -> bool:
        """Whether the account answers, as far as it has been asked."""
        return bool(self._answers) and not self._is_closed

    def people(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its people: by full name, e-mail address or id."""
        emails = frozenset(text for text in texts if "@" in text)
        others = frozenset(texts) - emails
        return self._known(Directory.EMAILS, emails) | self._known(Directory.PEOPLE, others)

    def skills(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its skills, or are the id of one."""
        return self._known(Directory.SKILLS, texts)

    def groups(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its groups, or are the id of one."""
        return self._known(Directory.GROUPS, texts)

    def _known(self, directory: Directory, texts: Collection[str]) -> frozenset[str]:
        folded = {text: fold(text) for text in texts}
        if directory is Directory.EMAILS:
            folded = {text: bare_address(each) for text, each in folded.items()}
        names: dict[str, Name] = {text: (directory, each) for text, each in folded.items() if each}
        self._ask({name for name in names.values() if name not in self._answers})
        return frozenset(text for text, name in names.items() if self._answers[name])

    def _ask(self, names: AbstractSet[Name]) -> None:
        """Find out which of these names the account has."""
        known = {name for name in names if (KINDS[name[0]], name[1]) in self._explained}
        left = names - known
        if left and not self._is_closed:
            try:
                known |= _borne(self._directory, left)
            except (Denied, Unreachable, Usage):
                self._is_closed = True
        self._answers.update((name, name in known) for name in names)

    @cached_property
    def _directory(self) -> AccountDirectory:
        return self._open()

    @cached_property
    def _explained(self) -> frozenset[tuple[str, str]]:
        """The kinds and names of the alias workbook that have a meaning."""
        try:
            book = read_alias_book(self._workbook) if self._workbook is not None else None
        except Unreadable:
            book = None  # whoever uses it says why it cannot be read
        return frozenset((each.kind, fold(each.name)) for each in book.aliases if each.meaning) if book else frozenset()


def _borne(directory: AccountDirectory, names: AbstractSet[Name]) -> AbstractSet[Name]:
    """The names that somebody or something in the account bears, or has as its id.

    Raises: Denied, Unreachable.
    """
    by_id = {name for name in names if name[1].isdecimal() and name[0] is not Directory.EMAILS}
    return directory.known(names - by_id) | directory.candidates_by_id(by_id).keys()
