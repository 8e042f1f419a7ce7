from collections.abc import Mapping
from io import BytesIO

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook as Scaffold

from importer.spreadsheet.read.engines import Workbook
from importer.spreadsheet.write.fast_xlsx import Rows, write
from importer.spreadsheet.write.safe_text import LONGEST, begin


def written(
    columns: list[list[str]], numbers: frozenset[int] = frozenset(), marks: Mapping[int, frozenset[int]] | None = None
) -> bytes:
    target = BytesIO()

    def lay_out(book: Scaffold) -> list[Rows]:
        sheet = book.add_worksheet("S")
        for position in range(len(columns)):
            sheet.write_string(0, position, f"h{position}")
            sheet.write_blank(1, position, None, book.add_format({"bg_color": "#00FF00"}))
            sheet.write_blank(2, position, None, book.add_format({"bg_color": "#FF0000"}))
        return [Rows(1, columns, numbers, marks or {})]

    write(target, lay_out)
    return target.getvalue()


# U+FFFE and U+FFFF are no characters: XML has no place for them, and readers leave their code as it stands.
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20)


@given(st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=20))
def test_any_text_is_read_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    columns = [["first", *(a for a, _ in rows), "last"], ["first", *(b for _, b in rows), "last"]]

    grid = Workbook("written.xlsx", written(columns)).grid("S")

    # A cell of nothing but white space is a blank to us.
    expected = [["" if text.isspace() else text for text in column] for column in columns]
    assert [column[1:] for column in grid.columns] == expected


@given(st.text("_xX0041FabcD<&>\r\n\t\x00\x1f", max_size=12))
def test_a_text_that_looks_like_a_code_is_not_decoded(text: str) -> None:
    grid = Workbook("written.xlsx", written([[text, "end"]])).grid("S")

    assert grid.columns[0][1] == ("" if text.isspace() else text)


def test_a_text_that_begins_like_a_formula_is_written_as_text() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']

    sheet = openpyxl.load_workbook(BytesIO(written([texts])))["S"]

    cells = [sheet.cell(row, 1) for row in range(2, 8)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_number_column_holds_numbers_where_the_text_is_one_and_texts_elsewhere() -> None:
    sheet = openpyxl.load_workbook(BytesIO(written([["3", "-3.5", "003", "1e5", "high", ""]], frozenset({0}))))["S"]

    assert [sheet.cell(row, 1).value for row in range(2, 8)] == [3, -3.5, "003", "1e5", "high", None]


def test_marked_cells_and_no_others_are_filled_with_the_marks_colour() -> None:
    data = written([["a", "b", "a"], ["c", "d", "e"]], marks={0: frozenset({2}), 1: frozenset({0, 1})})

    sheet = openpyxl.load_workbook(BytesIO(data))["S"]

    colours = [[cell.fill.fgColor.rgb[2:] for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert colours == [["00FF00", "FF0000"], ["00FF00", "FF0000"], ["FF0000", "00FF00"]]


def test_a_text_longer_than_a_cell_can_hold_is_cut_and_the_workbook_still_opens() -> None:
    sheet = openpyxl.load_workbook(BytesIO(written([["x" * (LONGEST + 5)]])))["S"]

    assert sheet["A2"].value == "x" * LONGEST


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.integers(1, 18))
def test_a_text_begins_with_as_many_whole_characters_as_excel_would_count_into_the_room(text: str, room: int) -> None:
    begun = begin(text, room)

    assert text.startswith(begun)
    assert len(begun.encode("utf-16-le")) <= 2 * room
    assert begun == text or len(text[: len(begun) + 1].encode("utf-16-le")) > 2 * room


def test_a_sheet_without_rows_keeps_its_header() -> None:
    sheet = openpyxl.load_workbook(BytesIO(written([[], []])))["S"]

    assert list(sheet.iter_rows(values_only=True)) == [("h0", "h1")]
