"""What `importer check` does with a matrix, stage by stage, with the seconds and the peak memory of each."""

import json
import resource
import sys
import time
from pathlib import Path


def main(source: str, url: str) -> None:
    """Check the file; print for each stage its seconds, its seconds of processor time and the peak megabytes."""
    stages: dict[str, tuple[float, float, int]] = {}
    last = (time.perf_counter(), time.process_time())

    def lap(name: str) -> None:
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        stages[name] = (round(now[0] - last[0], 2), round(now[1] - last[1], 2), peak)
        last = now

    from importer import job  # noqa: PLC0415  (importing is a stage of its own)
    from importer.check.draft import read_cells  # noqa: PLC0415
    from importer.check.judge import judge  # noqa: PLC0415
    from importer.check.names import names_needed  # noqa: PLC0415
    from importer.job.finding import find_table  # noqa: PLC0415
    from importer.kantata.directory import AccountDirectory  # noqa: PLC0415
    from importer.settings import Settings  # noqa: PLC0415
    from importer.table.book import Book  # noqa: PLC0415

    lap("import")
    book = Book(Path(source))
    book.grid(book.candidates[0])
    lap("read")
    found = find_table(book, job.Asked())
    lap("find")
    draft = read_cells(found.table, found.header, scale=found.scale)
    lap("cells")
    client = job.access(job.Connection(Settings(url, None, Path(source).parent / "state")), "demo").client
    names = AccountDirectory(client).find(names_needed(draft))
    lap("names")
    judge(draft, names)
    lap("judge")
    print(json.dumps(stages))


if __name__ == "__main__":
    main(*sys.argv[1:])
