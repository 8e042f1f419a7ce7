"""The plain way to write a workbook: openpyxl, a cell at a time. The yardstick for ours."""

import json
import sys
import time

import openpyxl
from python_calamine import load_workbook

from tests.bench.peak import peak_mb


def main(source: str, target: str) -> None:
    """Write the first sheet of a workbook again; print the seconds of writing and the peak megabytes as JSON."""
    rows = load_workbook(source).get_sheet_by_index(0).to_python()
    began = time.perf_counter()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for at, row in enumerate(rows, 1):
        for position, value in enumerate(row, 1):
            if value != "":
                sheet.cell(at, position, value)
    book.save(target)
    seconds = time.perf_counter() - began
    peak = round(peak_mb())
    print(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
