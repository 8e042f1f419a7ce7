"""Our way, stage by stage: the steps that `importer apply` takes, with the seconds and the peak memory of each."""

import gc
import json
import resource
import sys
import time
from pathlib import Path


def main(source: str, target: str, url: str) -> None:
    """Load the file and write the result; print the seconds and the peak megabytes of each stage as JSON."""
    gc.set_threshold(5_000_000, 20, 50)
    stages: dict[str, float] = {}
    peaks: dict[str, int] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        stages[name] = round(time.perf_counter() - began - sum(stages.values()), 3)
        peaks[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    from importer.spreadsheet.read.ahead import open_ahead  # noqa: PLC0415  (importing is a stage of its own)

    opened = open_ahead(Path(source), None, None)
    from importer import pipeline  # noqa: PLC0415
    from importer.pipeline import run_summary  # noqa: PLC0415
    from importer.settings import Settings  # noqa: PLC0415

    lap("import")
    draft = pipeline.read(pipeline.Reading(opened))
    del opened  # as the command does, whose reading ends with its draft
    lap("read")
    access = pipeline.open_access(pipeline.Connection(Settings(url, None, Path(target).parent / "state")), "demo")
    with pipeline.lock_account(access, "bench") as means:
        checked = pipeline.check_for(draft, access)
        lap("check")
        _, ready = pipeline.prepare(checked, access, "upsert")
        lap("plan")
        load = pipeline.begin(ready, means)
        del draft, checked, ready  # as the command does
        lap("journal")
        events = load.send()
        for _ in events:
            pass
        lap("send")
    end = run_summary.summarize_run(load)
    pipeline.write_result_workbook(end, Path(target))
    lap("write")
    print(json.dumps({"stages": stages, "peaks": peaks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
