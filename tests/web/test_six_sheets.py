"""Six kinds of sheets that gave people trouble, from the file to what the account holds, in clicks and words."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from importer import Account, web
from importer.sandbox import Running, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

MOST_CLICKS = 8
PEOPLE = 3_100
WORDS = ("Beginner", "Basic", "Intermediate", "Advanced", "Expert")
Held = set[tuple[int, int, int]]
"""Users with skills and levels."""


@pytest.fixture(scope="module")
def _large() -> Iterator[Running]:
    with running(users=PEOPLE) as sandbox:
        yield sandbox


@pytest.fixture
def kantata(_large: Running) -> Running:
    """An account of three thousand people."""
    _large.reset()
    return _large


class _World:
    """People and skills of the account, and what the sheets say of them: nobody has any of these skills yet."""

    def __init__(self, kantata: Running, people: int, skills: int) -> None:
        self.people = kantata.query(
            """SELECT id, full_name name, email_address email FROM users u WHERE account_id = 6300412 AND disabled = 0
            AND (SELECT count(*) FROM users o WHERE o.full_name = u.full_name) = 1
            AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) < 100 ORDER BY id LIMIT ?""",
            people,
        )
        self.skills = kantata.query(
            """SELECT id, name FROM skills s WHERE max_level = 5
            AND (SELECT count(*) FROM skills o WHERE lower(o.name) = lower(s.name)) = 1 ORDER BY id LIMIT ?""",
            skills,
        )
        for skill in self.skills:
            kantata.execute("DELETE FROM skill_memberships WHERE skill_id = ?", skill["id"])
        assert (len(self.people), len(self.skills)) == (people, skills)

    def level(self, person: int, skill: int) -> int:
        """The level of a person in a skill, by their places; 0: none."""
        return (person * 7 + skill * 3) % 6

    def held(self, level: Callable[[int, int], int] | None = None) -> Held:
        """What the account is to hold."""
        of = level or self.level
        return {
            (person["id"], skill["id"], of(at, place))
            for at, person in enumerate(self.people)
            for place, skill in enumerate(self.skills)
            if of(at, place)
        }

    def names(self) -> list[str]:
        """What the skills are called."""
        return [str(skill["name"]) for skill in self.skills]


def _workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def form(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """An export of Microsoft Forms: statements with words for levels."""
    world = _World(kantata, 20, 5)
    headings = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        *(f"How well do you know: {name}" for name in world.names()),
    ]
    rows = [
        [
            at + 1, "2026-03-02 09:00:00", "2026-03-02 09:05:00", person["email"], person["name"],
            *(["", *WORDS][world.level(at, place)] for place in range(5)),
        ]
        for at, person in enumerate(world.people)
    ]  # fmt: skip
    return _workbook(folder / "Skills(1-20).xlsx", {"Sheet1": [headings, *rows]}), world.held()


def german_list(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """A list in German, as Excel there saves it."""
    world = _World(kantata, 20, 4)
    path = folder / "Kenntnisse.csv"
    with path.open("w", encoding="cp1252", newline="", errors="replace") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Mitarbeiter", "E-Mail", "Fähigkeit", "Stufe"])
        for at, person in enumerate(world.people):
            for place, name in enumerate(world.names()):
                if level := world.level(at, place):
                    writer.writerow([person["name"], person["email"], name, level])
    return path, world.held()


def six_sheets(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """A workbook with a matrix for each of four teams, besides notes and a legend."""
    world = _World(kantata, 40, 5)
    sheets: dict[str, Sequence[Sequence[Any]]] = {
        "Read me": [["Skills of the practice"], ["Please fill in your team by Friday."]]
    }
    for team in range(4):
        some = range(team * 10, team * 10 + 10)
        sheets[f"Team {team + 1}"] = [
            ["Name", *world.names()],
            *([world.people[at]["name"], *(world.level(at, place) or "" for place in range(5))] for at in some),
        ]
    sheets["Legend"] = [["1", "Beginner"], ["5", "Expert"]]
    return _workbook(folder / "practice.xlsx", sheets), world.held()


def people_across(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """Skills below each other, people side by side."""
    world = _World(kantata, 12, 8)
    rows = [[name, *(world.level(at, place) or "" for at in range(12))] for place, name in enumerate(world.names())]
    return _workbook(folder / "overview.xlsx", {"Team": [["", *(each["name"] for each in world.people)], *rows]}), (
        world.held()
    )


def large_matrix(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """3,000 people and 120 skills, of which each person has two."""
    world = _World(kantata, 3_000, 120)

    def level(person: int, skill: int) -> int:
        return 1 + person % 5 if skill in (person % 120, (person * 7 + 1) % 120) else 0

    rows = ([each["email"], *(level(at, place) or "" for place in range(120))] for at, each in enumerate(world.people))
    return _workbook(folder / "everybody.xlsx", {"Skills": [["E-mail", *world.names()], *rows]}), world.held(level)


def hr_export(folder: Path, kantata: Running) -> tuple[Path, Held]:
    """An export of personnel software: the matrix among twelve other columns."""
    world = _World(kantata, 25, 6)
    before = ["Personnel no.", "First name", "Last name", "Work e-mail", "FTE", "Grade", "Years of experience"]
    after = ["Line manager", "Last review", "Location", "Cost center", "Contract", "Remarks"]
    rows = []
    for at, person in enumerate(world.people):
        first, _, last = person["name"].partition(" ")
        levels = [world.level(at, place) or "" for place in range(6)]
        facts = [world.people[at - 1]["name"], "2026-01-15", "Porto", 4711, "full time", "" if at % 5 else "on leave"]
        rows.append([f"P{at:05}", first, last, person["email"], 1.0, "C3", at % 9, *levels, *facts])
    path = folder / "people-export.xlsx"
    return _workbook(path, {"Export": [[*before, *world.names(), *after], *rows]}), world.held()


class _Hand:
    """A person's hand on the page: counts its clicks, and types nothing."""

    def __init__(self, tab: "Page") -> None:
        self.tab = tab
        self.clicks = 0

    def choose(self, path: Path) -> None:
        """Choose the file."""
        self.tab.set_input_files("#file", path)
        self.clicks += 1
        self.tab.locator("h1", has_text=path.name).wait_for()

    def click(self, what: "Locator") -> None:
        """Click on it."""
        what.click()
        self.clicks += 1
        self.tab.wait_for_load_state()

    def button(self, name: str) -> "Locator":
        """The button of this name."""
        return self.tab.get_by_role("button", name=name)


@pytest.mark.parametrize("write", [form, german_list, six_sheets, people_across, large_matrix, hr_export])
def test_a_sheet_that_gave_trouble_is_loaded_with_few_clicks_and_no_typed_word(
    browser: "Browser",
    kantata: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    write: Callable[[Path, Running], tuple[Path, Held]],
) -> None:
    path, wanted = write(tmp_path, kantata)
    before = _held(kantata)
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    account = Account(base_url=kantata.url, folder=tmp_path / "state", settle_wait_s=0.3)
    with web.serve_in_background(lambda: account) as served:
        tab = browser.new_context().new_page()
        tab.set_default_timeout(120_000)
        tab.goto(served.address)
        hand = _Hand(tab)
        hand.choose(path)
        go_on = hand.button("Continue")
        answer = tab.locator(".note.ask + form button").first
        while not go_on.or_(answer).is_visible() or tab.locator("[data-poll]").count():
            tab.wait_for_timeout(50)
        if answer.is_visible():
            hand.click(answer)
            go_on.wait_for()
        hand.click(go_on)
        hand.click(hand.button("See what would change"))
        tab.locator("#yes").wait_for()
        for tick in tab.locator("#yes [type=checkbox]").all():
            hand.click(tick)
        hand.click(tab.locator("#yes button.go"))
        tab.wait_for_url("**/runs/*")
        tab.context.close()

    record_property("clicks", f"{(write.__doc__ or '').partition('.')[0]} ({hand.clicks})")
    assert _held(kantata) - before == wanted - before
    assert wanted <= _held(kantata)
    assert hand.clicks <= MOST_CLICKS


def _held(kantata: Running) -> Held:
    rows = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    return {(row["user_id"], row["skill_id"], row["level"]) for row in rows}
