"""Which column of a list tells which field: as told, by its heading, by the names in it, or by the form of its cells.

Knows the texts of one sheet, and asks the account for names alone; what is only likely is a question.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from importer.coordinates import letters
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, Header, column_field, column_header
from importer.errors import Ambiguous, Choice, Unreadable
from importer.layouts import field_words
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.column_cells import ColumnCells, is_code
from importer.layouts.header_meanings import (
    Meaning,
    fitting_endpoint,
    header_search_depth,
    is_of_categories,
    is_ours,
    meanings_of,
    untold,
)
from importer.layouts.people_columns import are_withheld, halves_of_names
from importer.layouts.pieces import pieces_of
from importer.layouts.sheet_features import is_like_email, is_like_name, mostly
from importer.layouts.told_columns import NONE, PEOPLE, first_heading_row, lettered, positions, told_row
from importer.messages import about_columns, about_sheets
from importer.table import Sheet
from importer.text import fold_header
from importer.validation.level import NUMBERS, LevelScale

_MOST_OTHERS = 2
"""So many columns of other things may stand in a list whose group is only called a team."""
_MOST_LEVELS = 2
"""More columns of levels than this make a matrix, whatever the names beside them."""
_FEW_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What is known before a sheet is looked at: what the person says, the scale, and the names of the account.

    `is_only` tells that no other sheet may have a column that was told; `are_levels_told` that words for levels were;
    `is_ours` that we wrote the sheet, so that nothing is asked; `is_person_told` that the sheet does not say who;
    `is_endpoint_told` that somebody said what the sheet has records of.
    """

    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    scale: LevelScale = NUMBERS
    names: AccountNames = NO_ACCOUNT
    is_only: bool = True
    are_levels_told: bool = False
    is_ours: bool = False
    is_person_told: bool = False
    is_endpoint_told: bool = False


def find_list(grid: Sheet, endpoints: Sequence[Endpoint], options: ListOptions) -> "ListDraft | None":
    """The list in this sheet as far as its headings tell it; None if there is none.

    Raises: Usage where a column that was told is not there; Ambiguous where it is there twice.
    """
    rows = grid.head(header_search_depth())
    told = [header for header in options.columns.values() if fold_header(header) != NONE]
    endpoints = [each for each in endpoints if options.columns.keys() <= {column_header(one) for one in each.columns()}]
    row = options.header_row
    if told and (row := told_row(rows, endpoints, told, row, is_only=options.is_only)) is None:
        return None
    over_names = {number for number in range(1, len(rows)) if row is None and is_of_categories(*rows[number - 1 :][:2])}
    for number in range(1, len(rows) + 1):
        if row not in (None, number) or number in over_names:
            continue
        drafts = [ListDraft(grid, number, endpoint, options) for endpoint in endpoints]
        fitting = [draft for draft in drafts if draft.fits]
        try:
            chosen = fitting_endpoint(number, [(each.endpoint, each.is_plain) for each in fitting])
        except Unreadable as why:
            return fitting[0].refused(why)
        if chosen is not None:
            return next(each for each in fitting if each.endpoint is chosen)
    row = row or first_heading_row(rows)
    may_be_header = row and row <= len(rows) and row not in over_names
    return _carried_by_names(grid, row, endpoints, options) if row and may_be_header else None


def _carried_by_names(grid: Sheet, row: int, endpoints: Sequence[Endpoint], options: ListOptions) -> "ListDraft | None":
    """The list below this row whose names the account knows."""
    drafts = (ListDraft(grid, row, endpoint, options) for endpoint in endpoints)
    return next((draft for draft in drafts if draft.take_known()), None)


class ListDraft:
    """The header of a list in one row as far as it is known: which columns tell a field, and which could."""

    def __init__(self, grid: Sheet, row: int, endpoint: Endpoint, options: ListOptions) -> None:
        self._grid, self._row, self._options = grid, row, options
        self.endpoint = endpoint
        self._cells = ColumnCells(grid, row, options.scale)
        self.texts = self._cells.headings
        self._declared = {column_header(column): column for column in endpoint.columns()}
        self.columns: dict[int, Column] = {}
        self._doubles: dict[str, list[int]] = {}
        self._is_carried = self._is_vague = False
        self._refusal: Unreadable | None = None
        self.is_plain = True
        self._take_told()
        self._take_headed()

    # ---- what is told, and what the headings say

    def _take_told(self) -> None:
        for name, header in self._told.items():
            at = self._told_at(header)
            if at is not None and name in self._declared:
                self.columns[at] = self._declared[name]

    def _told_at(self, header: str) -> int | None:
        """Raises: Ambiguous where several columns have this header."""
        headed = positions(self.texts, header)
        if len(headed) > 1:
            raise about_sheets.header_not_unique([letters(at) for at in headed], self._row, header)
        return headed[0] if headed else lettered(self.texts, header)

    @property
    def _told(self) -> dict[str, str]:
        return {name: header for name, header in self._options.columns.items() if fold_header(header) != NONE}

    def _take_headed(self) -> None:
        found = meanings_of(self.texts, self.endpoint)
        halves = None if self._told_person else self._halves(found)
        if halves is not None:
            found = {at: each for at, each in found.items() if at not in halves and each.header != "user"}
            self.columns[halves[0]] = self._declared["user"]
            self.columns[halves[1]] = self._declared["last_name"]
        for name in dict.fromkeys(each.header for each in found.values()):
            if name in self._options.columns or (name in PEOPLE and not self._may_be_beside(name)):
                continue
            here = [at for at, each in found.items() if each.header == name and at not in self.columns]
            if (name == "email" and self._are_withheld(here, found)) or self._are_no_ids(name, here, found):
                continue
            plain = [at for at in here if found[at].is_plain]
            some = plain or [at for at in here if name == "level" or not self._cells.are_levels(at)]
            if len(some) == 1 and name != "level":
                self.columns[some[0]] = found[some[0]].column
                self.is_plain = self.is_plain and bool(plain)
                self._is_vague = self._is_vague or found[some[0]].is_vague
            elif len(some) > 1 and name != "level":
                self._doubles[name] = some

    def _are_no_ids(self, name: str, columns: Sequence[int], found: Mapping[int, Meaning]) -> bool:
        """Whether columns of ids, not called so by us, hold codes of another system alone beside a column of names."""
        field = column_field(self._declared[name])
        has_names = any(each.header != name and column_field(each.column) == field for each in found.values())
        if name != field or not has_names or any(self.texts[at].strip() == name for at in columns):
            return False
        texts = [text for at in columns for text in self._cells.sample(at)]
        return bool(texts) and not any(map(str.isdecimal, texts))

    def _are_withheld(self, emails: Sequence[int], found: Mapping[int, Meaning]) -> bool:
        """Whether columns of e-mail addresses hold none, and another one has names."""
        has_names = any(each.header == "user" for each in found.values())
        return has_names and are_withheld(text for at in emails for text in self._cells.sample(at))

    def _halves(self, found: Mapping[int, Meaning]) -> tuple[int, int] | None:
        """The columns of first and last names, where no other column has names."""
        if "last_name" not in self._declared:
            return None
        halves = halves_of_names(self.texts, self._cells.texts)
        users = {at for at, each in found.items() if each.header == "user"}
        return halves if halves is not None and users <= set(halves) and not set(halves) & self.columns.keys() else None

    @property
    def _told_person(self) -> bool:
        return any(name in self._told for name in PEOPLE)

    def _may_be_beside(self, name: str) -> bool:
        """Whether this column may say who besides what was told: an e-mail address beside a name."""
        told = [each for each in PEOPLE if each in self._told]
        return not told or (name == "email" and told == ["user"])

    # ---- whether it is a list

    @property
    def missing(self) -> set[str]:
        """The fields that every record needs and that no column tells."""
        doubles = [self._declared[name] for name in self._doubles]
        return set(untold(self.endpoint, [*self.columns.values(), *doubles]))

    @property
    def fits(self) -> bool:
        """Whether a column tells each field that a record needs."""
        if self.missing == {"user_id"} and not self._options.is_ours:
            self._take_emails()
            self._take_ids()
        if self._refusal is not None:
            return True
        if self.missing or self._is_above_skills or not self._is_marked:
            return False
        return self.is_plain or not self._is_rather_something_else()

    @property
    def _is_marked(self) -> bool:
        """Whether a list of things has a column that only such a list has, or is said to be one."""
        told = {column_field(column) for column in self.columns.values()}
        return self._options.is_endpoint_told or not self.endpoint.marks or not told.isdisjoint(self.endpoint.marks)

    @property
    def _is_above_skills(self) -> bool:
        """Whether the word for skills is merged over several columns: the skills' names stand below it."""
        skills = [at for at, column in self.columns.items() if column_field(column) == "skill_id"]
        return any(
            merge.row <= self._row <= merge.last_row and merge.column in skills and merge.last_column > merge.column
            for merge in self._grid.merges
        )

    def _is_rather_something_else(self) -> bool:
        """Whether a heading such as "Team" stands in a matrix, or among much else of people."""
        if "level" in self._declared or self._told:
            return False
        others = [at for at in self._unused if self.texts[at].strip()]
        if any(self._cells.are_levels(at) for at in others):
            return True
        groups = [at for at, column in self.columns.items() if column_header(column) == "group"]
        if self._is_vague or not groups or len(others) <= _MOST_OTHERS:
            return self._is_vague and bool(others)
        return not any(self._options.names.groups(frozenset(self._cells.sample(at))) for at in groups)

    @property
    def told(self) -> int:
        """How many columns tell a field, or could be one that is missing."""
        has_level = any(at not in self.columns for at in self._headed_by_level)
        return len(self.columns) + len(self._doubles) + has_level + (self._refusal is not None)

    def refused(self, why: Unreadable) -> "ListDraft":
        """The same list, which cannot be read for this reason."""
        self._refusal = why
        return self

    @cached_property
    def header(self) -> Header:
        """The header of the list.

        Raises: Ambiguous where only a person can say what a column tells; Unreadable where it fits several endpoints.
        """
        if self._refusal is not None:
            raise self._refusal
        if not self._options.is_ours:
            self._take_emails()
            self._make_sure_that_each_is_one()
            self._make_sure_that_ids_are_kantatas()
        self._take_level()
        unused = [at for at, text in enumerate(self.texts) if at not in self.columns and text and not is_ours(text)]
        return Header(self._row, self.endpoint, dict(sorted(self.columns.items())), tuple(unused))

    def _make_sure_that_each_is_one(self) -> None:
        for name, at in self._doubles.items():
            is_needed = column_field(self._declared[name]) not in {*map(column_field, self.columns.values())}
            choices = self._choices(name, at, offers_none=not is_needed)
            raise about_columns.several_for_a_field(name, self._called(at), choices[0].value).asking(*choices)

    # ---- people

    def _take_emails(self) -> None:
        """The column of e-mail addresses that has another heading, where nothing else or only a name says who."""
        headers = {column_header(column) for column in self.columns.values()}
        if "email" not in self._declared or headers & {"email", "external_id", "user_id"}:
            return
        if "email" in self._options.columns or "email" in self._doubles:
            return
        emails = [
            at
            for at in self._unused
            if not field_words.is_of_others(self.texts[at]) and mostly(self._cells.sample(at), is_like_email)
        ]
        if len(emails) == 1:
            self.columns[emails[0]] = self._declared["email"]
        elif len(emails) > 1:
            self._doubles["email"] = emails

    def _take_ids(self) -> None:
        """The column of ids that the account knows as people's; those of another system will be suggested."""
        if "user_id" not in self.missing or self._options.is_person_told or not self._has_a_thing:
            return
        ids = [at for at in self._unused if self._cells.may_be_ids(at)]
        for at in ids:
            texts = [text for text in self._cells.sample(at) if text.isdecimal()]
            if texts and len(self._options.names.people(frozenset(texts))) * 2 > len(texts):
                self.columns[at] = self._declared["user_id"]
                return
        if ids and "external_id" not in self._options.columns:
            self.refused(self._suggesting_external_ids(ids))

    def _make_sure_that_ids_are_kantatas(self) -> None:
        """Raises: Ambiguous where what says who are ids of another system."""
        who = {column_header(column): at for at, column in self.columns.items() if column_field(column) == "user_id"}
        if len(who) != 1 or self._told_person or self._last_name is not None:
            return
        ((name, at),) = who.items()
        if name in ("user_id", "user") and (self._are_codes(at) or (name == "user" and self._are_nobodys_ids(at))):
            raise self._suggesting_external_ids([at])

    @property
    def _last_name(self) -> int | None:
        return next((at for at, column in self.columns.items() if column_header(column) == "last_name"), None)

    def _are_codes(self, at: int) -> bool:
        """Whether a column holds ids of another system, such as EMP0001, by which the account knows nobody."""
        texts = self._cells.sample(at)
        return mostly(texts, is_code) and not self._options.names.people(frozenset(texts))

    def _are_nobodys_ids(self, at: int) -> bool:
        """Whether these are numbers, and the account, which knows some of the skills or groups, has no such ids."""
        texts = frozenset(self._cells.sample(at))
        if not all(map(str.isdecimal, texts)):
            return False
        names = self._options.names
        asked = {"skill": names.skills, "group": names.groups}
        is_there = any(
            ask(frozenset(self._cells.sample(each)))
            for each, column in self.columns.items()
            if (ask := asked.get(column_header(column))) is not None
        )
        return is_there and not names.people(texts)

    def _suggesting_external_ids(self, ids: Sequence[int]) -> Ambiguous:
        choices = self._choices("external_id", ids, offers_none=False)
        question = about_columns.ids_of_another_system(self._called(ids), choices[0].value).asking(*choices)
        return question.with_likely_first() if len(ids) == 1 else question

    @property
    def _has_a_thing(self) -> bool:
        """Whether it says which skill or group, and how well, and no column may be a matrix's."""
        things = {column_field(column) for column in self.columns.values()}
        is_one = "workspace_group_id" in things or ("skill_id" in things and bool(self._headed_by_level))
        return is_one and not any(self._cells.are_levels(at) for at in self._unused if at not in self._headed_by_level)

    # ---- levels

    def _take_level(self) -> None:
        """The column of levels.

        Raises: Ambiguous.
        """
        if "level" not in self._declared or "level" in self._options.columns:
            return
        headed = [at for at in self._headed_by_level if at not in self.columns]
        simply = [at for at in headed if fold_header(field_words.bare(self.texts[at])) == "level"]
        headed = simply if len(simply) == 1 else headed
        plain = [at for at in headed if not self._is_somebodys(at)]
        others = [
            at
            for at in self._unused
            if at not in headed and field_words.is_about_levels(self.texts[at]) and self._cells.are_levels(at)
        ]
        if len(headed) == 1 and (plain or not others or self._options.is_ours):
            self.columns[headed[0]] = self._declared["level"]
        elif headed:
            some = sorted((*headed, *others), key=lambda at: (field_words.is_goal(self.texts[at]), at))
            are_goals = [field_words.is_goal(self.texts[at]) for at in some]
            choices = self._choices("level", some)
            question = about_columns.several_for_a_field("level", self._called(some), choices[0].value).asking(*choices)
            raise question.with_likely_first() if are_goals.count(False) == 1 else question
        elif not self._options.is_ours:
            self._take_unnamed_level()

    def _take_unnamed_level(self) -> None:
        holding = [at for at in self._unused if self._cells.are_levels(at) and not self._cells.is_something_else(at)]
        if len(holding) == 1 and self._is_carried:
            self.columns[holding[0]] = self._declared["level"]
        elif holding:
            choices = self._choices("level", holding)
            question = about_columns.levels_not_used(self._called(holding), choices[0].value).asking(*choices)
            raise question.with_likely_first() if len(holding) == 1 else question
        elif self._options.are_levels_told and (unused := [at for at in self._unused if self.texts[at].strip()]):
            choices = self._choices("level", unused)
            raise about_columns.levels_without_column(self._called(unused), choices[0].value).asking(*choices)

    @property
    def _headed_by_level(self) -> list[int]:
        found = meanings_of(self.texts, self.endpoint)
        return [at for at, each in found.items() if each.header == "level"]

    def _is_somebodys(self, at: int) -> bool:
        return field_words.is_one_of(self.texts[at], field_words.LEVELS_OF_SOMEBODY)

    # ---- names that the account knows

    def take_known(self) -> bool:
        """Take the columns in which the account knows most texts as people, and as skills or groups."""
        things = [name for name in ("skill", "group") if name in self._declared]
        if not things or self.endpoint.owner != ("user_id",):
            return False
        missing = self.missing
        others = [at for at in self._unused if self._cells.are_levels(at)]
        texts = [at for at in self._unused if at not in others and mostly(self._cells.sample(at), is_like_name)]
        if not missing or len(others) > _MOST_LEVELS or len(texts) > _FEW_COLUMNS:
            return False
        for name in things:
            if column_field(self._declared[name]) in missing and not self._take_the_one_known(name, texts):
                return False
        if "user_id" in missing and not self._take_the_one_known("user", texts):
            return False
        headings = frozenset(self.texts[at].strip() for at in others)
        self._is_carried = not self._options.names.skills(headings)
        return self._is_carried

    def _take_the_one_known(self, name: str, columns: Sequence[int]) -> bool:
        """Take the one of these columns that names such; False if there is none, or several."""
        if name == "user":
            self._take_emails()
            if "user_id" not in self.missing:
                return True
        ask = {"user": "people", "skill": "skills", "group": "groups"}[name]
        free = {at: frozenset(self._cells.sample(at)) for at in columns if at not in self.columns}
        known = self._known(getattr(self._options.names, ask), frozenset[str]().union(*free.values()))
        most = [at for at, texts in free.items() if len(texts & known) * 2 > len(texts)]
        if len(most) != 1:
            return False
        self.columns[most[0]] = self._declared[name]
        return True

    @staticmethod
    def _known(ask: Callable[[Collection[str]], frozenset[str]], texts: frozenset[str]) -> frozenset[str]:
        """Of these texts those that are a name, or several."""
        known = ask(texts)
        return known | pieces_of(texts - known, ask).keys()

    # ---- the sheet

    @property
    def _unused(self) -> list[int]:
        """The columns that tell nothing yet, and of which something is filled below the header."""
        doubles = {at for some in self._doubles.values() for at in some}
        free = (at for at in range(len(self.texts)) if at not in self.columns and at not in doubles)
        theirs = (at for at in free if not (is_ours(self.texts[at]) or field_words.is_marked_unused(self.texts[at])))
        return [at for at in theirs if any(self._cells.sample(at))]

    # ---- questions

    def _called(self, columns: Sequence[int]) -> list[str]:
        """What a person calls these columns: by their headers, and where these are not enough by letters, too."""
        texts = [" ".join(self.texts[at].split()) or f"column {letters(at)}" for at in columns]
        return [
            text if texts.count(text) == 1 else f"{text} ({letters(at)})"
            for at, text in zip(columns, texts, strict=True)
        ]

    def _choices(self, name: str, columns: Sequence[int], *, offers_none: bool = True) -> list[Choice]:
        """An answer for each of these columns and, where that can be, for none of them."""
        headers = [" ".join(self.texts[at].split()) for at in columns]
        values = [
            text if text and headers.count(text) == 1 else letters(at)
            for at, text in zip(columns, headers, strict=True)
        ]
        choices = [
            Choice(label, "columns", f"{name}={value}")
            for label, value in zip(self._called(columns), values, strict=True)
        ]
        return [*choices, Choice("None of these", "columns", f"{name}={NONE}")] if offers_none else choices
