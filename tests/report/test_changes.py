"""Changes since an earlier export: a report, a list or a matrix, compared by who and what, not by names."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list
from tests.report.counted import ask
from tests.report.reading import Book

HELD = """SELECT h.user_id, h.skill_id, h.level, h.max_level, h.skill, p.full_name person
FROM held h JOIN people p ON p.id = h.user_id"""
EXPORTS = {
    "report": ("export", "skill-report", "-o", "old.xlsx"),
    "list": ("export", "skill-memberships", "--active-only", "-o", "old.xlsx"),
    "text": ("export", "skill-memberships", "-o", "old.csv"),
    "JSON lines": ("export", "skill-memberships", "-o", "old.jsonl"),
    "Parquet": ("export", "skill-memberships", "-o", "old.parquet"),
    "template": ("template", "skill-memberships", "--live", "-o", "old.xlsx"),
    "matrix": ("export", "skill-matrix", "-o", "old.xlsx"),
    "matrix template": ("template", "skill-memberships", "--matrix", "--live", "-o", "old.xlsx"),
}


def held(kantata: Running) -> dict[tuple[int, int], dict[str, Any]]:
    return {(row["user_id"], row["skill_id"]): row for row in ask(kantata, HELD)}


def report(importer: Importer, since: Path | str, *options: object) -> Book:
    ran = importer("export", "skill-report", "--since", since, *options)
    assert ran.code == 0, ran.err
    return Book(Path(ran.out.strip()))


def change(kantata: Running) -> None:
    """Records as people change them meanwhile: some gone, some new, levels up and down."""
    some = "SELECT m.id FROM skill_memberships m JOIN skills s ON s.id = m.skill_id WHERE s.max_level = 5"
    kantata.execute(
        f"UPDATE skill_memberships SET level = level + 1 WHERE id IN ({some} AND level < 5 AND m.id % 7 = 1)"
    )
    kantata.execute(
        f"UPDATE skill_memberships SET level = level - 1 WHERE id IN ({some} AND level > 1 AND m.id % 7 = 2)"
    )
    kantata.execute("DELETE FROM skill_memberships WHERE id % 11 = 3")
    kantata.execute(
        """INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, created_at, updated_at)
        SELECT u.id, s.id, 3, s.name, u.created_at, u.created_at FROM users u, skills s
        WHERE u.disabled = 0 AND u.account_id = 6300412 AND u.id % 20 = 1 AND s.max_level = 5 AND s.id % 50 = 2
        AND NOT EXISTS (SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = s.id)"""
    )


@pytest.mark.parametrize("kind", EXPORTS)
def test_what_changed_since_an_earlier_export_is_told_by_person_and_skill(
    importer: Importer, kantata: Running, kind: str
) -> None:
    assert importer(*EXPORTS[kind]).code == 0
    before = held(kantata)
    change(kantata)
    after = held(kantata)

    book = report(importer, EXPORTS[kind][-1])

    expected = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        then, now = (None if each is None else each["level"] for each in (old, new))
        told = old or new
        assert told
        kind_of = "new" if then is None else "gone" if now is None else "up" if now > then else "down"
        if then != now:
            expected.append((kind_of, told["person"], told["skill"], then, now))
    assert {change[0] for change in expected} == {"new", "gone", "up", "down"}
    shown = [(row["Change"], row["Person"], row["Skill"], row["Level before"], row["Level now"])
             for row in book.table("Changes")]  # fmt: skip
    assert sorted(shown, key=str) == sorted(expected, key=str)
    for sheet, header, position in (("Changed skills", "Skill", 2), ("Changed people", "Person", 1)):
        # Two people, or two skills, may share a name: counted by name, then.
        counted: Counter[tuple[str, str]] = Counter()
        for row in book.table(sheet):
            counted.update({(row[header], kind): row[kind] for kind in ("New", "Gone", "Up", "Down")})
            assert row["All changes"] == sum(row[kind] for kind in ("New", "Gone", "Up", "Down")) > 0
        assert +counted == Counter((change[position], change[0].title()) for change in expected)


@pytest.mark.parametrize("kind", EXPORTS)
def test_nothing_has_changed_since_a_moment_ago(importer: Importer, kind: str) -> None:
    assert importer(*EXPORTS[kind]).code == 0
    old = EXPORTS[kind][-1]

    book = report(importer, old)

    for sheet in ("Changes", "Changed skills", "Changed people"):
        assert f"Nothing has changed since {old}." in book.texts(sheet)
        assert not book.sheet(sheet).tables


def test_a_new_name_is_no_change_and_who_has_left_is_called_as_then(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-report", "-o", "old.xlsx")
    leaver, stayer = [row["user_id"] for row in ask(kantata, "SELECT DISTINCT user_id FROM held ORDER BY 1 LIMIT 2")]
    was = {row["id"]: row["full_name"] for row in kantata.query("SELECT id, full_name FROM users")}
    theirs = {row["skill"] for row in ask(kantata, "SELECT skill FROM held WHERE user_id = ?", leaver)}
    kantata.execute("UPDATE users SET full_name = 'Another Name' WHERE id IN (?, ?)", leaver, stayer)
    kantata.execute("UPDATE users SET disabled = 1 WHERE id = ?", leaver)

    book = report(importer, "old.xlsx")
    rows = book.table("Changes")

    assert {row["Change"] for row in rows} == {"gone"}
    assert {row["Person"] for row in rows} == {was[leaver]}
    assert {row["Skill"] for row in rows} == theirs
    verb = "is" if len(theirs) == 1 else "are"
    said = f"Of those gone {len(theirs)} {verb} of 1 person who is inactive now."
    assert said in book.texts("Changes")


def test_where_some_people_are_reported_on_the_others_have_not_gone(importer: Importer) -> None:
    importer("export", "skill-report", "-o", "old.xlsx")

    book = report(importer, "old.xlsx", "--group", "Cloud Practice", "--category", "Language")

    assert "Nothing has changed since old.xlsx." in book.texts("Changes")


def test_a_list_of_names_will_do_and_what_nobody_bears_is_told(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = ask(
        kantata,
        """SELECT p.email_address, h.skill, h.level FROM held h JOIN people p ON p.id = h.user_id
        WHERE h.skill <> 'Scrum' AND h.max_level = 5 ORDER BY h.user_id LIMIT 40""",
    )
    names = [(row["email_address"], row["skill"], row["level"]) for row in rows]
    old = write_list(tmp_path / "old.csv", ("email", "skill", "level"), [*names, ("nobody@example.com", "Python", 3)])

    book = report(importer, old)

    said = "1 row of old.csv names nobody or nothing of the account, and was left out."
    assert said in book.texts("Cover")
    assert {row["Change"] for row in book.table("Changes")} == {"new"}
    assert len(book.table("Changes")) == book.figure("MembershipCount") - 40


def test_a_list_of_something_else_is_refused(importer: Importer) -> None:
    importer("template", "user-group-memberships", "--live", "-o", "groups.xlsx")

    ran = importer("export", "skill-report", "--since", "groups.xlsx")

    assert ran.code == 5
    assert "groups.xlsx is a list of user-group-memberships, but changes are about skills." in ran.err


def test_people_of_whom_the_earlier_export_says_nothing_are_told(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-report", "--group", "Cloud Practice", "-o", "old.xlsx")
    (then,) = ask(
        kantata,
        """SELECT count(DISTINCT h.user_id) n FROM held h WHERE h.user_id NOT IN (SELECT user_id
        FROM user_group_memberships m JOIN workspace_groups g ON g.id = m.workspace_group_id
        WHERE g.name = 'Cloud Practice')""",
    )

    book = report(importer, "old.xlsx")

    said = f"old.xlsx says nothing about {then['n']} people of this report, so all their skills count as new."
    assert said in book.texts("Changes")


def test_who_is_inactive_now_and_may_have_been_then_is_left_out_and_told(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-memberships", "-o", "old.xlsx")
    (off,) = kantata.query(
        "SELECT count(DISTINCT u.id) n FROM users u JOIN skill_memberships m ON m.user_id = u.id WHERE u.disabled = 1"
    )

    book = report(importer, "old.xlsx")

    said = f"{off['n']} people who are inactive now, and may have been so then, are left out."
    assert said in book.texts("Changes")
    assert "Nothing has changed since old.xlsx." in book.texts("Changes")
