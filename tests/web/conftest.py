"""The page, served for real, with the sandbox as the account whose token is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import Account, web
from importer.sandbox import Running
from importer.web.server import Served
from tests.web.visitor import Visitor


@pytest.fixture
def served(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The page of one start."""
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    with web.running(
        lambda: Account(base_url=kantata.url, folder=tmp_path / "state", timeout_s=10, settle_wait_s=0.3)
    ) as page:
        yield page


@pytest.fixture
def visitor(served: Served) -> Iterator[Visitor]:
    """The person to whom the address was given."""
    someone = Visitor(served)
    with someone.session:
        yield someone.enter()
