"""No page breaks a rule of axe, or is too wide: in light and dark, on a phone, and enlarged to twice its size."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from importer import Account, web
from importer.sandbox import Running, running
from tests.gate import gate_before
from tests.loads import new_skills, write_list
from tests.web.steps import check, plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADERS = ["user_id", "skill_id", "level"]
LOOKS = {"light": (1280, 900), "dark": (1280, 900), "phone": (390, 800), "twice as large": (640, 450)}
PAGES = (
    "start", "reading", "corrections", "plan", "plan filtered", "plan empty", "sending", "run", "undo", "failed",
    "help", "history", "export",
    "matrix", "report", "templates",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["Page", dict[str, str]]]:
    """A tab of the page, and where each of its pages is once all are there; a run is held while it is sent."""
    folder = tmp_path_factory.mktemp("accessibility")
    with (
        running() as kantata,
        gate_before(kantata.url) as gate,
        pytest.MonkeyPatch.context() as environment,
        web.serve_in_background(lambda: _account(environment, kantata, gate.url, folder)) as served,
    ):
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(served.address)
        page.get_by_text("As Dana Reyes").wait_for()
        at = {"start": served.root + "/"}
        _plan(page, write_list(folder / "sent.csv", HEADERS, new_skills(kantata, 3)))
        page.locator("#yes button").click()
        page.wait_for_url("**/runs/*")
        at["run"] = page.url
        page.get_by_role("button", name="Undo this run").click()
        page.get_by_role("button", name="Undo 3 changes").wait_for()
        at["undo"] = page.url
        _plan(page, write_list(folder / "team.csv", HEADERS, _every_kind(kantata)))
        at["plan"] = page.url
        at["reading"], at["corrections"] = (page.url.replace("/plan", path) for path in ("", "/problems"))
        at["plan filtered"] = f"{page.url}?show=with+problems&what=a"
        at["plan empty"] = f"{page.url}?show=create&who=nobody"
        for what in ("matrix", "report"):
            page.goto(served.root + "/export")
            page.get_by_label("What", exact=True).select_option(f"skill-{what}")
            page.get_by_role("button", name="Export").click()
            page.get_by_role("link", name="Download").wait_for()
            at[what] = page.url
        for name, path in (
            ("help", "help"),
            ("history", "runs"),
            ("export", "export"),
            ("templates", "templates"),
            ("failed", "none"),
        ):
            at[name] = f"{served.root}/{path}"
        _plan(page, write_list(folder / "held.csv", HEADERS, new_skills(kantata, 5)))
        batch = gate.hold("POST")
        page.locator("#yes button").click()
        page.wait_for_url("**/sending/*")
        at["sending"] = page.url
        batch.wait()
        yield page, at
        batch.release()
        page.close()


def _account(environment: pytest.MonkeyPatch, kantata: Running, base_url: str, folder: Path) -> Account:
    environment.setenv("KANTATA_TOKEN", kantata.token)
    return Account(base_url=base_url, folder=folder / "state")


def _plan(page: "Page", path: Path) -> None:
    check(page, path)
    plan(page)


def _every_kind(kantata: Running) -> list[list[object]]:
    """A removal, an update, a new one, one that is there, one twice, and a mistake."""
    held = kantata.query(
        """SELECT m.user_id, m.skill_id, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 AND m.level BETWEEN 2 AND 4 ORDER BY m.id LIMIT 3"""
    )
    gone, other, same = ([row["user_id"], row["skill_id"], row["level"]] for row in held)
    new = list(new_skills(kantata, 1)[0])
    return [[*gone[:2], "remove"], [*other[:2], other[2] + 1], same, same, new, [*new[:2], "high"]]


def test_no_page_breaks_a_rule_of_axe_or_is_wider_than_its_window(pages: tuple["Page", dict[str, str]]) -> None:
    page, at = pages
    broken: list[tuple[str, str, str, list[str]]] = []
    wide: list[tuple[str, str]] = []
    for name in PAGES:
        page.goto(at[name])
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.locator("h1").count() == 1, name
        for look, (width, height) in LOOKS.items():
            page.emulate_media(color_scheme="dark" if look == "dark" else "light")
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((name, look))
            broken += [
                (name, look, each["id"], [node["html"][:200] for node in each["nodes"]])
                for each in Axe().run(page).response["violations"]
            ]

    assert broken == []
    assert wide == []
