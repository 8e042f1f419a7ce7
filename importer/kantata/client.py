"""Every request to Kantata, by what it does. Knows what may be repeated; knows no plan and no row."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from importer.endpoints.declare import Endpoint
from importer.errors import Denied, ImporterError, Unreachable
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.resources import Collection
from importer.kantata.responses import Malformed, Page, Record, Refusal, read_page, read_refusals
from importer.kantata.retry_after import GIVE_UP_S, retry_after_s
from importer.kantata.transport import Query, Response, Transport
from importer.messages import about_account

Filters = Mapping[str, str | Sequence[str]]

WaitListener = Callable[[float, str], None]
"""Called with the seconds of a wait and its reason."""

PER_PAGE = 200
"""The most that a list gives at once. Source: API reference 1.0.0, Pagination."""
_TRIES_READING = 5
"""How often a read is tried that got no usable answer: about a quarter of a minute."""
_TRIES_CONNECTING = 3


@dataclass(frozen=True, slots=True)
class Account:
    """Who the token belongs to, and where. `key` tells one account from another."""

    user_id: str
    full_name: str
    email: str
    base_url: str
    account_id: str | None
    is_administrator: bool | None

    @property
    def key(self) -> str:
        """The base URL with the account's id where the API gives one, else with the user's."""
        return (
            f"{self.base_url} account {self.account_id}" if self.account_id else f"{self.base_url} user {self.user_id}"
        )

    @property
    def host(self) -> str:
        """The base URL's host and port, for a person."""
        return self.base_url.split("//", 1)[-1].split("/", 1)[0]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.email}, at {self.host}"


class Client:
    """The account behind one token. Threads may share it."""

    def __init__(self, transport: Transport, limiter: RateLimiter) -> None:
        self._transport = transport
        self._limiter = limiter
        self.on_wait: WaitListener = lambda _seconds, _reason: None
        self.retries = 0
        self._clock_ahead_s = 0.0
        self.understood_forms: dict[str, str] = {}
        """How this account wants a filter's list of ids written, once that is known."""
        self.forms: dict[str, Any] = {}
        """How the records of an endpoint are told and sent, by its name, with what was read for that."""
        self.list_names: dict[str, dict[str, str]] = {}
        """Of lists whose records others name, such as skill categories: the names by id, once they have been read."""

    def clone(self, limiter: RateLimiter) -> "Client":
        """Another client of the same account, with counts of its own."""
        other = Client(self._transport.clone(), limiter)
        other.understood_forms = dict(self.understood_forms)
        return other

    @property
    def request_counts(self) -> Counter[str]:
        """How many requests have left, by method, repeated ones included."""
        return self._transport.sent

    @property
    def workers(self) -> int:
        """How many requests may be in flight at most."""
        return self._limiter.workers

    @property
    def requests(self) -> dict[str, int]:
        """The requests that left, by method; `retries` are those among them that repeated another."""
        return {
            **{name: self.request_counts[name] for name in ("GET", "POST", "PUT", "DELETE")},
            "retries": self.retries,
        }

    @property
    def rate(self) -> float | None:
        """The requests a second that this account lets through, if a refusal has shown a limit."""
        return self._limiter.rate

    def halt(self) -> None:
        """Stop sending writes: one that waits for its turn counts as never sent. Reads go on."""
        self._limiter.halt()

    def remember(self, rate: float | None) -> None:
        """Begin with the limit that an earlier run learned, if it did."""
        self._limiter.remember(rate)

    def clock_ahead_s(self) -> float:
        """How far the server's clock is ahead of ours, by the Date of the last answer that had one (to the second)."""
        return self._clock_ahead_s

    @property
    def window(self) -> int:
        """How many requests may be in flight now."""
        return self._limiter.window

    @property
    def max_rate(self) -> float | None:
        """The requests a second that may leave at most, by what the person says or refusals have shown."""
        known = [each for each in (self._limiter.max_rate, self._limiter.rate) if each is not None]
        return min(known, default=None)

    @property
    def mean_s(self) -> float:
        """The seconds that an answer took, on average so far."""
        return self._transport.took_s / max(self._transport.sent.total(), 1)

    @property
    def base_url(self) -> str:
        """Where the account is."""
        return self._transport.base_url

    def me(self) -> Account:
        """Whose token this is. Source: GET /users/me.

        Raises: Denied, Unreachable.
        """
        answer = self.read("/users/me", [("include", "account_membership")])
        page = self._page(answer, "users")
        if len(page.records) != 1:
            raise about_account.nobodys_token()
        user = page.records[0]
        membership = next(iter(page.included.get("account_memberships", {}).values()), {})
        administrator = membership.get("is_administrator")
        return Account(
            user_id=str(user["id"]),
            full_name=str(user.get("full_name") or ""),
            email=str(user.get("email_address") or ""),
            base_url=self._transport.base_url,
            account_id=str(user["account_id"]) if user.get("account_id") else None,
            is_administrator=administrator if isinstance(administrator, bool) else None,
        )

    def page(self, collection: Collection, page: int, filters: Filters) -> Page:
        """One page of 200 of a list; past the last one, a page without records.

        A filter with several values is sent as `name=a,b`, or as `name[]=a&name[]=b` where its name ends in `[]`.
        Raises: ValueError for a filter that the reference does not have; NotAccepted, Denied, Unreachable.
        """
        answer = self.read(collection.path, _query(collection, page, filters), absent_is_answer=page > 1)
        return Page(0, (), {}) if answer.status == 404 else self._page(answer, collection.plural)

    def url_length(self, collection: Collection, filters: Filters) -> int:
        """The characters of the URL that `page` would ask for."""
        return len(self._transport.url(collection.path, _query(collection, 9999, filters)))

    def get(self, endpoint: Endpoint, record_id: str) -> Record | None:
        """The record of this id; None if there is none, or none that the token may see.

        Raises: ValueError where the endpoint has no such request; Denied, Unreachable.
        """
        if not endpoint.has_get:
            raise ValueError(f"{endpoint.name} cannot be read one by one")
        answer = self.read(f"{endpoint.path}/{record_id}", _includes(endpoint), absent_is_answer=True)
        return None if answer.status == 404 else self._page(answer, endpoint.plural).records[0]

    def create(self, endpoint: Endpoint, bodies: Sequence[Mapping[str, Any]]) -> Response:
        """Send one bulk create, and ask for all of its records back: without per_page the answer may hold only 20.
        Where there is no bulk form, `bodies` is one.
        """
        query = [("per_page", str(PER_PAGE)), *_includes(endpoint)]
        body = {endpoint.plural: list(bodies)} if endpoint.bulk_limit > 1 else {endpoint.singular: bodies[0]}
        return self._repeated("POST", endpoint.path, query, body)

    def update(self, endpoint: Endpoint, record_id: str, fields: Mapping[str, Any]) -> Response:
        """Change some fields of one record."""
        return self._repeated("PUT", f"{endpoint.path}/{record_id}", _includes(endpoint), {endpoint.singular: fields})

    def delete(self, endpoint: Endpoint, record_id: str) -> Response:
        """Delete one record, for good."""
        return self._repeated("DELETE", f"{endpoint.path}/{record_id}", [], None)

    def read(self, path: str, query: Query, *, absent_is_answer: bool = False) -> Response:
        """The answer to a GET, which may be repeated freely: on 429, on an error of the server, on no answer.

        Raises: Denied, Unreachable.
        """
        answer = self._repeated("GET", path, query, None)
        if answer.ok or (absent_is_answer and answer.status == requests.codes.not_found):
            return answer
        raise exception_for(answer, self._transport.base_url)

    def _repeated(self, method: str, path: str, query: Query, body: Mapping[str, Any] | None) -> Response:
        """The answer to a request, which is repeated while Kantata asks to wait or it certainly did not arrive; a read
        also while no usable answer comes. A write that may have arrived is never repeated.
        """
        query = list(query)
        attempt, waited_s = 1, 0.0
        while True:
            with self._limiter.turn(may_halt=method != "GET") as goes:
                if not goes:
                    return Response(method, None, fault="the run was stopped before it was sent", never_left=True)
                answer = self._transport.request(method, path, query, body)
            if answer.status == requests.codes.too_many_requests:
                if waited_s > GIVE_UP_S:
                    return answer
                waited_s += self._wait_as_asked(answer)
                continue
            self._note(answer)
            if attempt >= _tries(answer):
                return answer
            self._wait_and_hope(answer, attempt)
            attempt += 1

    def _note(self, answer: Response) -> None:
        """Let the limiter learn from an answer."""
        if answer.status is not None:
            self._limiter.let_through(answer.method, answer.took_s)
        if answer.date:
            with contextlib.suppress(TypeError, ValueError):
                self._clock_ahead_s = parsedate_to_datetime(answer.date).timestamp() - time.time()
        if answer.in_doubt:
            self._limiter.slow_down()

    def _wait_as_asked(self, answer: Response) -> float:
        self.retries += 1
        seconds = self._limiter.refuse(retry_after_s(answer.retry_after, answer.date, datetime.now(UTC)))
        self.on_wait(seconds, f"Kantata asks us to wait {seconds:.0f} s.")
        return seconds

    def _wait_and_hope(self, answer: Response, attempt: int) -> None:
        self.retries += 1
        seconds = min(2.0 ** (attempt - 1), 8.0)
        why = f"status {answer.status}" if answer.status else answer.fault
        self.on_wait(seconds, f"No usable answer ({why}); asking again in {seconds:.0f} s.")
        self._limiter.pause(seconds)

    def _page(self, answer: Response, plural: str) -> Page:
        try:
            return read_page(answer, plural)
        except Malformed as error:
            raise about_account.not_like_kantata(self._transport.base_url, error) from None


def _tries(answer: Response) -> int:
    """How often a request with this answer may be tried: once, unless it certainly did nothing, or only reads."""
    if answer.never_left:
        return _TRIES_CONNECTING
    return _TRIES_READING if answer.method == "GET" and answer.in_doubt else 1


class NotAccepted(Unreachable):
    """Kantata did not accept the form of a request (400 or 422)."""


def exception_for(answer: Response, base_url: str) -> ImporterError:
    """Why this answer is none to go on with, as an exception that is not raised."""
    host = base_url.split("//", 1)[-1].split("/", 1)[0]
    if answer.status is None:
        return about_account.unreachable(host, answer.fault)
    refusal = read_refusals(answer)[0] if answer.is_json else Refusal("")
    said = "" if refusal.is_silent else refusal.message
    return _denial(answer.status, refusal, host, said) or _trouble(answer, answer.status, host, said)


def _denial(status: int, refusal: Refusal, host: str, said: str) -> Denied | None:
    """What the token may not do."""
    if status == requests.codes.unauthorized or refusal.kind == "oauth":
        return about_account.token_refused(host, status, said)
    if refusal.is_of_account:
        return about_account.account_refused(host, status, said)
    if status == requests.codes.forbidden:
        return about_account.permission_refused(host, status, said)
    if status == requests.codes.not_found:
        return about_account.nothing_for_this_token(host, status)
    return None


def _trouble(answer: Response, status: int, host: str, said: str) -> Unreachable:
    """What keeps the server from an answer."""
    if status == requests.codes.too_many_requests:
        return about_account.keeps_us_waiting(host, status)
    if 300 <= status < 400:
        return about_account.redirect(host)
    if not answer.is_json:
        what = "a web page" if answer.is_html else "something that is not whole JSON"
        return about_account.not_json(host, status, what)
    if status >= 500:
        return about_account.server_error(host, status, said)
    return NotAccepted(about_account.request_not_accepted(host, status, said).said)


def _query(collection: Collection, page: int, filters: Filters) -> list[tuple[str, str]]:
    for name in filters:
        if name.removesuffix("[]") not in (*collection.filters, "only"):
            raise ValueError(f"{collection.path} has no filter {name}")
    query = [("page", str(page)), ("per_page", str(PER_PAGE))]
    if collection.order:
        query.append(("order", collection.order))
    if collection.includes:
        query.append(("include", ",".join(collection.includes)))
    query += collection.always.items()
    for name, value in filters.items():
        query += _pairs(name, value)
    return query


def _pairs(name: str, value: str | Sequence[str]) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        return [(name, value)]
    if name.endswith("[]"):
        return [(name, each) for each in value]
    return [(name, ",".join(value))]


def _includes(endpoint: Endpoint) -> list[tuple[str, str]]:
    return [("include", ",".join(endpoint.includes))] if endpoint.includes else []
