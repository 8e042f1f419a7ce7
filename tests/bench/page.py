"""How quickly the page answers while a list of 100,000 rows is read, compared and sent: `python -m tests.bench.page`.

Measured in a real Chromium, from the click to the page that it leads to. The workbook is marked while its rows are
sent, so that sending and downloading the result are to be compared together.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from importer import Account, web
from importer.platforms.memory import collect_seldom
from importer.sandbox import Running, running
from tests.web.browser import launched

USERS, EACH = 2_000, 50


def _write(kantata: Running, path: Path) -> None:
    users = [row["id"] for row in kantata.query(f"SELECT id FROM users WHERE disabled = 0 LIMIT {USERS}")]
    skills = [row["id"] for row in kantata.query(f"SELECT id FROM skills WHERE max_level = 5 LIMIT {EACH}")]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["user_id", "skill_id", "level", "note"])
        rows = ((user, skill) for user in users for skill in skills)
        for at, (user, skill) in enumerate(rows, 1):
            sheet.write_row(at, 0, [user, skill, at % 5 + 1, f"row {at}"])


class _Clicks:
    """Clicks from one page to another until something is at its end, and how long each took."""

    def __init__(self, page: object) -> None:
        self.page = page
        self.took: list[float] = []

    def until(self, what: str, is_over: Callable[[], bool]) -> None:
        """Click, until it is over, and print the slowest."""
        self.took = []
        began = time.perf_counter()
        while not is_over():
            for name in ("History", "Templates", "Load"):
                start = time.perf_counter()
                self.page.get_by_role("link", name=name, exact=True).click()  # type: ignore[attr-defined]
                self.page.wait_for_load_state()  # type: ignore[attr-defined]
                self.took.append(time.perf_counter() - start)
        whole = time.perf_counter() - began
        slowest, count = max(self.took, default=0.0), len(self.took)
        print(f"{what}: {whole:.1f} s, {count} clicks, the slowest answered after {slowest:.2f} s")


def main() -> None:
    """Measure, and print."""
    collect_seldom()  # as the command line does
    with tempfile.TemporaryDirectory() as folder, running(users=USERS + 50) as kantata, launched() as browser:
        path = Path(folder) / "large.xlsx"
        _write(kantata, path)
        with web.serve_in_background(lambda: Account(base_url=kantata.url, folder=Path(folder) / "state")) as served:
            context = browser.new_context()
            page, other = context.new_page(), context.new_page()
            page.set_default_timeout(120_000)
            page.goto(served.address)
            page.get_by_label("Token", exact=True).fill(kantata.token)
            page.get_by_role("button", name="Use this token").click()
            other.goto(served.root)
            clicks = _Clicks(other)

            page.set_input_files("#file", path)
            page.wait_for_url("**/files/*")
            clicks.until("reading 100,000 rows", lambda: page.locator("[data-poll]").count() == 0)
            start = time.perf_counter()
            page.get_by_role("button", name="Continue").click()
            page.locator("#grid .cell").first.wait_for()
            print(f"to the problems: {time.perf_counter() - start:.2f} s")
            _scroll(page)
            _filter(page)
            page.get_by_role("button", name="See what would change").click()
            clicks.until("comparing", lambda: page.locator("#yes").count() > 0)
            for tick in page.locator("#yes [type=checkbox]").all():
                tick.check()
            page.locator("#yes button").click()
            clicks.until("sending", lambda: "/runs/" in page.url)
            start = time.perf_counter()
            with page.expect_download() as download:
                page.get_by_role("link", name="Download the result workbook").first.click()
            download.value.path()  # which waits until all of it is there
            print(f"the result downloaded: {time.perf_counter() - start:.2f} s")
            print(page.locator("table.bars").inner_text().replace("\t", " "))


def _scroll(page: object) -> None:
    """Scroll a tab to rows far apart, and print how long each took; one that is not looked at does not scroll."""
    page.bring_to_front()  # type: ignore[attr-defined]
    for row in (50_000, 99_990, 7):
        start = time.perf_counter()
        page.evaluate(f"document.getElementById('grid').scrollTop = {(row - 5) * 30}")  # type: ignore[attr-defined]
        page.locator(f"#grid .cell[data-at=A{row}]").wait_for()  # type: ignore[attr-defined]
        print(f"scrolled to row {row:,}: {time.perf_counter() - start:.2f} s")


def _filter(page: object) -> None:
    """Look for a text in all rows, order them, and change a cell; print how long each took."""
    for what in ("filtered", "ordered"):
        start = time.perf_counter()
        with page.expect_response("**/rows?*"):  # type: ignore[attr-defined]
            if what == "filtered":
                page.get_by_label("containing").fill("row 77777")  # type: ignore[attr-defined]
            else:
                page.get_by_role("button", name="Sort by D", exact=True).click()  # type: ignore[attr-defined]
        print(f"{what}: {time.perf_counter() - start:.2f} s")
    page.get_by_label("containing").fill("")  # type: ignore[attr-defined]
    page.locator("#grid .cell[data-at=D2]").wait_for()  # type: ignore[attr-defined]
    page.locator("#grid .cell").nth(20).click()  # type: ignore[attr-defined]
    start = time.perf_counter()
    page.keyboard.press("Delete")  # type: ignore[attr-defined]
    page.get_by_text("1 cell changed.", exact=True).wait_for()  # type: ignore[attr-defined]
    print(f"changed a cell: {time.perf_counter() - start:.2f} s")
    page.keyboard.press("Control+z")  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
