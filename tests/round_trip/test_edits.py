"""The base of a workbook is still there, and still right, after all that people and programs do to workbooks."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from importer import Account
from importer.spreadsheet.read.book import Book
from tests.round_trip.world import SHEET, World, edited, outcomes, type_levels

Edit = Callable[[Worksheet], None]

needs_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")


def header_row(sheet: Worksheet) -> int:
    return next(row for row in range(1, 10) if sheet.cell(row, 1).value == "user_id")


def sort_people(sheet: Worksheet) -> None:
    """As Excel sorts: the rows below the header, whole."""
    top = header_row(sheet) + 1
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top) if row[0].value]
    for at, values in enumerate(sorted(rows, key=lambda row: str(row[0]), reverse=True), top):
        for column, value in enumerate(values, 1):
            sheet.cell(at, column).value = value


def filter_people(sheet: Worksheet) -> None:
    sheet.row_dimensions[header_row(sheet) + 2].hidden = True


def insert_column(sheet: Worksheet) -> None:
    sheet.insert_cols(4)
    sheet.cell(header_row(sheet), 4).value = "Team"


def insert_rows(sheet: Worksheet) -> None:
    sheet.insert_rows(header_row(sheet) + 2, 2)


def insert_title(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_rows(1)
    sheet["A1"] = "Skills of our team"


def delete_columns(sheet: Worksheet) -> None:
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(4, 3)  # the title, the department and the geography


def rename(sheet: Worksheet) -> None:
    sheet.title = "Our people"


def move_to_front(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    book = sheet.parent
    book.move_sheet("Import base", -3)
    book.active = 1


EDITS = [
    sort_people, filter_people, insert_column, insert_rows, insert_title, delete_columns, rename, move_to_front,
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_the_base_survives_what_people_do_to_a_sheet(account: Account, world: World, matrix: Path, edit: Edit) -> None:
    type_levels(matrix, world, {world.cells[0]: 5})
    book = openpyxl.load_workbook(matrix)
    edit(book[SHEET])
    book.save(matrix)

    merges_as_before(account, world, matrix)


def merges_as_before(account: Account, world: World, path: Path) -> None:
    """The file has one edit; two changes of others are kept, and one cell that both changed is in conflict."""
    mine, *theirs = world.cells[:3]
    world.change(dict.fromkeys(theirs, 4))

    report = account.plan(path).apply()

    assert outcomes(report.counts) == {"updated": 1, "unchanged": len(world.cells) - 2}
    assert world.held() == {**dict.fromkeys(world.cells[:-1], 2), mine: 5, **dict.fromkeys(theirs, 4)}


def test_a_row_that_is_deleted_takes_nothing_from_anybody(account: Account, world: World, matrix: Path) -> None:
    mine = world.cells[0]
    type_levels(matrix, world, {mine: 5})
    with edited(matrix) as sheet:
        row = sheet.row_of(world.cells[-1][0])
        assert row is not None
        sheet.sheet.delete_rows(row)
    before = world.held()

    report = account.plan(matrix).apply()

    assert report.counts["updated"] == 1
    assert world.held() == {**before, mine: 5}


def test_a_title_above_a_category_that_is_called_like_a_column_misleads_nobody(
    account: Account, world: World, matrix: Path
) -> None:
    people, skills = list(world.people), list(world.skills)
    cells = {cell: None for cell in world.cells if cell not in ((people[0], skills[0]), (people[2], skills[1]))}
    type_levels(matrix, world, {**cells, (people[0], skills[0]): 5})
    book = openpyxl.load_workbook(matrix)
    insert_title(book[SHEET])
    book.save(matrix)

    plan = account.plan(matrix)

    assert plan.check is not None
    assert (plan.check.units, plan.counts) == ("cells", {"create": 0, "update": 1, "unchanged": 1})


def test_the_copy_of_a_sheet_is_compared_with_the_same_base(account: Account, world: World, matrix: Path) -> None:
    book = openpyxl.load_workbook(matrix)
    book.copy_worksheet(book[SHEET]).title = "Ours"
    del book[SHEET]
    book.save(matrix)
    type_levels(matrix, world, {world.cells[0]: 5}, "Ours")

    merges_as_before(account, world, matrix)


def test_a_file_by_another_name_in_another_folder_is_the_same_file(
    account: Account, world: World, matrix: Path, tmp_path: Path
) -> None:
    type_levels(matrix, world, {world.cells[0]: 5})
    elsewhere = tmp_path / "Downloads" / "Kopie von matrix (2).xlsx"
    elsewhere.parent.mkdir()
    shutil.move(matrix, elsewhere)

    merges_as_before(account, world, elsewhere)


@needs_libreoffice
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_the_base_survives_being_saved_by_libreoffice(
    account: Account, world: World, matrix: Path, tmp_path: Path, form: str
) -> None:
    type_levels(matrix, world, {world.cells[0]: 5})

    saved = libreoffice(matrix, tmp_path / "saved", form)

    assert Book(saved).hidden == ("Lists",)
    merges_as_before(account, world, saved)


def libreoffice(path: Path, folder: Path, form: str) -> Path:
    """The workbook as LibreOffice saves it."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form,
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder / f"{path.stem}.{form}"


def test_the_base_survives_a_program_that_keeps_values_alone(
    account: Account, world: World, matrix: Path, tmp_path: Path
) -> None:
    """As Google Sheets exports: every sheet with its values and whether it is hidden, little else."""
    type_levels(matrix, world, {world.cells[0]: 5})
    source, target = openpyxl.load_workbook(matrix), openpyxl.Workbook()
    target.remove(target.worksheets[0])
    for sheet in source.worksheets:
        copy = target.create_sheet(sheet.title)
        copy.sheet_state = sheet.sheet_state
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    value = float(cell.value) if isinstance(cell.value, int) else cell.value
                    copy.cell(cell.row, cell.column).value = value
    target.save(tmp_path / "exported.xlsx")

    merges_as_before(account, world, tmp_path / "exported.xlsx")


@needs_libreoffice
def test_nothing_of_it_is_seen_in_libreoffice(world: World, matrix: Path, tmp_path: Path) -> None:
    saved = libreoffice(matrix, tmp_path / "saved", "xlsx")

    states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook(saved).worksheets}
    assert states == {SHEET: "visible", "Instructions": "visible", "Lists": "hidden", "Import base": "hidden"}
    assert len(world.cells) == 12
