"""Of a list that is damaged in a hundred ways each row is right, or a problem or an error names it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import importer
from importer import ImporterError
from tests.mutants.damage import ROWS, Damage, every_damage

EVERY = every_damage()
SOUND = {str(1000 + at): (str(2000 + at), 1 + at % 5) for at in range(ROWS)}
CUT = [(user, (skill, None)) for user, (skill, _) in SOUND.items()]
"""What is left of a row of which the end is missing: it is noted, and the level that is held stays."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the rows that the damaged file still has."""

    right: int
    told: int
    """How many stand in a row with a problem, or in a file that is refused."""
    lost: tuple[str, ...] = ()
    wrong: tuple[tuple[str, tuple[str, int | None]], ...] = ()
    """Records that were read and that the list never had."""


def judge(damage: Damage, path: Path) -> Judged:
    """Check the damaged list as the program does, and compare what was read with the sound one."""
    path.write_bytes(damage.data)
    there = [user for user in SOUND if user.encode() in damage.data.replace(b"\x00", b"")]
    try:
        table = importer.read(path)
    except ImporterError:
        return Judged(0, len(there))
    checked = importer.check(table)
    read = [
        (str(user), (str(skill), None if level is pd.NA else int(level)))
        for user, skill, level in checked.frame[["user_id", "skill_id", "level"]].itertuples(index=False)
    ]
    right = {user for user, record in read if SOUND.get(user) == record}
    named = {problem.row for problem in checked.problem_list}
    frame = table.parsed.table.frame
    lines = zip(frame.index, frame.to_numpy(), strict=True)
    texts = [" ".join(map(str, cells)) for row, cells in lines if row in named]
    if any("fewer cells" in note for note in checked.notes):
        texts += [user for user, record in read if (user, record) in CUT]
        read = [each for each in read if each not in CUT]
    missing = [user for user in there if user not in right]
    lost = [user for user in missing if not any(user in text or user[1:] in text for text in texts)]
    wrong = tuple((user, record) for user, record in read if SOUND.get(user) != record)
    return Judged(len(right), len(missing) - len(lost), tuple(lost), wrong)


def test_there_are_a_hundred_ways_of_ten_kinds() -> None:
    assert len(EVERY) > 100
    assert len({damage.kind for damage in EVERY}) == 10


@pytest.mark.parametrize("damage", EVERY, ids=lambda damage: f"{damage.kind}: {damage.how}")
def test_each_row_of_a_damaged_list_is_right_or_named(
    tmp_path: Path, damage: Damage, record_property: Callable[[str, object], None]
) -> None:
    judged = judge(damage, tmp_path / "list.csv")

    assert judged.wrong == ()
    assert judged.lost == ()
    assert judged.right + judged.told > 0
    record_property("damage kind", damage.kind)
    record_property("damage right", judged.right)
    record_property("damage told", judged.told)
