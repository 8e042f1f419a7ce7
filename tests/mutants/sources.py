"""The sound files that are damaged: at least one of every format that we read."""

import csv
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from msoffcrypto.format.ooxml import OOXMLFile

from importer import Account
from importer.sandbox import running
from tests.conftest import ROOT, SAMPLES

_HEADER = ("user_id", "skill_id", "level", "note")
_ROWS = [(11482969 + at, 271015 + at % 7, at % 6, f"Zoë said \u201c{at}\u201d; twice") for at in range(40)]
_ENCODED = "user_id;skill_id;level;note\r\n" + "".join(
    f'{user};{skill};{level};"Łódź; {user}"\r\n' for user, skill, level, _ in _ROWS
)


def write_sources(folder: Path) -> list[Path]:
    """The files, written into this folder, each time in the same order."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [
        SAMPLES / "skill-memberships.xlsx",
        SAMPLES / "skill-memberships-mistakes.xlsx",
        SAMPLES / "gallery" / "competence-matrix-2026.xlsx",
        ROOT / "tests" / "files" / "list.xls",
        ROOT / "tests" / "files" / "list.ods",
    ]
    paths = [Path(shutil.copy(path, folder / path.name)) for path in kept]
    paths.append(_with_macros(paths[2], folder / "matrix.xlsm"))
    paths += [_table(folder / "list.csv", ","), _table(folder / "list.tsv", "\t")]
    (folder / "list.txt").write_bytes(_ENCODED.encode("utf-16"))
    (folder / "list-cp1250.csv").write_bytes(_ENCODED.encode("cp1250"))
    paths += [folder / "list.txt", folder / "list-cp1250.csv"]
    records = [dict(zip(_HEADER, row, strict=True)) for row in _ROWS]
    (folder / "list.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(records), folder / "list.parquet", compression="zstd")
    paths += [folder / "list.jsonl", folder / "list.parquet"]
    return [*paths, _result(paths[0], folder / "list.result.xlsx"), _encrypted(folder / "read-only.xlsx")]


def _table(path: Path, delimiter: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([_HEADER, *_ROWS])
    return path


def _with_macros(workbook: Path, path: Path) -> Path:
    """The workbook as one that may hold macros."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            target.writestr(name, part)
    return path


def _result(workbook: Path, path: Path) -> Path:
    """The result of loading a workbook into the stand-in for Kantata."""
    with running() as kantata:
        account = Account(kantata.token, base_url=kantata.url, folder=path.parent / "state")
        account.plan(workbook).apply().write(path)
    return path


def _encrypted(path: Path) -> Path:
    """A workbook that is encrypted with the password that Excel tries by itself."""
    book = openpyxl.Workbook()
    for row in (_HEADER, *_ROWS):
        book.worksheets[0].append(list(row))
    plain = path.with_suffix(".plain")
    book.save(plain)
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt("VelvetSweatshop", target)
    return path
