"""What a refused batch costs: the bulk requests that it takes to find the rows that Kantata does not accept."""

import math
from pathlib import Path

from importer.model import Outcome
from importer.sandbox import running
from tests.loads import client_with, load_list_of_lost_skills, new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")


def measure(folder: Path, rows: int, bad: int) -> None:
    """Load a list with bad rows spread over it, with and without positions in the errors; print the bulk requests.

    The bound without positions: one request a batch, and two for each halving of 200 that leads to a bad row.
    """
    batches = math.ceil(rows / 200)
    bound = batches + bad * 2 * math.ceil(math.log2(min(rows, 200)))
    print(f"\n{bad} bad rows in {rows:,}; the bound without positions is {bound} bulk requests:")
    for index in ("off", "on"):
        with running(switches={"error_index": index}) as kantata, client_with(kantata, 4) as client:
            listed, lost = new_skills(kantata, rows), [999_999_000 + at for at in range(bad)]
            for at, skill in enumerate(lost):
                place = (2 * at + 1) * rows // (2 * bad)
                listed[place] = (listed[place][0], skill, 3)
            here = folder / f"{rows}-{bad}-{index}"
            here.mkdir()
            path = write_list(here / "bad.csv", HEADERS, listed)
            loaded = load_list_of_lost_skills(client, path, kantata, lost)
            posts = kantata.query("SELECT count(*) n FROM requests WHERE method = 'POST'")[0]["n"]
        counts = (len(loaded.rows(Outcome.CREATED)), len(loaded.rows(Outcome.REFUSED)))
        if counts != (rows - bad, bad):
            raise SystemExit(f"{counts} rows were created and refused")
        told = "told" if index == "on" else "not told"
        print(f"  positions {told}: {posts} bulk requests, {counts[0]:,} rows created, {counts[1]} refused")
