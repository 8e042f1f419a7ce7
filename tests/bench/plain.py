"""The plain way to do the same job: pandas with openpyxl, pandera on the raw frame, one request at a time, openpyxl.

It is what a good engineer writes in an afternoon, and the yardstick for ours.
"""

import json
import sys
import time

import openpyxl
import pandas as pd
import pandera.pandas as pa
import requests
from openpyxl.styles import PatternFill
from pandera.typing.pandas import Series


class Row(pa.DataFrameModel):
    """A skill membership."""

    user_id: Series[int] = pa.Field(ge=1, coerce=True)
    skill_id: Series[int] = pa.Field(ge=1, coerce=True)
    level: Series[int] = pa.Field(ge=0, le=5, coerce=True)

    class Config:
        """One person holds a skill once."""

        unique = ["user_id", "skill_id"]  # noqa: RUF012


def main(source: str, target: str, url: str) -> None:
    """Load the file and write the result; print the seconds of each stage as JSON."""
    stages: dict[str, float] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        stages[name] = round(time.perf_counter() - began - sum(stages.values()), 3)

    frame = pd.read_excel(source, engine="openpyxl")
    lap("read")
    checked = Row.validate(frame, lazy=True)
    lap("check")
    session = requests.Session()
    session.headers["Authorization"] = "Bearer demo"
    ids: list[str] = []
    for start in range(0, len(checked), 200):
        rows = checked.iloc[start : start + 200][["user_id", "skill_id", "level"]].to_dict("records")
        answer = session.post(
            f"{url}/skill_memberships", params={"per_page": 200}, json={"skill_memberships": rows}, timeout=60
        ).json()
        by_key = {(r["user_id"], r["skill_id"]): r["id"] for r in answer["skill_memberships"].values()}
        ids.extend(by_key[str(row["user_id"]), str(row["skill_id"])] for row in rows)
    lap("send")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    green = PatternFill("solid", fgColor="D5EEDC")
    sheet.append([*frame.columns, "Import status", "Import ID", "Import error", "Import fix"])
    for number, (row, id_) in enumerate(zip(frame.itertuples(index=False), ids, strict=True), 2):
        sheet.append([*row, "created", id_, None, None])
        sheet.cell(number, len(frame.columns) + 1).fill = green
    book.save(target)
    lap("write")
    print(json.dumps(stages))


if __name__ == "__main__":
    main(*sys.argv[1:])
