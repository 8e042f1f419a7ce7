"""One export, stage by stage: how long it reads and writes, its peak memory, the requests it makes."""

import json
import sys
import time
from pathlib import Path

from importer.platforms.memory import collect_seldom, share_arenas
from tests.bench.peak import peak_mb


def main(what: str, target: str, url: str) -> None:
    """Export to the file; print the seconds of each stage, the peak megabytes and the requests as JSON."""
    collect_seldom()
    share_arenas()
    began = time.perf_counter()
    from importer import Account, Target, export_format, write_report  # noqa: PLC0415  (importing is a stage of its own)

    imported = time.perf_counter()
    writing: list[float] = []

    def watch(doing: str, _done: int, _total: int) -> None:
        if doing == "Writing" and not writing:
            writing.append(time.perf_counter())

    path = Path(target)
    account = Account("demo", base_url=url, folder=path.parent / "state")
    if what == "skill-report":
        made = account.report_skills(on_progress=watch)
        watch("Writing", 0, 0)
        write_report(made, path)
    elif what == "skill-matrix":
        account.export_matrix(path, on_progress=watch)
    else:
        account.export_list(what, Target(path, export_format(path, None)), on_progress=watch)
    ended = time.perf_counter()
    stages = {"import": imported - began, "read": writing[0] - imported, "write": ended - writing[0]}
    peak = round(peak_mb())
    print(json.dumps({"stages": stages, "peak": peak, "requests": account.access.client.requests["GET"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
