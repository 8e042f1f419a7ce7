"""Plans several tables at once, or one with what it lacks: things first, then the records that name them.

Knows the order; each stage is planned as any table is. What a stage will make has an id of the plan's own for the later
ones, which take it for something that the account has.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from importer import endpoints, pipeline
from importer.endpoints.declare import WITHIN, Directory, Endpoint, Name, NameAnswers, NotMade
from importer.kantata.connection import Access, with_directory
from importer.kantata.directory import AccountDirectory
from importer.kantata.responses import Record
from importer.layouts.matrix_finder import MatrixOptions
from importer.layouts.read_options import ReadOptions
from importer.messages import about_plans
from importer.model import Action, Key, Mode
from importer.pipeline.alias_memory import follow_choices, keep_answers, names_said_new
from importer.pipeline.check_result import CheckResult
from importer.pipeline.creation import GROUPS, MADE, NOTHING, ORGANIZATIONS, SKILLS, Creation
from importer.pipeline.input_table import InputTable
from importer.pipeline.missing_things import Missing, NewThing, find_missing, frames_of
from importer.pipeline.name_resolution import hide
from importer.pipeline.planning import PreparedRun
from importer.pipeline.table_rivals import refuse_rivals
from importer.planned_ids import PlannedIds, Thing
from importer.spreadsheet.read.data_frame import open_frame
from importer.sync.merge import OnConflict
from importer.sync.plan import Plan
from importer.validation.names import names_needed
from importer.validation.schema import CheckedTable

_DIRECTORY = {SKILLS: Directory.SKILLS, GROUPS: Directory.GROUPS, ORGANIZATIONS: Directory.GEOGRAPHIES}


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How tables are planned. `on_unclear_names` is called where names of one wait for a choice, and returns whether
    some were made in the workbook.
    """

    creation: Creation = NOTHING
    mode: Mode = Mode.UPSERT
    on_conflict: OnConflict = OnConflict.KEEP
    on_unclear_names: Callable[[CheckResult], bool] | None = None


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One stage of a plan. `position` is that of its table among those that were given; a stage of things that no table
    lists has none, and `new` tells what they are.
    """

    prepared: PreparedRun
    position: int | None = None
    new: tuple[NewThing, ...] = ()


def plan_stages(tables: Sequence[InputTable], access: Access, options: PlanOptions) -> list[PlannedStage]:
    """The stages in the order in which they are sent. Sends no write.

    Raises: as `pipeline.check_for` and `pipeline.plan`; Usage for mirror mode with two lists of one kind.
    """
    _guard_mirror(tables, options.mode)
    planner = _Planner(access, options)
    planner.take_all(tables)
    if planner.has_answers:  # of which more, or less, may follow than of the table that they were asked for
        options = dataclasses.replace(options, on_unclear_names=None)
        planner = _Planner(access, options)
        planner.take_all(tables)
    needless = planner.needless
    if needless:
        planner = _Planner(access, options, needless)
        planner.take_all(tables)
    return planner.stages


def check_input(
    table: InputTable, access: Access, options: PlanOptions, not_made: Mapping[Name, NotMade] = pipeline.NO_REASONS
) -> tuple[CheckedTable, bool]:
    """Check a table, let a person choose what some of its names mean, and keep what they answered; and whether they
    chose something, so that it is to be checked again.

    Raises: as `pipeline.check_for`.
    """
    asks = options.on_unclear_names
    checked = pipeline.check_for(table.parsed, access, table.aliases, options.creation, not_made)
    has_answers = bool(asks and checked.aliases and asks(CheckResult(checked, table.index)))
    return keep_answers(checked, table.aliases, table.answers, lambda: access.account), has_answers


def _endpoint(table: InputTable) -> Endpoint:
    return table.parsed.table.endpoint


def _guard_mirror(tables: Sequence[InputTable], mode: Mode) -> None:
    """Make sure that no list would remove what another of its kind has."""
    for name, count in Counter(_endpoint(table).name for table in tables).items():
        if count > 1 and mode is Mode.MIRROR:
            raise about_plans.mirror_of_several(name)


def _rank(endpoint: Endpoint) -> int:
    return MADE.index(endpoint.name) if endpoint.name in MADE else len(MADE)


class _Planner:
    """Plans stage after stage, each in the account as it will be after the ones before. `left_out` are things that are
    not made, because no row that can be sent names them.
    """

    def __init__(self, access: Access, options: PlanOptions, left_out: frozenset[Thing] = frozenset()) -> None:
        self.stages: list[PlannedStage] = []
        self.has_answers = False
        """Whether a person has chosen what some names mean, so that all is to be planned again."""
        self._left_out = left_out
        self._access, self._options, self._creation = access, options, options.creation
        self._directory = access.directory
        self._planned = PlannedIds()
        self._missing = Missing()
        self._checked: dict[str, list[CheckedTable]] = {}
        self._are_all_things = False

    @property
    def _here(self) -> Access:
        return with_directory(self._access, self._directory)

    def take_all(self, tables: Sequence[InputTable]) -> None:
        """Plan all tables: things first, then what the others lack, then these."""
        self._are_all_things = all(_endpoint(table).are_things for table in tables)
        order = sorted(range(len(tables)), key=lambda at: _rank(_endpoint(tables[at])))
        for at in order:
            if _endpoint(tables[at]).are_things:
                self._take(tables[at], at)
        others = [(at, tables[at]) for at in order if not _endpoint(tables[at]).are_things]
        self._make_missing([table for _, table in others])
        for at, table in others:
            self._take(table, at)

    @property
    def needless(self) -> frozenset[Thing]:
        """What would be made although no row that can be sent names it, or lies in it."""
        named = {thing for stage in self.stages for thing in stage.prepared.run_input.things.values()}
        made = {
            (stage.prepared.plan.endpoint.name, change.key)
            for stage in self.stages
            if stage.new
            for change in stage.prepared.plan.of(Action.CREATE)
        }
        return frozenset(thing for thing in made - named if not any(_lies_in(other, thing) for other in named))

    def _take(self, table: InputTable, position: int) -> None:
        """Plan a table that was given."""
        here = self._here
        checked = refuse_rivals(self._check(table, here), self._checked.setdefault(_endpoint(table).name, []))
        self._checked[_endpoint(table).name].append(checked)
        self._note_roots(table, checked)
        prepared = pipeline.plan(checked, here, self._mode(table), self._options.on_conflict, self._creation)
        keys = (change.key for change in prepared.plan.changes.values())
        run_input = dataclasses.replace(prepared.run_input, things=self._planned.named_in(keys))
        self._add(PlannedStage(dataclasses.replace(prepared, run_input=run_input), position))

    def _mode(self, table: InputTable) -> Mode:
        """Mirror is for what people have: the lists of things that come along with it add and change."""
        is_beside = _endpoint(table).are_things and not self._are_all_things
        return Mode.UPSERT if is_beside and self._options.mode is Mode.MIRROR else self._options.mode

    def _check(self, table: InputTable, here: Access) -> CheckedTable:
        checked, has_answers = check_input(table, here, self._options, self._missing.not_made)
        self.has_answers = self.has_answers or has_answers
        return checked

    def _make_missing(self, tables: Sequence[InputTable]) -> None:
        """Plan what these tables name and the account lacks."""
        if not self._creation.endpoints:
            return
        looked_up = [(table.parsed, self._answers(table)) for table in tables]
        said = tuple(name for table in tables for name in names_said_new(table.aliases))
        creation = dataclasses.replace(self._creation, new_names=(*self._creation.new_names, *said))
        found = find_missing(looked_up, self._directory, creation)
        things = tuple(each for each in found.things if (each.endpoint, _key(each)) not in self._left_out)
        self._missing = dataclasses.replace(found, things=things)
        for name, frame in frames_of(self._missing.things):
            options = ReadOptions(name, matrix=MatrixOptions(header_row=1))
            parsed = pipeline.read(open_frame(frame, f"new {name}"), options)
            here = self._here
            prepared = pipeline.plan(pipeline.check(parsed), here, Mode.ADD, creation=self._creation)
            new = tuple(thing for thing in self._missing.things if thing.endpoint == name)
            run_input = dataclasses.replace(prepared.run_input, is_new=True)
            self._add(PlannedStage(dataclasses.replace(prepared, run_input=run_input), None, new))

    def _answers(self, table: InputTable) -> NameAnswers:
        found = self._directory.find(names_needed(table.parsed))
        account = self._access.account
        chosen = follow_choices(found, self._directory, table.aliases, lambda: account)
        return hide(chosen, lambda: account)

    def _add(self, stage: PlannedStage) -> None:
        self.stages.append(stage)
        plan = stage.prepared.plan
        if plan.endpoint.are_things:
            self._directory = _with_things(self._directory, plan, self._planned)

    def _note_roots(self, table: InputTable, checked: CheckedTable) -> None:
        """Let places be named by what the root of their tree is called in the sheet, where that is another name."""
        tree = _endpoint(table).tree
        if tree is None:
            return
        said, meant = table.parsed.values[tree.path], checked.values[tree.path]
        roots = {
            str(theirs): str(ours)
            for theirs, ours in zip(said.fillna("").to_list(), meant.fillna("").to_list(), strict=True)
            if theirs and theirs != ours and WITHIN not in f"{theirs}{ours}"
        }
        if roots:
            self._directory = self._directory.with_roots(roots)


def _key(thing: NewThing) -> Key:
    return endpoints.load(thing.endpoint).key_of(thing.fields)


def _lies_in(inner: Thing, outer: Thing) -> bool:
    """Whether a place lies in another one."""
    return inner[0] == outer[0] and inner[1][:-1] == outer[1][:-1] and inner[1][-1].startswith(outer[1][-1] + WITHIN)


def _with_things(directory: AccountDirectory, plan: Plan, planned: PlannedIds) -> AccountDirectory:
    """The account as it will be once these things are made, or changed."""
    endpoint = plan.endpoint
    levels = {
        str(change.record_id): str(change.fields["max_level"])
        for change in plan.of(Action.UPDATE)
        if change.fields.get("max_level") is not None
    }
    new = [
        _record(directory, endpoint, planned, endpoint.whole(change), change.key) for change in plan.of(Action.CREATE)
    ]
    return directory.with_planned({_DIRECTORY[endpoint.name]: new}, levels) if new or levels else directory


def _record(
    directory: AccountDirectory, endpoint: Endpoint, planned: PlannedIds, fields: Mapping[str, object], key: Key
) -> Record:
    """What a new thing will be like in the lists of the account."""
    id_ = planned.of((endpoint.name, key))
    if endpoint.tree is None:
        categories = {name: of for of, name in directory.categories.items()} if endpoint.name == SKILLS else {}
        return {"id": id_, **fields, "skill_category_id": categories.get(str(fields.get("category")))}
    above, _, name = str(fields[endpoint.tree.path]).rpartition(WITHIN)
    kind = str(fields[endpoint.tree.kind])
    parent = directory.place_id(kind, above) or planned.of((endpoint.name, (kind.lower(), above)))
    return {"id": id_, "name": name, "type": kind, "parent_id": parent}
