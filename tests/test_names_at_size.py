"""What it costs to find out who and what a large file names."""

from pathlib import Path

import pytest

from importer.sandbox import running
from tests.conftest import Importer
from tests.loads import write_list

PEOPLE, SKILLS, A_PAGE = 10_000, 5_000, 200

MORE_SKILLS = """
INSERT INTO skills (name, max_level, skill_category_id, created_at, updated_at)
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
SELECT 'Tool number ' || n, 5, 3101, '2024-01-01T00:00:00.000000Z', '2024-01-01T00:00:00.000000Z' FROM numbers
"""


def test_ten_thousand_people_and_five_thousand_skills_cost_the_pages_of_their_lists(
    offline: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(users=PEOPLE) as kantata:
        monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
        monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
        kantata.execute(MORE_SKILLS, SKILLS - kantata.query("SELECT count(*) n FROM skills")[0]["n"])
        people = [str(row["full_name"]) for row in kantata.query("SELECT full_name FROM users")]
        skills = [str(row["name"]) for row in kantata.query("SELECT name FROM skills")]
        rows = [(name, skills[at % SKILLS], 1) for at, name in enumerate(people)]
        path = write_list(tmp_path / "everybody.csv", ("user", "skill", "level"), rows)

        ran = offline("check", path, "--json")

        requests = kantata.requests()
    assert (len(skills), ran.json["rows"]) == (SKILLS, len(people))
    assert {problem["code"] for problem in ran.json["problems"]} <= {"ambiguous", "out-of-range", "not-found"}
    assert ran.json["valid"] > PEOPLE - 150
    assert {request["method"] for request in requests} == {"GET"}
    assert len(requests) <= PEOPLE // A_PAGE + SKILLS // A_PAGE + 5
