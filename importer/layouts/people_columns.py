"""Which columns of a matrix say who: as told, by their headings, or by what they hold. Knows no account."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint, Field
from importer.endpoints.header import Column
from importer.layouts import vocabulary
from importer.layouts.account_names import AccountNames
from importer.layouts.sheet_features import SheetFeatures, is_like_email, is_like_name, is_remark, is_two_words, mostly
from importer.messages import about_sheets
from importer.table import letters
from importer.text import fold_header

_WITHIN = 12
"""Columns looked at where no heading names the people."""
_PARTS = re.compile(r"[/|&,()\n]| - ")
_SURE = (is_like_email, is_two_words)
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
        if self.last_name is None or _kind(self.columns[column]) != _NAME:
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
    first, last = (_headed(view, row, called) for called in (vocabulary.FIRST_NAMES, vocabulary.LAST_NAMES))
    if first is not None and last is not None and all(_kind(column) != _NAME for column in found.values()):
        return PeopleColumns(found | {first: _named(endpoint, _NAME)}, last)
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
    headings = set(map(fold_header, view.texts(row)))
    return bool(headings & vocabulary.FIRST_NAMES and headings & vocabulary.LAST_NAMES) or bool(_candidates(view, row))


def is_people_heading(text: str) -> bool:
    """Whether a column with this heading says who: "Name", "Team / name", "Name (last, first)"."""
    known = vocabulary.PEOPLE | vocabulary.EMAILS | vocabulary.USER_IDS
    return fold_header(text) in known or any(fold_header(part) in vocabulary.PEOPLE for part in _PARTS.split(text))


def _make_sure_that_they_differ(view: SheetFeatures, row: int, found: Mapping[int, Column]) -> None:
    """Raises: Ambiguous where two columns say the same of people."""
    kinds = [_kind(column) for column in found.values()]
    alike = [at for at, column in found.items() if kinds.count(_kind(column)) > 1]
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
    if heading in vocabulary.USER_IDS:
        return endpoint.field("user_id")
    is_email = heading in vocabulary.EMAILS or mostly(view.beside_levels(at, row), is_like_email)
    return _named(endpoint, _EMAIL if is_email else _NAME)


def _named(endpoint: Endpoint, header: str) -> Column:
    return next(each for each in endpoint.name_columns if each.header == header)


def _headed(view: SheetFeatures, row: int, called: frozenset[str]) -> int | None:
    """The one column with one of these headings."""
    found = [column for column in view.columns if fold_header(view.text(row, column)) in called]
    return found[0] if len(found) == 1 else None


def _kind(column: Column) -> str:
    return column.name if isinstance(column, Field) else column.header
