"""The report as a page: the same numbers, whole in itself, safe, and readable aloud."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.report.reading import Book, Page


def page_of(importer: Importer, *options: object) -> Page:
    ran = importer("export", "skill-report", "-o", "report.html", *options)
    assert ran.code == 0, ran.err
    return Page(Path(ran.out.strip()))


def test_the_page_tells_the_same_numbers_as_the_workbook(importer: Importer) -> None:
    page = page_of(importer)
    book = Book(Path(importer("export", "skill-report").out.strip()))

    for sheet in book.book.sheetnames[1:-1]:
        header, *rows = page.tables[sheet.lower().replace(" ", "-")]
        expected = book.table(sheet)
        assert header == list(expected[0])
        assert len(rows) == len(expected)
        for row, values in zip(rows, expected, strict=True):
            assert row == [_shown(name, value) for name, value in values.items()]
    figures = [int(text.replace(",", "")) for text in page.figures if "." not in text]
    assert figures == [
        book.figure(name)
        for name in ("PeopleCount", "SkillsInUse", "MembershipCount", "PeopleWithoutSkill", "SkillsNobodyHas",
                     "SkillsOfOnePerson")
    ]  # fmt: skip


def _shown(name: str, value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if name in ("Coverage", "Share"):
        return f"{value:.1%}"
    if name in ("Average level", "Skills a person"):
        return f"{value:.1f}"
    is_heat = name.startswith(("Level ", "No ", "Not ", "Average")) and name != "Level 4 or 5"
    return "\u00b7" if not value and is_heat else f"{value:,}"


def test_the_page_loads_nothing_runs_nothing_and_allows_nothing_but_its_own_style(importer: Importer) -> None:
    page = page_of(importer)

    names = {name for name, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all(name != "style" for _, attributes in page.tags for name in attributes)
    addresses = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src")]
    assert all(str(address).startswith("#") for address in addresses)
    assert "url(" not in page.style
    assert "@import" not in page.style
    policy = next(each["content"] for name, each in page.tags if each.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.path.stat().st_size < 500_000


def test_every_link_leads_to_a_part_and_every_table_has_headers_and_a_caption(importer: Importer) -> None:
    page = page_of(importer)

    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {str(each["href"])[1:] for name, each in page.tags if name == "a"} <= ids
    count = {name: sum(tag == name for tag, _ in page.tags) for name in ("table", "caption", "thead", "tr", "th")}
    assert count["table"] == count["caption"] == count["thead"] == len(page.tables)
    scopes = [attributes.get("scope") for name, attributes in page.tags if name == "th"]
    assert scopes.count("row") == count["tr"] - count["table"]
    assert scopes.count("col") == count["th"] - scopes.count("row")
    drawings = [attributes for name, attributes in page.tags if name == "svg"]
    assert all(each.get("aria-label") or each.get("aria-hidden") == "true" for each in drawings)


def test_the_bars_of_a_plot_are_as_long_as_their_numbers_say(importer: Importer, kantata: Running) -> None:
    page = page_of(importer)

    source = page.path.read_text(encoding="utf-8")
    plot = source[source.index("People who have a skill") : source.index("Their levels")]
    bars = re.findall(r'aria-label="([^"]*), People: (\d+)"><rect class="main" x="0" y="0" width="([\d.]+)"', plot)
    most = max(int(number) for _, number, _ in bars)
    assert len(bars) == 30
    for _, number, width in bars:
        assert float(width) == pytest.approx(1000 * int(number) / most, abs=0.1)
    top = kantata.query(
        """SELECT count(*) n FROM skill_memberships m JOIN users u ON u.id = m.user_id
        WHERE u.disabled = 0 GROUP BY skill_id ORDER BY 1 DESC LIMIT 30"""
    )
    assert [int(number) for _, number, _ in bars] == [row["n"] for row in top]


def test_hostile_texts_are_shown_and_do_nothing(importer: Importer, kantata: Running) -> None:
    text = '<script>alert("1")</script><img src=x onerror=alert(1)>'
    kantata.execute("UPDATE users SET full_name = ?, headline = ? WHERE id IN (SELECT user_id FROM skill_memberships)",
                    text, "{{ 7 * 7 }}")  # fmt: skip
    kantata.execute("UPDATE skills SET name = ?", f"\"{text}'")
    kantata.execute("UPDATE skill_categories SET name = ? || id", "</style>&amp;")

    page = page_of(importer)

    assert not {"script", "img"} & {name for name, _ in page.tags}
    assert page.tables["people"][1][0] == text
    assert page.tables["people"][1][2] == "{{ 7 * 7 }}"
    assert page.tables["skills"][1][0] == f"\"{text}'"
    assert page.tables["skills"][1][1].startswith("</style>&amp;")


def test_an_account_without_skills_has_a_page(importer: Importer, kantata: Running) -> None:
    for table in ("skill_memberships", "skills", "user_group_memberships", "organization_memberships"):
        kantata.execute(f"DELETE FROM {table}")

    page = page_of(importer)

    assert "There is no skill." in page.text
    assert page.figures[2:4] == ["0", "\u2013"]
