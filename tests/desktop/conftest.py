"""A browser that notes what it is told to open, for the program behind the window."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.visitor import wait_until


@dataclass(frozen=True, slots=True)
class NotingBrowser:
    """What the system starts as the browser; `log` has a line for each address that it was told to open."""

    log: Path

    def opened(self, times: int) -> list[str]:
        """The addresses, once there are so many."""
        wait_until(lambda: len(self._lines()) >= times)
        return self._lines()

    def _lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotingBrowser:
    """The browser of this machine."""
    script, log = tmp_path / "browser", tmp_path / "opened"
    script.write_text(f'#!/bin/sh\necho "$1" >> {log}\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))
    return NotingBrowser(log)
