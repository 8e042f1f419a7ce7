"""What the base adds to an export, in size and in time, and what the comparison with it adds to a load, in one run."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from random import Random

from importer.sandbox import Running, running
from tests.gallery.large import PEOPLE, SKILLS, USERS, add_skills

_LEVELS = 500_000
_SIZE, _TIME = 0.1, 0.2
_KINDS = (("each level as often as any other", (1, 1, 1, 1, 1)), ("most levels in the middle", (1, 3, 4, 2, 1)))


def measure(folder: Path, repeats: int) -> None:
    """Export 2,000 people by 300 skills with and without a base, in turn, each in a process of its own."""
    for words, weights in (
        ("each level as often as any other", (1, 1, 1, 1, 1)),
        ("most in the middle", (1, 3, 4, 2, 1)),
    ):
        with running(users=USERS) as kantata:
            people, skills = _fill(kantata, weights)
            found = {
                name: [_once(folder, kantata, name, people, skills) for _ in range(repeats)]
                for name in ("with", "without")
            }
        sizes = {name: some[0]["bytes"] for name, some in found.items()}
        seconds = {name: statistics.median(each["seconds"] for each in some) for name, some in found.items()}
        plans = {name: statistics.median(each["plan"] for each in some) for name, some in found.items()}
        added, longer = sizes["with"] / sizes["without"] - 1, seconds["with"] / seconds["without"] - 1
        print(f"\nA matrix of {PEOPLE:,} people by {SKILLS} skills, {_LEVELS:,} levels, {words}, exported and planned:")
        for name, how in (("with", "with a base"), ("without", "without one")):
            print(f"  {how} {sizes[name]:>9,} bytes in {seconds[name]:.2f} s, planned in {plans[name]:.2f} s")
        print(f"  the base adds {added:.1%} in size (aim: {_SIZE:.0%}) and {longer:+.1%} in time (aim: {_TIME:.0%})")


def _fill(kantata: Running, weights: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """So many levels without any order; the people, by their e-mail addresses, and the skills that have them."""
    random, skills = Random(14), add_skills(kantata)
    people = kantata.query(
        "SELECT id, email_address FROM users WHERE account_id = 6300412 AND lower(email_address) IN "
        "(SELECT lower(email_address) FROM users GROUP BY 1 HAVING count(*) = 1) ORDER BY id LIMIT ?", PEOPLE
    )  # fmt: skip
    named = ", ".join("?" * len(skills))
    ids = [row["id"] for row in kantata.query(f"SELECT id FROM skills WHERE name IN ({named}) ORDER BY id", *skills)]
    kantata.execute("DELETE FROM skill_memberships")
    cells = random.sample([(person["id"], skill) for person in people for skill in ids], _LEVELS)
    rows = json.dumps([[*cell, random.choices(range(1, 6), weights)[0]] for cell in cells])
    kantata.execute(
        "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, creator_id, created_at, "
        "updated_at) SELECT value ->> 0, value ->> 1, value ->> 2, '', value ->> 0, '2026-01-05T09:00:00.000000Z', "
        "'2026-01-05T09:00:00.000000Z' FROM json_each(?)", rows
    )  # fmt: skip
    return [person["email_address"] for person in people], skills


def _once(folder: Path, kantata: Running, how: str, people: list[str], skills: list[str]) -> dict[str, float]:
    target = folder / f"{how}.xlsx"
    target.unlink(missing_ok=True)
    chosen = folder / "chosen.json"
    chosen.write_text(json.dumps({"users": people, "skills": skills}))
    command = [sys.executable, "-m", "tests.bench.base_once", how, str(target), str(chosen), kantata.url]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return said | {"bytes": target.stat().st_size}
