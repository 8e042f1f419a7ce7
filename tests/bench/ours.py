"""Our way, stage by stage: the steps that `importer apply` takes, with the seconds and the peak memory of each."""

import json
import sys
import time
from pathlib import Path

from importer.platforms import arrow
from importer.platforms.memory import collect_seldom, share_arenas
from tests.bench.peak import peak_mb


def main(source: str, target: str, url: str) -> None:
    """Load the file and write the result; print the seconds and the peak megabytes of each stage as JSON."""
    collect_seldom()
    share_arenas()
    arrow.keep_from_pandas()
    stages: dict[str, float] = {}
    peaks: dict[str, int] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        stages[name] = round(time.perf_counter() - began - sum(stages.values()), 3)
        peaks[name] = round(peak_mb())

    from importer import Account, pipeline  # noqa: PLC0415  (importing is a stage of its own)
    from importer.spreadsheet.read.book import Book  # noqa: PLC0415
    from importer.sync.run_context import lock_account  # noqa: PLC0415

    lap("import")
    parsed = pipeline.read(Book(Path(source)))
    lap("read")
    access = Account("demo", base_url=url, folder=Path(target).parent / "state").access
    with lock_account(access, "bench") as context:
        checked = pipeline.check_for(parsed, access)
        del parsed  # as the command does
        lap("check")
        prepared = pipeline.plan(checked, access)
        lap("plan")
        execution = pipeline.begin(prepared, context)
        lap("journal")
        for _ in pipeline.send(execution):
            pass
        lap("send")
    pipeline.write_result(execution, Path(target))
    lap("write")
    print(json.dumps({"stages": stages, "peaks": peaks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
