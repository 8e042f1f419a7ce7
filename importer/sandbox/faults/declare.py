"""What can go wrong with a request, by name; and how a fault is read from JSON or from a switch.

Knows no request: the script counts them, the service lets the faults happen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from importer.sandbox.errors import SandboxError
from importer.sandbox.manual_writes import Change


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
    `body` override the switches of those names; None leaves them. `seconds` is how long the request waits, or
    a late commit takes.
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
LATER_ENDINGS = {"send": Ending.ANSWER, "close": Ending.CLOSE, "504": Ending.STATUS}
Method = Annotated[
    Literal["any", "write", "GET", "POST", "PUT", "DELETE"],
    BeforeValidator(lambda text: text if text in {"any", "write"} else str(text).upper()),
]
Count = Annotated[int, Field(strict=True, ge=1)]


class FaultRequest(BaseModel):
    """A fault as JSON: what happens, to the `nth` request or to `every` nth, and where it has use for them the rest."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    fault: str = Field(description=f"One of {', '.join(KINDS)}")
    on: Method = "any"
    path: Annotated[str, AfterValidator(lambda path: path.strip("/"))] = ""
    nth: Count = 1
    every: Count | None = None
    seconds: float | None = Field(default=None, ge=0, le=600, description="How long the request is held")
    commit: bool | None = Field(default=None, description="Whether the request takes effect")
    then: Literal["send", "close", "504"] | None = Field(default=None, description="How a held request ends")
    retry_after: str | None = Field(default=None, description="As the switch, or any text")
    body: Literal["json", "text", "html", "empty"] | None = None
    change: Change | None = Field(default=None, description="As for POST /sandbox/rows")


def requested(request: FaultRequest) -> Fault:
    """The fault that a valid request means. Raises: SandboxError."""
    same = {name: getattr(request, name) for name in ("on", "path", "seconds", "retry_after", "body", "change")}
    found = replace(
        _kind(request.fault),
        nth=request.every or request.nth,
        every=request.every is not None,
        **{name: value for name, value in same.items() if value is not None},
    )
    if request.commit is not None:
        found = replace(found, commit=Commit.YES if request.commit else Commit.NO)
    if request.then is not None:
        found = replace(found, ending=LATER_ENDINGS[request.then], status=504)
    if found.name == "interfere" and found.change is None:
        raise SandboxError("The fault interfere needs a change, as POST /sandbox/rows takes it.")
    if found.ending is Ending.ANSWER and found.commit is not Commit.YES:
        raise SandboxError("A request that is not committed has no answer to send.")
    return found


def _kind(name: str) -> Fault:
    found = KINDS.get(name)
    if found is None:
        near = get_close_matches(name, KINDS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise SandboxError(f'"{name}" is not a fault; use one of {", ".join(KINDS)}.{hint}')
    return found


def from_switches(switches: Mapping[str, str]) -> list[Fault]:
    """The faults that the switch `drop` asks for: `after commit@every 3` is drop_after_commit for every third write."""
    return [
        replace(KINDS[f"drop_{re.sub('[ -]', '_', what)}"], on="write", nth=int(nth), every=bool(every))
        for what, every, nth in re.findall(r"(\w+[ _-]\w+)@(every\s+)?(\d+)", switches["drop"])
    ]
