"""Of a list that is damaged in a hundred ways each row is right, or a problem or an error names it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Importer
from tests.mutants.damage import ROWS, Damage, every_damage

EVERY = every_damage()
SOUND = {str(1000 + at): (str(2000 + at), 1 + at % 5) for at in range(ROWS)}


def test_there_are_a_hundred_ways() -> None:
    assert len(EVERY) >= 100
    assert len({damage.kind for damage in EVERY}) == 10
