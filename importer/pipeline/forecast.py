"""What a run will cost: the requests that it makes, and the seconds that they take. Knows a plan; sends nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from importer.kantata.client import Client
from importer.kantata.existing_records import RecordQuery
from importer.kantata.rate_limiter import count_round_trips
from importer.kantata.read_forecast import count_reads
from importer.model import Action
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_summary import in_words
from importer.planned_ids import without_planned
from importer.text import count_of

_WRITES = ("POST", "PUT", "DELETE")
_OWN_REQUEST_S, _OWN_CHANGE_S = 0.0025, 0.0001
"""What a request and a change cost this machine at least, however quickly Kantata answers."""


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """The requests of one stage: reads that compare once more before the first write, writes by method, and reads that
    bring back what was written; and how many records it changes.
    """

    before: int
    writes: Mapping[str, int]
    after: int
    changes: int


def count_requests(stage: PreparedRun) -> RequestCounts:
    """The requests that a stage makes. Exact if Kantata refuses nothing, nobody else writes, and nothing that is to be
    removed is in use.
    """
    return RequestCounts(_reads_before(stage), stage.plan.requests(), _reads_after(stage), stage.writes)


def forecast(client: Client, stages: Iterable[RequestCounts], *, compares_again: bool) -> dict[str, float]:
    """The requests by method, and the seconds, by how long the account has taken to answer while the plan was made.

    GET are those of the run: the records are read back after the last write, and with `compares_again` also compared
    once more before the first.
    """
    counts = dict.fromkeys(("GET", *_WRITES), 0)
    seconds = 0.0
    window = client.window
    for stage in stages:
        before = stage.before if compares_again else 0
        counts["GET"] += before + stage.after
        for method, count in stage.writes.items():
            counts[method] += count
        for requests in (before, sum(stage.writes.values()), stage.after):
            seconds += _seconds(client, requests, window)
            window = min(max(window, requests), client.workers)
        seconds += _OWN_CHANGE_S * stage.changes
    return {**counts, "seconds": round(seconds, 1)}


def forecast_sentence(told: Mapping[str, float], changes: int) -> str:
    """The forecast for a person: `322 changes in 14 requests, about 20 seconds`."""
    requests = count_of(int(sum(told[method] for method in _WRITES)), "request")
    return f"{count_of(changes, 'change')} in {requests}, {in_words(told['seconds'])}"


def _seconds(client: Client, requests: int, window: int) -> float:
    """How long so many requests take that do not wait for each other."""
    rounds = count_round_trips(requests, client.workers, window)
    at_most = client.max_rate
    return max(rounds * client.mean_s, requests * _OWN_REQUEST_S, requests / at_most if at_most else 0.0)


def _reads_before(stage: PreparedRun) -> int:
    """The requests that compare the records with the account again."""
    keys = [each.key for each in stage.plan.changes.values() if each.action is not Action.LEAVE]
    return count_reads(stage.access.client, RecordQuery(stage.plan.endpoint, without_planned(keys)), stage.read_counts)


def _reads_after(stage: PreparedRun) -> int:
    """The requests that read back what was written."""
    plan = stage.plan
    keys = [each.key for each in plan.changes.values() if each.action is not Action.LEAVE]
    made, removed = ([each.key for each in plan.of(action)] for action in (Action.CREATE, Action.REMOVE))
    return count_reads(stage.access.client, RecordQuery(plan.endpoint, keys), stage.read_counts, made, removed)
