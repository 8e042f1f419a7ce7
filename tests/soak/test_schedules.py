"""Every named set of switches times every fault: whatever goes wrong, each row's outcome is true in the end."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.soak.schedule import FAULTS, SETS, make
from tests.soak.trial import carry_out

MATRIX = list(product(SETS, FAULTS))


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
