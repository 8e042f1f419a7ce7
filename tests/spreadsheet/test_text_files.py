import csv
import datetime as dt
import io
import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer import endpoints
from importer.endpoints.header import Header
from importer.errors import Unreadable
from importer.layouts.extract import extract_list
from importer.model import CellRef
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.read.delimited_text import TextTable, decode, read_text
from importer.spreadsheet.write.record_rows import Column, Records
from importer.spreadsheet.write.safe_text import csv_text, from_csv
from importer.spreadsheet.write.text_list import write_csv
from tests.conftest import Importer

PATH = Path("people.csv")
PEOPLE = [["user", "skill", "level"], ["Zoë Müller", "Go", "3"], ["José Peña", "R", ""]]


def table_of(data: bytes, encoding: str | None = None) -> TextTable:
    return read_text(PATH, decode(PATH, data, encoding))


def rows_of(table: TextTable) -> list[list[str]]:
    return list(map(list, zip(*table.columns, strict=True)))


def with_blanks(rows: list[list[str]]) -> list[list[str]]:
    """The rows as they are read: a cell of nothing but white space is blank."""
    return [["" if text.isspace() else text for text in row] for row in rows]


def as_csv(rows: list[list[str]], delimiter: str = ",", line_end: str = "\r\n") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_list_reads_the_same_in_every_mainstream_form(encoding: str, delimiter: str, line_end: str) -> None:
    data = as_csv(PEOPLE, delimiter, line_end).encode(encoding)

    assert rows_of(table_of(data)) == PEOPLE


@pytest.mark.parametrize(
    ("name", "encoding", "said"),
    [
        ("Zoë Müller", "cp1252", "Windows-1252"),
        ("Siobhán O\u2019Neill", "cp1252", "Windows-1252"),
        ("¿Quién? Núñez", "cp1252", "Windows-1252"),
        ("Łukasz Dąbrowski", "cp1250", "Windows-1250"),
        ("Иван Петров", "cp1251", "Windows-1251"),
    ],
)
def test_an_encoding_that_is_not_beyond_doubt_is_said_with_an_example(name: str, encoding: str, said: str) -> None:
    text = "user,skill,level\n" + f"{name},Project Management,3\n" * 20

    table = table_of(text.encode(encoding))

    assert rows_of(table)[1][0] == name
    assert len(table.notes) == 1
    assert said in table.notes[0]
    assert f'"{name}"' in table.notes[0]


def test_an_encoding_that_a_person_names_is_taken_without_a_word() -> None:
    data = "user,level\nŁukasz,3\n".encode("cp1250")

    table = table_of(data, encoding="cp1250")

    assert rows_of(table) == [["user", "level"], ["Łukasz", "3"]]
    assert table.notes == ()


def test_an_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Unreadable, match="not text in the encoding ascii"):
        table_of("ü,1\n".encode(), encoding="ascii")


def test_a_sep_line_is_obeyed_and_is_no_row() -> None:
    assert rows_of(table_of(b"sep=;\r\nuser;level\r\nDana;3\r\n")) == [["user", "level"], ["Dana", "3"]]


def test_a_line_break_inside_quotes_starts_no_row() -> None:
    rows = rows_of(table_of(b'user,level\n"Dana\nReyes",3\nBo,4\n'))

    assert rows == [["user", "level"], ["Dana\nReyes", "3"], ["Bo", "4"]]


def test_blank_lines_count_as_rows_because_excel_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("user,level\n\nDana,3\n\n\n", encoding="utf-8")
    book = Book(path)
    header = Header(1, endpoints.load("skill-memberships"), {}, ())

    table = extract_list(book.grid(None), header, book.source(None))

    assert table.frame.index.to_list() == [3]
    assert table.text(CellRef(3), "user") == "Dana"


@pytest.mark.parametrize("word", ["None", "NA", "N/A", "null", "TRUE", "R", "nan", "00123", "1e5"])
def test_a_real_word_is_never_taken_for_missing_or_for_a_number(word: str) -> None:
    assert rows_of(table_of(f"user,level\n{word},3\n".encode()))[1] == [word, "3"]


@pytest.mark.parametrize(("text", "row"), [('user,level\n"Dana,3\nBo,4\n', 2), ('user,level\nDana,3\nBo,"4\n', 3)])
def test_a_quote_that_is_never_closed_is_found_with_its_row_and_swallows_none(text: str, row: int) -> None:
    table = table_of(text.encode())

    assert table.misquoted == {row}
    assert rows_of(table) == [["user", "level"], ["Dana", "3"], ["Bo", "4"]]


def test_a_quote_that_the_header_leaves_open_ends_the_reading() -> None:
    with pytest.raises(Unreadable, match="row 1: a quotation mark"):
        table_of(b'user,"level\nDana,3\nBo,4\n')


@pytest.mark.parametrize(
    ("lines", "misquoted"),
    [
        (['Dana,COBOL,3,"', "Bo,COBOL,4,", 'Li,COBOL,5,"ok"', "Su,COBOL,1,x"], {2}),
        (['Dana,COBOL,3,"a', 'Bo,COBOL,4,b"', "Li,COBOL,5,", "Su,COBOL,1,"], {2}),
        (['"Dana"x,COBOL,3,', "Bo,COBOL,4,", "Li,COBOL,5,", "Su,COBOL,1,"], {2}),
        (["Dana,COBOL,3,", 'Bo,COBOL,4,"a "b" c"', "Li,COBOL,5,", "Su,COBOL,1,"], {3}),
    ],
    ids=["open", "closed further down", "text behind it", "within a text"],
)
def test_a_wrong_quote_concerns_its_own_line_alone(lines: list[str], misquoted: set[int]) -> None:
    table = table_of("\n".join(["user,skill,level,note", *lines]).encode())

    assert table.misquoted == misquoted
    assert [cells[:3] for cells in rows_of(table)[1:]] == [
        ["Danax" if lines[0].startswith('"') else "Dana", "COBOL", "3"],
        ["Bo", "COBOL", "4"],
        ["Li", "COBOL", "5"],
        ["Su", "COBOL", "1"],
    ]


def test_a_quote_within_a_cell_is_a_sign_like_any_other() -> None:
    table = table_of(b'user,skill,level\nDana,5" disks,3\n')

    assert rows_of(table)[1] == ["Dana", '5" disks', "3"]
    assert table.misquoted == frozenset()


def test_a_note_of_several_lines_is_one_row() -> None:
    table = table_of(b'user,skill,level,note\nDana,COBOL,3,"first line\nsecond, and last"\nBo,R,2,\n')

    assert rows_of(table)[1:] == [["Dana", "COBOL", "3", "first line\nsecond, and last"], ["Bo", "R", "2", ""]]


def test_rows_of_wrong_quotes_and_of_a_cell_too_many_are_problems_and_shorter_ones_a_note(
    offline: Importer, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(
        'user_id,skill_id,level,note\n1,2,3,"\n2,2,3,"x"\n3,2,,4,\n4,2,3,\n5,2,1\n', encoding="utf-8"
    )

    ran = offline("check", "a.csv", "--json")

    assert [(each["row"], each["code"]) for each in ran.json["problems"]] == [(2, "quotation"), (4, "too-many-cells")]
    assert ran.json["valid"] == 3
    assert "Row 6 has fewer cells than the header; those that lack were read as blank." in ran.json["notes"]


@pytest.mark.parametrize("start", ["PK", "BM", "RIFF", "Rar!", "PAR1"])
def test_a_list_may_begin_with_the_letters_of_another_format(offline: Importer, tmp_path: Path, start: str) -> None:
    (tmp_path / "a.csv").write_text(f"{start},user_id,skill_id,level\n1,11,12,3\n", encoding="utf-8")

    assert offline("check", "a.csv").code == 0


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["Zoë Müller", "Hélène Blanchard", "¿Quién? Núñez"], "cp1252"),
        (["N° 7", "Inès Girard", "Chloé Rousseau"], "cp1252"),
        (["Łukasz Dąbrowski", "Tereza Černá"], "cp1250"),
        (["Иван Петров", "Мария Сидорова"], "cp1251"),
        (["Ελένη Παπαδοπούλου", "Γιώργος Δήμου"], "cp1253"),
        (["Çağlar Y\u0131ld\u0131z", "Gülşen İnce"], "cp1254"),
        (["נועה בן דוד", "יעל לוי"], "cp1255"),
        (["أحمد محمود", "فاطمة علي"], "cp1256"),
        (["Jānis Bērziņš", "Žemaitė Kęstutis"], "cp1257"),
        (["山田 太郎", "佐藤 花子"], "cp932"),
        (["김민준", "이서연"], "cp949"),
        (["张伟", "王芳", "李娜"], "gb18030"),
        (["陳大文", "林志明"], "big5"),
        (["Jean-Luc Béranger", "Zoë Åkerblom"], "mac_roman"),
        (["Łukasz Dąbrowski", "Jiří Černý"], "mac_latin2"),
        (["Zoë Müller", "José Peña"], "cp850"),
        (["Łukasz Dąbrowski", "Jiří Černý"], "cp852"),
        (["Иван Петров", "Мария Сидорова"], "cp866"),
        (["Иван Петров", "Мария Сидорова"], "koi8_r"),
        (["Zoë Müller", "Łukasz"], "utf-32"),
        (["Zoë Müller", "Łukasz"], "utf-32-le"),
    ],
)
def test_names_are_read_in_the_encoding_in_which_they_look_like_names(names: list[str], encoding: str) -> None:
    text = "name,skill,level\n" + "".join(f"{name},COBOL,3\n" for name in names)

    table = table_of(text.encode(encoding))

    assert [row[0] for row in rows_of(table)] == ["name", *names]


def test_two_delimiters_that_fit_alike_are_refused_and_named() -> None:
    with pytest.raises(Unreadable, match="comma and semicolon"):
        table_of(b"a,b;c\n1,2;3\n4,5;6\n")


def test_a_comma_inside_some_texts_does_not_hide_the_semicolons() -> None:
    rows = rows_of(table_of(b"user;level\nReyes, Dana;3\nKim, Bo;4\n"))

    assert rows == [["user", "level"], ["Reyes, Dana", "3"], ["Kim, Bo", "4"]]


def test_a_unicode_line_separator_inside_a_text_starts_no_row() -> None:
    assert rows_of(table_of("user,level\nDana\u2028Reyes,3\n".encode()))[1] == ["Dana\u2028Reyes", "3"]


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)


@given(text=st.text() | st.from_regex(r"\A'{0,3}[\s\x00-\x1f]{0,2}[-+=@].{0,5}\Z") | st.from_regex(r"\A'*-?[0-9.,]+\Z"))
def test_a_text_is_written_so_that_no_program_runs_it_and_read_back_as_it_was(text: str) -> None:
    written = csv_text(text)

    assert from_csv(written) == text
    seen = written.lstrip(string.whitespace + "".join(map(chr, range(32))))
    is_number = re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)*", written)
    assert is_number or not seen.startswith(("=", "+", "-", "@"))
    assert is_number or not written.startswith(tuple(map(chr, range(32))))


@pytest.mark.parametrize("number", ["-3", "+4", "-1.5", "-1,5"])
def test_a_number_with_a_sign_stays_a_number(number: str) -> None:
    assert csv_text(number) == number


@given(texts=st.sets(st.text(max_size=4)))
def test_two_texts_are_never_written_alike(texts: set[str]) -> None:
    assert len({csv_text(text) for text in texts}) == len(texts)


_CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.from_regex(r"\A'{0,2}[=+@-][a-z(]{0,4}\Z")


@given(rows=st.lists(st.tuples(_CELL, _CELL), max_size=6))
def test_whatever_texts_a_list_holds_are_read_back(rows: list[tuple[str, str]]) -> None:
    target = io.BytesIO()
    records = Records(
        "R", (Column("user"), Column("skill")), lambda: iter([[*rows, ("last", "row")]]), 1, dt.datetime(2026, 1, 1)  # noqa: DTZ001
    )  # fmt: skip
    write_csv(records, target)

    assert rows_of(table_of(target.getvalue())) == with_blanks([["user", "skill"], *map(list, rows), ["last", "row"]])


_UNMARKED = _TEXT.filter(lambda text: not text.startswith("'"))


@given(
    rows=st.lists(st.lists(_UNMARKED, min_size=2, max_size=2), min_size=1, max_size=6),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_the_csv_module_writes_is_read_back(rows: list[list[str]], line_end: str) -> None:
    table = [["user", "level"], *rows, ["last", "row"]]
    target = io.StringIO()
    csv.writer(target, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)

    assert rows_of(table_of(b"sep=,\n" + target.getvalue().encode())) == with_blanks(table)


@pytest.mark.parametrize("name", ["Siobhán Murphy", "Adrián Sánchez", "Tomás Hernández"])
def test_a_letter_of_dos_that_windows_takes_for_a_hard_space_is_still_a_letter(name: str) -> None:
    assert rows_of(table_of(f"user,level\n{name},3\nDana Reyes,2\n".encode("cp850")))[1][0] == name


def test_a_hard_space_between_words_is_no_letter() -> None:
    data = "user,skill\nDana Reyes,Project\u00a0management\nKim Lee,Pair\u00a0programming\n".encode("cp1252")

    assert rows_of(table_of(data))[1][1].split() == ["Project", "management"]
