"""The page, served for real, with the sandbox as the account whose token is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importer import Account, web
from importer.sandbox import Running
from importer.web.server import ServedPage
from tests.clock import Clock
from tests.web.browser import launched
from tests.web.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real Chromium."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def blank(browser: "Browser") -> Iterator["Page"]:
    """An empty tab."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(60_000)  # a machine may have much else to do
        yield page


@pytest.fixture
def tab(blank: "Page", served: ServedPage) -> Iterator["Page"]:
    """The page in a tab. Whatever its script or the policy complains about fails the test."""
    blank.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.origin)
    complaints: list[str] = []
    blank.on("pageerror", lambda error: complaints.append(str(error)))
    blank.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    blank.goto(served.address)
    yield blank
    blank.close()
    assert complaints == []
