"""What moving skills to an empty account takes: requests against the least possible, and the time, on the sandbox.

The least possible is a request for each full batch of new records; the lists that must be read to know whom the file
means and what the account has; and each new record read back once, memberships along with their people.
"""

import csv
import math
import tempfile
import time
from pathlib import Path

import importer
from importer.kantata.existing_records import PEOPLE_AT_ONCE
from importer.sandbox.server import running
from tests.bench.ratio_table import Ratio

_PAGE, _SKILLS_AT_ONCE, _MEMBERSHIPS_AT_ONCE = 200, 200, 200

_PEOPLE = "SELECT email_address FROM users WHERE disabled = 0 AND account_id = 6300412 ORDER BY id LIMIT ?"


def measure(skills: int = 5_000, memberships: int = 100_000, each: int = 100) -> list[Ratio]:
    """Move so many skills, and so many memberships of people with `each` skills, and print what it took."""
    people = memberships // each
    with tempfile.TemporaryDirectory() as name, running(users=people + 50, lacks=["skills"]) as kantata:
        folder = Path(name)
        emails = [row["email_address"] for row in kantata.query(_PEOPLE, people)]
        lists = _write_lists(folder, emails, skills, each)
        account = importer.Account(kantata.token, base_url=kantata.url, folder=folder / "home")
        began = time.perf_counter()
        report = account.plan_all(account.read_all(lists, create_missing=["skills"])).apply()
        took = time.perf_counter() - began
    pages = math.ceil((people + 50) / _PAGE)
    writes = math.ceil(skills / _SKILLS_AT_ONCE) + math.ceil(memberships / _MEMBERSHIPS_AT_ONCE)
    read_back = math.ceil(skills / _PAGE) + math.ceil(people / PEOPLE_AT_ONCE)
    least = writes + read_back + pages + 3  # whose the token is, the skills there, their categories
    sent = sum(count for method, count in report.requests.items() if method != "retries")
    print(f"{skills:,} skills and {memberships:,} memberships into an empty account: {dict(report.requests)}")
    print(f"  created {report.counts['created']:,} in {took:.1f} s; {sent:,} requests, the least possible {least:,}")
    print(f"  writes {report.requests['POST']:,} of {writes:,}; all requests {100 * (sent / least - 1):+.1f} %")
    return [Ratio(f"Moving {skills:,} skills, {memberships:,} memberships: least requests possible", [least / sent])]


def _write_lists(folder: Path, emails: list[str], skills: int, each: int) -> list[Path]:
    """The skills, and who has which of them, as two text files."""
    names = [f"Skill {number:04}" for number in range(skills)]
    lists = {
        "skills.csv": [["name", "category", "max_level"], *([name, "Skill", "5"] for name in names)],
        "memberships.csv": [
            ["email", "skill", "level"],
            *(
                [email, names[(at * each + one) % skills], str(1 + (at + one) % 5)]
                for at, email in enumerate(emails)
                for one in range(each)
            ),
        ],
    }
    for name, rows in lists.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return [folder / name for name in lists]
