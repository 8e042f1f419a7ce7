"""Kantata as the model has it, behind the one method of the transport: it does and says what a schedule chooses.

Knows the model, the form of Kantata's answers and nothing of runs. It watches what must hold at every request.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from importer.kantata.transport import Query, Response, Transport
from tests.clock import Clock
from tests.schedules.account import Account, Done, Pending, Record, Write, deeds
from tests.schedules.model import (
    BATCH_ONLY,
    DELAY_S,
    ME,
    REFUSED,
    ROW_OF,
    SKILL,
    Choice,
    Commit,
    Kind,
    Say,
    Sort,
    World,
    fates,
)

NAME = "skill_memberships"
TAKES_S = 0.01
"""How long an answer takes."""
MOST_REQUESTS = 400
"""More than any life of so small a run has; one that sends more would never end."""

Choose = Callable[[Sequence[Choice]], Choice]


class Kantata(Transport):
    """The seam: `request` of the transport, answered by the model in place of a network.

    `recorded` tells which writes the journal holds without an answer; `dies` ends the process.
    """

    def __init__(self, account: Account, world: World, clock: Clock, choose: Choose, dies: Callable[[], None]) -> None:
        self.base_url = "http://127.0.0.1:9"
        self.sent = Counter()
        self.took_s = 0.0
        self.account = account
        self.world = world
        self.clock = clock
        self.wrong: list[str] = []
        self.recorded: Callable[[], Iterable[tuple[str, frozenset[int]]]] = tuple
        self.late: list[str] = []
        self.reads: list[dict[int, list[Record]]] = []
        """What the account held of every person at each read that was answered, since the verification began."""
        self._choose = choose
        self._dies = dies
        self._told: dict[int, int] = {}
        """How much of the history was done when a read last told of this person."""
        self._lasting: Choice | None = None

    def request(self, method: str, path: str, query: Query = (), body: Mapping[str, Any] | None = None) -> Response:
        """One request, answered as the schedule has it."""
        self.sent[method] += 1
        if self.sent.total() > MOST_REQUESTS:
            self.wrong.append("it does not end")
            self._dies()
        self._carry_out_due()
        self._meddle()
        write = _write_of(method, path, body)
        if write is not None:
            self._watch(write)
            self.account.asked |= {(write.id, write.level)} if method == "PUT" else set()
        fate = self._lasting or self._choose(fates(method))
        if fate.lasts:
            self._lasting = fate
        self.clock.sleep(TAKES_S + fate.say.after_s)
        if fate.sort is Sort.DEATH:
            self._take(write, fate.commit)
            self._dies()
        if write is None:
            return self._read(dict(query), fate)
        said = self._take(write, fate.commit)
        return self._said(method, fate.say, said)

    # ---- reading

    def _read(self, query: Mapping[str, str], fate: Choice) -> Response:
        if fate.say.status != 200 or fate.say.body:
            return self._said("GET", fate.say, None)
        asked = {int(id_) for id_ in query["user_ids"].split(",")}
        self._told |= dict.fromkeys(asked, len(self.account.history))
        self.reads.append({key: self.account.of(key) for key in ROW_OF})
        shown = [record for record in self.account.shown(self.clock.now) if record.key in asked]
        return _answer("GET", 200, _envelope(shown))

    # ---- writing

    def _take(self, write: Write | None, commit: Commit) -> tuple[int, Any] | None:
        """Do a write now, later or never; what would be answered if it was done now."""
        if write is None or commit is Commit.NOT:
            return None
        if commit in (Commit.SOON, Commit.LATE):
            self.account.pending.append(Pending(self.clock.now + DELAY_S[commit], write))
            return None
        before = dict(self.account.records)
        said = self._do(write)
        if commit is Commit.UNSEEN and said[0] < 300:  # assumed: a refusal is not answered before what it made is shown
            until = self.clock.now + DELAY_S[commit]
            after = self.account.records
            changed = [id_ for id_ in {**before, **after} if before.get(id_) != after.get(id_)]
            self.account.unseen |= {id_: (until, before.get(id_)) for id_ in changed}
        return said

    def _do(self, write: Write) -> tuple[int, Any]:
        if write.method == "POST":
            return self._create(write.records)
        if write.method == "PUT":
            record = self.account.set(ME, write.id, write.level)
            return (404, _error("Not found", "system")) if record is None else (200, _envelope([record]))
        return (204, None) if self.account.delete(ME, write.id) else (404, _error("Not found", "system"))

    def _create(self, asked: Sequence[tuple[int, int]]) -> tuple[int, Any]:
        refused = [at for at, (key, _) in enumerate(asked) if self._refuses(key)]
        makes_rest = self.world.refuses.startswith("others")
        if refused and not makes_rest:
            return 422, self._refusals(refused)
        made = [self._made(key, level) for at, (key, level) in enumerate(asked) if at not in refused]
        if refused and not (self.world.refuses == "others shown" and made):
            return 422, self._refusals(refused)
        return 200, _envelope(made)

    def _made(self, key: int, level: int) -> Record:
        there = self.account.of(key) if self.world.gives_back else []
        return there[0] if there else self.account.make(ME, key, level, self.clock.now)

    def _refuses(self, key: int) -> bool:
        is_double = bool(self.account.of(key)) and not (self.world.doubles or self.world.gives_back)
        return is_double or (bool(self.world.refuses) and key == REFUSED)

    def _refusals(self, refused: Sequence[int]) -> dict[str, Any]:
        named = self.world.refuses != "all, unnamed"
        errors = [
            {"type": "validation", "field": "base", "message": "No.", **({"index": at} if named else {})}
            for at in refused
        ]
        return {"errors": errors}

    def _said(self, method: str, say: Say, said: tuple[int, Any] | None) -> Response:
        """What the client hears of what was done."""
        if say.status is None:
            return Response(method, None, fault="the connection broke", never_left=say.body == "no connection")
        if say.status != 200 or say.body in ("html", "half"):
            data = _error("Not now.", "system") if say.body == "json" else None
            return Response(
                method, say.status, data, say.body == "json", say.body == "html", retry_after=say.retry_after
            )
        assert said is not None  # what is answered as it should be was done
        status, data = said
        if status == 200 and any(say.body == each.body for each in BATCH_ONLY.values()):
            data = _cut(data, say.body)
        return _answer(method, status, data)

    # ---- others, and what comes late

    def _meddle(self) -> None:
        choice = self._choose(deeds(self.account))
        if choice.deed is not None:
            self.account.meddle(choice, self.clock.now)

    def _carry_out_due(self) -> None:
        for each in self.account.carry_out_due(self.clock.now):
            self._do(each.write)
            self.late.append(f"{each.write.method} is done late")

    # ---- what must hold whenever a write leaves

    def _watch(self, write: Write) -> None:
        """Note what no write may do: leave unrecorded, leave again while it may be done, go over what was read."""
        keys = frozenset(key for key, _ in write.records) or frozenset(self._keys_of(write.id))
        if keys and not any(each == (write.method, keys) for each in self.recorded()):
            self.wrong.append(f"{write} left, and the journal does not hold that it would")
        for key in keys if write.method == "POST" else ():
            if any(key == other for each in self.account.pending for other, _ in each.write.records):
                self.wrong.append(f"{write} left while the same may still be done")
            if any(record.maker == ME for record in self.account.of(key)):
                self.wrong.append(f"{write} left, and its record was there")
        if self.world.keeps and write.method != "POST" and (record := self.account.records.get(write.id)):
            self._watch_others(write, record)

    def _keys_of(self, id_: int) -> set[int]:
        return {each.key for each in self.account.history if each.id == id_} | {
            row.key for row in ROW_OF.values() if row.id == id_
        }

    def _watch_others(self, write: Write, record: Record) -> None:
        known = self.account.history[: self._told.get(record.key, 0)]
        last: Done | None = next((each for each in reversed(known) if each.id == record.id), None)
        expected = ROW_OF[record.key].before if ROW_OF[record.key].kind is not Kind.NEW else None
        if last is not None and last.who != ME and last.level == record.level != expected:
            self.wrong.append(f"{write} goes over what somebody else wrote and we had read")


def _write_of(method: str, path: str, body: Mapping[str, Any] | None) -> Write | None:
    if method == "GET":
        return None
    if body is None:
        return Write(method, id=int(path.rsplit("/", 1)[-1]))
    if method == "PUT":
        return Write(method, id=int(path.rsplit("/", 1)[-1]), level=body["skill_membership"]["level"])
    return Write(method, tuple((int(each["user_id"]), each["level"]) for each in body[NAME]))


def _envelope(records: Sequence[Record]) -> dict[str, Any]:
    return {
        "count": len(records),
        "results": [{"key": NAME, "id": str(record.id)} for record in records],
        NAME: {str(record.id): _shown(record) for record in records},
    }


def _shown(record: Record) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "user_id": str(record.key),
        "skill_id": str(record.key + SKILL),
        "level": record.level,
        "creator_id": str(record.maker),
        "created_at": datetime.fromtimestamp(int(record.made_at), UTC).isoformat(),
    }


def _cut(data: dict[str, Any], how: str) -> dict[str, Any]:
    """The same answer with its records in another order, or with fewer of them."""
    entries = data["results"]
    shown = {"one": entries[:1], "none": [], "reversed": entries[::-1]}[how]
    return {**data, "results": shown, NAME: {each["id"]: data[NAME][each["id"]] for each in shown}}


def _error(message: str, kind: str) -> dict[str, Any]:
    return {"errors": [{"type": kind, "message": message}]}


def _answer(method: str, status: int, data: Any) -> Response:
    return Response(method, status, data, is_json=data is not None)
