"""Resolves the names of a table by the account and by a person's choices. Sends no write.

Knows where names are looked up; knows no rule for a row.
"""

import dataclasses
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Candidate, Name, NameAnswers, NotMade
from importer.errors import Ambiguous
from importer.kantata.client import Account
from importer.kantata.directory import AccountDirectory
from importer.messages import about_account, about_levels, about_names
from importer.pipeline.alias_memory import Aliases, NameResolution, resolve
from importer.validation.account_limits import (
    check_zeros,
    level_limit_problems,
    skills_with_levels,
    zeros_of_certificates,
)
from importer.validation.aliases import UnresolvedName, inactive
from importer.validation.names import names_needed, own_ids
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable, without_what_is_not_held
from importer.validation.thing_names import settle_names
from importer.validation.unknown_ids import ids_to_look_up, unknown_ids


@dataclass(frozen=True, slots=True)
class NameSource:
    """Where to look up names: the directory of an account and, if there is one, an alias workbook.

    `account` returns whose account that is; it is called only if the workbook is used.
    """

    directory: AccountDirectory
    account: Callable[[], Account]
    aliases: Aliases | None = None
    new_names: tuple[str, ...] = ()
    """What a person said is new, although the account has something of nearly that name."""
    not_made: Mapping[Name, NotMade] = field(default_factory=dict)
    """Why nothing was made for names that nothing bears."""


@dataclass(frozen=True, slots=True)
class NameLookup:
    """A table and what each of its names means. `answers` is None if names were needed and not looked up."""

    parsed: ParsedTable
    answers: NameAnswers | None
    workbook: Path | None = None
    unclear: tuple[UnresolvedName, ...] = ()

    @classmethod
    def without_lookup(cls, parsed: ParsedTable) -> "NameLookup":
        """A table whose names are not looked up."""
        return cls(parsed, own_ids(parsed))

    def note_on(self, checked: CheckedTable) -> CheckedTable:
        """The checked table with the names that wait for a choice, and their workbook."""
        return dataclasses.replace(checked, aliases=self.workbook, unresolved_names=self.unclear)


def resolve_names(parsed: ParsedTable, source: NameSource) -> NameLookup:
    """Look up the names of a table. Unclear names are added to the alias workbook.

    Raises: Denied, Unreachable; Unreadable, Guarded as `alias_memory.resolve`.
    """
    sys.audit(AuditEvent.BEFORE_CHECK)
    names = names_needed(parsed) | (names_needed(parsed.outline) if parsed.outline else frozenset())
    account = functools.cache(source.account)
    resolved = NameResolution(_with_reasons(source.directory.find(names), source.not_made))
    if source.aliases is not None and names:
        resolved = resolve(parsed, resolved.answers, source.directory, source.aliases, account)
    resolved = dataclasses.replace(resolved, answers=hide(resolved.answers, account))
    endpoint = parsed.table.endpoint
    if endpoint.are_things:
        parsed = settle_names(parsed, source.directory.things(endpoint), source.new_names)
    people = _people(parsed, resolved.answers, source.directory)
    notes = (*parsed.notes, *inactive(people), *resolved.notes)
    return NameLookup(dataclasses.replace(parsed, notes=notes), resolved.answers, resolved.workbook, resolved.unclear)


def _with_reasons(answers: NameAnswers, not_made: Mapping[Name, NotMade]) -> NameAnswers:
    """The same, where each name for which nothing was made says why, and what it may mean."""
    told = {
        name: dataclasses.replace(answers[name], not_made=each.why, near=each.near or answers[name].near)
        for name, each in not_made.items()
        if name in answers
    }
    return {**answers, **told} if told else answers


def hide(answers: NameAnswers, account: Callable[[], Account]) -> NameAnswers:
    """The same, where names without a bearer may have one that the token does not see. Without such a name, the account
    is not asked whose the token is.
    """
    absent = {name: answer for name, answer in answers.items() if not answer.exact and answer.wrong is None}
    if not absent or account().is_administrator is not False:
        return answers
    return {**answers, **{name: dataclasses.replace(answer, may_be_hidden=True) for name, answer in absent.items()}}


def _people(parsed: ParsedTable, found: NameAnswers, directory: AccountDirectory) -> Iterator[Candidate]:
    """The people whom the names mean, and the inactive ones whom the ids mean, as far as they are known."""
    yield from (answer.exact[0] for answer in found.values() if len(answer.exact) == 1)
    values = parsed.values
    if "member_type" in values:
        values = values.loc[values["member_type"].ne("Workspace").fillna(value=True)]
    for name in ("user_id", "member_id"):
        if name in values:
            yield from directory.inactive_among({str(id_) for id_ in values[name].dropna().unique()})


def check_ids(checked: CheckedTable, found: NameAnswers, source: NameSource) -> CheckedTable:
    """The table with a problem for each id that the account does not have. A token that is no administrator's may not
    see everything: then it is a note, and Kantata decides.

    Raises: Denied, Unreachable.
    """
    wanted = ids_to_look_up(checked, found)
    absent = wanted - source.directory.candidates_by_id(wanted).keys()
    if absent and source.account().is_administrator is False:
        note = about_names.ids_not_visible(sorted({id_ for _, id_ in absent}))
        return dataclasses.replace(checked, notes=(*checked.notes, note))
    return checked.refuse(unknown_ids(checked, absent))


def judge_levels(checked: CheckedTable, source: NameSource, question: Ambiguous | None = None) -> CheckedTable:
    """The table judged by the levels that its skills have in this account: a level that its skill does not take is a
    problem, and a person's own 0 for a skill without levels says that somebody does not have it. `question` is one that
    is open on the levels besides.

    Raises: Denied, Unreachable; Ambiguous with that question, or where 0 in a person's own matrix can mean two things.
    """
    highest = source.directory.levels_of(skills_with_levels(checked))
    not_held = zeros_of_certificates(checked, highest)
    check_zeros(checked, highest, question)
    checked = without_what_is_not_held(checked, not_held) if not_held else checked
    left = len(checked.zeros - not_held)
    if left and not checked.is_zero_told and not checked.table.is_matrix:
        checked = dataclasses.replace(checked, notes=(*checked.notes, about_levels.zeros_in_list(left)))
    return checked.refuse(level_limit_problems(checked, highest))


def check_owner(parsed: ParsedTable, account: Account) -> None:
    """Make sure that a plan or result workbook belongs to this account.

    Raises: Guarded.
    """
    source = parsed.table.source
    if source.account and source.account != account.key:
        raise about_account.file_of_another_account(source.name, source.account, account.key)
