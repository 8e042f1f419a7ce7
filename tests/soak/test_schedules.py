"""Every named set of switches with every other fault, and every fault with two sets or more: whatever goes wrong, each
row's outcome is true in the end. `python -m tests.soak` draws from all of them.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.soak import staged_schedule, staged_trial
from tests.soak.schedule import FAULTS, SETS, Kind, Row, make
from tests.soak.trial import carry_out, may_be_long

MATRIX = [
    (of_set, fault)
    for (row, of_set), (column, fault) in product(enumerate(SETS), enumerate(FAULTS))
    if (row + column) % 2 == 0
]
STAGED = (*FAULTS, None, None)
"""Every fault at the first request that it looks at, and some schedules in which nothing goes wrong there."""
PEOPLE = (11484151, 11484191)
PLACE = ("Geography", "World > Place 1 > Place 2")
QUIET = staged_schedule.StagedSchedule(
    seed=0,
    mode="upsert",
    lacks=frozenset(),
    lists=(),
    created=frozenset({"skills", "groups", "organizations"}),
    twins=(),
    room=None,
    switches={"like": "documented"},
    faults=(),
    faults_of_undo=(),
    meddling=(),
    afterwards=(),
    workers=1,
    stops=(),
    breaks=(),
    recovers=False,
    undoes=True,
    undoes_at_once=False,
)
"""A schedule of several stages in which nothing goes wrong."""


@pytest.mark.parametrize(("of_set", "fault"), MATRIX)
def test_whatever_goes_wrong_every_row_comes_to_its_true_outcome_and_none_is_doubled(
    kantata: Running, tmp_path: Path, record_property: Callable[[str, object], None], of_set: str, fault: str
) -> None:
    schedule = make(kantata, 20261122 + MATRIX.index((of_set, fault)), of_set, fault)

    trial = carry_out(kantata, schedule, tmp_path / "trial")

    assert not trial.wrong, str(schedule)
    assert trial.faults
    for name in ("faults", "rows", "resumes"):
        record_property(f"soak {name}", getattr(trial, name))


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_in_a_long_list_every_row_comes_to_its_true_outcome_and_none_is_doubled(
    kantata: Running, tmp_path: Path, record_property: Callable[[str, object], None], fault: str
) -> None:
    seeds = range(20261129 + 100 * list(FAULTS).index(fault), sys.maxsize)
    schedule = next(each for seed in seeds if may_be_long(each := make(kantata, seed, fault=fault)))

    trial = carry_out(kantata, schedule, tmp_path / "trial", in_stages=True)

    assert not trial.wrong, str(schedule)
    for name in ("faults", "rows", "resumes"):
        record_property(f"soak {name}", getattr(trial, name))


@pytest.mark.parametrize("number", range(len(STAGED)), ids=lambda at: f"{at} {STAGED[at] or 'anything'}")
def test_whatever_goes_wrong_in_any_stage_every_row_is_told_truly_and_an_undo_takes_all_of_it_back(
    kantata: Running, tmp_path: Path, record_property: Callable[[str, object], None], number: int
) -> None:
    schedule = staged_schedule.make(kantata, 20261128 + number, STAGED[number])

    trial = staged_trial.carry_out(kantata, schedule, tmp_path / "trial")

    assert not trial.wrong, str(schedule)
    for name in ("faults", "rows", "resumes"):
        record_property(f"soak {name}", getattr(trial, name))


def test_skills_that_kantata_made_are_ours_where_its_answer_tells_only_the_first_of_several_refusals(
    kantata: Running, tmp_path: Path
) -> None:
    rows = [Row(Kind.NEW, (PEOPLE[0], f"Talent {number}"), 3) for number in range(1, 6)]
    (there,) = kantata.query("SELECT count(*) n FROM skills")
    partly = {"bulk": "partial", "partial_reply": "errors", "errors_listed": "first", "error_index": "off"}
    schedule = replace(
        QUIET,
        lists=[(staged_schedule.SKILL_RECORDS, rows)],
        room=3,
        switches={**QUIET.switches, **partly, "skill_limit": str(there["n"] + 3)},
    )

    trial = staged_trial.carry_out(kantata, schedule, tmp_path / "trial")

    assert not trial.wrong
    assert trial.outcomes == {"created": 6, "refused": 2, "not sent": 2}


def test_an_undo_keeps_a_place_that_somebody_uses_and_the_one_in_which_it_lies(
    kantata: Running, tmp_path: Path
) -> None:
    rows = [Row(Kind.NEW, (PEOPLE[0], PLACE[1], "Company"))]
    use = staged_schedule.Meddling(0, "use", staged_schedule.PLACES, PLACE)
    schedule = replace(QUIET, lists=[(staged_schedule.PLACE_RECORDS, rows)], afterwards=[use])

    trial = staged_trial.carry_out(kantata, schedule, tmp_path / "trial")

    assert not trial.wrong
    assert kantata.query("SELECT name FROM organizations WHERE name LIKE 'Place %' ORDER BY id") == [
        {"name": "Place 1"},
        {"name": "Place 2"},
    ]


def test_a_record_that_two_files_have_is_made_once_refused_where_the_later_contradicts_and_undone(
    kantata: Running, tmp_path: Path
) -> None:
    key = (PEOPLE[0], "Talent 1")
    lists = [
        (staged_schedule.SKILL_RECORDS, [Row(kind, key, level)]) for kind, level in ((Kind.NEW, 3), (Kind.SAME, 5))
    ]

    trial = staged_trial.carry_out(kantata, replace(QUIET, lists=lists), tmp_path / "trial")

    assert not trial.wrong
    assert trial.outcomes == {"created": 2, "invalid": 1}
