"""Hands the ids of things that one stage of a run made on to the next. Pure: nothing is read or sent."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from importer.endpoints.declare import Endpoint
from importer.messages import about_migrations
from importer.model import CellRef, Change, Outcome, Result
from importer.planned_ids import Thing, has_planned, is_planned
from importer.sync.reconcile import not_sent
from importer.sync.recovery import is_open

_THERE = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class MadeThings:
    """What earlier stages made, or found made by somebody else: the id of each thing, and the result of each that is
    not there.
    """

    ids: Mapping[Thing, str] = field(default_factory=dict)
    absent: Mapping[Thing, Result] = field(default_factory=dict)
    found: frozenset[Thing] = frozenset()
    """Those that the stage did not make itself: records that name them may be there already."""

    def with_stage(
        self, endpoint: Endpoint, changes: Mapping[CellRef, Change], results: Mapping[CellRef, Result]
    ) -> "MadeThings":
        """The same with what a further stage made."""
        ids, absent, found = dict(self.ids), dict(self.absent), set(self.found)
        for ref, change in changes.items():
            thing, result = (endpoint.name, change.key), results.get(ref, Result(Outcome.NOT_SENT))
            if result.outcome in _THERE and result.record_id is not None:
                ids[thing] = result.record_id
                if result.outcome is not Outcome.CREATED:
                    found.add(thing)
            else:
                absent[thing] = result
        return MadeThings(ids, absent, frozenset(found))

    def unknown(self, things: Iterable[Thing]) -> frozenset[Thing]:
        """Those of the things that no stage makes: they may be there already."""
        return frozenset(things) - self.ids.keys() - self.absent.keys()

    def with_found(self, there: Mapping[Thing, str]) -> "MadeThings":
        """The same with things that are in the account already, by their ids."""
        return MadeThings({**self.ids, **there}, self.absent, self.found | there.keys())


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Changes with the ids of what was made; the results of those that name a thing which was not; and the rows of
    those that name a thing which somebody else made, so that the account may hold their records.
    """

    changes: tuple[Change, ...]
    results: Mapping[CellRef, Result]
    to_compare: Collection[CellRef]


def hand_on(changes: Iterable[Change], things: Mapping[str, Thing], made: MadeThings) -> HandedOn:
    """The changes that name things by ids of the plan, with the ids that these have now."""
    handed: list[Change] = []
    results: dict[CellRef, Result] = {}
    to_compare: set[CellRef] = set()
    for change in changes:
        if not has_planned(change.key):
            continue
        named = [things[part] for part in change.key if is_planned(part)]
        absent = next((thing for thing in named if thing not in made.ids), None)
        if absent is not None:
            results[change.ref] = _left_out(absent, made)
            continue
        key = tuple(made.ids[things[part]] if is_planned(part) else part for part in change.key)
        handed.append(change._replace(key=key))
        if any(thing in made.found for thing in named):
            to_compare.add(change.ref)
    return HandedOn(tuple(handed), results, to_compare)


def _left_out(thing: Thing, made: MadeThings) -> Result:
    """The result of a row that names a thing which is not there: open as long as the thing itself is. One that no stage
    makes, because nobody approved it, will not be there either.
    """
    result = made.absent.get(thing)
    if result is not None and is_open(result):
        return Result(Outcome.NOT_SENT)
    return not_sent(about_migrations.named_was_not_made(thing[1][-1]))
