"""How quick this machine is at the moment: what openpyxl takes to read 20,000 rows. Knows nothing of ours.

What is measured without a rival of its own is told in this measure, so that it can be compared between machines.
"""

import time
from functools import lru_cache
from io import BytesIO

import openpyxl

ROWS = 20_000


def yardstick_s() -> float:
    """The seconds that it takes now."""
    began = time.perf_counter()
    sheet = openpyxl.load_workbook(BytesIO(_workbook()), read_only=True).worksheets[0]
    cells = sum(len(row) for row in sheet.iter_rows(values_only=True))
    assert cells == ROWS * 3, "every cell was read"
    return time.perf_counter() - began


@lru_cache(maxsize=1)
def _workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("List")
    for at in range(ROWS):
        sheet.append([10_000_000 + at, f"Person {at}", at % 6])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
