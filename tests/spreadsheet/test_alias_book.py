"""The alias workbook as a file: what is written, what is read back, and that nothing of a person's is lost."""

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.endpoints.declare import Directory
from importer.errors import ImporterError, Unreadable
from importer.spreadsheet.write.alias_rows import add_rows, choose, write_answers
from importer.spreadsheet.write.alias_workbook import COLUMNS, KINDS, LEVELS, Alias, Answer, NewAlias, read_alias_book
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
        where, sign, cells = str(each.formula1).partition("!")
        if not sign:
            continue  # the kinds of names
        found[str(each.sqref)] = [cell.value for cell in book[where][cells.replace("$", "")][0]]
    return found


def aliases(path: Path) -> list[tuple[str, str, str]]:
    book = read_alias_book(path)
    assert book is not None
    return [(each.place, each.name, each.meaning) for each in book.aliases]


def test_names_of_every_kind_stand_on_one_sheet_with_what_each_may_mean_to_choose_from(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS), ("group", "Bench", ()))

    book = openpyxl.load_workbook(path)
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert visible == ["Names", "Levels", "Columns", "About"]
    assert sheet_rows(path, "Names") == [
        ("The sheet says", "Means", "Kind"),
        ("Maria Silva", None, "person"),
        ("Bench", None, "group"),
    ]
    assert sheet_rows(path, "Levels") == sheet_rows(path, "Columns") == [("The sheet says", "Means", "Headings")]
    assert drop_downs(path, "Names") == {"B2": list(MARIAS)}
    assert book["Names"].freeze_panes == "A2"


def test_a_drop_down_takes_an_id_that_is_typed_and_lists_longer_than_a_formula_may_be(tmp_path: Path) -> None:
    many = tuple(f"Remote, a place with a long name, number {number}, id {number}" for number in range(40))
    path = add(tmp_path / "aliases.xlsx", ("geography", "Remote", many))

    validation = openpyxl.load_workbook(path)["Names"].data_validations.dataValidation[-1]
    assert not validation.showErrorMessage
    assert len(str(validation.formula1)) < 255
    assert drop_downs(path, "Names") == {"B2": list(many)}


def test_what_was_written_and_chosen_is_read_back_with_the_account_it_belongs_to(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS), ("skill", "Pyton", ("Python, id 9",)))
    choose_cell(path, "Names", "B2", MARIAS[1])

    book = read_alias_book(path)

    assert book is not None
    assert book.account == KEY
    assert book.aliases == (
        Alias("person", "Names!B2", "Maria Silva", MARIAS[1]),
        Alias("skill", "Names!B3", "Pyton", ""),
    )


def test_an_id_typed_as_a_number_is_read_as_its_digits(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Bob", ()))
    choose_cell(path, "Names", "B2", 11483059)

    assert aliases(path) == [("Names!B2", "Bob", "11483059")]


def test_choices_columns_and_sheets_of_a_person_stay_when_names_are_added(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    book = openpyxl.load_workbook(path)
    people = book["Names"]
    people["B2"], people["D1"], people["D2"] = MARIAS[0], "Who asked", "Priya"
    people["B2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    people.column_dimensions["D"].width = 51
    book.create_sheet("Mine").append(["kept", 1])
    book.save(path)

    add(path, ("person", "Bob", ("Bob Ng, id 5",)), ("skill", "Pyton", ()))

    assert sheet_rows(path, "Names") == [
        ("The sheet says", "Means", "Kind", "Who asked"),
        ("Maria Silva", MARIAS[0], "person", "Priya"),
        ("Bob", None, "person", None),
        ("Pyton", None, "skill", None),
    ]
    assert drop_downs(path, "Names") == {"B2": list(MARIAS), "B3": ["Bob Ng, id 5"]}
    assert sheet_rows(path, "Mine") == [("kept", 1)]
    book = openpyxl.load_workbook(path)
    assert book["Names"]["B2"].fill.fgColor.rgb == "FF00FF00"
    assert book["Names"].column_dimensions["D"].width == 51


def test_the_columns_are_found_wherever_a_person_has_moved_them(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    book = openpyxl.load_workbook(path)
    book["Names"].insert_rows(1, 2)
    book["Names"].insert_cols(1)
    book["Names"]["A1"] = "Ask Priya"
    book["Names"]["C4"] = MARIAS[0]
    book.save(path)

    add(path, ("person", "Bob", ("Bob Ng, id 5",)))

    assert aliases(path) == [("Names!C4", "Maria Silva", MARIAS[0]), ("Names!C5", "Bob", "")]
    assert drop_downs(path, "Names") == {"C4": list(MARIAS), "C5": ["Bob Ng, id 5"]}


def test_drop_downs_follow_rows_that_were_sorted_and_come_back_where_a_program_dropped_them(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Zoe", ("Zoe Ng, id 5",)), ("person", "Ann", ("Ann Ng, id 6",)))
    book = openpyxl.load_workbook(path)
    people: Any = book["Names"]
    people["A2"], people["A3"] = "Ann", "Zoe"
    people.data_validations.dataValidation = []
    book.save(path)

    add(path, ("person", "Bob", ()))

    assert drop_downs(path, "Names") == {"B2": ["Ann Ng, id 6"], "B3": ["Zoe Ng, id 5"]}


def test_what_is_chosen_for_a_name_is_written_where_nothing_stands_yet(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS), ("person", "Bob", ()))
    choose_cell(path, "Names", "B3", "id 5")

    choose(path, {("person", "maria silva"): MARIAS[1], ("person", "bob"): "id 6", ("group", "bench"): "id 7"})

    assert aliases(path) == [("Names!B2", "Maria Silva", MARIAS[1]), ("Names!B3", "Bob", "id 5")]
    assert drop_downs(path, "Names") == {"B2": list(MARIAS)}


def test_drop_downs_as_excel_writes_them_again_are_no_loss(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    newer = b"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    by_excel = b'<extLst><ext uri="{CCE6A557}"><x14:dataValidations xmlns:x14="%b"/></ext></extLst></worksheet>' % newer
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    sheet = re.sub(rb"<dataValidations.*</dataValidations>", b"", sheet).replace(b"</worksheet>", by_excel)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            package.writestr(name, content)

    add(path, ("person", "Bob", ()))

    assert drop_downs(path, "Names") == {"B2": list(MARIAS)}


@pytest.mark.parametrize("text", ["=1+1", "+49 170", "@home", "a\x07b", "line\nbreak", "\U0001f600", "  x"])
def test_a_name_is_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", text, (text, "other")))
    add(path, ("person", "Bob", ()))

    assert aliases(path)[0][1] == text.strip()
    assert {cell.data_type for row in openpyxl.load_workbook(path)["Lists"] for cell in row} <= {"s", "n"}


def test_a_sheet_named_by_a_person_in_another_letter_case_is_still_read(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Bob", ()))
    book = openpyxl.load_workbook(path)
    book["Names"].title = "Persons"
    book["Persons"].title = "NAMES"
    book.save(path)
    add(path, ("person", "Ann", ()))

    assert aliases(path) == [("NAMES!B2", "Bob", ""), ("NAMES!B3", "Ann", "")]


def test_a_choice_that_is_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Bob", ()))
    choose_cell(path, "Names", "B2", "=C2")

    assert aliases(path) == [("Names!B2", "Bob", "a cell with no value")]


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
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    with_part(path, part, '<extLst><ext uri="{05C60535}"><x14:sparklineGroups/></ext></extLst>')
    before = path.read_bytes()

    with pytest.raises(ImporterError, match=what):
        add(path, ("person", "Bob", ()))

    assert path.read_bytes() == before


def test_a_text_that_looks_like_the_code_of_a_letter_keeps_its_workbook_as_it_is(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "_x0041_", ()))
    assert aliases(path) == [("Names!B2", "_x0041_", "")]

    with pytest.raises(ImporterError, match="texts that look like _x0041_"):
        add(path, ("person", "Bob", ()))


def test_a_workbook_with_formulas_is_left_as_it_is(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    choose_cell(path, "Names", "C2", "=LEN(A2)")
    before = path.read_bytes()

    with pytest.raises(ImporterError, match="formulas"):
        add(path, ("person", "Bob", ()))

    assert path.read_bytes() == before


@pytest.mark.parametrize("lock", ["~$aliases.xlsx", ".~lock.aliases.xlsx#"])
def test_a_workbook_that_is_open_in_another_program_is_left_as_it_is(tmp_path: Path, lock: str) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    (tmp_path / lock).touch()
    before = path.read_bytes()

    with pytest.raises(ImporterError, match=r"aliases.xlsx is open in another program. Save and close it there"):
        add(path, ("person", "Bob", ()))

    assert path.read_bytes() == before


def test_a_workbook_is_never_half_written(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
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


def test_every_directory_that_names_are_looked_up_in_has_a_kind() -> None:
    assert set(KINDS) == set(Directory) - {Directory.MEMBERS}


def first_form(path: Path) -> Path:
    """A workbook as the first version wrote it: a sheet for each kind of name."""
    book = openpyxl.Workbook()
    people: Any = book.worksheets[0]
    people.title = "People"
    for row in (("The sheet says", "Means", "Who asked"), ("Maria Silva", MARIAS[1], "Priya"), ("Bob", None, None)):
        people.append(row)
    people["A2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "Skills": [("The sheet says", "Means"), ("Bob", "id 9")],
        "About": [("Account key", KEY)],
        "Lists": [("People", "Bob", "Bob Ng, id 5")],
        "Mine": [("kept", 1)],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for each in rows:
            sheet.append(each)
    book.save(path)
    return path


def test_a_workbook_of_the_first_form_is_read_and_kept_when_something_is_added(tmp_path: Path) -> None:
    path = first_form(tmp_path / "aliases.xlsx")

    add(path, ("skill", "Pyton", ()))
    choose(path, {("person", "bob"): "id 5", ("skill", "pyton"): "id 8"})

    book = read_alias_book(path)
    assert book is not None
    assert (book.account, [(each.kind, each.name, each.meaning) for each in book.aliases]) == (
        KEY,
        [
            ("skill", "Pyton", "id 8"),
            ("person", "Maria Silva", MARIAS[1]),
            ("person", "Bob", "id 5"),
            ("skill", "Bob", "id 9"),
        ],
    )
    assert sheet_rows(path, "People")[1] == ("Maria Silva", MARIAS[1], "Priya")
    assert openpyxl.load_workbook(path)["People"]["A2"].fill.fgColor.rgb == "FF00FF00"
    assert drop_downs(path, "People") == {"B3": ["Bob Ng, id 5"]}
    assert sheet_rows(path, "Mine") == [("kept", 1)]


def answer(path: Path, *answers: Answer) -> None:
    write_answers(path, answers, "Dana Reyes, dana@example.com, at api.example.com", KEY)


def test_answers_are_written_beside_what_a_person_wrote_and_read_back(tmp_path: Path) -> None:
    path = add(tmp_path / "aliases.xlsx", ("person", "Maria Silva", MARIAS))
    choose_cell(path, "Levels", "D1", "Who said so")
    given = (Answer(LEVELS, "can", "4"), Answer(COLUMNS, "Points", "level", "Who | Skill | Points"))

    answer(path, *given)

    book = read_alias_book(path)
    assert book is not None
    assert book.answers == given
    assert sheet_rows(path, "Levels")[0][3] == "Who said so"
    assert sheet_rows(path, "Names")[1] == ("Maria Silva", None, "person")


def test_a_new_answer_takes_the_place_of_the_earlier_one_to_the_same_question(tmp_path: Path) -> None:
    path = tmp_path / "aliases.xlsx"
    answer(path, Answer(LEVELS, "can", "4"), Answer(LEVELS, "1", "5", "Who | Java"), Answer(COLUMNS, "A", "level", "A"))
    choose_cell(path, "Levels", "D2", "my note")

    answer(path, Answer(LEVELS, "Can", "3"), Answer(LEVELS, "1", "2", "Who | Rust"), Answer(COLUMNS, "B", "level", "A"))

    assert sheet_rows(path, "Levels")[1:] == [
        ("Can", "3", None, "my note"),
        ("1", "5", "Who | Java", None),
        ("1", "2", "Who | Rust", None),
    ]
    assert sheet_rows(path, "Columns")[1:] == [("B", "level", "A")]


def test_a_sheet_of_a_persons_own_that_has_the_name_of_ours_is_left_as_it_is(tmp_path: Path) -> None:
    path = first_form(tmp_path / "aliases.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Levels").append(["mine"])
    book.save(path)
    before = path.read_bytes()

    with pytest.raises(ImporterError, match='The sheet "Levels" of the workbook lacks one of the columns'):
        answer(path, Answer(LEVELS, "can", "4"))

    assert path.read_bytes() == before
