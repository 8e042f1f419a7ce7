"""Every schedule in which one thing goes wrong, and some in which two do, against the real code; all of them are tried
by `python -m tests.schedules`.
"""

from collections import Counter

import pytest

from tests.schedules import ends
from tests.schedules.exploration import Bound, Schedule, explore, follow, repeat
from tests.schedules.model import transitions
from tests.schedules.mutants import MUTANTS, mutated

TWO_THINGS = (
    ("plain", ("2 makes it with another level", "2 sets it to the row's level"), "a new row ends as unchanged"),
    ("plain", ("2 makes it with another level", "dies after PUT", "resumed at once"), "a new row ends as updated"),
    ("keeping", ("2 makes it with another level",), "a new row ends as conflict"),
    ("refusing in part", ("POST as it should be", "GET no connection any more"), "a new row ends as refused"),
    ("leaving out, doubling", ("2 makes the same", "POST dropped, done"), "a new row ends as refused"),
    ("plain", ("6 deletes it", "6 makes the same"), "a changed row ends as unchanged"),
    ("plain", ("6 deletes it", "6 makes it with another level"), "a changed row ends as updated"),
    ("plain", ("6 deletes it", "dies after PUT"), "a changed row ends as created"),
    ("keeping", ("PUT dropped, not done", "6 sets it to another level"), "a changed row ends as conflict"),
    ("keeping", ("DELETE dropped, not done", "7 sets it to another level"), "a removed row ends as conflict"),
)
"""Schedules that reach what one thing alone does not, each with a way in which one of its rows ends."""


def test_whatever_goes_wrong_once_every_row_is_told_truly_and_every_transition_of_the_model_is_reached() -> None:
    report = explore(["plain"], Bound.of(1))
    reached = Counter(report.transitions)
    wrong = [*report.wrong]
    for world, story, end in TWO_THINGS:
        _, alone = follow(world, story)
        assert alone.transitions[end], (world, story)
        reached += alone.transitions
        wrong += alone.wrong

    assert not wrong, "\n".join(map(str, wrong[:5]))
    assert [name for name in (*transitions(), *ends.names()) if not reached[name]] == []


@pytest.mark.parametrize("name", MUTANTS)
def test_a_fault_that_is_put_into_the_importer_is_found_by_a_schedule_that_the_importer_passes(name: str) -> None:
    mutant = MUTANTS[name]
    _, passed = follow(mutant.world, mutant.story)

    with mutated(mutant):
        _, found = follow(mutant.world, mutant.story)

    assert not passed.wrong
    assert mutant.found in "\n".join(map(str, found.wrong))


def test_a_schedule_is_made_again_by_its_words() -> None:
    with mutated(MUTANTS["a POST is repeated blindly"]):
        report = explore(["plain"], Bound.of(1), stop_at_first=True)
        (wrong,) = report.wrong
        _, again = repeat(Schedule.of(str(wrong.schedule)))

    assert again.wrong == [wrong]
