"""One sandbox for all tests of a process, as new before each of them."""

from collections.abc import Iterator

import pytest

from importer.sandbox import Running, running

from .client import Api


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "switches(**values): the switches that a test of the sandbox runs with")


@pytest.fixture(scope="session")
def _server() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture
def sandbox(_server: Running, request: pytest.FixtureRequest) -> Running:
    """A sandbox as at its start, with the switches of the test's marks."""
    _server.reset()
    for mark in request.node.iter_markers("switches"):
        _server.set(**mark.kwargs)
    return _server


@pytest.fixture
def api(sandbox: Running) -> Iterator[Api]:
    """An administrator's calls."""
    caller = Api(sandbox.url)
    yield caller
    caller.close()


@pytest.fixture
def member(sandbox: Running) -> Iterator[Api]:
    """The calls of someone who is no administrator."""
    caller = Api(sandbox.url, "demo-member")
    yield caller
    caller.close()


@pytest.fixture
def controls(sandbox: Running) -> Iterator[Api]:
    """Calls of the control endpoints."""
    caller = Api(f"{sandbox.root}/sandbox", "")
    yield caller
    caller.close()
