"""What other tools lost their users' trust with, each with a file that shows it, read as a person would read it."""

import datetime as dt
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.sandbox import Running
from tests.books import raw_workbook, text_cell, workbook
from tests.conftest import Importer, Ran

Rows = Sequence[Sequence[Any]]
DANA, TOMAS, NULL, NONE = "dana@example.com", "tomas.lindqvist@example.com", "Jennifer Null", "Alain None"
FILES = Path(__file__).parent.parent / "files"


def problems(ran: Ran) -> list[tuple[str, str]]:
    return [(each["cell"], each["code"]) for each in ran.json["problems"]]


def written(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8", start: str = "") -> Path:
    lines = "".join(delimiter.join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)
    path.write_bytes((start + lines).encode(encoding))
    return path


def levels(kantata: Running, email: str) -> dict[str, int]:
    rows = kantata.query(
        "SELECT s.name, m.level FROM skill_memberships m JOIN skills s ON s.id = m.skill_id "
        "JOIN users u ON u.id = m.user_id WHERE u.email_address = ?", email)  # fmt: skip
    return {row["name"]: row["level"] for row in rows}


# ---- 2. Ids are text from first byte to last.


def test_ids_in_the_header_and_beside_a_blank_stay_whole(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    (dana,) = kantata.query("SELECT id FROM users WHERE email_address = ?", DANA)
    rows: Rows = [
        ("user_id", "E-mail", 271015, 271064),
        (dana["id"], None, 3, 2),
        (None, TOMAS, 1, 4),
    ]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert (ran.code, ran.json["people"], ran.json["valid"]) == (0, 2, 4), ran.err


def test_an_id_that_excel_shortened_is_refused_in_a_matrix_and_a_long_one_is_not_rounded(
    importer: Importer, tmp_path: Path
) -> None:
    cells = [("A2", "1.16E+20"), ("A3", "9007199254740993"), ("A4", "9007199254740992")]
    rows = (
        f'<row r="1">{text_cell("A1", "user_id")}{text_cell("B1", "Python")}{text_cell("C1", "Java")}</row>'
        + "".join(
            f'<row r="{cell[1]}"><c r="{cell}"><v>{number}</v></c><c r="B{cell[1]}"><v>3</v></c>'
            f'<c r="C{cell[1]}"><v>3</v></c></row>'
            for cell, number in cells
        )
    )
    (tmp_path / "a.xlsx").write_bytes(raw_workbook(rows))

    ran = importer("check", tmp_path / "a.xlsx", "--json")

    assert problems(ran) == [("A2", "shortened"), ("A3", "not-found"), ("A4", "not-found")]
    assert [each["message"] for each in ran.json["problems"][1:]] == [
        'No person in the account has the id "9007199254740993".',
        'No person in the account has the id "9007199254740992".',
    ]
    assert (ran.json["people"], ran.json["valid"]) == (3, 0)


# ---- 3. Real words are not "missing".

WORDS: Rows = [("Name", "NA", "R", "C", "Go", "TRUE"), (NULL, 3, 2, 1, 4, 1), (NONE, 1, 5, 2, 3, 1)]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "a true TRUE.xlsx"])
def test_null_and_none_are_people_and_na_r_c_go_and_true_are_skills(
    importer: Importer, kantata: Running, tmp_path: Path, kind: str
) -> None:
    rows = [[True if cell == "TRUE" and kind.startswith("a true") else cell for cell in row] for row in WORDS]
    path = tmp_path / f"words.{kind[-4:].strip('.')}"
    written(path, rows) if kind == "csv" else workbook(path, rows)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["rows"] == 10
    assert levels(kantata, "jennifer.null@example.com").items() >= {"NA": 3, "R": 2, "C": 1, "Go": 4, "TRUE": 1}.items()
    assert levels(kantata, "alain.none@example.com").items() >= {"NA": 1, "R": 5, "C": 2, "Go": 3, "TRUE": 1}.items()


# ---- 4. Any mainstream file opens.

ACCENTS: Rows = [
    ("Name", "Project Management", "Négociation"),
    ("Zoë Åkerblom", 3, None),
    ("Jean-Luc Béranger", 4, None),
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_matrix_of_every_mainstream_encoding_and_delimiter_is_the_same_matrix(
    importer: Importer, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    ran = importer("check", written(tmp_path / "a.csv", ACCENTS, delimiter, encoding), "--json")

    assert (ran.code, ran.json["people"], ran.json["valid"]) == (0, 2, 2), ran.err


def test_a_sep_line_is_no_row_and_a_line_break_in_a_quoted_heading_starts_none(
    importer: Importer, tmp_path: Path
) -> None:
    rows: Rows = [("Name", '"Project\nManagement"', "Java"), (NULL, 9, 2), (NONE, 1, 1)]

    ran = importer("check", written(tmp_path / "a.csv", rows, ";", start="sep=;\r\n"), "--json")

    assert ran.json["header_row"] == 1
    assert problems(ran) == [("B2", "out-of-range")]


# ---- 5. Excel's oddities are named.


def test_what_excel_did_to_levels_is_named_cell_by_cell(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [
        ("E-mail", "Python", "Java", "Scala", "Rust"),
        (DANA, dt.date(2026, 3, 5), dt.date(1900, 1, 5), 3, 4),
        (TOMAS, "=1+1", "#REF!", 2, 1),
        ("priya.raghunathan@example.com", 1, 2, 3, 4),
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C3"].data_type = "e"
    book.save(path)

    ran = importer("check", path, "--json")

    assert problems(ran) == [("B2", "date"), ("C2", "date"), ("B3", "no-value"), ("C3", "error-cell")]
    told = [each["message"] for each in ran.json["problems"]]
    assert told[0] == "Excel turned 5/3 or 3/5 into a date (2026-03-05)."
    assert told[1] == "Excel shows the number 5 as a date (1900-01-05)."
    assert told[3] == "#REF! is an Excel error, not a value."


@pytest.mark.parametrize("shown", ["5-Mar", "03-May", "05. Mrz", "3. Mai", "Mar-05", "05/03/2026", "2026-03-05"])
def test_a_date_that_excel_made_of_a_level_is_named_in_a_text_file_too_and_never_taken_for_a_level(
    importer: Importer, tmp_path: Path, shown: str
) -> None:
    ran = importer(
        "check", written(tmp_path / "a.csv", [("E-mail", "Python", "Java"), (DANA, shown, 2), (TOMAS, 1, 1)]), "--json"
    )

    assert problems(ran) == [("B2", "date")]
    assert f'"{shown}" is a date. Excel turns' in ran.json["problems"][0]["message"]


def test_in_a_matrix_of_nothing_but_dates_each_cell_says_what_excel_did(importer: Importer, tmp_path: Path) -> None:
    day = dt.date(2026, 3, 5)
    path = workbook(tmp_path / "a.xlsx", [("E-mail", "Python", "Java"), (DANA, day, day), (TOMAS, day, day)])

    ran = importer("check", path, "--json")

    assert ran.code == 3
    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [
        (cell, "date") for cell in ("B2", "C2", "B3", "C3")
    ]


def test_a_million_styled_and_blank_rows_below_a_matrix_are_nothing(importer: Importer, tmp_path: Path) -> None:
    rows = (
        f'<row r="1">{text_cell("A1", "E-mail")}{text_cell("B1", "Python")}</row>'
        f'<row r="2">{text_cell("A2", DANA)}<c r="B2"><v>3</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    (tmp_path / "a.xlsx").write_bytes(raw_workbook(rows))

    ran = importer("check", tmp_path / "a.xlsx", "--json")

    assert (ran.code, ran.json["levels"], ran.json["set_aside"]) == (0, 1, [])


@pytest.mark.parametrize("name", ["list.xls", "list.ods"])
def test_what_older_formats_do_not_tell_is_said(importer: Importer, name: str) -> None:
    ran = importer("check", FILES / name, "--json")

    assert (
        "Struck-out cells and fonts of signs are not seen in this format. Save the file as .xlsx to have them named."
    ) in ran.json["notes"]


# ---- 6. Headers.


def test_headings_are_the_same_whatever_their_spaces_case_and_line_breaks(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [("E-Mail\u00a0", " project\nMANAGEMENT ", "Power\u00a0BI", "\u200bJava"), (DANA, 3, 2, 1)]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert (ran.code, ran.json["valid"]) == (0, 3), ran.err


def test_headings_that_are_then_the_same_are_a_stop(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [("E-mail", "Power BI", "power\u00a0bi "), (DANA, 3, 2)]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows))

    assert ran.code == 5
    assert 'columns B and C of row 1 are both "power\u00a0bi"' in ran.err


def test_a_heading_that_is_no_skill_is_one_problem_at_the_heading_and_no_cell_of_it_is_sent(
    importer: Importer, tmp_path: Path
) -> None:
    rows: Rows = [("E-mail", "Pyhton", "Java"), (DANA, 3, 2), (TOMAS, 4, 1)]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert problems(ran) == [("B1", "not-found")]
    assert (ran.json["valid"], ran.json["invalid"]) == (2, 2)
    assert "The nearest is Python" in ran.json["problems"][0]["message"]


# ---- 7. All problems in one pass, each once, in sheet order.


def test_every_mistake_of_a_matrix_is_told_at_once_in_the_order_of_the_sheet(
    importer: Importer, tmp_path: Path
) -> None:
    rows: Rows = [
        ("E-mail", "Basket Weaving", "Python", "Java"),
        (DANA, 1, "high", 9),
        ("nobody@example.com", 2, 3, 2),
        (None, None, 4, 1),
        (TOMAS, None, 4.7, 5),
    ]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert problems(ran) == [
        ("B1", "not-found"), ("C2", "not-whole"), ("D2", "out-of-range"), ("A3", "not-found"), ("A4", "blank"),
        ("C5", "not-whole"),
    ]  # fmt: skip
    assert ran.json["valid"] == 1


# ---- 9. A blank leaves alone; 0 is a level; a missing column or person never removes.


def test_a_blank_or_a_dash_leaves_a_level_alone_and_a_zero_that_means_level_0_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    skills = ["Python", "Java", "Scala", "Rust"]
    importer("apply", workbook(tmp_path / "all.xlsx", [("E-mail", *skills), (DANA, 3, 3, 3, 3)]), "--yes")
    rows: Rows = [("E-mail", *skills[:3]), (DANA, None, "-", 0), (TOMAS, 1, 1, 1)]

    ran = importer("apply", workbook(tmp_path / "a.xlsx", rows), "--yes", "--json", "--levels", "0=0")

    assert ran.code == 0, ran.err
    assert levels(kantata, DANA).items() >= {"Python": 3, "Java": 3, "Scala": 0, "Rust": 3}.items()


# ---- 13. Never the wrong person, skill or account.


def test_a_name_that_two_people_have_is_nobody_s_and_lists_them(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [("Name", "Python", "Java"), ("Maria Silva", 3, 2), ("Dana Reyes", 1, 1)]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert problems(ran) == [("A2", "ambiguous")]
    assert (ran.json["valid"], ran.json["invalid"]) == (2, 2)
    for email in ("maria.silva@example.com", "maria.silva2@example.com"):
        assert email in ran.json["problems"][0]["message"]


# ---- 14. Outputs hold no live formula from input.


def test_a_result_of_a_matrix_holds_no_live_formula_from_its_text(importer: Importer, tmp_path: Path) -> None:
    rows: Rows = [("Name", "Python", "=1+1"), ("Dana Reyes", 3, 1), ('"=HYPERLINK(""http://x"",""y"")"', 2, 1)]

    ran = importer("apply", written(tmp_path / "a.csv", rows), "--yes", "--json")

    book = openpyxl.load_workbook(tmp_path / ran.json["result"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(cell.value == '=HYPERLINK("http://x","y")' for cell in cells)


# ---- Close behind.


@pytest.mark.parametrize(
    "typed",
    [
        "Dana.Reyes@EXAMPLE.com",
        "reyes, DANA",
        "Dana\u00a0 Reyes",
        "Ingrid Sørensen",
        "BÉRANGER, Jean-Luc",
        "Zoe Akerblom",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_person_is_found_however_the_name_is_written(
    importer: Importer, tmp_path: Path, typed: str, form: str
) -> None:
    typed = "DANA@Example.COM" if "@" in typed else typed
    rows: Rows = [("Who", "Python", "Java"), (unicodedata.normalize(form, typed), 3, 2)]  # type: ignore[arg-type]

    ran = importer("check", workbook(tmp_path / "a.xlsx", rows), "--json")

    assert (ran.code, ran.json["valid"]) == (0, 2), ran.out


@pytest.mark.parametrize(
    ("typed", "code"),
    [("4,0", None), ("4.0", None), ("4,00", None), ("3,5", "not-whole"), ("4.7", "not-whole"), ("80%", "not-whole")],
)
def test_a_decimal_is_a_level_only_where_nothing_is_lost(
    importer: Importer, tmp_path: Path, typed: str, code: str | None
) -> None:
    ran = importer(
        "check",
        written(tmp_path / "a.csv", [("E-mail", "Python", "Java"), (DANA, typed, 2), (TOMAS, 1, 1)], ";"),
        "--json",
    )

    assert [each["code"] for each in ran.json["problems"]] == ([code] if code else [])


def test_a_binary_workbook_that_is_damaged_is_named_with_what_to_do(offline: Importer, tmp_path: Path) -> None:
    path = tmp_path / "team.xlsb"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.bin", b"\x83\x01\x00" * 9)

    ran = offline("check", path)

    assert ran.code == 5
    assert ran.err.startswith("team.xlsb is damaged, or written in a way that we cannot read. Open it in Excel")
