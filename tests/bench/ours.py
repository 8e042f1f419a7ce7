"""Our way, stage by stage: the steps that `importer apply` takes, with the seconds and the peak memory of each."""

import gc
import json
import resource
import sys
import time
from pathlib import Path


def main(source: str, target: str, url: str) -> None:
    """Load the file and write the result; print the seconds and the peak megabytes of each stage as JSON."""
    gc.set_threshold(200_000, 20, 50)
    stages: dict[str, float] = {}
    peaks: dict[str, int] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        stages[name] = round(time.perf_counter() - began - sum(stages.values()), 3)
        peaks[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    from importer.table.ahead import open_ahead  # noqa: PLC0415  (importing is a stage of its own)

    opened = open_ahead(Path(source), None, None)
    from importer import job  # noqa: PLC0415
    from importer.kantata.held import read_held  # noqa: PLC0415
    from importer.model import Mode  # noqa: PLC0415
    from importer.plan import keys_of, make_plan  # noqa: PLC0415
    from importer.settings import Settings  # noqa: PLC0415

    lap("import")
    draft = job.read(job.Reading(opened))
    lap("read")
    connection = job.Connection(Settings(url, None, Path(target).parent))
    client = job.connect(connection, "demo")
    account = client.me()
    checked = job.check(draft, client)
    lap("check")
    keys = keys_of(checked)
    held = read_held(client, checked.header.endpoint, keys, connection.workers)
    plan = make_plan(checked, keys, held, Mode.UPSERT)
    lap("plan")
    load = job.start(job.Prepared(checked, plan, account, client, connection))
    for _ in load.send():
        pass
    lap("send")
    job.write_result_workbook(load, Path(target))
    lap("write")
    print(json.dumps({"stages": stages, "peaks": peaks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
