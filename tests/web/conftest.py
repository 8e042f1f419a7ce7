"""The page, served for real, with the sandbox as the account whose token is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import Account, web
from importer.sandbox import Running
from importer.web.server import ServedPage
from tests.clock import Clock
from tests.web.visitor import Visitor


@pytest.fixture
def clock() -> Clock:
    """The clock by which the page sees how long nobody has used it."""
    return Clock()


@pytest.fixture
def served(
    request: pytest.FixtureRequest, kantata: Running, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServedPage]:
    """The page of one start; its account is behind the gate, where a test has one."""
    base_url = request.getfixturevalue("gate").url if "gate" in request.fixturenames else kantata.url
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    with web.serve_in_background(
        lambda: Account(base_url=base_url, folder=tmp_path / "state", timeout_s=60, settle_wait_s=0.3),
        clock=clock,
    ) as page:
        yield page


@pytest.fixture
def visitor(served: ServedPage) -> Iterator[Visitor]:
    """The person to whom the address was given."""
    someone = Visitor(served)
    with someone.session:
        yield someone.enter()
