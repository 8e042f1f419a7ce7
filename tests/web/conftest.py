"""The page, served for real, with the sandbox as the account whose token is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importer import Account, web
from importer.sandbox import Running
from importer.web.server import PageAddress
from tests.web.browser import launched
from tests.web.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def served(
    request: pytest.FixtureRequest, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PageAddress]:
    """The page of one start; its account is behind the gate, where a test has one."""
    base_url = request.getfixturevalue("gate").url if "gate" in request.fixturenames else kantata.url
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    with web.serve_in_background(
        lambda: Account(base_url=base_url, folder=tmp_path / "state", timeout_s=60, settle_wait_s=0.3)
    ) as page:
        yield page


@pytest.fixture
def visitor(served: PageAddress) -> Iterator[Visitor]:
    """The person to whom the address was given."""
    someone = Visitor(served)
    with someone.session:
        yield someone.enter()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real Chromium."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def tab(browser: "Browser", served: PageAddress) -> Iterator["Page"]:
    """The page in a tab. Whatever its script or the policy complains about fails the test."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.root)
    page = context.new_page()
    page.set_default_timeout(60_000)  # a machine may have much else to do
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(served.address)
    yield page
    context.close()
    assert complaints == []
