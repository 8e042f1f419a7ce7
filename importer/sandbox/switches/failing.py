"""The switches of load, failures and lost answers (6); data only."""

from importer.sandbox.manual_writes import interference
from importer.sandbox.switches.declare import (
    DOCUMENTED,
    NTH,
    NUMBER,
    RECORDED,
    SECONDS,
    Form,
    Switch,
)

_RATE = Form(r"[1-9]\d{0,6}\s*(/|per)\s*\d{0,4}(\.\d{1,3})?\s*s?", "N/T (N calls in T seconds)", ("5/1", "2 per 0.5"))


def _some(pattern: str) -> str:
    """One or several of `pattern`, comma separated."""
    return rf"{pattern}(\s*,\s*{pattern})*"


FAILING = (
    Switch("rate", ("off",), "More than N calls in T seconds are answered 429.", "6.1", DOCUMENTED, _RATE),
    Switch(
        "rate_workspaces",
        ("off",),
        "The limit that GET and POST /workspaces have besides.",
        "6.2",
        DOCUMENTED,
        _RATE,
    ),
    Switch(
        "retry_after",
        ("none", "seconds", "http-date", "0", "garbage"),
        "The Retry-After header of a 429.",
        "6.3",
    ),
    Switch("body_429", ("json", "text", "html", "empty"), "The body of a 429.", "6.4"),
    Switch("body_503", ("html", "json", "empty"), "The body of a 503.", "6.6"),
    Switch(
        "fail",
        ("off",),
        "The n-th call is answered with this status, before anything is written or after it.",
        "6.7",
        form=Form(
            _some(rf"(429|50[0234])([ _-]after[ _-]commit)?@{NTH}"),
            "code@N, code@every N, code after commit@N",
            ("503@2", "500_after_commit@1", "502@1,504@2"),
        ),
    ),
    Switch(
        "timeout",
        ("close", "504"),
        "How a call that takes longer than time_limit ends; with @N, the N-th call is one.",
        "6.8",
        DOCUMENTED,
        Form(rf"(close|504)@{NTH}", "close@N, 504@N", ("close@1", "504@2")),
    ),
    Switch(
        "time_limit",
        ("180",),
        "After how many seconds a call is cut off.",
        "6.8",
        DOCUMENTED,
        SECONDS,
    ),
    Switch(
        "commit",
        ("yes", "no"),
        "Whether a call that is cut off, or answered with a page of HTML (garbage), was written nevertheless.",
        "6.8",
    ),
    Switch(
        "drop",
        ("never",),
        "The answer to the n-th POST, PUT or DELETE is lost: before the write, after it, or in its middle.",
        "6.9",
        form=Form(
            _some(rf"(before[ _-]commit|after[ _-]commit|mid[ _-]body)@{NTH}"),
            "before_commit@N, after_commit@N, mid_body@N",
            ("before_commit@1", "after_commit@1", "mid_body@1", "after_commit@every 2"),
        ),
    ),
    Switch(
        "garbage",
        ("off", "html200", "cut_json"),
        "Answers 200 with a page of HTML, or with JSON that stops half-way; with @N, the N-th call only.",
        "6.11",
        form=Form(_some(rf"(html200|cut[ _-]json)@{NTH}"), "html200@N, cut_json@N", ("cut_json@2",)),
    ),
    Switch(
        "latency",
        ("0",),
        "Milliseconds that every call takes, and each row of it.",
        "6.12",
        RECORDED,
        Form(r"\d{1,7}(\s*\+\s*\d{1,6}\s*(/|per )\s*row)?", "ms, ms+ms/row", ("20", "10+1/row")),
    ),
    Switch(
        "max_parallel",
        ("off",),
        "More calls than N at the same time are answered 429.",
        "6.13",
        form=NUMBER,
    ),
    Switch(
        "interfere",
        ("off",),
        "Small writes that someone else makes before the n-th call.",
        "6.14",
        form=Form(
            r"(?s)before .+",
            "before N: insert TABLE column=value ...; before N: update TABLE id=N set column=value;"
            " before N: delete TABLE column=value",
            ("before 1: delete skill_memberships id=61005480",),
            lambda text: interference(text) is not None,
        ),
    ),
    Switch(
        "lag",
        ("0",),
        "For how many milliseconds reads do not see a new row.",
        "6.15",
        form=Form(r"\d{1,7}", "ms", ("60000",)),
    ),
)
