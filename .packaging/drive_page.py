"""Loads a skill matrix into the sandbox through the page that is open in a running Chromium, as a person would.

`drive_page.py PORT MATRIX`: PORT is where that Chromium lets itself be driven.
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, FilePayload, Playwright, sync_playwright

_PATIENCE_S = 60


def main(port: str, matrix: Path) -> None:
    """Wait for the page, choose the sandbox, load the matrix, and say what the page says of it."""
    began = time.monotonic()
    with sync_playwright() as programs:
        page = _connect(programs, port, began).contexts[0].pages[0]
        page.set_default_timeout(_PATIENCE_S * 1000)
        page.get_by_role("heading", name="Load a spreadsheet into Kantata").wait_for()
        print(f"page in the browser: {time.monotonic() - began:.1f} s")
        page.get_by_role("button", name="Use the sandbox").click()
        page.get_by_text("This is a sandbox on this computer").wait_for()
        # Its content and not its path: the browser sees other folders.
        page.set_input_files("#file", FilePayload(name=matrix.name, mimeType="", buffer=matrix.read_bytes()))
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="See what would change").click()
        page.locator("button.go").click()
        page.get_by_text("Verified: we read").wait_for()
        print(" ".join(page.get_by_text("Verified: we read").inner_text().split()))


def _connect(programs: Playwright, port: str, began: float) -> Browser:
    """The browser, once it has started."""
    while True:
        try:
            return programs.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except Error:
            if time.monotonic() - began > _PATIENCE_S:
                sys.exit("No browser has opened.")
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
