import datetime as dt
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart

from importer import endpoints
from importer.endpoints.header import Header
from importer.errors import Unreadable
from importer.layouts.extract import extract_list
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.read.engines import Workbook, _openpyxl_sheets
from importer.table import Oddity, Sheet
from tests.books import raw_workbook, text_cell, workbook


def header(row: int) -> Header:
    return Header(row, endpoints.load("skill-memberships"), {}, ())


def grid_of(rows: str, *, before: str = "", after: str = "", prefix: str = "") -> Sheet:
    data = raw_workbook(rows, before=before, after=after, prefix=prefix)
    return Workbook("book.xlsx", data).grid("S")


def test_an_id_beside_a_blank_stays_whole(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["user_id", "level"], [12345678, None], [None, 3]])

    assert Book(path).grid("S").columns == (["user_id", "12345678", ""], ["level", "", "3"])


@pytest.mark.parametrize("digits", ["9007199254740993", "123456789012345678", "-9007199254740993"])
def test_a_number_too_long_for_a_float_keeps_every_digit(digits: str) -> None:
    grid = grid_of(f'<row r="1"><c r="A1"><v>{digits}</v></c></row>')

    assert grid.columns[0] == [digits]
    assert grid.oddities == {}


@pytest.mark.parametrize("stored", ["1.16E+20", "1234567890123450000", "1.2345678901234567e+18"])
def test_a_number_that_excel_shortened_is_known_as_such(stored: str) -> None:
    grid = grid_of(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>')

    assert grid.columns[0] == [stored]
    assert grid.oddities == {(1, 0): Oddity.SHORTENED}


def test_an_error_cell_keeps_excels_word() -> None:
    grid = grid_of('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')

    assert grid.columns == (["1"], ["#N/A"])
    assert grid.oddities == {(1, 1): Oddity.ERROR}


def test_a_formula_without_a_value_is_told_from_one_whose_value_is_the_empty_text() -> None:
    grid = grid_of(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c>'
        '<c r="C1" t="str"><f>IF(A1=1,"","x")</f><v></v></c><c r="D1"><f>A1+2</f><v>3</v></c></row>'
    )

    assert grid.oddities == {(1, 1): Oddity.NO_VALUE}
    assert grid.columns[3] == ["3"]


def test_a_level_that_excel_made_a_date_is_known_as_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["level"], [dt.date(1900, 1, 5)], [dt.date(2026, 3, 5)]])

    grid = Book(path).grid("S")

    assert grid.columns[0] == ["level", "1900-01-05", "2026-03-05"]
    assert grid.oddities == {(2, 0): Oddity.DATE, (3, 0): Oddity.DATE}


def test_values_are_text_as_a_person_sees_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[True, 3.0, 4.7, "  nb\u00a0sp ", "_x0041_", "\u200b", " "]])

    columns = Book(path).grid("S").columns

    assert [column[0] for column in columns] == ["TRUE", "3", "4.7", "  nb\u00a0sp ", "A", "\u200b", ""]


def test_blank_rows_above_do_not_shift_row_numbers(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[], [], ["user_id"], [], [12]])
    book = Book(path)

    table = extract_list(book.grid("S"), header(3), book.source("S"))

    assert [column.header for column in table.columns] == ["user_id"]
    assert table.frame.index.to_list() == [5]


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 12):
        sheet.append([row, "x"])
    for row in (3, 4, 5, 9):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:B11"
    book.save(tmp_path / "a.xlsx")

    grid = Book(tmp_path / "a.xlsx").grid("Sheet")

    assert grid.columns[0][2] == "3"
    assert grid.notes == (
        "Filtered or hidden rows (3 to 5, 9) were read like the others.",
        "Hidden columns (B) were read like the others.",
    )


def test_oddities_are_found_under_a_namespace_prefix() -> None:
    grid = grid_of(
        '<x:row r="1" hidden="1"><x:c r="A1" t="e"><x:v>#REF!</x:v></x:c><x:c r="B1"><x:f>1+1</x:f></x:c>'
        '<x:c r="C1"><x:v>9007199254740993</x:v></x:c></x:row>',
        prefix="x",
    )

    assert grid.oddities == {(1, 0): Oddity.ERROR, (1, 1): Oddity.NO_VALUE}
    assert grid.columns[2] == ["9007199254740993"]
    assert grid.notes == ("Hidden rows (1) were read like the others.",)


def test_a_dimension_that_claims_too_much_or_too_little_changes_nothing() -> None:
    rows = "".join(f'<row r="{row}">{text_cell(f"A{row}", "x")}</row>' for row in range(1, 9))

    for claim in ("A1", "A1:XFD1048576"):
        assert grid_of(rows, before=f'<dimension ref="{claim}"/>').columns == (["x"] * 8,)


def test_a_styled_but_empty_tail_costs_nothing() -> None:
    rows = f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'

    assert grid_of(rows).columns == (["x"],)


def test_a_stray_cell_in_the_far_corner_is_a_sentence_and_not_the_end_of_memory() -> None:
    rows = f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576">{text_cell("XFD1048576", "y")}</row>'

    with pytest.raises(Unreadable, match="reaches as far as XFD1048576"):
        grid_of(rows)


def test_a_wide_sheet_is_not_a_far_corner() -> None:
    cells = "".join(text_cell(f"{name}1", "x") for name in ("A", "ZZ", "ABC"))

    assert len(grid_of(f'<row r="1">{cells}</row>').columns) == 731


def test_a_column_is_known_to_hold_numbers_only_below_its_header(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [["title"], ["id", "mixed", "word"], [1, 2, "a"], [None, "b", "c"], [3, 4, "d"]]
    )
    book = Book(path)

    assert extract_list(book.grid("S"), header(2), book.source("S")).number_columns == {"id"}


def test_a_sheet_that_calamine_cannot_read_is_read_by_the_second_engine(tmp_path: Path) -> None:
    # calamine refuses a cell whose type it does not know; openpyxl leaves it aside.
    rows = f'<row r="1">{text_cell("A1", "user_id")}</row><row r="2"><c r="A2" t="s"><v>99</v></c></row>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw_workbook(rows))

    with pytest.raises(Unreadable, match=r"a\.xlsx is damaged"):
        Book(path).grid("S")


@pytest.mark.parametrize("name", ["list.xls", "list.ods"])
def test_older_and_open_formats_are_read(name: str) -> None:
    book = Book(Path(__file__).parent.parent / "files" / name)

    assert book.grid(book.sheets[0]).columns == (
        ["user_id", "12345678", "12345679"],
        ["skill_id", "456", "457"],
        ["level", "3", ""],
    )


_CELL_FORMS = {
    "single quotes": "<row r='1'><c r='A1'><v>1</v></c><c r='B1' t='e'><v>#N/A</v></c><c r='C1'><f>1+1</f></c></row>",
    "no addresses": '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c><c><f>1+1</f></c></row>',
    "spaces": '<row r = "1"><c r = "A1"><v>1</v></c><c r="B1" t = "e"><v>#N/A</v></c><c r="C1"><f>1+1</f></c></row>',
    "other order": '<row r="1"><c r="A1"><v>1</v></c><c t="e" r="B1"><v>#N/A</v></c><c r="C1"><f>1+1</f></c></row>',
    "comments": '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><!-- x --><v>#N/A</v></c>'
    '<c r="C1"><f>1+1</f><!-- no value --></c></row>',
}


@pytest.mark.parametrize("form", _CELL_FORMS)
def test_errors_and_uncalculated_formulas_are_found_however_the_xml_is_written(form: str) -> None:
    grid = grid_of(_CELL_FORMS[form])

    assert grid.columns[:2] == (["1"], ["#N/A"])
    assert grid.oddities == {(1, 1): Oddity.ERROR, (1, 2): Oddity.NO_VALUE}


@pytest.mark.parametrize("prefix", ["x", "x-y", "x.y"])
def test_errors_are_found_under_any_prefix(prefix: str) -> None:
    cells = (
        f'<{prefix}:row r="1"><{prefix}:c r="A1" t="e"><{prefix}:v>#REF!</{prefix}:v></{prefix}:c>'
        f'<{prefix}:c r="B1"><{prefix}:f>1+1</{prefix}:f></{prefix}:c></{prefix}:row>'
    )

    grid = grid_of(cells, prefix=prefix)

    assert grid.oddities == {(1, 0): Oddity.ERROR, (1, 1): Oddity.NO_VALUE}


def formatted(path: Path, cells: dict[str, tuple[str | float, str]], struck: tuple[str, ...] = ()) -> Sheet:
    """A workbook with these values and number formats, as it is read."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "S"
    for address, (value, code) in cells.items():
        sheet[address] = value
        sheet[address].number_format = code
    for address in struck:
        sheet[address].font = openpyxl.styles.Font(strike=True)
    book.save(path)
    return Book(path).grid("S")


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (123, "000000", "000123"),
        (12345, "000-0000", "001-2345"),
        (7, '"EMP"0000', "EMP0007"),
        (1234567, "00000", "1234567"),
        (0.2, "0%", "20%"),
        (0.255, "0%", "25.5%"),
        (3, "0.00", "3"),
        (4.7, "0", "4.7"),
        (11486845, "#,##0", "11486845"),
        (3, "0;-0;;@", "3"),
        ("00x", "000000", "00x"),
    ],
)
def test_a_number_is_what_its_format_shows_where_that_changes_the_meaning(
    tmp_path: Path, value: str | float, code: str, shown: str
) -> None:
    grid = formatted(tmp_path / "a.xlsx", {"A1": (value, code)})

    assert grid.columns == ([shown],)
    assert grid.oddities == {}


@pytest.mark.parametrize(("value", "code"), [(4, ";;;"), (0, "0;-0;;@"), ("COBOL", ";;;")])
def test_a_value_that_its_format_hides_is_known_as_such(tmp_path: Path, value: str | float, code: str) -> None:
    assert formatted(tmp_path / "a.xlsx", {"A1": (value, code)}).oddities == {(1, 0): Oddity.HIDDEN}


def test_struck_out_cells_are_read_and_said(tmp_path: Path) -> None:
    cells: dict[str, tuple[str | float, str]] = {"A1": ("Dana", "General"), "B1": (3, "General"), "C1": (4, "General")}

    grid = formatted(tmp_path / "a.xlsx", cells, struck=("A1", "C1", "D1"))

    assert grid.columns[:3] == (["Dana"], ["3"], ["4"])
    assert grid.notes == ("Struck-out cells (A1, C1) were read like the others.",)


@pytest.mark.parametrize(
    ("stored", "shown"), [("3.0000000000000004", "3"), ("2.9999999999999996", "3"), ("0.30000000000000004", "0.3")]
)
def test_a_number_has_the_15_digits_that_excel_shows(stored: str, shown: str) -> None:
    assert grid_of(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>').columns == ([shown],)


def test_a_hidden_sheet_is_hidden_to_the_second_engine_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Now"
    book.create_sheet("Old").sheet_state = "hidden"
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.save(tmp_path / "a.xlsx")
    data = (tmp_path / "a.xlsx").read_bytes()

    assert _openpyxl_sheets(openpyxl.load_workbook(BytesIO(data), read_only=True)) == (
        ("Now", "Old"),
        frozenset({"Old"}),
    )
    assert Workbook("a.xlsx", data).sheets == ("Now", "Old")
    assert Workbook("a.xlsx", data).hidden == {"Old"}
