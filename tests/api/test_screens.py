"""What a program with its own screen uses: the roles of columns, edits of cells, changes in words."""

from pathlib import Path

import pytest
import xlsxwriter

import importer
from importer import Account, Book, ChangeDescription, NameMatches, ReadingChoices, SheetColumns, Usage
from importer.sandbox import Running
from tests.loads import write_list

HEADERS = ["E-mail", "Ability", "Level"]


def columns_of(book: Book, choices: ReadingChoices | None = None) -> SheetColumns:
    """The columns of the file as it is read."""
    choices = choices or ReadingChoices()
    columns = importer.read_columns(book, choices.read(book), choices)
    assert columns is not None
    return columns


def test_the_columns_of_a_list_have_roles_and_choices_give_them_others(tmp_path: Path) -> None:
    book = Book(write_list(tmp_path / "team.csv", [*HEADERS, "skill"], [["dana@example.com", "Java", 3, "Python"]]))

    columns = columns_of(book)

    assert not columns.is_matrix
    assert columns.roles == {0: "email", 1: "", 2: "level", 3: "skill"}
    assert columns.header_candidates()[0] == (1, "E-mail · Ability · Level · skill")
    choices = columns.choices_for({1: "skill", 3: ""}, ReadingChoices())
    assert columns_of(book, choices).roles == {0: "email", 1: "skill", 2: "level", 3: ""}
    assert columns.choices_for(columns.roles, ReadingChoices()) == ReadingChoices()
    with pytest.raises(Usage, match='"Ability" and "skill" cannot both be the skill'):
        columns.choices_for({1: "skill"}, ReadingChoices())


def test_the_columns_of_a_matrix_have_roles_and_choices_give_them_others(tmp_path: Path) -> None:
    rows = [["dana@example.com", "kim@example.com", 3, 4], ["lee@example.com", "kim@example.com", 2, 5]]
    book = Book(write_list(tmp_path / "team.csv", ["E-mail", "Manager", "Java", "Python"], rows))

    columns = columns_of(book)
    choices = columns.choices_for({0: "", 1: "who", 3: ""}, ReadingChoices())

    assert columns.is_matrix
    assert columns.roles == {0: "who", 1: "", 2: "a skill", 3: "a skill"}
    assert choices == ReadingChoices("skill-matrix", people_column="Manager", skill_columns=("Java",))
    assert columns_of(book, choices).roles == {0: "", 1: "who", 2: "a skill", 3: ""}
    assert columns.choices_for(columns.roles, ReadingChoices()) == ReadingChoices()
    with pytest.raises(Usage):
        columns.choices_for({1: "who"}, ReadingChoices())
    as_list = columns.choices_for({0: "email", 1: "skill", 2: "level", 3: ""}, ReadingChoices())
    assert columns_of(book, as_list).roles == {0: "email", 1: "skill", 2: "level", 3: ""}


def test_several_sheets_with_the_same_headings_are_told_together(tmp_path: Path) -> None:
    path, others = tmp_path / "teams.xlsx", tmp_path / "others.xlsx"
    for book_path, second in ((path, "Java"), (others, "Go")):
        with xlsxwriter.Workbook(book_path) as workbook:
            for name, skill in (("North", "Java"), ("South", second)):
                sheet = workbook.add_worksheet(name)
                sheet.write_row(0, 0, ["E-mail", "Manager", "Python", skill])
                sheet.write_row(1, 0, [f"{name}@example.com", "kim@example.com", 3, 4])
    book = Book(path)

    columns = columns_of(book)
    choices = columns.choices_for({3: ""}, ReadingChoices())
    table = choices.read(book)

    assert columns.roles == {0: "who", 1: "", 2: "a skill", 3: "a skill"}
    assert [part.sheet for part in table.parts] == ["North", "South"]
    assert set(table.frame["skill"]) == {"Python"}
    assert importer.read_columns(Book(others), ReadingChoices().read(Book(others)), ReadingChoices()) is None


def test_a_last_name_beside_a_first_name_is_no_column_that_is_not_used(tmp_path: Path) -> None:
    headers, rows = ["No.", "First name", "Last name", "Python"], [[1, "Dana", "Reyes", 3], [2, "Kwame", "Mensah", 4]]
    matrix = Book(write_list(tmp_path / "matrix.csv", headers, rows))
    listed = [*headers[:3], "Skill", "Level"]
    list_ = Book(write_list(tmp_path / "list.csv", listed, [[1, "Dana", "Reyes", "Python", 3]]))

    assert columns_of(matrix).roles == {0: "", 1: "who", 2: "who", 3: "a skill"}
    assert columns_of(list_).roles == {0: "", 1: "user", 2: "last_name", 3: "skill", 4: "level"}


def test_a_file_is_written_with_other_texts_in_some_cells(tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [["dana@example.com", "Java", "high"]])
    folder = tmp_path / "edited"
    folder.mkdir()

    edited = importer.write_edited(path, folder, {(None, 2, 2): "4", (None, 1, 1): "skill"})

    assert edited == folder / "team.csv"
    assert edited.read_text(encoding="utf-8-sig").splitlines() == ["E-mail,skill,Level", "dana@example.com,Java,4"]
    assert path.read_text(encoding="utf-8-sig").splitlines()[0] == "E-mail,Ability,Level"


@pytest.mark.parametrize(
    ("position", "text"), [((None, 3, 0), "x"), ((None, 1, 3), "x"), ((None, 0, 0), "x"), ((None, 1, 0), "x" * 32_768)]
)
def test_a_cell_that_does_not_exist_or_a_text_too_long_for_it_is_refused(
    tmp_path: Path, position: importer.CellPosition, text: str
) -> None:
    book = Book(write_list(tmp_path / "team.csv", HEADERS, [["dana@example.com", "Java", 3]]))

    importer.check_edit(book, (None, 2, 0), "x" * 32_767)
    with pytest.raises(Usage):
        importer.check_edit(book, position, text)


def test_names_are_counted_and_changes_described(account: Account, kantata: Running, tmp_path: Path) -> None:
    (skill,) = kantata.query("SELECT id, name FROM skills WHERE name = 'Python'")
    person, level = kantata.query(
        "SELECT u.email_address e, m.level l FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        f"WHERE m.skill_id = {skill['id']} AND u.disabled = 0 AND m.level BETWEEN 1 AND 4 ORDER BY m.id LIMIT 1"
    )[0].values()
    rows = [[person, "Python", level + 1], ["nobody@example.com", "Python", 3]]
    table = importer.read(write_list(tmp_path / "team.csv", ["email", "skill", "level"], rows))

    matches = importer.count_name_matches(table, account.check(table))
    plan = account.plan(table)

    assert matches == [NameMatches("email", 2, 1), NameMatches("skill", 1, 1)]
    assert plan.describe_changes() == [
        ChangeDescription("update", "row 2", f"{person} · Python", {"level": (level, level + 1)})
    ]
    assert plan.describe_changes(1) == []
