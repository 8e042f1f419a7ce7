"""A person's own workbook, loaded, given back with marks, mended in place or on `To fix`, and loaded again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copy
from typing import Any

import openpyxl
import pytest

from importer.pipeline.result_builder import _names
from importer.sandbox import Running
from importer.spreadsheet.write.palette import COLOURS
from tests.books import as_dicts, workbook
from tests.conftest import ROOT, Importer
from tests.loads import new_skills
from tests.spreadsheet.rich import LEVELS, rich_workbook
from tests.spreadsheet.test_own_workbooks import parts, replaced

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

Names = tuple[tuple[str, ...], tuple[str, ...]]
HEADERS = ("user_id", "skill_id", "level", "remark")

OURS_ALONE = ["Result", "To fix", "Summary", "Import base"]
"""The sheets of a result that is a workbook of its own."""


def fill(outcome: str) -> str:
    return f"FF{COLOURS[outcome]['bg_color'][1:]}"


@pytest.fixture
def team(kantata: Running) -> Names:
    """Four people and four skills, each with a name of its own, of which nobody has any."""
    people = kantata.query(
        "SELECT full_name n FROM users u WHERE account_id = 6300412 AND disabled = 0 AND (SELECT count(*) FROM users v "
        "WHERE lower(v.full_name) = lower(u.full_name)) = 1 ORDER BY id LIMIT 4"
    )
    skills = kantata.query(
        "SELECT name n FROM skills s WHERE max_level = 5 AND length(name) < 30 AND (SELECT count(*) FROM skills t "
        "WHERE lower(t.name) = lower(s.name)) = 1 ORDER BY id LIMIT 4"
    )
    names = tuple(row["n"] for row in people), tuple(row["n"] for row in skills)
    kantata.execute(f"DELETE FROM skill_memberships WHERE skill_id IN (SELECT id FROM skills WHERE name IN {names[1]})")
    return names


@pytest.fixture
def matrix(tmp_path: Path, team: Names) -> Path:
    """The rich workbook as these people keep it: 16 cells, of which D6 is the word `high`, E7 blank, F8 `remove`."""
    path = tmp_path / "team.xlsm"
    path.write_bytes(rich_workbook(*team, LEVELS))
    return path


def level(kantata: Running, who: str, what: str) -> int | None:
    found = kantata.query(
        "SELECT m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id "
        "WHERE u.full_name = ? AND s.name = ?", who, what)  # fmt: skip
    return found[0]["level"] if found else None


def mend(path: Path, *changes: tuple[str, str, Any]) -> None:
    """Change cells as a person does, and save."""
    book = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    book.save(path)
    if book.vba_archive:
        book.vba_archive.close()


def to_fix_cell(path: Path, header: str, row: int = 2) -> str:
    sheet = openpyxl.load_workbook(path)["To fix"]
    at = [cell.value for cell in sheet[1]].index(header)
    return str(sheet.cell(row, at + 1).coordinate)


def writes(kantata: Running) -> int:
    return sum(request["rows_written"] for request in kantata.requests() if request["method"] != "GET")


def test_the_persons_workbook_comes_back_with_marks_and_our_sheets_at_its_end(importer: Importer, matrix: Path) -> None:
    ran = importer("apply", matrix, "--yes", "--json")

    assert ran.code == 3, ran.err
    outcomes = {name: count for name, count in ran.json["outcomes"].items() if count}
    assert outcomes == {"created": 13, "unchanged": 1, "invalid": 1}
    result = Path(ran.json["result"])
    assert result.name == "team.result.xlsm"
    book = openpyxl.load_workbook(result)
    assert book.sheetnames == [
        "Team A", "Remarks", "Lists", "Chart", "Result", "To fix", "Summary", "Import record", "Import base",
    ]  # fmt: skip
    assert {book[name].sheet_state for name in ("Import record", "Import base")} == {"hidden"}
    sheet = book["Team A"]
    assert (sheet["D6"].fill.fgColor.rgb, sheet["C5"].fill.fgColor.rgb) == (fill("invalid"), fill("created"))
    assert sheet["F8"].fill.fgColor.rgb == "FFFFF2CC"
    assert sheet["D6"].comment.text == (
        'He said so himself\n\nimporter:\n"high" is not a level. Enter 0 to 5, or leave the cell empty.'
    )
    (row,) = as_dicts(result, "To fix")
    assert (row["Cell"], row["Level"], row["Import place"]) == ("D6", "high", "Team A!D6")
    links = {cell.value: cell.hyperlink.location for cell in book["To fix"][2] if cell.hyperlink}
    assert links == {"D6": "'Team A'!D6", "Team A!D6": "'Team A'!D6"}
    before, after = parts(matrix.read_bytes()), parts(result.read_bytes())
    assert set(before) <= set(after)
    same = [name for name in before if before[name] == after[name]]
    assert len(before) - len(same) == 6


def test_the_summary_has_a_legend_and_says_how_the_persons_sheets_were_read(importer: Importer, matrix: Path) -> None:
    result = importer("apply", matrix, "--yes", "--json").json["result"]

    sheet = openpyxl.load_workbook(result)["Summary"]
    told = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert told["Read as"] == 'a matrix: "Team A" with its header in row 4'
    legend = {str(row[1].value).split(":")[0]: row[1].fill.fgColor.rgb for row in sheet.iter_rows() if row[1].value}
    assert {word: legend[word] for word in ("created", "updated", "removed", "invalid", "refused", "unknown")} == {
        word: fill(word) for word in ("created", "updated", "removed", "invalid", "refused", "unknown")
    }


def test_of_a_workbook_mended_in_place_only_what_is_not_settled_is_sent(
    importer: Importer, kantata: Running, team: Names, matrix: Path
) -> None:
    people, skills = team
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    kantata.execute(
        "UPDATE skill_memberships SET level = 1 WHERE user_id = (SELECT id FROM users WHERE full_name = ?) AND "
        "skill_id = (SELECT id FROM skills WHERE name = ?)", people[0], skills[0])  # fmt: skip
    kantata.execute("DELETE FROM requests")
    mend(result, ("Team A", "D6", 4))

    ran = importer("apply", result, "--yes", "--json")

    assert (ran.code, ran.json["rows"], ran.json["outcomes"]["created"], writes(kantata)) == (0, 1, 1, 1), ran.err
    assert level(kantata, people[1], skills[1]) == 4
    assert level(kantata, people[0], skills[0]) == 1  # somebody's later word on a cell that was settled
    assert "We left out 14 cells that an earlier run settled and nobody has changed since." in ran.err
    again = Path(ran.json["result"])
    assert again.name == "team (2).result.xlsm"
    sheet = openpyxl.load_workbook(again)["Team A"]
    assert sheet["D6"].fill.fgColor.rgb == fill("created")
    assert sheet["D6"].comment.text == "He said so himself"
    assert sheet["C5"].fill.fill_type is None  # nothing became of it this time
    assert openpyxl.load_workbook(again).sheetnames.count("Result") == 1


def test_what_is_mended_on_to_fix_wins_and_is_not_sent_again(
    importer: Importer, kantata: Running, team: Names, matrix: Path
) -> None:
    people, skills = team
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    mend(result, ("To fix", to_fix_cell(result, "Level"), 4))

    first = importer("apply", result, "--yes", "--json")
    sent = writes(kantata)
    second = importer("apply", first.json["result"], "--yes", "--json")

    assert (first.code, first.json["rows"], level(kantata, people[1], skills[1])) == (0, 1, 4), first.err
    sheet = openpyxl.load_workbook(first.json["result"])["Team A"]
    assert sheet["D6"].value == "high"
    assert 'importer:\nThe row on the sheet "To fix" counts. It says that Level is "4".' in sheet["D6"].comment.text
    assert (second.code, second.json["rows"], writes(kantata)) == (0, 0, sent), second.err


def test_what_is_mended_on_to_fix_and_wrong_again_is_told_with_its_cell_there(importer: Importer, matrix: Path) -> None:
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    cell = to_fix_cell(result, "Level")
    mend(result, ("To fix", cell, "higher"))

    ran = importer("apply", result, "--yes", "--json")

    assert ran.code == 3
    (problem,) = ran.json["problems"]
    assert (problem["sheet"], problem["cell"], problem["value"]) == ("To fix", cell, "higher")
    assert f'Sheet "To fix", {cell}, ' in ran.err
    sheet = openpyxl.load_workbook(ran.json["result"])["Team A"]
    assert sheet["D6"].fill.fgColor.rgb == fill("invalid")
    assert '"higher" is not a level' in sheet["D6"].comment.text


@pytest.mark.parametrize(("there", "code"), [(4, 0), (5, 3)])
def test_what_is_mended_in_both_places_must_be_mended_alike(
    importer: Importer, kantata: Running, team: Names, matrix: Path, there: int, code: int
) -> None:
    people, skills = team
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    cell = to_fix_cell(result, "Level")
    mend(result, ("Team A", "D6", 4), ("To fix", cell, there))

    ran = importer("apply", result, "--yes", "--json")

    assert (ran.code, level(kantata, people[1], skills[1])) == (code, 4 if code == 0 else None)
    if code:
        (problem,) = ran.json["problems"]
        assert (problem["code"], problem["sheet"], problem["cell"]) == ("mended-twice", "Team A", "D6")
        assert problem["message"] == (
            f'D6 on the sheet "Team A" says "4", but {cell} on the sheet "To fix" says "5". Both were changed.'
        )


def test_a_cell_that_is_blanked_in_place_settles_itself_unless_to_fix_says_otherwise(
    importer: Importer, matrix: Path
) -> None:
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    mend(result, ("Team A", "D6", None))

    blanked = importer("apply", result, "--yes", "--json")
    mend(result, ("To fix", to_fix_cell(result, "Level"), 4))
    both = importer("apply", result, "--yes", "--json")

    assert (blanked.code, blanked.json["rows"]) == (0, 0)
    assert (both.code, both.json["problems"][0]["code"]) == (3, "mended-twice")


def test_an_edit_of_a_settled_cell_and_a_new_one_are_loaded_with_the_rest(
    importer: Importer, kantata: Running, team: Names, matrix: Path
) -> None:
    people, skills = team
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    mend(result, ("Team A", "C5", 5), ("Team A", "E7", 2))

    ran = importer("apply", result, "--yes", "--json")

    outcomes = {name: count for name, count in ran.json["outcomes"].items() if count}
    assert outcomes == {"created": 1, "updated": 1, "invalid": 1}
    assert (level(kantata, people[0], skills[0]), level(kantata, people[2], skills[2])) == (5, 2)
    sheet = openpyxl.load_workbook(ran.json["result"])["Team A"]
    assert (sheet["C5"].fill.fgColor.rgb, sheet["D6"].fill.fgColor.rgb) == (fill("updated"), fill("invalid"))


def test_mirror_does_not_take_what_is_left_for_all_there_is(importer: Importer, kantata: Running, matrix: Path) -> None:
    result = importer("apply", matrix, "--yes", "--json").json["result"]
    kantata.execute("DELETE FROM requests")

    ran = importer("apply", result, "--mode", "mirror", "--max-removals", "99", "--yes")

    assert (ran.code, writes(kantata)) == (4, 0)
    assert "holds only the rows that are not settled yet, and mirror mode" in ran.err


@pytest.fixture
def listed(kantata: Running, tmp_path: Path) -> tuple[Path, list[tuple[int, int, int]]]:
    """A list with a title above it; its third row says `high`."""
    rows = new_skills(kantata, 5)
    typed: list[Sequence[Any]] = [(*row, "as agreed") for row in rows]
    typed[2] = (*rows[2][:2], "high", "as agreed")
    return workbook(tmp_path / "list.xlsx", [["Skills"], [], HEADERS, *typed], sheet="Mine"), rows


def test_in_a_list_the_level_that_was_set_is_filled_and_what_stands_beside_it_is_not(
    importer: Importer, listed: tuple[Path, list[tuple[int, int, int]]]
) -> None:
    result = importer("apply", listed[0], "--yes", "--json").json["result"]

    sheet = openpyxl.load_workbook(result)["Mine"]
    green, red = fill("created"), fill("invalid")
    filled = [[cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in row] for row in sheet["A3:D6"]]
    assert filled == [[None] * 4, [None, None, green, None], [None, None, green, None], [None, None, red, None]]
    assert sheet["C6"].comment.text.startswith('importer:\n"high" is not a level.')
    (row,) = as_dicts(Path(result), "To fix")
    assert (row["remark"], row["Import place"]) == ("as agreed", "Mine!C6")


Change = Callable[[Any], None]


def a_row_deleted_above(sheet: Any) -> None:
    sheet.delete_rows(4)


def the_row_itself_deleted(sheet: Any) -> None:
    sheet.delete_rows(6)


def another_person_in_the_row(sheet: Any) -> None:
    sheet["A6"] = sheet["A7"].value


@pytest.mark.parametrize("change", [a_row_deleted_above, the_row_itself_deleted, another_person_in_the_row])
def test_a_mend_on_to_fix_never_meets_another_row_than_it_was_written_for(
    importer: Importer, kantata: Running, listed: tuple[Path, list[tuple[int, int, int]]], change: Change
) -> None:
    path, rows = listed
    result = Path(importer("apply", path, "--yes", "--json").json["result"])
    before = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    mend(result, ("To fix", to_fix_cell(result, "level"), 1))
    book = openpyxl.load_workbook(result)
    change(book["Mine"])
    book.save(result)

    ran = importer("apply", result, "--yes", "--json")

    assert "mended-twice" in {problem["code"] for problem in ran.json["problems"]}
    after = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    theirs = [each for each in after if (each["user_id"], each["skill_id"]) != rows[2][:2]]
    assert theirs == before


def test_sheets_of_the_persons_with_our_names_are_kept_and_ours_called_otherwise(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 2)
    path = workbook(tmp_path / "a.xlsx", [HEADERS, (*rows[0], ""), (*rows[1][:2], "high", "")])
    book = openpyxl.load_workbook(path)
    book.create_sheet("result")["A1"] = "mine"
    book.create_sheet("Summary")["A1"] = "mine too"
    book.save(path)

    first = importer("apply", path, "--yes", "--json", "--sheet", "S")
    result = Path(first.json["result"])
    mend(result, ("S", "C3", 3))
    second = importer("apply", result, "--yes", "--json")

    again = openpyxl.load_workbook(second.json["result"])
    assert again.sheetnames == [
        "S", "result", "Summary", "Import Result", "To fix", "Import Summary", "Import record", "Import base",
    ]  # fmt: skip
    assert (again["result"]["A1"].value, again["Summary"]["A1"].value) == ("mine", "mine too")
    assert (second.code, second.json["rows"]) == (0, 1), second.err
    told = [row[1] for row in again["Import Summary"].iter_rows(values_only=True)]
    assert any('"Result" is called "Import Result" here' in str(text) for text in told)


def test_a_workbook_that_changed_since_the_run_is_not_marked_and_that_is_said(
    importer: Importer, listed: tuple[Path, list[tuple[int, int, int]]], tmp_path: Path
) -> None:
    run = importer("apply", listed[0], "--yes", "--json").json["run"]
    same = importer("show", run, "-o", tmp_path / "same.xlsx")
    mend(listed[0], ("Mine", "A1", "Skills of June"))
    changed = importer("show", run, "-o", tmp_path / "changed.xlsx")
    listed[0].unlink()
    gone = importer("show", run, "-o", tmp_path / "gone.xlsx")

    assert (same.code, changed.code, gone.code) == (0, 0, 0)
    assert openpyxl.load_workbook(tmp_path / "same.xlsx").sheetnames[0] == "Mine"
    assert openpyxl.load_workbook(tmp_path / "changed.xlsx").sheetnames == [
        "Result",
        "To fix",
        "Summary",
        "Import base",
    ]
    assert "We could not mark your own workbook, because list.xlsx has changed since the run began" in changed.err
    assert "because list.xlsx is no longer there" in gone.err
    told = [row[1] for row in openpyxl.load_workbook(tmp_path / "gone.xlsx")["Summary"].iter_rows(values_only=True)]
    assert any("We could not mark your own workbook" in str(text) for text in told)


def test_a_result_of_a_result_without_the_persons_sheets_is_as_before(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 3)
    path = tmp_path / "a.csv"
    path.write_text("user_id,skill_id,level\n" + "\n".join(f"{a},{b},high" for a, b, _ in rows), encoding="utf-8")
    result = Path(importer("apply", path, "--yes", "--json").json["result"])
    mend(result, ("To fix", "C2", 3), ("To fix", "C3", 3))

    ran = importer("apply", result, "--yes", "--json")

    assert (ran.code, ran.json["sheet"], ran.json["outcomes"]["created"]) == (3, "To fix", 2)
    assert openpyxl.load_workbook(ran.json["result"]).sheetnames == OURS_ALONE
    assert "could not be given back" not in ran.err


def test_an_undo_writes_a_workbook_of_its_own(importer: Importer, matrix: Path) -> None:
    run = importer("apply", matrix, "--yes", "--json").json["run"]

    ran = importer("undo", run, "--yes", "--json")

    assert Path(ran.json["result"]).name == "team.undo.xlsx"
    assert openpyxl.load_workbook(ran.json["result"]).sheetnames == OURS_ALONE


@pytest.mark.parametrize("name", ["list.xls", "list.ods"])
def test_a_workbook_of_another_kind_gives_a_new_one_and_says_how_to_get_it_back(
    importer: Importer, tmp_path: Path, name: str
) -> None:
    path = Path(copy(ROOT / "tests" / "files" / name, tmp_path))

    ran = importer("apply", path, "--yes")

    assert "because it is not an .xlsx workbook; save it as one to get it back with marks" in ran.err
    assert openpyxl.load_workbook(tmp_path / "list.result.xlsx").sheetnames == [
        "Result",
        "To fix",
        "Summary",
        "Import base",
    ]


def test_a_signed_workbook_with_macros_gives_a_new_one_without(importer: Importer, matrix: Path) -> None:
    matrix.write_bytes(replaced(matrix.read_bytes(), "_xmlsignatures/origin.sigs", b"", b""))

    ran = importer("apply", matrix, "--yes", "--json")

    assert Path(ran.json["result"]).name == "team.result.xlsx"
    assert "because it is signed, and a change would break the signature" in ran.err
    assert openpyxl.load_workbook(ran.json["result"]).sheetnames == OURS_ALONE


def test_a_result_with_macros_is_never_put_under_the_name_of_one_without(
    importer: Importer, matrix: Path, tmp_path: Path
) -> None:
    ran = importer("apply", matrix, "--yes", "-o", tmp_path / "mine.xlsx", "--json")

    assert Path(ran.json["result"]).name == "mine.xlsm"
    assert "A workbook with macros ends in .xlsm." in ran.err


def test_a_blank_cell_whose_record_mirror_removed_is_marked_and_asks_for_nothing_again(
    importer: Importer, kantata: Running, team: Names, matrix: Path
) -> None:
    people, skills = team
    importer("apply", matrix, "--yes")
    mend(matrix, ("Team A", "C5", None), ("Team A", "D6", 2))

    first = importer("apply", matrix, "--mode", "mirror", "--max-removals", "1", "--yes", "--json")
    sent = writes(kantata)
    second = importer("apply", first.json["result"], "--yes", "--json")

    assert (first.code, first.json["outcomes"]["removed"], level(kantata, people[0], skills[0])) == (0, 1, None), (
        first.err
    )
    assert openpyxl.load_workbook(first.json["result"])["Team A"]["C5"].fill.fgColor.rgb == fill("removed")
    assert (second.code, second.json["rows"], writes(kantata)) == (0, 0, sent), second.err


def test_two_rows_of_to_fix_for_one_place_are_a_question(importer: Importer, matrix: Path) -> None:
    result = Path(importer("apply", matrix, "--yes", "--json").json["result"])
    cells = {header: to_fix_cell(result, header) for header in ("user", "Skill", "Level", "Import place")}
    book = openpyxl.load_workbook(result, keep_vba=True)
    sheet = book["To fix"]
    for header, cell in cells.items():
        sheet[cell].offset(row=1).value = 5 if header == "Level" else sheet[cell].value
    book.save(result)
    assert book.vba_archive is not None
    book.vba_archive.close()

    ran = importer("apply", result, "--yes")

    assert ran.code == 5
    assert 'Rows 2 and 3 of the sheet "To fix" are both for Team A!D6. Delete one of them.' in ran.err


def test_how_the_file_was_read_is_remembered_by_its_result(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 2)
    listed = [HEADERS, (*rows[0][:2], "Guru", ""), (*rows[1][:2], "high", "")]
    path = workbook(tmp_path / "a.xlsx", listed, sheet="One")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["One"]).title = "Two"
    book.save(path)
    first = importer("apply", path, "--sheet", "Two", "--levels", "Guru=5", "--yes", "--json")
    mend(Path(first.json["result"]), ("Two", "C3", "Guru"))

    second = importer("apply", first.json["result"], "--yes", "--json")

    assert (first.json["outcomes"]["created"], second.code, second.json["sheet"]) == (1, 0, "Two"), second.err
    assert (second.json["rows"], second.json["outcomes"]["created"]) == (1, 1)


def test_a_name_that_only_a_second_sheet_of_ours_would_bear_is_not_taken_either() -> None:
    named = _names(("Mine", "result 2"), 1_048_576)

    assert named == {
        "Result": "Import Result", "Result 2": "Import Result 2", "To fix": "To fix", "To fix 2": "To fix 2",
        "Summary": "Summary", "Import record": "Import record", "Import base": "Import base",
    }  # fmt: skip
    assert "Result 2" not in _names(("Mine", "result 2"), 1_048_575)
