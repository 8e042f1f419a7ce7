"""Whatever values a list holds, each format gives them back: a law for all four."""

import csv
import datetime as dt
import io
import json

import openpyxl
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from importer.spreadsheet.read.engines import Workbook
from importer.spreadsheet.write.list_workbook import write_list_book
from importer.spreadsheet.write.parquet import write_parquet
from importer.spreadsheet.write.record_rows import Cell, Column, Kind, Records
from importer.spreadsheet.write.safe_text import from_csv
from importer.spreadsheet.write.text_list import write_csv, write_json_lines

Row = tuple[str | None, int | None, str | None, bool | None]

COLUMNS = (Column("text"), Column("number", Kind.NUMBER), Column("at", Kind.TIME), Column("flag", Kind.FLAG))
# Not U+FFFE and U+FFFF, which are no characters and come back from a workbook as their codes.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=12).filter(lambda text: not text.isspace())
_RISKY = st.from_regex(r"\A([a-z]?[;,\n])?'{0,2}[\t\r; \"]{0,2}'?[=+@-][a-z0-9(!;]{0,5}\Z")
_TIMES = st.integers(0, 4_000_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat())
ROWS = st.lists(
    st.tuples(
        st.none() | _TEXTS | _RISKY,
        st.none() | st.integers(-(10**9), 10**9),
        st.none() | _TIMES,
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def records(rows: list[Row]) -> Records:
    chunks: list[list[Row]] = [rows[:3], rows[3:]] if len(rows) > 3 else [rows]
    return Records("Law", COLUMNS, lambda: iter(chunks), len(rows), dt.datetime(2026, 1, 1))  # noqa: DTZ001


def word(flag: Cell) -> str | None:
    return None if flag is None else "yes" if flag else "no"


@given(rows=ROWS)
def test_csv_gives_back_every_value_and_no_cell_begins_like_a_formula(rows: list[Row]) -> None:
    target = io.BytesIO()
    write_csv(records(rows), target)

    read = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))[1:]

    blank = [["" if cell is None else str(cell) for cell in (a, b, c, word(d))] for a, b, c, d in rows]
    assert [[from_csv(row[0]), *row[1:]] for row in read] == blank
    texts = [row[0] for row in read]
    assert not [text for text in texts if text.lstrip()[:1] in set("=@") or text[:1] in set("\t\r")]
    # A program that takes semicolons for delimiters sees cells of its own.
    other = [
        cell
        for row in csv.reader(target.getvalue().decode("utf-8-sig").splitlines(), delimiter=";")
        for cell in row[1:]
    ]
    assert not [cell for cell in other if cell.lstrip()[:1] in set("=+@-")]


@given(rows=ROWS)
def test_json_lines_and_parquet_give_back_every_value(rows: list[Row]) -> None:
    lines, parquet = io.BytesIO(), io.BytesIO()
    write_json_lines(records(rows), lines)
    write_parquet(records(rows), parquet)

    as_json = [tuple(json.loads(line).values()) for line in lines.getvalue().splitlines()]
    table = pq.read_table(io.BytesIO(parquet.getvalue())).to_pylist()

    assert as_json == rows
    assert [(row["text"], row["number"], row["at"] and row["at"].isoformat(), row["flag"]) for row in table] == rows


@given(rows=ROWS)
def test_a_workbook_gives_back_every_value_and_no_text_is_a_formula(rows: list[Row]) -> None:
    target = io.BytesIO()
    write_list_book(records(rows), target)

    sheet = openpyxl.load_workbook(io.BytesIO(target.getvalue())).worksheets[0]
    grid = Workbook("law.xlsx", target.getvalue()).grid("Law")

    cells = list(sheet.iter_rows(min_row=2, max_col=4))
    filled = [row[0].data_type for row in cells if row[0].value is not None]
    assert filled == ["s"] * sum(row[0] is not None for row in rows)
    assert [row[1].value for row in cells] == [row[1] for row in rows]
    times = [row[2].value for row in cells]
    told = [time.replace(tzinfo=dt.UTC).isoformat() if isinstance(time, dt.datetime) else None for time in times]
    assert told == [row[2] for row in rows]
    assert [row[3].value for row in cells] == [word(row[3]) for row in rows]
    ours = grid.columns[0][1:]
    assert ours == [row[0] or "" for row in rows][: len(ours)]
