"""Lists written to files and loaded through the real pipeline, for tests of what a load does to the account."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer import job
from importer.kantata.client import Client
from importer.kantata.held import read_held
from importer.load import Load
from importer.model import Event, Mode, Outcome
from importer.plan import keys_of, make_plan
from importer.sandbox import Running
from importer.table.ahead import open_ahead


def write_list(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """A CSV file with this list."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def new_skills(kantata: Running, count: int) -> list[tuple[int, int, int]]:
    """So many (user, skill, level) that the account does not hold and takes."""
    rows = kantata.query(
        """SELECT u.id user_id, s.id skill_id FROM users u JOIN skills s ON s.max_level = 5
        WHERE u.account_id = 6300412 AND u.disabled = 0
        AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) < 20
        AND NOT EXISTS (SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = s.id)
        ORDER BY s.id, u.id LIMIT ?""",
        count,
    )
    return [(int(row["user_id"]), int(row["skill_id"]), 1 + at % 5) for at, row in enumerate(rows)]


@dataclass(slots=True)
class Loaded:
    """A load that came to its end, and everything that it told on the way."""

    load: Load
    events: list[Event]

    def rows(self, outcome: Outcome) -> list[int]:
        """The rows with this outcome."""
        return [row for row, result in sorted(self.load.results.items()) if result.outcome is outcome]

    def words(self, row: int) -> str:
        """What is told of a row."""
        return " ".join(f"{problem.message} {problem.fix}" for problem in self.load.results[row].problems)


def load_list(client: Client, path: Path, workers: int = 4, mode: Mode = Mode.UPSERT) -> Loaded:
    """Read, check, plan and send a list, without a face."""
    draft = job.read(job.Reading(open_ahead(path, None, None)))
    checked = job.check(draft, client)
    keys = keys_of(checked)
    held = read_held(client, checked.header.endpoint, keys, workers)
    load = Load(checked, make_plan(checked, keys, held, mode), client.me(), client, workers)
    return Loaded(load, list(load.send()))
