"""The steps of the page as a person takes them in a browser."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def check(tab: "Page", path: Path) -> None:
    """Choose a file, and go on to its problems."""
    tab.get_by_role("link", name="Load", exact=True).click()
    tab.wait_for_load_state()
    tab.set_input_files("#file", path)
    tab.get_by_role("button", name="Continue").click()
    tab.locator("#grid .cell").first.wait_for()


def plan(tab: "Page", mode: str = "upsert") -> None:
    """See what the file would change."""
    tab.get_by_label("What may it change?").select_option(mode)
    tab.get_by_role("button", name="See what would change").click()
    tab.locator("#yes").wait_for()


def send(tab: "Page") -> None:
    """Say yes, and wait for the result."""
    tab.locator("#yes button").click()
    tab.wait_for_url("**/runs/*")


def load(tab: "Page", path: Path, mode: str = "upsert") -> None:
    """From the file to its result."""
    check(tab, path)
    plan(tab, mode)
    send(tab)


def outcomes(tab: "Page") -> dict[str, int]:
    """The rows by outcome, as the page tells them."""
    rows = tab.locator("table.bars tr").all()
    return {row.locator("th").inner_text(): int(row.locator(".value").inner_text().replace(",", "")) for row in rows}


def cell(tab: "Page", address: str) -> "Locator":
    """A cell of the grid, or its heading."""
    return tab.locator(f"#grid .cell[data-at={address}]")
