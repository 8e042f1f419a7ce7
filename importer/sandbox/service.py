"""The API over ASGI: receives a request, waits as the switches and faults say, and sends the answer or loses it.

Knows no record. Source of the headers: recorded traffic of 2013 to 2021 (no rate-limit header among them).
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope, Send

from importer.sandbox import connection_faults, pace
from importer.sandbox.answer import JSON, Answer, in_form, page
from importer.sandbox.call import Call
from importer.sandbox.faults.declare import Commit, Ending, Fault
from importer.sandbox.state import Sandbox

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the caller gets, how it ends, and the name of the fault that caused it."""

    answer: Answer
    ending: Ending = Ending.ANSWER
    fault: str | None = None


class Service:
    """The ASGI application of one sandbox, to be mounted at the base path."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._later: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        began = time.monotonic()
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return  # its sender went away before its end
        call = self._sandbox.log.enter(request, body)
        try:
            with self._sandbox.pace.in_progress(call):
                outcome = await self._outcome(call)
        except Exception:
            LOG.exception("The sandbox failed at request %d, %s %s", call.number, call.method, call.path)
            raise
        answer, is_whole = outcome.answer, outcome.ending is Ending.ANSWER
        self._sandbox.log.answered(call, answer.status if is_whole else None, outcome.fault)
        start = self._start(call, outcome, time.monotonic() - began)
        if outcome.ending is Ending.CLOSE:
            await connection_faults.reset(scope, receive)
        elif outcome.ending is Ending.CUT_BODY:
            await connection_faults.send_half(scope, receive, send, start, answer.body)
        else:
            await send(start)
            await send({"type": "http.response.body", "body": answer.body})

    async def _outcome(self, call: Call) -> Outcome:
        fault = self._sandbox.faults_due(call)
        if fault is not None:
            return await self._with_fault(call, fault)
        switches = self._sandbox.board.all()
        wait = self._sandbox.pace.wait(switches)
        if wait is not None:
            return Outcome(pace.too_many(switches, wait, self._sandbox.store.time()), fault="rate")
        if switches["latency"] != "0":
            await asyncio.sleep(int(switches["latency"]) / 1000)
        return Outcome(self._sandbox.answer(call))

    async def _with_fault(self, call: Call, fault: Fault) -> Outcome:
        answer = self._sandbox.answer(call) if fault.commit is Commit.YES else None
        if fault.commit is Commit.LATE:
            task = asyncio.create_task(self._commit_later(call, fault.seconds))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        elif fault.seconds:
            await asyncio.sleep(fault.seconds)
        return self._ended(fault, answer)

    async def _commit_later(self, call: Call, seconds: float) -> None:
        age = self._sandbox.age
        await asyncio.sleep(seconds)
        if age == self._sandbox.age:
            self._sandbox.answer(call)

    def _ended(self, fault: Fault, answer: Answer | None) -> Outcome:
        if fault.ending is Ending.STATUS:
            return Outcome(self._status(fault), fault=fault.name)
        if fault.ending is Ending.HTML:
            return Outcome(page(200), fault=fault.name)
        if answer is None or fault.ending is Ending.CLOSE:
            return Outcome(page(504), Ending.CLOSE, fault.name)
        if fault.ending is Ending.CUT_JSON:
            half = Answer(answer.status, answer.body[: len(answer.body) // 2], answer.content_type)
            return Outcome(half, fault=fault.name)
        return Outcome(answer, fault.ending, fault.name)

    def _status(self, fault: Fault) -> Answer:
        switches = self._sandbox.board.all()
        if fault.status == 429:
            wanted = switches | ({"retry_after": fault.retry_after} if fault.retry_after is not None else {})
            return pace.too_many(wanted, 1.0, self._sandbox.store.time(), fault.body)
        form = fault.body or (switches["body_503"] if fault.status == 503 else "html")
        return in_form(fault.status, form, HTTPStatus(fault.status).phrase)

    def _start(self, call: Call, outcome: Outcome, seconds: float) -> Message:
        """The status and the headers. Success goes out chunked, as recorded; errors with their length."""
        answer = outcome.answer
        headers = {
            "Status": f"{answer.status} {HTTPStatus(answer.status).phrase}",
            "Cache-Control": "no-cache, no-store",
            "X-Runtime": f"{seconds:.6f}",
            **answer.headers,
        }
        if answer.content_type:
            headers["Content-Type"] = answer.content_type
        is_chunked = answer.status == 200 and answer.content_type == JSON and not outcome.fault
        if answer.status != 204 and not is_chunked:
            headers["Content-Length"] = str(len(answer.body))
        if self._sandbox.board["request_id"] == "on":
            headers["X-Request-Id"] = call.request_id
        return {"type": "http.response.start", "status": answer.status, "headers": Headers(headers).raw}
