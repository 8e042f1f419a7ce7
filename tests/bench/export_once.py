"""One export, stage by stage: how long it reads and writes, its peak memory, the requests it makes."""

import gc
import json
import resource
import sys
import time
from pathlib import Path


def main(what: str, target: str, url: str) -> None:
    """Export to the file; print the seconds of each stage, the peak megabytes and the requests as JSON."""
    gc.set_threshold(5_000_000, 20, 50)
    began = time.perf_counter()
    from importer import export, pipeline  # noqa: PLC0415  (importing is a stage of its own)
    from importer.export import report  # noqa: PLC0415  (as above)
    from importer.settings import Settings  # noqa: PLC0415

    imported = time.perf_counter()
    writing: list[float] = []

    def watch(doing: str, _done: int, _total: int) -> None:
        if doing == "Writing" and not writing:
            writing.append(time.perf_counter())

    path = Path(target)
    access = pipeline.open_access(pipeline.Connection(Settings(url, None, path.parent / "state")), "demo")
    if what == "skill-report":
        made = report.make(access, pipeline.Filters(), report.Against(), watch=watch)
        watch("Writing", 0, 0)
        report.write_report(made, path)
    elif what == export.MATRIX:
        export.export_matrix(access, export.ExportFilters(), path, watch)
    else:
        export.export_list(
            what, access, export.ExportFilters(), export.Target(path, export.format_of(path, None)), watch
        )
    ended = time.perf_counter()
    stages = {"import": imported - began, "read": writing[0] - imported, "write": ended - writing[0]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"stages": stages, "peak": peak, "requests": access.client.requests["GET"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
