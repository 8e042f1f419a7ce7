"""How close sending comes to what is possible: to a distant server, and to one with a limit that it does not tell."""

import math
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from importer import Account, pipeline
from importer.model import Outcome
from importer.sandbox import running
from importer.spreadsheet.read.book import Book
from importer.sync.run_context import lock_account
from tests.bench.ratio_table import Ratio
from tests.bench.speed import ask
from tests.loads import write_list

HEADERS = ("user_id", "skill_id", "level")


@dataclass(frozen=True, slots=True)
class Sending:
    """The sending stage of one load, without what came before and the receipt after: its seconds and its writes."""

    seconds: float
    writes: int
    refused: int


def send(folder: Path, path: Path, url: str, workers: int) -> Sending:
    """Load a list, and measure from the first request that is sent to the last outcome; the receipt comes after."""
    access = Account("demo", base_url=url, folder=folder / "state", workers=workers).access
    with lock_account(access, "bench") as context:
        checked = pipeline.check_for(pipeline.read(Book(path)), access)
        load = pipeline.begin(pipeline.plan(checked, access), context)
        rows = load.writes
        sent, refused = access.client.request_counts.copy(), access.client.retries
        began, ended = time.perf_counter(), 0.0
        for _ in pipeline.send(load):
            if len(load.results) == rows and not ended:
                ended = time.perf_counter()
                writes = access.client.request_counts - sent
                refused = access.client.retries - refused
    if any(result.outcome not in (Outcome.CREATED, Outcome.UPDATED) for result in load.results.values()):
        raise SystemExit("not every row was written")
    return Sending(ended - began, sum(count for method, count in writes.items() if method != "GET"), refused)


def distant(folder: Path, url: str, rows: int, workers: int, latency_s: float, repeats: int) -> list[Ratio]:
    """New rows to a server that takes a while for each answer: how near to all workers being always in flight."""
    path = write_list(
        folder / "new.csv", HEADERS, [(10_000_000 + at // 50, 5_000 + at % 50, 1 + at % 5) for at in range(rows)]
    )
    ideal = math.ceil(rows / 200 / workers) * latency_s
    shares = []
    for _ in range(repeats):
        ask(url, "forget")
        shares.append(ideal / send(folder, path, url, workers).seconds)
    ratio = Ratio(f"Sending to a server {latency_s * 1000:.0f} ms away, as a share of what is possible", shares)
    print(f"\n{rows:,} new rows, answers after {latency_s * 1000:.0f} ms, {workers} workers:")
    print(f"  sent in {1 / ratio.median:.2f} times the ideal of {ideal:.2f} s (aim: 1.3)")
    return [ratio]


def refused_once(folder: Path, url: str, rows: int, refusal: str, wait_s: int) -> None:
    """New rows to a server that refuses one request: how much more than the wait it costs."""
    path = write_list(
        folder / "new.csv", HEADERS, [(10_000_000 + at // 50, 5_000 + at % 50, 1 + at % 5) for at in range(rows)]
    )
    took = send(folder, path, url, 16)
    print(f"\n{rows:,} new rows, {refusal}:")
    print(f"  sent in {took.seconds:.1f} s, {took.seconds - wait_s:.1f} s besides the wait of {wait_s} s")


def limited(folder: Path, calls: int, seconds: int, retry_after: str, updates: int) -> None:
    """Single updates to a server that lets so many requests through, which nobody tells: how many come through."""
    with running(users=2000, switches={"rate": f"{calls}/{seconds}", "retry_after": retry_after}) as kantata:
        stored = kantata.query(
            "SELECT user_id, skill_id, level FROM skill_memberships JOIN skills ON skills.id = skill_id "
            "WHERE max_level = 5 AND level BETWEEN 1 AND 4 ORDER BY skill_memberships.id LIMIT ?", updates)  # fmt: skip
        path = write_list(folder / "up.csv", HEADERS, [(r["user_id"], r["skill_id"], r["level"] + 1) for r in stored])
        took = send(folder, path, kantata.url, 16)
        statuses = Counter(row["status"] for row in kantata.query("SELECT status FROM requests WHERE method = 'PUT'"))
    per_s = calls / seconds
    share = len(stored) / took.seconds / per_s
    refused = statuses[429] / statuses.total()
    print(
        f"\n{len(stored):,} updates, at most {calls} requests in {seconds} s let through (Retry-After: {retry_after}):"
    )
    print(f"  {share:.0%} of the limit used (aim: at least 85 %), {refused:.1%} of requests refused (aim: at most 5 %)")
