"""Which columns of a matrix say who: as told, by their headings, or by what they hold. Knows no account."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from importer.coordinates import letters
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, column_header
from importer.layouts import field_words, vocabulary
from importer.layouts.account_names import AccountNames
from importer.layouts.sheet_features import SheetFeatures, is_like_email, is_like_name, is_remark, is_two_words, mostly
from importer.messages import about_sheets
from importer.table import EXAMPLE
from importer.text import fold, fold_header

_WITHIN = 12
"""Columns looked at where no heading names the people."""
_PARTS = re.compile(r"[/|&,()\n]| - ")
_SURE = (is_like_email, is_two_words)
_WORDS_FOR_PEOPLE = field_words.PEOPLE | field_words.EMAILS | field_words.USER_IDS | vocabulary.ROW_LABELS
_EMAIL, _NAME = "email", "user"


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """The columns that say who; `last_name` goes with a first name. They are `doubtful` where no heading says so, and
    what they hold has not the form of full names or e-mail addresses.
    """

    columns: Mapping[int, Column]
    last_name: int | None = None
    are_doubtful: bool = False

    def name(self, view: SheetFeatures, row: int, column: int) -> str:
        """What one of the columns says of a row."""
        text = view.text(row, column)
        if self.last_name is None or column_header(self.columns[column]) != _NAME:
            return text
        return f"{text} {view.text(row, self.last_name)}".strip()


def find_people(
    view: SheetFeatures, row: int, skills: Mapping[int, str], endpoint: Endpoint, told: str | None
) -> PeopleColumns:
    """The columns that say who, under the header in this row; none if there are none.

    Raises: Ambiguous where several could be it; Unreadable where the one that was told is not there.
    """
    if told is not None:
        column = view.named(row, told)
        return PeopleColumns({column: _column(view, row, column, endpoint)})
    headed = [at for at in view.columns if at not in skills and is_people_heading(view.text(row, at))]
    found = {at: _column(view, row, at, endpoint) for at in headed}
    if len(found) > 1:
        found = {at: column for at, column in found.items() if not _is_withheld(view, row, at, column)}
    halves = halves_of_names(view.texts(row), lambda at: view.filled(at, row))
    if halves is not None and all(at in halves or column_header(column) != _NAME for at, column in found.items()):
        others = {at: column for at, column in found.items() if at not in halves}
        return PeopleColumns(others | {halves[0]: _named(endpoint, _NAME)}, halves[1])
    found |= _emails_beside_names(view, row, found, skills, endpoint)
    are_doubtful = False
    if not found:
        found = {at: _column(view, row, at, endpoint) for at in _candidates(view, row) if at not in skills}
        are_doubtful = not any(mostly(view.beside_levels(at, row), is_so) for at in found for is_so in _SURE)
    _make_sure_that_they_differ(view, row, found)
    return PeopleColumns(found, are_doubtful=are_doubtful)


def known_people(
    view: SheetFeatures, row: int, skills: Mapping[int, str], endpoint: Endpoint, names: AccountNames
) -> PeopleColumns:
    """The column in which the account knows most people, below the header in this row; none if it knows nobody."""
    texts = {at: set(view.filled(at, row)) for at in view.columns[:_WITHIN] if at not in skills}
    known = names.people(frozenset[str]().union(*texts.values()) - {""}) if texts else frozenset()
    most = {at: len(some & known) for at, some in texts.items() if some & known}
    best = max(most, key=most.__getitem__, default=None)
    return PeopleColumns({} if best is None else {best: _column(view, row, best, endpoint)})


def may_have_people(view: SheetFeatures, row: int) -> bool:
    """Whether some column says who, below this row."""
    return halves_of_names(view.texts(row), lambda at: view.filled(at, row)) is not None or bool(_candidates(view, row))


@lru_cache(maxsize=65536)
def is_people_heading(text: str) -> bool:
    """Whether a column with this heading says who: "Name", "Team / name", "Name (last, first)"."""
    return field_words.is_one_of(text, _WORDS_FOR_PEOPLE) or any(
        fold_header(part) in field_words.PEOPLE for part in _PARTS.split(text)
    )


def halves_of_names(headings: Sequence[str], texts_of: Callable[[int], Sequence[str]]) -> tuple[int, int] | None:
    """The columns of first and of last names under these headings; None where names stand in one column.

    `Name` beside `First name` is the last name, and the first beside `Last name`, unless it holds whole names.
    """

    def headed(words: frozenset[str]) -> list[int]:
        return [at for at, text in enumerate(headings) if text and field_words.is_one_of(text, words)]

    plain = headed(field_words.PLAIN_NAMES)
    first, last = headed(field_words.FIRST_NAMES), headed(field_words.LAST_NAMES)
    first = [at for at in first if at not in plain] or (first if last else [])
    if len(first) == len(last) == 1:
        return (first[0], last[0])
    other = [at for at in plain if at not in first]
    if len(first) + len(last) != 1 or len(other) != 1:
        return None
    half = (first or last)[0]
    if _are_whole(texts_of(other[0]), texts_of(half)):
        return None
    return (half, other[0]) if first else (other[0], half)


def _are_whole(names: Sequence[str], halves: Sequence[str]) -> bool:
    """Whether most of these names have, as one of several words, what stands beside them."""
    pairs = [(fold(name), fold(half)) for name, half in zip(names, halves, strict=False)]
    return sum(name != half and half in name for name, half in pairs) * 2 > len(pairs)


def _is_withheld(view: SheetFeatures, row: int, at: int, column: Column) -> bool:
    """Whether a column of e-mail addresses holds none, as in a form's export: `anonymous` in each row."""
    return column_header(column) == _EMAIL and are_withheld(view.filled(at, row))


def are_withheld(emails: Iterable[str]) -> bool:
    """Whether these texts, which should be e-mail addresses, are none; a template's example says nothing."""
    texts = [text for text in emails if not text.startswith(EXAMPLE)]
    return bool(texts) and not any(map(is_like_email, texts))


def _emails_beside_names(
    view: SheetFeatures, row: int, found: Mapping[int, Column], skills: Mapping[int, str], endpoint: Endpoint
) -> dict[int, Column]:
    """The column of e-mail addresses that has another heading, beside one that tells who by name."""
    if {column_header(column) for column in found.values()} != {_NAME}:
        return {}
    emails = [
        at
        for at in view.columns
        if at not in found
        and at not in skills
        and not field_words.is_of_others(view.text(row, at))
        and mostly(view.beside_levels(at, row), is_like_email)
    ]
    return {emails[0]: _named(endpoint, _EMAIL)} if len(emails) == 1 else {}


def _make_sure_that_they_differ(view: SheetFeatures, row: int, found: Mapping[int, Column]) -> None:
    """Raises: Ambiguous where two columns say the same of people."""
    kinds = [column_header(column) for column in found.values()]
    alike = [at for at, column in found.items() if kinds.count(column_header(column)) > 1]
    if alike:
        called = [view.text(row, at) or letters(at) for at in alike]
        choices = tuple(called if len(set(called)) == len(called) else map(letters, alike))
        raise about_sheets.several_people_columns(choices).offering("people_column", choices)


def _candidates(view: SheetFeatures, row: int) -> Sequence[int]:
    """Columns that could be the people's by what they hold: e-mail addresses, else full names, else names."""
    texts = {
        column: some
        for column in view.columns[:_WITHIN]
        if fold_header(view.text(row, column)) not in vocabulary.NOT_PEOPLE
        and len(some := view.beside_levels(column, row)) > 1
        and len(set(some)) > 0.7 * len(some)
        and not view.has_levels(column, row)
        and not mostly(some, is_remark)
    }
    for is_so in (*_SURE, is_like_name):
        found = [column for column, some in texts.items() if mostly(some, is_so)]
        if found:
            return found
    return []


def _column(view: SheetFeatures, row: int, at: int, endpoint: Endpoint) -> Column:
    """What a people column tells: an id, an e-mail address or a name."""
    heading = fold_header(view.text(row, at))
    if heading in field_words.USER_IDS:
        return endpoint.field("user_id")
    is_email = field_words.is_one_of(view.text(row, at), field_words.EMAILS) or mostly(
        view.beside_levels(at, row), is_like_email
    )
    return _named(endpoint, _EMAIL if is_email else _NAME)


def _named(endpoint: Endpoint, header: str) -> Column:
    return next(each for each in endpoint.name_columns if each.header == header)
