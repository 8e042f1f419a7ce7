"""What the tests of a migration share: an account to move to, which has none of the skills, groups and places yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import Account
from importer.sandbox import Running, running


@pytest.fixture(scope="session")
def _empty() -> Iterator[Running]:
    with running(users=430, shift=5_000_000, lacks=["skills", "groups", "organizations"]) as server:
        yield server


@pytest.fixture
def empty(_empty: Running) -> Running:
    """Another account: other ids, twenty people fewer, and no skills, groups and places but the roots of the trees."""
    _empty.reset()
    return _empty


@pytest.fixture
def account(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account that has everything, with a journal of its own and little patience."""
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    return Account(kantata.token, base_url=kantata.url, settle_wait_s=0.3)


@pytest.fixture
def new_account(empty: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account to move to, with the same journal."""
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    return Account(empty.token, base_url=empty.url, settle_wait_s=0.3)
