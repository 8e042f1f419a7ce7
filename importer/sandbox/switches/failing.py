"""The switches of load, failures and lost answers (6); data only."""

from importer.sandbox.switches.declare import DOCUMENTED, NTH, NUMBER, RECORDED, Form, Switch

_RATE = Form(r"[1-9]\d{0,6}\s*(/|per)\s*\d{0,4}(\.\d{1,3})?\s*s?", "N/T (N calls in T seconds)", ("5/1", "2 per 0.5"))


def _some(pattern: str) -> str:
    """One or several of `pattern`, comma separated."""
    return rf"{pattern}(\s*,\s*{pattern})*"


_DROP = Form(
    _some(rf"(before[ _-]commit|after[ _-]commit|mid[ _-]body)@{NTH}"),
    "before_commit@N, after_commit@N, mid_body@N",
    ("before_commit@1", "after_commit@1", "mid_body@1", "after_commit@every 2"),
)
_LATENCY = Form(r"\d{1,7}(\s*\+\s*\d{1,6}\s*(/|per )\s*row)?", "ms, ms+ms/row", ("20", "10+1/row"))
_MS = Form(r"\d{1,7}", "ms", ("60000",))

FAILING = (
    Switch("rate", ("off",), "More than N calls in T seconds get 429.", "6.1", DOCUMENTED, _RATE),
    Switch("rate_workspaces", ("off",), "The extra limit of GET and POST /workspaces.", "6.2", DOCUMENTED, _RATE),
    Switch("retry_after", ("none", "seconds", "http-date", "0", "garbage"), "The Retry-After header of a 429.", "6.3"),
    Switch("body_429", ("json", "text", "html", "empty"), "The body of a 429.", "6.4"),
    Switch("body_503", ("html", "json", "empty"), "The body of a 503.", "6.6"),
    Switch(
        "drop",
        ("never",),
        "The connection breaks at the n-th POST, PUT or DELETE: before the write, after it, or in the answer.",
        "6.9",
        form=_DROP,
    ),
    Switch("latency", ("0",), "Milliseconds for each call, and for each row of it.", "6.12", RECORDED, _LATENCY),
    Switch("max_parallel", ("off",), "More than N calls at the same time get 429.", "6.13", form=NUMBER),
    Switch("lag", ("0",), "For how many milliseconds reads do not see a new row.", "6.15", form=_MS),
)
