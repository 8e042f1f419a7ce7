"""What it costs to choose how a sheet is read: alone, and with the names of a large account."""

import csv
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from importer import Account
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.choose import find_table
from importer.layouts.read_options import ReadOptions
from importer.pipeline.directory_names import DirectoryNames
from importer.sandbox import Running, running
from importer.spreadsheet.read.book import Book

_PEOPLE, _SKILLS, _ROWS = 10_000, 5_000, 100_000
_DOWN, _ACROSS = 2_000, 300


def measure(folder: Path) -> None:
    """Print for each kind of sheet how long choosing takes, and the requests that it makes."""
    with running(users=_PEOPLE) as kantata:
        _add_skills(kantata)
        people = [
            row["full_name"] for row in kantata.query("SELECT full_name FROM users WHERE disabled = 0 ORDER BY id")
        ]
        skills = [row["name"] for row in kantata.query("SELECT name FROM skills ORDER BY id DESC")]
        sheets = {
            f"a list of {_ROWS:,} rows": _list(folder, people, skills),
            f"a matrix of {_DOWN:,} x {_ACROSS}": _matrix(folder, "Employee", people, skills),
            "the same, turned": _matrix(folder, "Skill", skills[:_ACROSS], people[:_DOWN]),
            "the same under a heading that nobody knows": _matrix(folder, "Topic", people, skills),
        }
        print(f"\nChoosing how to read a sheet; the account has {_PEOPLE:,} people and {_SKILLS:,} skills:")
        print(f"  {'':<44}{'alone':>9}{'account':>9}{'ratio':>7}{'requests':>10}")
        for called, path in sheets.items():
            alone, _ = _seconds(path, NO_ACCOUNT)
            names = DirectoryNames(lambda: Account(kantata.token, base_url=kantata.url, folder=folder).access.directory)
            before = _requests(kantata)
            _seconds(path, names)  # reads the pages of the directory, which are counted and not timed
            asked = _requests(kantata) - before
            with_names, layout = _seconds(path, names)
            ratio = f"{with_names / alone:>6.1f}x"
            print(f"  {called:<44}{alone:>7.2f} s{with_names:>7.2f} s{ratio}{asked:>10}   {layout}")


def _seconds(path: Path, names: AccountNames) -> tuple[float, str]:
    """How long the choice takes once the file is open, and what was chosen."""
    book = Book(path)
    for sheet in book.candidates:
        book.grid(sheet)
    start = time.process_time()
    try:
        layout = find_table(book, ReadOptions(), names).table.layout
    except Exception as error:  # noqa: BLE001  (a question costs what an answer costs)
        layout = type(error).__name__
    return time.process_time() - start, layout


def _requests(kantata: Running) -> int:
    return int(kantata.query("SELECT count(*) AS number FROM requests")[0]["number"])


def _add_skills(kantata: Running) -> None:
    category = kantata.query("SELECT skill_category_id AS id FROM skills LIMIT 1")[0]["id"]
    at = "2026-01-01T00:00:00.000000Z"
    have = kantata.query("SELECT count(*) AS number FROM skills")[0]["number"]
    rows = ", ".join(f"('Special Skill {number}', 5, {category}, '{at}', '{at}')" for number in range(_SKILLS - have))
    kantata.execute(f"INSERT INTO skills (name, max_level, skill_category_id, created_at, updated_at) VALUES {rows}")


def _list(folder: Path, people: Sequence[str], skills: Sequence[str]) -> Path:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Employee", "Skill", "Level", "Remark"])
        for at in range(_ROWS):
            writer.writerow([people[at % len(people)], skills[at * 7 % len(skills)], 1 + at % 5, "x" * (at % 9 == 0)])
    return path


def _matrix(folder: Path, heading: str, down: Sequence[str], across: Sequence[str]) -> Path:
    down, across = down[:_DOWN], across[: _DOWN if heading == "Skill" else _ACROSS]
    chance = random.Random(heading)
    path = folder / f"{heading}.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Skills")
    rows: list[list[Any]] = [[heading, *across]]
    rows += [[each, *(chance.choice([1, 2, 3, 4, 5, None]) for _ in across)] for each in down]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path
