"""One export of a matrix, with a base or without one, and a plan of it: the seconds of each."""

import json
import sys
import time
from pathlib import Path
from unittest import mock

from importer import Account
from importer.export import matrix_export


def main(how: str, target: str, chosen: str, url: str) -> None:
    """Export to the file, plan it; print the seconds as JSON."""
    path = Path(target)
    account = Account("demo", base_url=url, folder=path.parent / "state")
    options = json.loads(Path(chosen).read_text())
    began = time.perf_counter()
    if how == "with":
        account.export_matrix(path, **options)
    else:
        with mock.patch.object(matrix_export, "base_of_matrix", return_value=None):
            account.export_matrix(path, **options)
    exported = time.perf_counter()
    plan = Account("demo", base_url=url, folder=path.parent / "state").plan(path)
    if plan.writes:
        raise SystemExit(f"{plan.writes} changes are planned of what was exported")
    print(json.dumps({"seconds": exported - began, "plan": time.perf_counter() - exported}))


if __name__ == "__main__":
    main(*sys.argv[1:])
