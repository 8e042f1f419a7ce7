"""The alias workbook as a file: what is written, what is read back, and that nothing of a person's is lost."""

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.endpoints.declare import Directory
from importer.errors import ImporterError, Unreadable
from importer.spreadsheet.write.alias_rows import add_rows, choose
from importer.spreadsheet.write.alias_workbook import SHEETS, Alias, NewAlias, read_alias_book
from importer.spreadsheet.write.atomic_write import put_over
from tests.books import sheet_rows

KEY = "https://api.example.com/api/v1 account 7"
MARIAS = ("Maria Silva, maria@example.com, id 1", "Maria Silva, maria2@example.com, id 2")


def add(path: Path, *rows: tuple[str, str, tuple[str, ...]]) -> Path:
    add_rows(path, [NewAlias(*row) for row in rows], "Dana Reyes, dana@example.com, at api.example.com", KEY)
    return path


def choose_cell(path: Path, sheet: str, cell: str, value: Any) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def drop_downs(path: Path, sheet: str) -> dict[str, list[Any]]:
    """What each cell of a sheet offers."""
    book = openpyxl.load_workbook(path)
    found = {}
    for each in book[sheet].data_validations.dataValidation:
        where, _, cells = str(each.formula1).partition("!")
        found[str(each.sqref)] = [cell.value for cell in book[where][cells.replace("$", "")][0]]
    return found


def aliases(path: Path) -> list[tuple[str, str, str]]:
    book = read_alias_book(path)
    assert book is not None
    return [(each.place, each.name, each.meaning) for each in book.aliases]


def test_each_kind_of_name_has_a_sheet_with_what_it_may_mean_to_choose_from(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS), ("Groups", "Bench", ()))

    book = openpyxl.load_workbook(path)
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == ["People", "Groups", "About"]
    assert sheet_rows(path, "People") == [("The sheet says", "Means"), ("Maria Silva", None)]
    assert drop_downs(path, "People") == {"B2": list(MARIAS)}
    assert drop_downs(path, "Groups") == {}
    assert book["People"].freeze_panes == "A2"


def test_a_drop_down_takes_an_id_that_is_typed_and_lists_longer_than_a_formula_may_be(tmp_path: Path) -> None:
    many = tuple(f"Remote, a place with a long name, number {number}, id {number}" for number in range(40))
    path = add(tmp_path / "aliases.xlsx", ("Geographies", "Remote", many))

    (validation,) = openpyxl.load_workbook(path)["Geographies"].data_validations.dataValidation
    assert not validation.showErrorMessage
    assert len(str(validation.formula1)) < 255
    assert drop_downs(path, "Geographies") == {"B2": list(many)}


def test_what_was_written_and_chosen_is_read_back_with_the_account_it_belongs_to(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS), ("Skills", "Pyton", ("Python, id 9",)))
    choose_cell(path, "People", "B2", MARIAS[1])

    book = read_alias_book(path)

    assert book is not None
    assert book.account == KEY
    assert book.aliases == (
        Alias("People", "People!B2", "Maria Silva", MARIAS[1]),
        Alias("Skills", "Skills!B2", "Pyton", ""),
    )


def test_an_id_typed_as_a_number_is_read_as_its_digits(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Bob", ()))
    choose_cell(path, "People", "B2", 11483059)

    assert aliases(path) == [("People!B2", "Bob", "11483059")]


def test_choices_columns_and_sheets_of_a_person_stay_when_names_are_added(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    book = openpyxl.load_workbook(path)
    people = book["People"]
    people["B2"], people["C1"], people["C2"] = MARIAS[0], "Who asked", "Priya"
    people["B2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    people.column_dimensions["C"].width = 51
    book.create_sheet("Mine").append(["kept", 1])
    book.save(path)

    add(path, ("People", "Bob", ("Bob Ng, id 5",)), ("Skills", "Pyton", ()))

    assert sheet_rows(path, "People") == [
        ("The sheet says", "Means", "Who asked"),
        ("Maria Silva", MARIAS[0], "Priya"),
        ("Bob", None, None),
    ]
    assert drop_downs(path, "People") == {"B2": list(MARIAS), "B3": ["Bob Ng, id 5"]}
    assert sheet_rows(path, "Mine") == [("kept", 1)]
    book = openpyxl.load_workbook(path)
    assert book["People"]["B2"].fill.fgColor.rgb == "FF00FF00"
    assert book["People"].column_dimensions["C"].width == 51
    assert "Skills" in book.sheetnames


def test_the_columns_are_found_wherever_a_person_has_moved_them(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    book = openpyxl.load_workbook(path)
    book["People"].insert_rows(1, 2)
    book["People"].insert_cols(1)
    book["People"]["A1"] = "Ask Priya"
    book["People"]["C4"] = MARIAS[0]
    book.save(path)

    add(path, ("People", "Bob", ("Bob Ng, id 5",)))

    assert aliases(path) == [("People!C4", "Maria Silva", MARIAS[0]), ("People!C5", "Bob", "")]
    assert drop_downs(path, "People") == {"C4": list(MARIAS), "C5": ["Bob Ng, id 5"]}


def test_drop_downs_follow_rows_that_were_sorted_and_come_back_where_a_program_dropped_them(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Zoe", ("Zoe Ng, id 5",)), ("People", "Ann", ("Ann Ng, id 6",)))
    book = openpyxl.load_workbook(path)
    people: Any = book["People"]
    people["A2"], people["A3"] = "Ann", "Zoe"
    people.data_validations.dataValidation = []
    book.save(path)

    add(path, ("People", "Bob", ()))

    assert drop_downs(path, "People") == {"B2": ["Ann Ng, id 6"], "B3": ["Zoe Ng, id 5"]}


def test_what_is_chosen_for_a_name_is_written_where_nothing_stands_yet(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS), ("People", "Bob", ()))
    choose_cell(path, "People", "B3", "id 5")

    choose(path, {("People", "maria silva"): MARIAS[1], ("People", "bob"): "id 6", ("Groups", "bench"): "id 7"})

    assert aliases(path) == [("People!B2", "Maria Silva", MARIAS[1]), ("People!B3", "Bob", "id 5")]
    assert drop_downs(path, "People") == {"B2": list(MARIAS)}


def test_drop_downs_as_excel_writes_them_again_are_no_loss(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    newer = b"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    by_excel = b'<extLst><ext uri="{CCE6A557}"><x14:dataValidations xmlns:x14="%b"/></ext></extLst></worksheet>' % newer
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    sheet = re.sub(rb"<dataValidations.*</dataValidations>", b"", sheet).replace(b"</worksheet>", by_excel)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            package.writestr(name, content)

    add(path, ("People", "Bob", ()))

    assert drop_downs(path, "People") == {"B2": list(MARIAS)}


@pytest.mark.parametrize("text", ["=1+1", "+49 170", "@home", "a\x07b", "line\nbreak", "\U0001f600", "  x"])
def test_a_name_is_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", text, (text, "other")))
    add(path, ("People", "Bob", ()))

    assert aliases(path)[0][1] == text.strip()
    assert {cell.data_type for row in openpyxl.load_workbook(path)["Lists"] for cell in row} <= {"s", "n"}


def test_a_sheet_named_by_a_person_in_another_letter_case_is_still_read(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Bob", ()))
    book = openpyxl.load_workbook(path)
    book["People"].title = "Persons"
    book["Persons"].title = "PEOPLE"
    book.save(path)
    add(path, ("People", "Ann", ()))

    assert aliases(path) == [("PEOPLE!B2", "Bob", ""), ("PEOPLE!B3", "Ann", "")]


def test_a_choice_that_is_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Bob", ()))
    choose_cell(path, "People", "B2", "=C2")

    assert aliases(path) == [("People!B2", "Bob", "a cell with no value")]


def with_part(path: Path, name: str, content: str) -> None:
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/media/image1.png", "pictures"),
        ("xl/charts/chart1.xml", "charts"),
        ("xl/vbaProject.bin", "macros"),
        ("xl/pivotTables/pivotTable1.xml", "pivot tables"),
        ("xl/threadedComments/threadedComment1.xml", "threaded comments"),
        ("xl/worksheets/sheet9.xml", "sparklines or the like"),
    ],
)
def test_a_workbook_that_would_lose_something_is_left_as_it_is(tmp_path: Path, part: str, what: str) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    with_part(path, part, '<extLst><ext uri="{05C60535}"><x14:sparklineGroups/></ext></extLst>')
    before = path.read_bytes()

    with pytest.raises(ImporterError, match=what):
        add(path, ("People", "Bob", ()))

    assert path.read_bytes() == before


def test_a_text_that_looks_like_the_code_of_a_letter_keeps_its_workbook_as_it_is(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "_x0041_", ()))
    assert aliases(path) == [("People!B2", "_x0041_", "")]

    with pytest.raises(ImporterError, match="texts that look like _x0041_"):
        add(path, ("People", "Bob", ()))


def test_a_workbook_with_formulas_is_left_as_it_is(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    choose_cell(path, "People", "C2", "=LEN(A2)")
    before = path.read_bytes()

    with pytest.raises(ImporterError, match="formulas"):
        add(path, ("People", "Bob", ()))

    assert path.read_bytes() == before


@pytest.mark.parametrize("lock", ["~$aliases.xlsx", ".~lock.aliases.xlsx#"])
def test_a_workbook_that_is_open_in_another_program_is_left_as_it_is(tmp_path: Path, lock: str) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    (tmp_path / lock).touch()
    before = path.read_bytes()

    with pytest.raises(ImporterError, match=r"aliases.xlsx is open in another program. Save and close it there"):
        add(path, ("People", "Bob", ()))

    assert path.read_bytes() == before


def test_a_workbook_is_never_half_written(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("People", "Maria Silva", MARIAS))
    before = path.read_bytes()

    def half(file: Any) -> None:
        file.write(before[:100])
        raise OSError(28, "No space left on device")

    with pytest.raises(ImporterError, match="No space left on device"):
        put_over(path, half)

    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["aliases.xlsx"]


def test_no_file_is_no_workbook_and_a_damaged_one_is_said_to_be(tmp_path: Path) -> None:
    assert read_alias_book(tmp_path / "aliases.xlsx") is None
    (tmp_path / "aliases.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(Unreadable, match=r"aliases\.xlsx"):
        read_alias_book(tmp_path / "aliases.xlsx")


def test_every_directory_that_names_are_looked_up_in_has_a_sheet() -> None:
    assert set(SHEETS) == set(Directory) - {Directory.MEMBERS}
