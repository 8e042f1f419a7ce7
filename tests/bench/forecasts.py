"""How near a forecast comes to what a run costs: `python -m tests.bench forecasts`."""

import tempfile
import time
from pathlib import Path

from importer import Account
from importer.sandbox import Running, running
from tests.loads import write_list

HEADERS = ("user_id", "skill_id", "level")
_SIZES = ((20, 10, 0), (20, 10, 120), (600, 5, 120), (2_000, 10, 0), (2_000, 10, 120), (2_000, 50, 120))
"""People, skills of each, and for how many milliseconds the sandbox holds each call."""


def measure() -> None:
    """Create lists, then change them, and print how long each took with how long it was to take."""
    print("\nForecasts: people x skills, latency: told, took, took / told; GET told and made")
    for people, skills, latency in _SIZES:
        with tempfile.TemporaryDirectory() as name, running(users=people + 50) as kantata:
            kantata.set(latency=str(latency))
            account = Account(kantata.token, base_url=kantata.url, folder=Path(name) / "state")
            for what, more in (("create", 0), ("update", 1)):
                path = _list(kantata, Path(name) / "list.csv", people, skills, more)
                _one(kantata, account, path, f"{what} {people} x {skills}, {latency} ms")


def _list(kantata: Running, path: Path, people: int, skills: int, more: int) -> Path:
    users = [row["id"] for row in kantata.query(f"SELECT id FROM users WHERE disabled = 0 LIMIT {people}")]
    things = [row["id"] for row in kantata.query(f"SELECT id FROM skills WHERE max_level = 5 LIMIT {skills}")]
    few = users[: max(len(users) // 20, 10)] if more else users
    return write_list(path, HEADERS, [(user, thing, (user + thing + more) % 5 + 1) for user in few for thing in things])


def _one(kantata: Running, account: Account, path: Path, what: str) -> None:
    plan = account.plan(path)
    told, before = plan.forecast, kantata.query("SELECT count(*) n FROM requests WHERE method = 'GET'")[0]["n"]
    began = time.perf_counter()
    plan.apply(accept=[each.code.value for each in plan.anomalies])
    took = time.perf_counter() - began
    made = kantata.query("SELECT count(*) n FROM requests WHERE method = 'GET'")[0]["n"] - before
    print(
        f"  {what}: {told['seconds']:.1f} s, {took:.1f} s, {took / max(told['seconds'], 0.1):.2f}; "
        f"{told['GET']:.0f}, {made}; {sum(told[each] for each in ('POST', 'PUT', 'DELETE')):.0f} writes"
    )
