"""The files beside the journal that hold what people wrote: copies of their files, and what names mean to the page.
Finds those in which a person may stand. Knows no run.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from importer.endpoints.declare import Directory
from importer.errors import Unreadable
from importer.spreadsheet.read.raw_text import raw_texts
from importer.spreadsheet.write.alias_rows import drop_rows
from importer.spreadsheet.write.alias_workbook import KINDS, read_alias_book
from importer.sync.identity import ID, Identity, Mark, Traits, email_mark, traits
from importer.text import fold

FILES, ALIASES = "files", "aliases"
"""The folders beside the journal."""
_PERSON = KINDS[Directory.PEOPLE]
_ID = "id "
_BETWEEN = ", "


def may_hold(path: Path, person: Identity) -> bool:
    """Whether a person may stand in a file: an address, an id or all words of a name, or it cannot be looked into."""
    texts = raw_texts(path)
    if texts is None:
        return True
    folded = [fold(text) for text in texts]
    marks = [fold(mark.text) for mark in person.marks]
    names = [fold(name).replace(",", " ").split() for name in person.names]
    return any(mark in text for text in folded for mark in marks) or any(
        all(any(word in text for text in folded) for word in words) for words in names if words
    )


def copies(folder: Path) -> list[Path]:
    """The copies that we keep of people's files, beside the journal."""
    return sorted(path for path in (folder / FILES).glob("*") if path.is_file())


def alias_workbooks(folder: Path) -> list[Path]:
    """The workbooks in which the page keeps what names mean, one for each account."""
    return sorted((folder / ALIASES).glob("*/aliases.xlsx"))


def people_in_aliases(folder: Path) -> Iterator[Traits]:
    """Whom names mean by these workbooks; one that cannot be read says nothing."""
    for path in alias_workbooks(folder):
        try:
            book = read_alias_book(path)
        except Unreadable:
            continue
        for each in book.aliases if book else ():
            if each.kind == _PERSON and each.meaning:
                yield _traits_of(each.name, each.meaning, (book.account if book else None) or "")


def _traits_of(name: str, meaning: str, account: str) -> Traits:
    """What a choice says of a person: `Dana Reyes, dana@example.com, id 4711`, an address or an id."""
    parts = [part.strip() for part in meaning.split(_BETWEEN)]
    ids = [part.removeprefix(_ID) for part in parts if part.removeprefix(_ID).isdecimal()]
    return traits(name, *map(email_mark, parts), *(Mark(ID, id_, account) for id_ in ids))


def count_about(path: Path, person: Identity) -> int:
    """How many rows of such a workbook are about a person."""
    try:
        book = read_alias_book(path)
    except Unreadable:
        return 1
    if book is None:
        return 0
    names = ((each.name, each.meaning) for each in book.aliases)
    answers = ((each.says, each.means, each.headings) for each in book.answers)
    return sum(any(map(_about(person), row)) for row in (*names, *answers))


def drop_about(path: Path, person: Identity) -> int:
    """Delete these rows.

    Raises: ImporterError when the workbook is open elsewhere, or cannot be written.
    """
    return drop_rows(path, _about(person), person.out_of_sentence)


def _about(person: Identity) -> Callable[[str], bool]:
    return lambda text: bool(text) and (person.has_name(text) or person.out_of_sentence(text) != text)


def unfinished_parts(folder: Path) -> Iterable[Path]:
    """What a process that was killed left of a file that it was writing."""
    return [*(folder / FILES).glob(".*.part"), *(folder / ALIASES).glob("*/.*.part")]
