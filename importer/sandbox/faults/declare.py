"""What can go wrong with a request, by name; and how a fault is read from JSON or from a switch.

Knows no request: the script counts them, the service lets the faults happen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum

from importer.sandbox.errors import SandboxError
from importer.sandbox.manual_writes import Change, change, interference


class Ending(StrEnum):
    """How the request ends for the caller."""

    ANSWER = "send"  # the true answer
    STATUS = "status"  # an error status instead
    CLOSE = "close"  # the connection is reset without an answer
    CUT_BODY = "cut body"  # the connection is closed in the middle of the answer
    CUT_JSON = "cut json"  # half of the JSON, with a Content-Length that fits
    HTML = "html"  # 200 with a page of HTML
    NONE = "none"  # nothing goes wrong with this request itself


class Commit(StrEnum):
    """Whether the request takes effect."""

    YES = "yes"
    NO = "no"
    LATE = "late"  # some time after the caller got its end


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with the `nth` request (or `every` nth) of those it looks at.

    `on` is a method, "write" (POST, PUT, DELETE) or "any"; `path` a collection, or "". `retry_after` and
    `body` stand for the switches of those names when they are None. `seconds` is the time the request is
    held, or that a late commit takes.
    """

    name: str
    ending: Ending
    commit: Commit = Commit.YES
    status: int = 0
    seconds: float = 0.0
    retry_after: str | None = None
    body: str | None = None
    change: Change | None = None
    revokes: bool = False
    on: str = "any"
    path: str = ""
    nth: int = 1
    every: bool = False


KINDS: dict[str, Fault] = {
    each.name: each
    for each in (
        Fault("429", Ending.STATUS, Commit.NO, 429),
        *(Fault(str(status), Ending.STATUS, Commit.NO, status) for status in (500, 502, 503, 504)),
        *(Fault(f"{status}_after_commit", Ending.STATUS, Commit.YES, status) for status in (500, 502, 503, 504)),
        Fault("drop_before_commit", Ending.CLOSE, Commit.NO),
        Fault("drop_after_commit", Ending.CLOSE),
        Fault("drop_mid_body", Ending.CUT_BODY),
        Fault("cut_json", Ending.CUT_JSON),
        Fault("html200", Ending.HTML),
        Fault("slow", Ending.ANSWER, seconds=1.0),
        Fault("timeout", Ending.CLOSE, Commit.NO, 504, seconds=1.0),
        Fault("late_commit", Ending.CLOSE, Commit.LATE, 504, seconds=1.0),
        Fault("revoke", Ending.NONE, revokes=True),
        Fault("interfere", Ending.NONE),
    )
}
METHODS = ("any", "write", "GET", "POST", "PUT", "DELETE")
BODIES = ("json", "text", "html", "empty")
KEYS = frozenset(
    (
        *("on", "path", "nth", "every", "fault"),
        *("seconds", "commit", "then", "retry_after", "body", "change"),
    )
)
LONGEST = 600.0


def fault(item: object) -> Fault:
    """The fault that a JSON object describes.

    Shapes: {"fault": name, "on": method, "nth": N} or "every": N; besides, where the fault has use for it:
    "path", "seconds", "commit" (true or false), "then" ("send", "close", "504"), "retry_after", "body",
    "change" (as for POST /sandbox/rows).
    Raises: SandboxError.
    """
    if not isinstance(item, dict):
        raise SandboxError('A fault is a JSON object such as {"on": "POST", "nth": 3, "fault": "503"}.')
    unknown = sorted(set(item) - KEYS)
    if unknown:
        raise SandboxError(f'A fault has no "{unknown[0]}"; it may have {", ".join(sorted(KEYS))}.')
    return _checked(_how(_where(_kind(item.get("fault")), item), item))


def _kind(name: object) -> Fault:
    found = KINDS.get(str(name))
    if found is None:
        near = get_close_matches(str(name), KINDS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SandboxError(f'"{name}" is no fault; there are {", ".join(KINDS)}.{hint}')
    return found


def _where(found: Fault, item: Mapping[str, object]) -> Fault:
    method = str(item.get("on", "any"))
    method = method if method in {"any", "write"} else method.upper()
    if method not in METHODS:
        raise SandboxError(f'A fault is on one of {", ".join(METHODS)}, not on "{method}".')
    nth = item.get("every", item.get("nth", 1))
    if isinstance(nth, bool) or not isinstance(nth, int) or nth < 1:
        raise SandboxError("The nth of a fault is a whole number from 1 up.")
    path = str(item.get("path", "")).strip("/")
    return replace(found, on=method, path=path, nth=nth, every="every" in item)


def _how(found: Fault, item: Mapping[str, object]) -> Fault:
    if "seconds" in item:
        found = replace(found, seconds=_seconds(item["seconds"]))
    if "commit" in item:
        found = replace(found, commit=Commit.YES if item["commit"] in (True, "yes") else Commit.NO)
    if "then" in item:
        found = replace(found, ending=_then(str(item["then"])), status=504)
    if "retry_after" in item:
        found = replace(found, retry_after=str(item["retry_after"]))
    if "body" in item:
        found = replace(found, body=str(item["body"]))
    if "change" in item:
        found = replace(found, change=change(item["change"]))
    return found


def _seconds(sent: object) -> float:
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not 0 <= sent <= LONGEST:
        raise SandboxError(f"The seconds of a fault are a number from 0 to {LONGEST:g}.")
    return float(sent)


def _then(text: str) -> Ending:
    endings = {"send": Ending.ANSWER, "close": Ending.CLOSE, "504": Ending.STATUS}
    if text not in endings:
        raise SandboxError(f'A held request ends with one of {", ".join(endings)}, not with "{text}".')
    return endings[text]


def _checked(found: Fault) -> Fault:
    if found.body is not None and found.body not in BODIES:
        raise SandboxError(f'The body of a fault is one of {", ".join(BODIES)}, not "{found.body}".')
    if found.name == "interfere" and found.change is None:
        raise SandboxError("The fault interfere needs a change, as POST /sandbox/rows takes it.")
    if found.ending is Ending.ANSWER and found.commit is not Commit.YES:
        raise SandboxError("A request that is not committed has no answer to send.")
    return found


def from_switches(switches: Mapping[str, str]) -> list[Fault]:
    """The faults that the switches fail, drop, garbage, timeout and interfere ask for."""
    held = float(switches["time_limit"])
    cut_off = Commit.YES if switches["commit"] == "yes" else Commit.NO
    found = [_at(_kind(_name(part)), part, "any") for part in _parts(switches["fail"])]
    found += [_at(_kind(f"drop_{_name(part)}"), part, "write") for part in _parts(switches["drop"])]
    for part in _parts(switches["garbage"]):
        kind = replace(_kind(_name(part)), commit=cut_off if _name(part) == "html200" else Commit.YES)
        found.append(_at(kind, part, "any"))
    if "@" in switches["timeout"]:
        kind = replace(limit(switches), name="timeout", seconds=held)
        found.append(_at(kind, switches["timeout"], "any"))
    for nth, wanted in interference(switches["interfere"]) or []:
        found.append(replace(KINDS["interfere"], change=wanted, nth=nth))
    return found


def limit(switches: Mapping[str, str]) -> Fault:
    """What becomes of a request that takes longer than time_limit."""
    commit = Commit.YES if switches["commit"] == "yes" else Commit.NO
    ending = Ending.STATUS if switches["timeout"].startswith("504") else Ending.CLOSE
    return Fault("timeout", ending, commit, 504, float(switches["time_limit"]))


def _parts(text: str) -> list[str]:
    return [] if text in {"off", "never"} else [part.strip() for part in text.split(",")]


def _name(part: str) -> str:
    """`after commit@3`: after_commit."""
    return re.sub(r"[\s-]+", "_", part.partition("@")[0].strip()).lower()


def _at(kind: Fault, part: str, on: str) -> Fault:
    """The fault at the place that stands behind the @; without one, at every request."""
    where = part.partition("@")[2].strip()
    every = not where or where.startswith("every")
    digits = re.sub(r"\D", "", where)
    return replace(kind, on=on, nth=int(digits or 1), every=every)
