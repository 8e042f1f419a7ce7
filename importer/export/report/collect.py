"""The skill report of an account: reads what it needs, and joins the rooms that count and write. Sends no write."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from importer import endpoints
from importer.endpoints.declare import Directory, Endpoint
from importer.endpoints.header import Header
from importer.export import consistency
from importer.export.consistency import Counts
from importer.export.disk_buffer import Watch, no_watch
from importer.export.record_filters import Filters, choose_people, choose_skills
from importer.export.report.build_report import make_report
from importer.export.report.previous_export import read_earlier
from importer.export.report.report_data import About, Facts, Team, Teams, frame, memberships_of
from importer.export.report.report_model import SkillReport
from importer.export.report.report_page import write_page
from importer.export.report.report_workbook import write_workbook
from importer.kantata.account_data import Person, Skill, named_records_of, read_by_owner
from importer.kantata.client import Client
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.kantata.skill_levels import read_skill_levels
from importer.layouts.extract import extract_list
from importer.layouts.proposal import MATRIX_OF
from importer.messages import about_exports, about_targets
from importer.model import Problem
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write import atomic_write
from importer.validation import targets as wanted

WRITERS = {".xlsx": write_workbook, ".html": write_page, ".htm": write_page}
"""How a report is written, by the end of its file's name."""
_DIRECTORIES = {
    Team.DEPARTMENT: Directory.DEPARTMENTS,
    Team.GEOGRAPHY: Directory.GEOGRAPHIES,
    Team.GROUP: Directory.GROUPS,
}
_FIELDS = {Team.DEPARTMENT: "department_id", Team.GEOGRAPHY: "geography_id", Team.GROUP: "workspace_group_id"}
_READING, _LISTS = "Reading the account's people, skills, places and groups", 4


@dataclass(frozen=True, slots=True)
class Against:
    """What the account is compared with: a file of targets, an earlier export."""

    targets: Path | None = None
    since: Path | None = None


@dataclass(frozen=True, slots=True)
class FinishedReport:
    """A report that was made: all that it shows, whether what it counts stood still while it was read, and the problems
    in the file of targets.
    """

    report: SkillReport
    is_verified: bool
    problems: Sequence[Problem] = ()
    requests: Mapping[str, int] = field(default_factory=dict)
    """The requests that it took, by method."""


def write_report(reported: FinishedReport, path: Path) -> Path:
    """Write the report as a workbook or as a page, by the end of the name, and return where it is.

    Raises: Usage for any other end.
    """
    check_name(path)
    return atomic_write.put(path, lambda file: WRITERS[path.suffix.lower()](file, reported.report))


def check_place(path: Path) -> None:
    """Make sure, before anything is read, that we know how to write a file of this name, and can write it there.

    Raises: Usage, Guarded.
    """
    check_name(path)
    atomic_write.check_folder(path)


def check_name(path: Path) -> None:
    """Make sure that we know how to write a file of this name.

    Raises: Usage.
    """
    if path.suffix.lower() not in WRITERS:
        raise about_exports.report_name(path.name)


def make(
    to: Access, filters: Filters, against: Against, made: dt.datetime | None = None, watch: Watch = no_watch
) -> FinishedReport:
    """The report of an account, as it is now; `made` is the time that it tells (UTC, without a zone).

    `watch` is told how many of the account's lists have been read.

    Raises: Usage, Unreadable (a file), Denied, Unreachable.
    """
    directory = AccountDirectory(to.client)
    # Files are opened first: a mistake in a name shall not wait for the account to be read.
    targets = Book(against.targets) if against.targets else None
    since = Book(against.since) if against.since else None
    chosen = choose_people(to.client, directory, filters)
    facts, moved = _facts(to.client, directory, chosen.people, choose_skills(directory, filters), watch)
    notes = [*_left_out(chosen.inactive if not filters.with_inactive else 0)]
    about = About(
        str(to.account),
        made or dt.datetime.now(dt.UTC).replace(tzinfo=None),
        _covers(filters),
        some_people=filters.chooses_people,
        some_skills=filters.chooses_skills,
    )
    problems: Sequence[Problem] = ()
    if targets:
        table = _targets(targets, directory)
        facts, more = _with_targets(facts, table)
        about = replace(about, targets=targets.path.name, targets_left_out=table.left_out)
        problems, notes = table.problems, [*notes, *more]
    if since:
        earlier, more = read_earlier(since, directory)
        facts, notes = replace(facts, earlier=earlier), [*notes, *more]
    about = replace(about, notes=[*notes, consistency.count_note(moved)])
    return FinishedReport(make_report(facts, about), consistency.are_still(moved), problems, to.client.requests)


def _covers(filters: Filters) -> str:
    if str(filters):
        return f"Only {filters}"
    return "All people, and all skills" if filters.with_inactive else "All active people, and all skills"


def _left_out(inactive: int) -> Iterator[str]:
    if inactive:
        people = "1 inactive person is" if inactive == 1 else f"{inactive:,} inactive people are"
        yield f"{people} left out."


def _facts(
    client: Client, directory: AccountDirectory, people: Sequence[Person], skills: Sequence[Skill], watch: Watch
) -> tuple[Facts, Counts]:
    """What the account holds of these people and skills, and how the counts moved."""
    of_people = frame(("id", "name", "email", "title"), [(p.id, p.name, p.email, p.title) for p in people])
    of_skills = frame(
        ("id", "name", "category", "max_level"), [(s.id, s.name, s.category, s.max_level) for s in skills]
    )
    owned = [endpoints.load(name) for name in (MATRIX_OF, "organization-memberships", "user-group-memberships")]

    def read() -> Facts:
        levels, *holdings = owned
        watch(_READING, 1, _LISTS)
        held = read_skill_levels(client, levels, [person.id for person in people], [skill.id for skill in skills])
        memberships = memberships_of(of_people, of_skills, (held.person, held.skill, held.level))
        members: dict[Team, list[tuple[str, str]]] = {}
        for number, endpoint in enumerate(holdings, 2):
            watch(_READING, number, _LISTS)
            members |= _members(client, endpoint, people)
        watch(_READING, _LISTS, _LISTS)
        teams = {team: _teams(directory, _DIRECTORIES[team], who) for team, who in members.items()}
        return Facts(of_people, of_skills, memberships, teams)

    return consistency.read_between_counts(client, owned, read)


def _members(client: Client, endpoint: Endpoint, people: Sequence[Person]) -> dict[Team, list[tuple[str, str]]]:
    """Which of these people are in which teams of each kind that the endpoint tells, as ids of both."""
    owners = [("user", person.id) if "member_type" in endpoint.owner else (person.id,) for person in people]
    held = read_by_owner(client, endpoint, owners)
    fields = endpoint.thing
    return {
        team: [(owner[-1], of[fields.index(field)]) for owner, theirs in held.items() for of in theirs]
        for team, field in _FIELDS.items()
        if field in fields
    }


def _teams(directory: AccountDirectory, of: Directory, members: Sequence[tuple[str, str]]) -> Teams:
    """The departments, geographies or groups of the account with these members."""
    parents = {str(each["id"]): str(each.get("parent_id") or "") for each in directory.records(of)}
    listed = [(each.id, each.path or each.name, parents[each.id]) for each in named_records_of(directory, of)]
    return Teams(frame(("id", "name", "parent"), listed), frame(("user_id", "team_id"), members))


def _targets(book: Book, directory: AccountDirectory) -> wanted.TargetTable:
    """The targets of the first sheet that has some.

    Raises: Unreadable when none has; Denied, Unreachable.
    """
    for sheet in book.candidates:
        grid = book.grid(sheet)
        found = wanted.find_columns(grid.head(wanted.LOOKED_AT))
        if found is None:
            continue
        row, positions = found
        table = extract_list(grid, Header(row, endpoints.load(MATRIX_OF), {}, ()), book.source(sheet))
        columns = {field: table.names[position] for field, position in positions.items()}
        answers = directory.find(wanted.names_of(table, columns))
        ids = {each.id for answer in answers.values() for each in answer.exact}
        return wanted.read_targets(table, columns, answers, directory.levels_of(ids))
    raise about_targets.no_targets(book.path.name)


def _with_targets(facts: Facts, asked: wanted.TargetTable) -> tuple[Facts, Sequence[str]]:
    """The facts with the targets of the skills that are reported on; and what is to be told of the others."""
    known = set(facts.skills["id"])
    rows = [(each.skill_id, each.level, each.people) for each in asked.targets if each.skill_id in known]
    left = len(asked.targets) - len(rows)
    targets = "1 target is of a skill" if left == 1 else f"{left:,} targets are of skills"
    told = [f"{targets} that the filters leave out."] if left else []
    return replace(facts, targets=frame(("skill_id", "level", "wanted"), rows)), told
