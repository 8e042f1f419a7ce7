"""A forecast counts every request that its run makes, if Kantata refuses nothing and nobody else writes."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from importer import Account
from importer.sandbox import Running
from tests.loads import new_skills

METHODS = ("GET", "POST", "PUT", "DELETE")
Table = Callable[[Running], tuple[str, pd.DataFrame]]


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=object)


def _skills(kantata: Running, people: int, skills: int, level: object = 3) -> tuple[str, pd.DataFrame]:
    users = kantata.query("SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id")[:people]
    things = kantata.query("SELECT id FROM skills WHERE max_level = 5 ORDER BY id")[:skills]
    return "skill-memberships", _frame([
        {"user_id": user["id"], "skill_id": thing["id"], "level": level} for user in users for thing in things
    ])  # fmt: skip


def _new(kantata: Running, count: int) -> tuple[str, pd.DataFrame]:
    return "skill-memberships", pd.DataFrame(new_skills(kantata, count), columns=["user_id", "skill_id", "level"])


def _removals(kantata: Running) -> tuple[str, pd.DataFrame]:
    held = kantata.query(
        """SELECT m.user_id, m.skill_id, 'remove' level FROM skill_memberships m JOIN users u ON u.id = m.user_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 ORDER BY m.id LIMIT 30"""
    )
    return "skill-memberships", _frame(held)


def _groups(kantata: Running) -> tuple[str, pd.DataFrame]:
    users = kantata.query("SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id LIMIT 300")
    groups = kantata.query("SELECT id FROM workspace_groups ORDER BY id LIMIT 3")
    rows = [{"user_id": user["id"], "workspace_group_id": group["id"]} for user in users for group in groups]
    return "user-group-memberships", _frame(rows)


def _places(kantata: Running, people: int) -> tuple[str, pd.DataFrame]:
    users = kantata.query("SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id")[:people]
    (geography,) = kantata.query("SELECT id FROM organizations WHERE type = 'Geography' ORDER BY id LIMIT 1")
    (department,) = kantata.query("SELECT id FROM organizations WHERE type = 'Department' ORDER BY id LIMIT 1")
    ids = {"geography_id": geography["id"], "department_id": department["id"], "member_type": "User"}
    return "organization-memberships", _frame([{**ids, "member_id": user["id"]} for user in users])


def _things(_kantata: Running) -> tuple[str, pd.DataFrame]:
    rows = [{"name": f"Skill {at}", "category": "Skill", "max_level": "5"} for at in range(5)]
    return "skills", _frame(rows)


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(lambda kantata: _skills(kantata, 3, 4), id="few people"),
        pytest.param(lambda kantata: _skills(kantata, 18, 30), id="few people with several pages of skills"),
        pytest.param(lambda kantata: _skills(kantata, 400, 2), id="few skills"),
        pytest.param(lambda kantata: _skills(kantata, 120, 6), id="many people"),
        pytest.param(lambda kantata: _skills(kantata, 420, 6), id="more people than the list has pages"),
        pytest.param(lambda kantata: _new(kantata, 450), id="new ones"),
        pytest.param(_removals, id="removals"),
        pytest.param(_groups, id="groups"),
        pytest.param(lambda kantata: _places(kantata, 1), id="one place"),
        pytest.param(lambda kantata: _places(kantata, 60), id="places"),
        pytest.param(_things, id="things"),
    ],
)
@pytest.mark.parametrize("lock", ["while it is sent", "since it was planned"])
def test_a_forecast_counts_the_requests_of_its_run(kantata: Running, tmp_path: Path, table: Table, lock: str) -> None:
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path)
    endpoint, frame = table(kantata)

    def made() -> dict[str, int]:
        rows = kantata.query("SELECT method, count(*) n FROM requests GROUP BY method")
        return {method: next((row["n"] for row in rows if row["method"] == method), 0) for method in METHODS}

    with account.lock("a test") if lock == "since it was planned" else nullcontext():
        plan = account.plan(frame, endpoint)
        told, before = plan.forecast, made()
        plan.apply(max_removals=100, accept=[each.code.value for each in plan.anomalies])

    after = made()
    assert plan.writes > 0
    assert {method: told[method] for method in METHODS} == {each: after[each] - before[each] for each in METHODS}
