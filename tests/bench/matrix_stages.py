"""What `importer check` does with a matrix, stage by stage, with the seconds and the peak memory of each."""

import json
import sys
import time
from pathlib import Path

from tests.bench.peak import peak_mb


def main(source: str, url: str) -> None:
    """Check the file; print for each stage its seconds, its seconds of processor time and the peak megabytes."""
    stages: dict[str, tuple[float, float, int]] = {}
    last = (time.perf_counter(), time.process_time())

    def lap(name: str) -> None:
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        peak = round(peak_mb())
        stages[name] = (round(now[0] - last[0], 2), round(now[1] - last[1], 2), peak)
        last = now

    from importer import Account  # noqa: PLC0415  (importing is a stage of its own)
    from importer.kantata.directory import AccountDirectory  # noqa: PLC0415
    from importer.layouts.choose import find_table  # noqa: PLC0415
    from importer.layouts.read_options import ReadOptions  # noqa: PLC0415
    from importer.spreadsheet.read.book import Book  # noqa: PLC0415
    from importer.validation.names import names_needed  # noqa: PLC0415
    from importer.validation.parsed_table import parse_cells  # noqa: PLC0415
    from importer.validation.schema import validate  # noqa: PLC0415

    lap("import")
    book = Book(Path(source))
    book.grid(book.candidates[0])
    lap("read")
    found = find_table(book, ReadOptions())
    lap("find")
    draft = parse_cells(found.table, scale=found.scale)
    lap("cells")
    client = Account("demo", base_url=url, folder=Path(source).parent / "state").access.client
    names = AccountDirectory(client).find(names_needed(draft))
    lap("names")
    validate(draft, names)
    lap("judge")
    print(json.dumps(stages))


if __name__ == "__main__":
    main(*sys.argv[1:])
