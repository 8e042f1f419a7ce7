"""Each number of the report against a count by SQL in the sandbox's database, read back from the written workbook."""

from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.report.counted import DISTRIBUTION, TALLY, ask, one, same
from tests.report.reading import Book


@pytest.fixture
def report(importer: Importer, kantata: Running) -> Book:
    # Of a skill that nobody has the world itself has none.
    kantata.execute(
        """INSERT INTO skills (name, max_level, skill_category_id, created_at, updated_at)
        SELECT 'Glass Blowing', 5, skill_category_id, created_at, updated_at FROM skills LIMIT 1"""
    )
    ran = importer("export", "skill-report")
    assert ran.code == 0, ran.err
    return Book(Path(ran.out.strip()))


def test_the_cover_tells_the_numbers_that_matter(report: Book, kantata: Running) -> None:
    holders = "FROM (SELECT skill_id, count(*) n FROM held GROUP BY skill_id)"
    assert report.figure("PeopleCount") == one(kantata, "SELECT count(*) FROM people")
    assert report.figure("SkillsInUse") == one(kantata, f"SELECT count(*) {holders}")
    assert report.figure("MembershipCount") == one(kantata, "SELECT count(*) FROM held")
    assert report.figure("AverageLevel") == pytest.approx(one(kantata, "SELECT avg(rated) FROM held"))
    assert report.figure("PeopleWithoutSkill") == one(
        kantata, "SELECT count(*) FROM people WHERE id NOT IN (SELECT user_id FROM held)"
    )
    assert report.figure("SkillsNobodyHas") == 1 == one(
        kantata, "SELECT count(*) FROM skills WHERE id NOT IN (SELECT skill_id FROM held)"
    )  # fmt: skip
    assert report.figure("SkillsOfOnePerson") == one(kantata, f"SELECT count(*) {holders} WHERE n = 1") > 0
    assert f"of {one(kantata, 'SELECT count(*) FROM skills')} skills in use" in report.texts("Cover")


def test_the_cover_counts_memberships_by_level(report: Book, kantata: Running) -> None:
    (counted,) = ask(kantata, f"SELECT {TALLY} FROM held h")

    assert {row["Level"]: row["Memberships"] for row in report.table("Levels", "Cover")} == {
        level: counted[level] for level in DISTRIBUTION
    }


def test_skills_are_told_by_coverage_average_and_distribution(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        f"""SELECT s.id, s.name, c.name category, count(h.skill_id) * 1.0 / (SELECT count(*) FROM people) coverage,
        {TALLY} FROM skills s JOIN skill_categories c ON c.id = s.skill_category_id
        LEFT JOIN held h ON h.skill_id = s.id GROUP BY s.id""",
    )

    shown = report.table("Skills")

    assert same(shown, counted, {
        "Skill": "name", "Category": "category", "People": "memberships", "Coverage": "coverage",
        "Average level": "average", "Level 4 or 5": "strong", **DISTRIBUTION,
    })  # fmt: skip
    assert [row["People"] for row in shown] == sorted((row["People"] for row in shown), reverse=True)


def test_a_certificate_has_no_level_and_stands_in_no_average(report: Book, kantata: Running) -> None:
    certificates = {row["name"] for row in ask(kantata, "SELECT name FROM skills WHERE max_level = 1")}

    rows = [row for row in report.table("Skills") if row["Skill"] in certificates]

    assert len(rows) == 34
    assert all(row["Average level"] is None and row["No levels"] == row["People"] for row in rows)


def test_categories_are_told_by_their_skills_people_and_levels(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        f"""SELECT c.name, count(DISTINCT s.id) skills, count(DISTINCT h.skill_id) used,
        count(DISTINCT h.user_id) people, {TALLY} FROM skill_categories c JOIN skills s ON s.skill_category_id = c.id
        LEFT JOIN held h ON h.skill_id = s.id GROUP BY c.id""",
    )

    assert same(report.table("Categories"), counted, {
        "Category": "name", "Skills": "skills", "Skills in use": "used", "People": "people",
        "Memberships": "memberships", "Average level": "average", **DISTRIBUTION,
    })  # fmt: skip


def test_people_are_told_by_breadth_and_depth(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        f"""SELECT p.id, p.full_name name, p.email_address email, p.headline title, max(h.rated) highest,
        (SELECT count(*) FROM held x WHERE x.user_id = p.id
          AND (SELECT count(*) FROM held y WHERE y.skill_id = x.skill_id) = 1) alone, {TALLY}
        FROM people p LEFT JOIN held h ON h.user_id = p.id GROUP BY p.id""",
    )

    shown = report.table("People")

    assert same(shown, counted, {
        "Person": "name", "E-mail": "email", "Title": "title", "Skills": "memberships", "Average level": "average",
        "Highest level": "highest", "Level 4 or 5": "strong", "Only theirs": "alone",
    })  # fmt: skip
    assert sum(row["Only theirs"] for row in shown) == report.figure("SkillsOfOnePerson")


def test_breadth_and_depth_are_counted_in_classes(report: Book, kantata: Running) -> None:
    people = ask(kantata, f"SELECT p.id, {TALLY} FROM people p LEFT JOIN held h ON h.user_id = p.id GROUP BY p.id")
    classes = {
        "none": (0, 0), "1": (1, 1), "2": (2, 2), "3 to 4": (3, 4), "5 to 9": (5, 9), "10 to 19": (10, 19),
        "20 to 49": (20, 49), "50 to 99": (50, 99), "100 and more": (100, 10**9),
    }  # fmt: skip
    depths = {"Average 1-2": (1, 2), "Average 2-3": (2, 3), "Average 3-4": (3, 4), "Average 4-5": (4, 5.1)}

    for row in report.table("Breadth"):
        fewest, most = classes.pop(row["Skills of a person"])
        theirs = [each["average"] for each in people if fewest <= each["memberships"] <= most]
        assert row["People"] == len(theirs)
        assert row["Share"] == pytest.approx(len(theirs) / len(people))
        assert row["No average"] == sum(average is None for average in theirs)
        for header, (low, high) in depths.items():
            assert row[header] == sum(average is not None and low <= average < high for average in theirs)
    assert classes == {}


def test_skills_of_one_person_are_named_with_that_person(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        """SELECT h.skill, h.category, p.full_name, p.email_address, p.headline, max(h.rated) rated FROM held h
        JOIN people p ON p.id = h.user_id GROUP BY h.skill_id HAVING count(*) = 1""",
    )

    assert same(report.table("Single holders"), counted, {
        "Skill": "skill", "Category": "category", "Only person": "full_name", "E-mail": "email_address",
        "Title": "headline", "Level": "rated",
    })  # fmt: skip


def test_key_people_are_those_who_alone_hold_skills(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        """SELECT p.email_address, count(*) skills FROM held h JOIN people p ON p.id = h.user_id
        WHERE (SELECT count(*) FROM held x WHERE x.skill_id = h.skill_id) = 1 GROUP BY p.id""",
    )

    shown = report.table("Key people")

    assert same(shown, counted, {"E-mail": "email_address", "Skills": "skills"})
    named = sorted(skill for row in shown for skill in row["Which"].split(", "))
    assert named == sorted(row["Skill"] for row in report.table("Single holders"))


@pytest.mark.parametrize(("sheet", "one_of"), [("Departments", "department"), ("Geographies", "geography")])
def test_places_count_whoever_is_in_them_or_in_what_lies_in_them(
    report: Book, kantata: Running, sheet: str, one_of: str
) -> None:
    counted = ask(
        kantata,
        f"""SELECT t.path, count(DISTINCT b.user_id) people, count(DISTINCT h.user_id) skilled,
        count(DISTINCT h.skill_id) covered, count(h.skill_id) * 1.0 / count(DISTINCT b.user_id) each_, {TALLY}
        FROM (SELECT DISTINCT o.member_id user_id, i.above place FROM organization_memberships o
          JOIN inside i ON i.id = o.{one_of}_id JOIN people p ON p.id = o.member_id WHERE o.member_type = 'User') b
        JOIN tree t ON t.id = b.place LEFT JOIN held h ON h.user_id = b.user_id GROUP BY b.place
        UNION ALL SELECT 'Without a {one_of}', count(DISTINCT p.id), count(DISTINCT h.user_id),
        count(DISTINCT h.skill_id), count(h.skill_id) * 1.0 / count(DISTINCT p.id), {TALLY}
        FROM people p LEFT JOIN held h ON h.user_id = p.id
        WHERE p.id NOT IN (SELECT member_id FROM organization_memberships WHERE member_type = 'User')""",
    )

    assert same(report.table(sheet), counted, {
        one_of.capitalize(): "path", "People": "people", "With a skill": "skilled", "Skills covered": "covered",
        "Skills a person": "each_", "Average level": "average", "Level 4 or 5": "strong", **DISTRIBUTION,
    })  # fmt: skip


def test_groups_count_whoever_is_in_them(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        f"""SELECT g.name, count(DISTINCT b.user_id) people, count(DISTINCT h.user_id) skilled,
        count(DISTINCT h.skill_id) covered, count(h.skill_id) * 1.0 / count(DISTINCT b.user_id) each_, {TALLY}
        FROM workspace_groups g JOIN user_group_memberships b ON b.workspace_group_id = g.id
        JOIN people p ON p.id = b.user_id LEFT JOIN held h ON h.user_id = p.id GROUP BY g.id
        UNION ALL SELECT 'Without a group', count(DISTINCT p.id), count(DISTINCT h.user_id),
        count(DISTINCT h.skill_id), count(h.skill_id) * 1.0 / count(DISTINCT p.id), {TALLY}
        FROM people p LEFT JOIN held h ON h.user_id = p.id
        WHERE p.id NOT IN (SELECT user_id FROM user_group_memberships)""",
    )

    assert same(report.table("Groups"), counted, {
        "Group": "name", "People": "people", "With a skill": "skilled", "Skills covered": "covered",
        "Skills a person": "each_", "Average level": "average", "Level 4 or 5": "strong", **DISTRIBUTION,
    })  # fmt: skip


def test_the_last_sheet_lists_all_that_was_counted(report: Book, kantata: Running) -> None:
    counted = ask(
        kantata,
        """SELECT CAST(h.user_id AS TEXT) user_id, p.full_name, p.email_address, CAST(h.skill_id AS TEXT) skill_id,
        h.skill, h.category, nullif(h.level, 0) level FROM held h JOIN people p ON p.id = h.user_id""",
    )

    assert same(report.table("Memberships"), counted, {
        "User ID": "user_id", "Person": "full_name", "E-mail": "email_address", "Skill ID": "skill_id",
        "Skill": "skill", "Category": "category", "Level": "level",
    })  # fmt: skip


@pytest.mark.parametrize("like", ["documented", "gem", "hostile", "strict"])
def test_however_kantata_may_behave_the_numbers_are_the_same(importer: Importer, kantata: Running, like: str) -> None:
    expected = importer("export", "skill-report", "--json").json["numbers"]
    kantata.set(like=like)
    if like == "hostile":  # what is lost or comes meanwhile would change the numbers rightly
        kantata.set(drop="never", insert_during_list="off")

    ran = importer("export", "skill-report", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["numbers"] == expected


def test_an_account_in_which_nobody_has_a_skill_has_a_report_all_the_same(importer: Importer, kantata: Running) -> None:
    kantata.execute("DELETE FROM skill_memberships")

    ran = importer("export", "skill-report")

    assert ran.code == 0, ran.err
    book = Book(Path(ran.out.strip()))
    assert (book.figure("MembershipCount"), book.figure("AverageLevel")) == (0, "\u2013")
    assert {row["Skills covered"] for row in book.table("Departments")} == {0}
