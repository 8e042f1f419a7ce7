"""What the tests of the round trip share: a small world, an account, an exported matrix."""

from pathlib import Path

import pytest

from importer import Account
from importer.sandbox import Running
from tests.round_trip.world import World, small_world


@pytest.fixture
def world(kantata: Running) -> World:
    """Three people and four skills; each holds all of them at level 2 but for one."""
    found = small_world(kantata)
    found.hold(dict.fromkeys(found.cells[:-1], 2))
    return found


@pytest.fixture
def account(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account, with a journal of its own and little patience."""
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    return Account(kantata.token, base_url=kantata.url, settle_wait_s=0.3)


@pytest.fixture
def matrix(world: World, account: Account, tmp_path: Path) -> Path:
    """Their matrix, as it was exported."""
    return world.export_matrix(account, tmp_path / "matrix.xlsx")
