"""What another system would answer, where a test needs it: nothing else is put on."""

import sys

import pytest
import requests

from importer.sandbox import Running


@pytest.fixture
def _answering(_kantata: Running) -> None:
    """The sandbox has answered once: while its server starts, it asks for the system as well, and believes it."""
    requests.get(_kantata.root, timeout=60).raise_for_status()


@pytest.fixture
def windows(_answering: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says that it is Windows."""
    monkeypatch.setattr(sys, "platform", "win32")


@pytest.fixture
def macos(_answering: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says that it is macOS."""
    monkeypatch.setattr(sys, "platform", "darwin")


def refused_by_windows(winerror: int) -> PermissionError:
    """What `os.replace` and its like raise on Windows; 32 is a sharing violation, 5 a denied access."""
    error = PermissionError(13, "Access is denied")
    setattr(error, "winerror", winerror)  # noqa: B010  (an attribute that only Windows knows)
    return error
