"""One sandbox: its rows, switches, faults and log together; answers a call, and knows no socket.

Everything here happens at once and under the store's lock; the service does the waiting.
"""

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from importer.sandbox import access, reading, writing
from importer.sandbox.answer import Answer, Refused, bad_json, content, error, page
from importer.sandbox.call import BASE, Call, Log
from importer.sandbox.concurrent_changes import ConcurrentChanges
from importer.sandbox.contract.declare import READS, Verb
from importer.sandbox.faults.declare import Fault, from_switches
from importer.sandbox.faults.script import Script
from importer.sandbox.manual_writes import Change, Changed, check, make
from importer.sandbox.pace import Pace
from importer.sandbox.params import Params, body_of
from importer.sandbox.query import Query
from importer.sandbox.routing import route
from importer.sandbox.store import Store
from importer.sandbox.switches import Board
from importer.sandbox.world import NewAccount


class Sandbox:
    """A stand-in for one account. Raises: SandboxError for a switch or a file that cannot be used."""

    def __init__(self, db: Path | None, account: NewAccount, switches: Mapping[str, str]) -> None:
        self.board = Board(switches)
        self.store = Store(db, account)
        self.log = Log(self.store)
        self.script = Script()
        self.pace = Pace(time.monotonic)
        self._concurrent_changes = ConcurrentChanges(self.store, time.monotonic)
        self._calls_left = math.inf
        self._revoked = False
        self.age = 0  # how often it was reset: a late commit from before a reset must not happen after it
        self._begin()

    def _begin(self) -> None:
        self.script.set([])
        self.script.set(from_switches(self.board.all()), "switches")
        self.pace.forget()
        self._concurrent_changes.reset()
        self._revoked = False
        self._count_calls()

    def _count_calls(self) -> None:
        text = self.board["revoke_after"]
        self._calls_left = math.inf if text == "never" else int(text.split()[0])

    def set(self, wanted: Mapping[str, str]) -> None:
        """Set some switches. The counters of these switches start again. Raises: SandboxError."""
        with self.store.lock:
            named = self.board.set(wanted)
            if "drop" in named:
                self.script.set(from_switches(self.board.all()), "switches")
            if "revoke_after" in named:
                self._count_calls()
            if "rate" in named:
                self.pace.reset()

    def set_faults(self, faults: Iterable[Fault]) -> None:
        """Set the script of faults; a token that a fault revoked is valid again. Raises: SandboxError."""
        found = list(faults)
        with self.store.lock:
            for change in (each.change for each in found if each.change is not None):
                check(self.store, change)
            self.script.set(found)
            self._revoked = False

    def reset(self) -> None:
        """Rows, log, switches and faults as at the start."""
        with self.store.lock:
            self.age += 1
            self.store.reset()
            self.board.reset()
            self._begin()

    def by_hand(self, wanted: Change) -> Changed:
        """A write by a person in the web application. Raises: SandboxError."""
        with self.store.lock:
            return make(self.store, wanted)

    def faults_due(self, call: Call) -> Fault | None:
        """The fault that ends this request. Changes by others are made here, and tokens revoked."""
        ending = None
        for fault in self.script.due(call):
            if fault.change is not None:
                make(self.store, fault.change)
            elif fault.revokes:
                self._revoked = True
            else:
                ending = fault
        return ending

    def answer(self, call: Call) -> Answer:
        """What the API answers; a write is finished and logged when this returns."""
        switches = self.board.all()
        with self.store.lock:
            try:
                found = self._answer(call, switches)
            except Refused as refused:
                found = refused.answer
            if found.rows_written:
                self.log.wrote(call, found.rows_written)
        return found

    def _answer(self, call: Call, switches: Mapping[str, str]) -> Answer:
        _check_length(call, switches)
        collection, verb, key = route(call)
        access.check_account(switches)
        caller = self._caller(call)
        access.check(caller, collection, verb, switches)
        body = _body(call, switches)
        unseen = self._concurrent_changes.unseen() if verb in READS else {}
        is_post = call.method == "POST"
        query = Query(collection, Params(call.query), caller, switches, call.number, unseen, is_post)
        return self._done(verb, key, query, body)

    def _caller(self, call: Call) -> access.Caller:
        caller = access.bearer(call.authorization)
        if caller is None or caller.revoked or self._revoked or not self._calls_left:
            raise Refused(error(401, "Invalid OAuth 2 Request", "oauth"))  # as documented and recorded
        self._calls_left -= 1
        return replace(caller, user_id=caller.user_id + self.store.account.shift)

    def _done(self, verb: Verb, key: int, query: Query, body: Mapping[str, object]) -> Answer:
        table = query.collection.name
        match verb:
            case Verb.LIST:
                found = content(reading.read_list(self.store, query))
                self._concurrent_changes.after_page(table, query.switches)
                return found
            case Verb.GET:
                return content(reading.read_one(self.store, query, key))
            case Verb.ME:
                return content(reading.read_me(self.store, query))
            case Verb.CREATE:
                found, new = writing.create(self.store, query, body)
                self._concurrent_changes.hide(table, new, query.switches)
                return found
            case Verb.UPDATE:
                return writing.update(self.store, query, key, body)
            case Verb.DELETE:
                return writing.delete(self.store, query, key)


def _check_length(call: Call, switches: Mapping[str, str]) -> None:
    limit = switches["max_url"]
    if limit != "none" and len(f"{BASE}{call.path}?{call.query}") > int(limit):
        raise Refused(page(414))


def _body(call: Call, switches: Mapping[str, str]) -> dict[str, object]:
    try:
        return body_of(call.body)
    except (ValueError, RecursionError):
        raise Refused(bad_json(switches["bad_json"])) from None
