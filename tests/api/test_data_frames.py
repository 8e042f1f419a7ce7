"""What becomes of the values of a DataFrame when it is read as a sheet."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.spreadsheet.read.data_frame import open_frame
from importer.table import Oddity

LONG = 12_345_678_901_234_567


def cells(values: Any, dtype: Any = None) -> list[str]:
    """The texts below the header."""
    return open_frame(pd.DataFrame({"id": pd.Series(values, dtype=dtype)})).grid(None).columns[0][1:]


@pytest.mark.parametrize(
    ("values", "dtype", "texts"),
    [
        ([LONG, None], "Int64", [str(LONG), ""]),
        ([LONG, 7], "int64", [str(LONG), "7"]),
        ([LONG, "007", None, float("nan"), pd.NA, pd.NaT], object, [str(LONG), "007", "", "", "", ""]),
        ([np.int32(5), np.uint64(LONG), np.float32(2)], object, ["5", str(LONG), "2"]),
        ([12345678, None], "float64", ["12345678", ""]),
        ([2.5, 3.0], None, ["2.5", "3"]),
        ([True, False], None, ["TRUE", "FALSE"]),
        ([True, None], "boolean", ["TRUE", ""]),
        ([np.bool_(1), Decimal("12.50"), Decimal("nan")], object, ["TRUE", "12.50", ""]),
        (["  ", "a b", None], "string", ["", "a b", ""]),
        (["x", "y"], "category", ["x", "y"]),
        ([dt.date(2026, 3, 5), pd.Timestamp("2026-03-05 10:30")], object, ["2026-03-05", "2026-03-05 10:30:00"]),
    ],
)
def test_a_value_becomes_the_text_of_a_cell(values: list[Any], dtype: str | None, texts: list[str]) -> None:
    assert cells(values, dtype) == texts


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_integers_are_text_exactly(values: list[int]) -> None:
    assert cells(values, "Int64") == [str(value) for value in values]


def test_dates_and_floats_that_have_lost_digits_are_known_for_what_they_are() -> None:
    sheet = open_frame(
        pd.DataFrame({"id": [1e16, 5.0], "level": [pd.Timestamp("2026-03-05"), pd.NaT], "exact": [LONG, LONG]})
    ).grid(None)

    assert sheet.oddities == {(2, 0): Oddity.SHORTENED, (2, 1): Oddity.DATE}


def test_columns_are_named_as_they_are_and_the_index_is_not_read() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["user_id", 7], index=pd.Index(["label"], name="email"))

    book = open_frame(frame)

    assert [column[0] for column in book.grid(None).columns] == ["user_id", "7"]


def test_a_dataframe_without_a_name_is_named_by_what_is_in_it() -> None:
    one, same, other = (open_frame(pd.DataFrame({"a": [value]})) for value in (1, 1, 2))

    assert one.source(None).name.startswith("DataFrame ")
    assert one.source(None).name == same.source(None).name != other.source(None).name
    assert open_frame(pd.DataFrame({"a": [1]}), "people").source(None).name == "people"
