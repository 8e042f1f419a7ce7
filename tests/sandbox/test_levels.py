"""Levels of skill memberships: what is stored, cut or refused."""

import pytest

from importer.sandbox import Running

from .client import Api, membership, one
from .known import A_MEMBERSHIP, AMINA, KANBAN, PMP
from .shown import each_value

REFUSED = (422, None)


def _create(sandbox: Running, api: Api, skill: int, level: object) -> tuple[int, object]:
    """The status of creating Amina's membership with this level, and the level stored."""
    answer = api.post("/skill_memberships", {"skill_membership": membership(AMINA, skill, level)})
    rows = sandbox.query("SELECT level FROM skill_memberships WHERE user_id = ? AND skill_id = ?", AMINA, skill)
    return answer.status_code, rows[0]["level"] if rows else None


@pytest.mark.parametrize("level", [None, ""])
def test_a_level_that_is_absent_is_stored_as_0(sandbox: Running, api: Api, level: object) -> None:
    assert _create(sandbox, api, KANBAN, level) == (200, 0)


@pytest.mark.parametrize(("sent", "stored"), [(0, 0), (1, 1), (5, 5), ("3", 3), (4.0, 4)])
def test_levels_from_0_to_5_are_stored(sandbox: Running, api: Api, sent: object, stored: int) -> None:
    assert _create(sandbox, api, KANBAN, sent) == (200, stored)


@each_value(
    "bad_level",
    {
        "reject": [REFUSED] * 5,
        "clamp": [(200, 5), (200, 0), (200, 2), (200, 0), (200, 5)],
        "store": [(200, 7), (200, -1), (200, 2), (200, 0), (200, 2147483647)],
    },
)
def test_a_level_outside_0_to_5_or_no_whole_number_is_refused_cut_or_stored(
    sandbox: Running, api: Api, value: str, expected: list[tuple[int, object]]
) -> None:
    for sent, outcome in zip((7, -1, 2.7, "high", 10**30), expected, strict=True):
        sandbox.reset()
        sandbox.set(bad_level=value)
        assert _create(sandbox, api, KANBAN, sent) == outcome, sent


def test_a_bad_level_is_named_with_its_field(api: Api) -> None:
    answer = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN, 6)})
    assert answer.json()["errors"] == [
        {"type": "validation", "message": "Level must be a whole number from 0 to 5", "field": "level", "index": 0}
    ]


@each_value("level_vs_max", {"reject": REFUSED, "clamp": (200, 1), "store": (200, 3)})
def test_a_level_above_that_of_its_skill_is_refused_cut_or_stored(
    sandbox: Running, api: Api, value: str, expected: tuple[int, object]
) -> None:
    sandbox.set(level_vs_max=value)
    assert _create(sandbox, api, PMP, 3) == expected


@each_value(
    "one_level",
    {
        "0,1": [(200, 0), (200, 1), REFUSED],
        "0": [(200, 0), REFUSED, REFUSED],
        "1": [REFUSED, (200, 1), REFUSED],
        "any": [(200, 0), (200, 1), (200, 4)],
    },
)
def test_a_skill_without_levels_takes_0_or_1_or_both_or_any(
    sandbox: Running, api: Api, value: str, expected: list[tuple[int, object]]
) -> None:
    for sent, outcome in zip((0, 1, 4), expected, strict=True):
        sandbox.reset()
        sandbox.set(one_level=value)
        assert _create(sandbox, api, PMP, sent) == outcome, sent
    sandbox.reset()
    sandbox.set(one_level=value)
    assert _create(sandbox, api, PMP, None) == (200, 0)


@each_value("level_zero", {"accept": (200, 0), "reject": (422, 3)})
def test_a_level_can_be_set_back_to_0_or_not(sandbox: Running, api: Api, value: str, expected: tuple[int, int]) -> None:
    sandbox.set(level_zero=value)
    answer = api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=0))
    stored = sandbox.query("SELECT level FROM skill_memberships WHERE id = ?", A_MEMBERSHIP)
    assert (answer.status_code, stored[0]["level"]) == expected


def test_a_put_without_level_keeps_it(sandbox: Running, api: Api) -> None:
    answer = api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership"))
    stored = sandbox.query("SELECT level FROM skill_memberships WHERE id = ?", A_MEMBERSHIP)
    assert (answer.status_code, stored[0]["level"]) == (200, 3)


def test_an_update_is_seen_in_updated_at(sandbox: Running, api: Api) -> None:
    before = sandbox.query("SELECT created_at, updated_at FROM skill_memberships WHERE id = ?", A_MEMBERSHIP)[0]
    assert api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=5)).status_code == 200
    after = sandbox.query("SELECT created_at, updated_at FROM skill_memberships WHERE id = ?", A_MEMBERSHIP)[0]
    assert after["created_at"] == before["created_at"]
    assert str(after["updated_at"]) > str(before["updated_at"])
