"""What the answer to a write means: what it made, what it refused, or that nobody knows yet. Sends nothing."""

from dataclasses import dataclass
from enum import StrEnum

import requests

from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError
from importer.kantata.record_forms import PLAIN, RecordForm
from importer.kantata.responses import Malformed, Record, Refusal, read_page, read_refusals
from importer.kantata.transport import Response
from importer.model import Key


class Verdict(StrEnum):
    """What an answer says of the whole request."""

    DONE = "done"
    REFUSED = "refused"
    """Something in the request was not accepted; parts of it may have been written all the same."""
    DENIED = "denied"
    """The token, the permission or the account was refused: no other request will do better."""
    NOT_SENT = "not sent"
    """The request certainly did nothing: no connection, or 429 to the end."""
    IN_DOUBT = "in doubt"
    """It may have been done."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The answer to a write, joined by key. `records` are those that the answer shows, which may not be all: `count` is
    how many it says there are.
    """

    verdict: Verdict
    records: dict[Key, Record]
    refusals: tuple[Refusal, ...] = ()
    count: int | None = None

    @property
    def shows_all(self) -> bool:
        """Whether the answer says that it shows every record that was written."""
        return bool(self.records) and self.count == len(self.records)


def read_write_result(endpoint: Endpoint, answer: Response, form: RecordForm = PLAIN) -> WriteResult:
    """What the answer to a create, update or delete means; `form` tells how its records are told."""
    if answer.never_left or answer.status == requests.codes.too_many_requests:
        return WriteResult(Verdict.NOT_SENT, {})
    if answer.in_doubt:
        return WriteResult(Verdict.IN_DOUBT, {})
    if answer.ok:
        count = answer.data.get("count") if isinstance(answer.data, dict) else None
        return WriteResult(Verdict.DONE, _records(endpoint, answer, form), count=count)
    refusals = read_refusals(answer)
    if _is_denied(answer, refusals):
        return WriteResult(Verdict.DENIED, {}, refusals)
    return WriteResult(Verdict.REFUSED, _records(endpoint, answer, form), refusals)


def _records(endpoint: Endpoint, answer: Response, form: RecordForm) -> dict[Key, Record]:
    """The records in the answer by key. What cannot be read is left out: it is read back from the account."""
    if not answer.is_json:
        return {}
    try:
        records = form.told(read_page(answer, endpoint.plural).records)
        return dict(zip(map(endpoint.key_of, records), records, strict=True))
    except (Malformed, KeyError, ImporterError):
        return {}


def _is_denied(answer: Response, refusals: tuple[Refusal, ...]) -> bool:
    if answer.status == requests.codes.unauthorized:
        return True
    if answer.status == requests.codes.forbidden and all(each.is_silent for each in refusals):
        return True  # with a reason, it may be one row among many that is not ours to write
    if 300 <= (answer.status or 0) < 400:
        return True
    return any(
        each.kind == "oauth" or (each.kind == "system" and "cancel" in each.message.lower()) for each in refusals
    )


def refusals_by_row(refusals: tuple[Refusal, ...], size: int) -> dict[int, list[Refusal]] | None:
    """The refusals by position in the batch, if each of them has an index within the batch."""
    by_position: dict[int, list[Refusal]] = {}
    for refusal in refusals:
        if refusal.index is None or refusal.index >= size:
            return None
        by_position.setdefault(refusal.index, []).append(refusal)
    return by_position or None
