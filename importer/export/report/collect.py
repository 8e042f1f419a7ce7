"""The skill report of an account: reads what it needs, and joins the rooms that count and write. Sends no write."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from importer import endpoints
from importer.endpoints.declare import Directory, Endpoint
from importer.endpoints.header import Header
from importer.export import consistency
from importer.export.consistency import Counts, Read
from importer.export.disk_buffer import Watch, no_watch
from importer.export.record_filters import Filters, choose_people, choose_skills
from importer.export.report.build_report import Scope, make_report
from importer.export.report.previous_export import read_earlier
from importer.export.report.report_data import About, Facts, Team, Teams, frame, memberships_of
from importer.export.report.report_model import Shown
from importer.export.report.report_page import write_page
from importer.export.report.report_workbook import write_workbook
from importer.kantata.account_data import HeldRecord, Person, Skill, named_records_of, read_by_owner
from importer.kantata.client import Client
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.kantata.skill_levels import SkillLevels, read_skill_levels
from importer.layouts.choose import MATRIX_OF
from importer.layouts.extract import extract_list
from importer.messages import about_exports, about_targets
from importer.model import Key, Problem
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write import atomic_write
from importer.validation import targets as wanted

WRITERS = {".xlsx": write_workbook, ".html": write_page, ".htm": write_page}
"""How a report is written, by the end of its file's name."""
_PLACES = {Team.DEPARTMENT: Directory.DEPARTMENTS, Team.GEOGRAPHY: Directory.GEOGRAPHIES}


_READING, _LISTS = "Reading the account's people, skills, places and groups", 4


@dataclass(frozen=True, slots=True)
class Against:
    """What the account is compared with: a file of targets, an earlier export."""

    targets: Path | None = None
    since: Path | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that was made: all that it shows, whether what it counts stood still while it was read, and the problems
    in the file of targets.
    """

    shown: Shown
    is_verified: bool
    problems: Sequence[Problem] = ()
    requests: Mapping[str, int] = field(default_factory=dict)
    """The requests that it took, by method."""


def write_report(reported: Reported, path: Path) -> Path:
    """Write the report as a workbook or as a page, by the end of the name, and return where it is.

    Raises: Usage for any other end.
    """
    check_name(path)
    return atomic_write.put(path, lambda file: WRITERS[path.suffix.lower()](file, reported.shown))


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
) -> Reported:
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
    scope = Scope(filters.chooses_people, filters.chooses_skills)
    notes = [*_left_out(chosen.inactive if not filters.with_inactive else 0)]
    problems: Sequence[Problem] = ()
    if targets:
        asked = _targets(targets, directory)
        facts, told = _with_targets(facts, asked)
        scope = replace(scope, targets=targets.path.name, targets_left_out=asked.left_out)
        problems, notes = asked.problems, [*notes, *told]
    if since:
        earlier, told = read_earlier(since, directory)
        facts, notes = replace(facts, earlier=earlier), [*notes, *told]
    now = made or dt.datetime.now(dt.UTC).replace(tzinfo=None)
    about = About(str(to.account), now, _covers(filters), [*notes, consistency.count_note(moved)])
    return Reported(make_report(facts, about, scope), consistency.are_still(moved), problems, to.client.requests)


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
    watch(_READING, 1, _LISTS)
    reader = _Reader(client, people)
    held = reader.levels(skills)
    watch(_READING, 2, _LISTS)
    of_people = frame(("id", "name", "email", "title"), [(p.id, p.name, p.email, p.title) for p in people])
    of_skills = frame(
        ("id", "name", "category", "max_level"), [(s.id, s.name, s.category, s.max_level) for s in skills]
    )
    facts = Facts(
        people=of_people,
        skills=of_skills,
        memberships=memberships_of(of_people, of_skills, (held.person, held.skill, held.level)),
        teams=_teams(reader, directory, watch),
    )
    return facts, reader.counts


class _Reader:
    """Reads memberships of these people, and counts before and after: `counts` are those of the lists read so far."""

    def __init__(self, client: Client, people: Sequence[Person]) -> None:
        self._client = client
        self._people = [person.id for person in people]
        self.counts: Counts = {}

    def levels(self, skills: Sequence[Skill]) -> SkillLevels:
        """Who holds which of these skills."""
        endpoint = endpoints.load(MATRIX_OF)
        ids = [skill.id for skill in skills]
        return self._counted(endpoint, lambda: read_skill_levels(self._client, endpoint, self._people, ids))

    def holdings(self, endpoint: Endpoint) -> Mapping[Key, Mapping[Key, HeldRecord]]:
        """What they hold of another endpoint, by the part of the key that says who."""
        owners = [("user", id_) if "member_type" in endpoint.owner else (id_,) for id_ in self._people]
        return self._counted(endpoint, lambda: read_by_owner(self._client, endpoint, owners))

    def _counted(self, endpoint: Endpoint, read: Callable[[], Read]) -> Read:
        found, moved = consistency.read_between_counts(self._client, endpoint, read)
        self.counts = {**self.counts, **moved}
        return found


def _teams(reader: _Reader, directory: AccountDirectory, watch: Watch) -> dict[Team, Teams]:
    """The departments, geographies and groups of the account, and who of these people is in which."""
    places, groups = endpoints.load("organization-memberships"), endpoints.load("user-group-memberships")
    belong = reader.holdings(places)
    watch(_READING, 3, _LISTS)
    group = reader.holdings(groups)
    watch(_READING, 4, _LISTS)
    rest = [name for name in places.key if name not in places.owner]
    members = {
        team: [(user, of[rest.index(f"{team}_id")]) for (_, user), theirs in belong.items() for of in theirs]
        for team in _PLACES
    }
    members[Team.GROUP] = [(user, of) for (user,), theirs in group.items() for (of,) in theirs]
    found = {}
    for team, who in members.items():
        of = _PLACES.get(team, Directory.GROUPS)
        parents = {str(each["id"]): str(each.get("parent_id") or "") for each in directory.records(of)}
        listed = [(each.id, each.path or each.name, parents[each.id]) for each in named_records_of(directory, of)]
        found[team] = Teams(frame(("id", "name", "parent"), listed), frame(("user_id", "team_id"), who))
    return found


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
