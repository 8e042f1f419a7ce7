"""A sheet reads the same from .xlsx, .xls, .ods and .csv, or the difference is told: as a problem or as a note."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import importer
from importer import ImporterError
from importer.coordinates import address
from importer.model import CellRef
from tests.odd_cells import ODD, OddCell, odd_workbook

FORMATS = ("xlsx", "xls", "ods", "csv")
COMMA_SEPARATED = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
"""Commas, UTF-8, and each value as it is shown."""
PEOPLE = ["Dana Reyes", "Siobhán O\u2019Neill", "山田 太郎", "Иван Петров", "Łukasz Dąbrowski", "Ünal Çelik"]
IDS = [11482969, 11482970, 11482971, 11482972, 11482973, 11482974]
Rows = list[list[Any]]


def plain_list() -> Rows:
    return [["user_id", "skill_id", "level"], *([who, 271015, 1 + at % 5] for at, who in enumerate(IDS))]


def names_of_all_scripts() -> Rows:
    return [["name", "skill", "level"], *([who, "Project Management", 1 + at % 5] for at, who in enumerate(PEOPLE))]


def leading_zeros() -> Rows:
    return [["user_id", "skill_id", "level"], *([OddCell(who, "00000000000"), "000271015", 3] for who in IDS)]


def dates_among_levels() -> Rows:
    return [*plain_list()[:4], [IDS[4], 271015, OddCell(dt.date(2026, 5, 3))], [IDS[5], 271015, ODD["time"]]]


def percentages() -> Rows:
    return [*plain_list()[:5], [IDS[4], 271015, OddCell(0.2, "0%")], [IDS[5], 271015, OddCell(1, "0%")]]


def errors() -> Rows:
    return [*plain_list()[:4], [IDS[4], 271015, ODD["error"]], [IDS[5], ODD["error of a formula"], 2]]


def blanks() -> Rows:
    return [["user_id", "skill_id", "level"], [IDS[0], 271015, None], [], [IDS[1], None, 3], [None, None, None],
            [IDS[2], 271015, "-"], [IDS[3], 271015, "n/a"], [IDS[4], 271015, "no"], [IDS[5], 271015, 0]]  # fmt: skip


def rows_of_title() -> Rows:
    return [["Skills of the team"], ["as of", dt.date(2026, 3, 1)], [], *plain_list(), [], ["Total", None, 17]]


def matrix() -> Rows:
    header = ["Name", "COBOL", "Java", "Python", "Remarks"]
    return [header, *([who, 1 + at % 5, None if at % 2 else 4, 3, "ok"] for at, who in enumerate(PEOPLE))]


def matrix_with_odd_cells() -> Rows:
    rows = matrix()
    rows[2][1], rows[3][3], rows[4][1], rows[5][3] = ODD["error"], "on leave", "no", "3 - Advanced"
    return [["Team North"], [], *rows, ["Average", 3.2, 4, 3]]


def matrix_with_merged_cells() -> Rows:
    return [[None, "Code", None, None, "Other"], *matrix()]


def formulas() -> Rows:
    return [*plain_list()[:5], [IDS[4], 271015, "=1+2"], [IDS[5], 271015, '=IF(1=2,"x","")']]


def decimals_and_long_numbers() -> Rows:
    numbers = [(3.0, 12345678901234567890), (4.5, 0.1), (OddCell(2.6, "0"), 1e-9), ("4", "1e3")]
    return [["user_id", "skill_id", "level", "number"], *([IDS[at], 271015, *two] for at, two in enumerate(numbers))]


def texts_with_signs() -> Rows:
    notes = ['said "no", twice', "first\nsecond", "a;b\tc|d", "'quoted'"]
    return [["user_id", "skill_id", "level", "note"], *([IDS[at], 271015, 3, note] for at, note in enumerate(notes))]


def truth_values() -> Rows:
    return [
        ["Name", "PMP", "Scrum Master", "Notes"],
        *([who, True, at % 2 == 0, "ok"] for at, who in enumerate(PEOPLE)),
    ]


SHEETS: dict[str, Callable[[], Rows]] = {
    make.__name__: make
    for make in (
        plain_list, names_of_all_scripts, leading_zeros, dates_among_levels, percentages, errors, blanks,
        rows_of_title, matrix, matrix_with_odd_cells, matrix_with_merged_cells, formulas, decimals_and_long_numbers,
        texts_with_signs, truth_values,
    )
}  # fmt: skip


def written(folder: Path) -> Path:
    """The folder in which LibreOffice has written each sheet in each format."""
    sources = [odd_workbook(folder / f"{name}.xlsx", make()) for name, make in SHEETS.items()]
    _merge(folder / "matrix_with_merged_cells.xlsx", "B1:D1")
    for target in ("xlsx", "xls", "ods", COMMA_SEPARATED):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", target,
             "--outdir", str(folder / target[:4].rstrip(":")), *map(str, sources)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder


def _merge(path: Path, cells: str) -> None:
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells(cells)
    book.save(path)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file: the values and names of each record by its place, and what is told of the file."""

    records: Mapping[str, tuple[str, ...]]
    problems: frozenset[str]
    """The places of its problems, rows and cells."""
    notes: tuple[str, ...]


def read(path: Path) -> Read:
    """What a check without an account makes of a file; of one that is refused, the sentence."""
    try:
        parsed = importer.read(path).parsed
    except ImporterError as error:
        return Read({}, frozenset(), (str(error).replace(path.name, path.stem),))
    places = map(place_of, parsed.refs)
    rows = [map(str, row) for row in (parsed.values.join(parsed.names).astype("string").itertuples(index=False))]
    wrong = frozenset(str(problem.row) if problem.ref is None else place_of(problem.ref) for problem in parsed.errors)
    return Read(dict(zip(places, map(tuple, rows), strict=True)), wrong, parsed.notes)


def place_of(ref: CellRef) -> str:
    """The row of a list, or the cell of a matrix."""
    return str(ref.row) if ref.column is None else address(ref.row, ref.column)


def untold(name: str, form: str, one: Read, other: Read) -> list[str]:
    """The records that differ in two readings of a sheet and have no problem in both, and problems of one alone."""
    records = {place: (one.records.get(place), other.records.get(place)) for place in (*one.records, *other.records)}
    wrong = {place for place, (this, that) in records.items() if this != that} - (one.problems & other.problems)
    wrong |= one.problems ^ other.problems
    return [f"{name}.{form}, {place}: {records.get(place)}" for place in sorted(wrong)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_a_sheet_is_read_alike_from_every_format_or_the_difference_is_told(tmp_path: Path) -> None:
    folder = written(tmp_path)

    found = []
    for name in SHEETS:
        one = read(folder / "xlsx" / f"{name}.xlsx")
        for form in FORMATS[1:]:
            found += untold(name, form, one, read(folder / form / f"{name}.{form}"))

    assert found == []
