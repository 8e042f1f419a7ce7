"""A person's file with some cells written anew: everything else is as it was, whatever the file is."""

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from importer.coordinates import Place
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write.corrected_file import write_retyped
from tests.conftest import ROOT, SAMPLES
from tests.spreadsheet.rich import rich_workbook


def _texts(book: Book, sheet: str | None) -> dict[Place, str]:
    grid = book.grid(sheet)
    return {(row, at): text for at, column in enumerate(grid.columns) for row, text in enumerate(column, 1) if text}


def test_of_a_rich_workbook_only_the_cell_changes_and_every_other_part_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "team.xlsm"
    path.write_bytes(rich_workbook())
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {"Team A": {(6, 3): "4"}})

    before, after = Book(path), Book(mended)
    assert mended.name == "team.xlsm"
    assert _texts(after, "Team A") == {**_texts(before, "Team A"), (6, 3): "4"}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(mended) as new:
        assert set(new.namelist()) == set(old.namelist())
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((2, 0), "7"),
        ((2, 2), "x & <y>"),
        ((3, 1), "new"),
        ((4, 3), "in a row that is not there"),
        ((6, 0), "9"),
        ((2, 0), ""),
    ],
)
def test_a_cell_is_written_whether_or_not_the_file_has_it(tmp_path: Path, place: Place, text: str) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("L")
        sheet.write_row(0, 0, ["a", "b", "c", "d"])
        sheet.write_row(1, 0, [1, "two", "three", "four"])
        sheet.write_row(2, 0, [1])
        sheet.write_row(5, 3, [1])
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {"L": {place: text}})

    wanted = {key: value for key, value in {**_texts(Book(path), "L"), place: text}.items() if value}
    assert _texts(Book(mended), "L") == wanted
    assert openpyxl.load_workbook(mended)["L"].cell(place[0], place[1] + 1).value == (
        int(text) if text.isdecimal() else text or None
    )


def test_a_formula_gives_way_to_what_was_written_and_the_others_are_calculated_anew(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("L")
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, "=A1*2", None, 4)
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {"L": {(1, 0): "5"}})

    with zipfile.ZipFile(mended) as package:
        assert b'fullCalcOnLoad="1"' in package.read("xl/workbook.xml")
        assert "xl/calcChain.xml" not in package.namelist()
    sheet = openpyxl.load_workbook(mended)["L"]
    assert (sheet["A1"].value, sheet["B1"].value) == (5, "=A1*2")


def test_a_level_that_excel_made_a_date_is_a_level_again(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("L").write_number(0, 0, 4, book.add_format({"num_format": "yyyy-mm-dd"}))
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {"L": {(1, 0): "4"}})

    assert Book(mended).grid("L").columns == (["4"],)
    assert not Book(mended).grid("L").oddities


@pytest.mark.parametrize(
    "content", ["a;b\n1;x\n", "a\tb\n1\tx\n", 'sep=|\na|b\n1|"x\ny"\n', "\ufeffa,b\r\n\r\n1,x\r\n"]
)
def test_a_text_file_keeps_its_rows_and_what_stands_between_its_cells(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode())
    (tmp_path / "new").mkdir()
    row = Book(path).grid(None).height

    mended = write_retyped(path, tmp_path / "new", {None: {(row, 0): "Łódź"}})

    assert _texts(Book(mended), None) == {**_texts(Book(path), None), (row, 0): "Łódź"}


def test_a_text_file_keeps_the_marks_that_keep_its_texts_from_being_run(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n'=1+1,+44 20\nx\n", encoding="utf-8")
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {None: {(3, 0): "=2", (3, 1): "y"}})

    assert mended.read_text(encoding="utf-8-sig").splitlines() == ["a,b", "'=1+1,+44 20", "'=2,y"]
    assert _texts(Book(mended), None)[3, 0] == "=2"


@pytest.mark.parametrize("name", ["list.jsonl", "list.parquet"])
def test_an_export_of_programs_becomes_a_plain_workbook(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    frame = pd.DataFrame({"user": ["Zoë", None], "level": [3, 4], "active": [True, False]})
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_json(path, orient="records", lines=True)
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {None: {(2, 1): "5"}})

    assert mended.name == "list.xlsx"
    rows = list(zip(*Book(mended).grid("List").columns, strict=True))
    assert rows == [("user", "level", "active"), ("Zoë", "5", "yes"), ("", "4", "no")]


@pytest.mark.parametrize("name", ["list.xls", "list.ods"])
def test_a_workbook_of_another_kind_becomes_a_plain_one_with_the_same_texts(tmp_path: Path, name: str) -> None:
    path = ROOT / "tests" / "files" / name
    sheet = Book(path).sheets[0]

    mended = write_retyped(path, tmp_path, {sheet: {(2, 0): "=1+1"}})

    assert mended.name == "list.xlsx"
    assert _texts(Book(mended), sheet) == {**_texts(Book(path), sheet), (2, 0): "=1+1"}


def test_a_sheet_of_another_program_with_a_long_name_is_kept_under_a_shorter_one(tmp_path: Path) -> None:
    long = "Competence matrix of the consulting practice 2026"
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(ROOT / "tests" / "files" / "list.ods") as plain, zipfile.ZipFile(path, "w") as renamed:
        for entry in plain.infolist():
            content = plain.read(entry)
            renamed.writestr(entry, content.replace(b'table:name="mk"', f'table:name="{long}"'.encode()))
    (tmp_path / "new").mkdir()

    mended = write_retyped(path, tmp_path / "new", {long: {(2, 0): "4"}})

    assert Book(path).sheets == (long,)
    assert Book(mended).sheets == (long[:31].strip(),)
    assert _texts(Book(mended), long[:31].strip())[2, 0] == "4"


def test_nothing_but_the_cell_changes_in_any_sample(tmp_path: Path) -> None:
    for path in SAMPLES.rglob("*.xlsx"):
        (tmp_path / path.stem).mkdir()
        book = Book(path)
        sheet = book.sheets[0]

        mended = write_retyped(path, tmp_path / path.stem, {sheet: {(1, 0): "written"}})

        assert mended.suffix == ".xlsx"
        assert _texts(Book(mended), sheet) == {**_texts(book, sheet), (1, 0): "written"}, path
        assert Book(mended).sheets == book.sheets
