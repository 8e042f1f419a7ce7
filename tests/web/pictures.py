"""The README's pictures of the page, taken anew: `python -m tests.web.pictures`."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from importer import Account, web
from importer.sandbox import Running, running
from importer.web.server import ServedPage
from tests.books import workbook
from tests.conftest import SAMPLES
from tests.web.browser import launched
from tests.web.steps import check, plan, send

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = SAMPLES / "pictures"


def main() -> None:
    """Take them, with the samples and the sandbox."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running() as kantata,
        launched() as browser,
        web.serve_in_background(lambda: Account(base_url=kantata.url, folder=Path(folder))) as served,
    ):
        _reading(_opened(browser, served, kantata, (1280, 900)), Path(folder))
        _check(_opened(browser, served, kantata, (1280, 860)))
        _plan(_opened(browser, served, kantata, (1280, 900)))
        _result(_opened(browser, served, kantata, (390, 800), scheme="dark"))


def _opened(
    browser: "Browser", served: ServedPage, kantata: Running, size: tuple[int, int], scheme: str = "light"
) -> "Page":
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(served.again().address)
    if not page.get_by_label("Token", exact=True).is_visible():
        page.get_by_text("Change the account").click()
    page.get_by_label("Token", exact=True).fill(kantata.token)
    page.get_by_label("Address of Kantata").fill(kantata.url)
    page.get_by_role("button", name="Use this token").click()
    return page


def _reading(page: "Page", folder: Path) -> None:
    rows = [["Name", "Python", "Java", "Team"], ["Dana Reyes", "Expert", "Advanced", "North"]]
    rows += [["Kwame Mensah", "Advanced", "Basic", "South"], ["Priya Raghunathan", "Basic", "Intermediate", "North"]]
    page.set_input_files("#file", workbook(folder / "Team skills.xlsx", rows))
    page.get_by_role("button", name="Use these levels").click()
    page.get_by_role("button", name="Continue").wait_for()
    page.screenshot(path=PICTURES / "page-reading.png")


def _check(page: "Page") -> None:
    check(page, SAMPLES / "skill-memberships-mistakes.xlsx")
    page.locator(".kind", has_text="Not a level").locator("summary").click()
    page.locator(".kind", has_text="Not an id").locator("summary").click()
    page.locator(".places button", has_text="F19").click()
    page.locator("#grid .cell.active[data-at=F19]").wait_for()
    page.screenshot(path=PICTURES / "page-check.png")


def _plan(page: "Page") -> None:
    check(page, SAMPLES / "skill-memberships.xlsx")
    plan(page, "mirror")
    page.screenshot(path=PICTURES / "page-plan.png")


def _result(page: "Page") -> None:
    check(page, SAMPLES / "skill-memberships-mistakes.xlsx")
    plan(page)
    send(page)
    page.screenshot(path=PICTURES / "page-phone.png")


if __name__ == "__main__":
    main()
