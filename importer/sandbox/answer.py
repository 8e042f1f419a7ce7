"""What goes back to the caller: status, content and the error bodies; knows no collection.

Source of the error shape: API reference 1.0.0, section Errors; `index` as in mavenlink/brainstem.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete answer; `rows_written` counts the records that the request created, changed or removed."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    rows_written: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one row cannot be written. `missing`: it names a record that does not exist."""

    field: str
    message: str
    index: int = 0
    missing: bool = False


class Refused(Exception):  # noqa: N818  (it is an answer, not a mistake)
    """The request ends here, with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def dumped(content: object) -> bytes:
    """JSON without blanks, as the API sends it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def content(envelope: object, rows_written: int = 0) -> Answer:
    """200 with a JSON body."""
    return Answer(200, dumped(envelope), rows_written=rows_written)


def gone(rows_written: int = 0) -> Answer:
    """204: no body, no content type."""
    return Answer(204, content_type="", rows_written=rows_written)


def error(status: int, message: str, kind: str = "system") -> Answer:
    """An error body with one entry."""
    return Answer(status, dumped({"errors": [{"type": kind, "message": message}]}))


def not_found() -> Answer:
    """404 as recorded."""
    return error(404, "Not found")


def bad_json(reply: str) -> Answer:
    """What a body that is not JSON is answered, by the switch bad_json.

    Source: recorded traffic of 2018, where the words are in `error`, and client code.
    """
    if reply == "400 error":
        return Answer(400, dumped({"status": 400, "error": "malformed JSON detected in the request body"}))
    if reply == "400 json":
        return error(400, "There was a problem in the JSON you submitted", "syntax")
    return page(int(reply.partition(" ")[0]))


def page(status: int) -> Answer:
    """What a proxy in front of the application says: a small page of HTML."""
    title = f"{status} {HTTPStatus(status).phrase}"
    html = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    return Answer(status, html.encode(), HTML)


def in_form(status: int, form: str, message: str) -> Answer:
    """A system error as `json`, `html`, `text`, or with an `empty` body."""
    if form == "html":
        return page(status)
    if form == "text":
        return Answer(status, f"{message}\n".encode(), TEXT)
    if form == "empty":
        return Answer(status, content_type="")
    return error(status, message)


def refusals(found: Sequence[Refusal], switches: Mapping[str, str]) -> list[dict[str, object]]:
    """The `errors` of a body, as the switches error_index and errors_listed say."""
    entries: list[dict[str, object]] = []
    for each in found[:1] if switches["errors_listed"] == "first" else found:
        if each.missing:
            entry: dict[str, object] = {"type": "system", "message": "Not found"}
        else:
            entry = {"type": "validation", "message": each.message, "field": each.field}
        entries.append(entry | ({"index": each.index} if switches["error_index"] == "on" else {}))
    return entries


def refused_rows(found: Sequence[Refusal], switches: Mapping[str, str], rows_written: int = 0) -> Answer:
    """The error answer for rows that could not be written."""
    if any(each.missing for each in found):
        status = 404
        if all(each.missing for each in found) and not rows_written:
            return not_found()
    else:
        status = int(switches["validation_status"])
    return Answer(status, dumped({"errors": refusals(found, switches)}), rows_written=rows_written)
