"""Every named set of switches times every fault: whatever goes wrong, each row's outcome is true in the end."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.soak import staged_schedule, staged_trial
from tests.soak.schedule import FAULTS, SETS, make
from tests.soak.trial import carry_out

MATRIX = list(product(SETS, FAULTS))
STAGED = (*FAULTS, None, None)
"""Every fault at the first request that it looks at, and some schedules in which nothing goes wrong there."""
ONCE_WRONG = {
    25: "a skill was made, and told as found, where the answer told only the first of several refusals",
    30: "an undo kept a place that somebody used, and took away the one in which it lay",
}
"""Schedules whose end was not true once, by their seed."""


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


@pytest.mark.parametrize("number", range(len(STAGED)), ids=lambda at: f"{at} {STAGED[at] or 'anything'}")
def test_whatever_goes_wrong_in_any_stage_every_row_is_told_truly_and_an_undo_takes_all_of_it_back(
    kantata: Running, tmp_path: Path, record_property: Callable[[str, object], None], number: int
) -> None:
    schedule = staged_schedule.make(kantata, 20261128 + number, STAGED[number])

    trial = staged_trial.carry_out(kantata, schedule, tmp_path / "trial")

    assert not trial.wrong, str(schedule)
    for name in ("faults", "rows", "resumes"):
        record_property(f"soak {name}", getattr(trial, name))


@pytest.mark.parametrize("seed", ONCE_WRONG, ids=lambda seed: f"{seed} {ONCE_WRONG[seed]}")
def test_a_schedule_of_several_stages_that_once_ended_wrongly_ends_truly(
    kantata: Running, tmp_path: Path, seed: int
) -> None:
    trial = staged_trial.carry_out(kantata, staged_schedule.make(kantata, seed), tmp_path / "trial")

    assert not trial.wrong
