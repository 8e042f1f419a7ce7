"""A server that answers bulk creates at once, or after a set time: the benchmark's other end.

It knows as much of the API as a load of new skill memberships needs, keeps them in a dictionary, and gives them back
by user, so that what is measured is the program. The sandbox is for truth; this is for speed.
"""

import argparse
import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import orjson

_IDS = itertools.count(70_000_000)
_ME: dict[str, object] = {"id": "1", "full_name": "Bench Mark", "email_address": "bench@example.com", "account_id": "9"}
_HELD: dict[str, list[dict[str, object]]] = defaultdict(list)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The one write that is refused, counted from 1 (0: none), and how its answer asks to wait.

    Where `as_date` is true it says until when, by a clock that is `ahead_s` ahead of this machine's.
    """

    nth: int
    wait_s: int
    as_date: bool
    ahead_s: int
    _writes: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def hits(self, method: bytes) -> bool:
        """Whether a request is the one; each write is asked about once."""
        return method == b"POST" and next(self._writes) == self.nth

    def answer(self) -> bytes:
        """The whole answer, with the time by the server's clock."""
        now = datetime.now(UTC) + timedelta(seconds=self.ahead_s)
        until = format_datetime(now + timedelta(seconds=self.wait_s), usegmt=True)
        wait = until if self.as_date else str(self.wait_s)
        date = format_datetime(now, usegmt=True)
        head = f"HTTP/1.1 429 Too Many Requests\r\nDate: {date}\r\nRetry-After: {wait}\r\nContent-Length: 0\r\n\r\n"
        return head.encode()


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency_s: float, refusal: Refusal
) -> None:
    """Serve one connection until it is closed."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            method, target, _ = head.split(b" ", 2)
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                ),
                0,
            )
            body = await reader.readexactly(length)
            if refusal.hits(method):
                writer.write(refusal.answer())
                await writer.drain()
                continue
            content = respond(method.decode(), target.decode(), body)
            if latency_s:
                await asyncio.sleep(latency_s)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
                + content
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def respond(method: str, target: str, body: bytes) -> bytes:  # noqa: PLR0911  (one for each kind of request)
    """The answer: whose the token is, people with what they hold, or the records of a bulk create, newest first."""
    parts = urlsplit(target)
    asked = parse_qs(parts.query)
    if parts.path.endswith("/users/me"):
        return envelope("users", [_ME], 1)
    if parts.path.endswith(("/users", "/skills")):
        ids = asked["only"][0].split(",")
        return people(ids) if parts.path.endswith("/users") else skills(ids)
    if parts.path == "/spent":
        return orjson.dumps({"seconds": time.process_time()})
    if parts.path == "/count":
        distinct = sum(len({record["skill_id"] for record in records}) for records in _HELD.values())
        return orjson.dumps({"count": sum(map(len, _HELD.values())), "distinct": distinct})
    if parts.path == "/forget":
        _HELD.clear()
        return b"{}"
    if method == "GET" and not parts.path.endswith("/skill_memberships"):
        return envelope(parts.path.rsplit("/", 1)[-1], [], 0)
    if method != "POST":
        users = asked["user_ids"][0].split(",") if "user_ids" in asked else list(_HELD)
        return held(users, page=int(asked["page"][0]))
    sent = orjson.loads(body)["skill_memberships"]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = [created(id_, row, now) for id_, row in zip(itertools.islice(_IDS, len(sent)), sent, strict=True)]
    for record in made:
        _HELD[str(record["user_id"])].append(record)
    return envelope("skill_memberships", made[::-1], len(made))


def people(ids: list[str]) -> bytes:
    """These users, and what they hold side-loaded."""
    theirs = {id_: _HELD.get(id_, []) for id_ in ids}
    users: list[dict[str, object]] = [
        {"id": id_, "full_name": f"Person {id_}", "skill_membership_ids": [record["id"] for record in records]}
        for id_, records in theirs.items()
    ]
    return envelope("users", users, len(users), [record for records in theirs.values() for record in records])


def skills(ids: list[str]) -> bytes:
    """These skills, all with levels."""
    return envelope("skills", [{"id": id_, "name": f"Skill {id_}", "max_level": "5"} for id_ in ids], len(ids))


def held(users: list[str], page: int) -> bytes:
    """One page of what these users hold."""
    records = [record for user in users for record in _HELD.get(user, ())]
    return envelope("skill_memberships", records[(page - 1) * 200 : page * 200], len(records))


def created(id_: int, row: dict[str, int], now: str) -> dict[str, object]:
    """A record as Kantata shows it."""
    return {
        "level": row.get("level", 0),
        "max_level": 5,
        "cached_skill_name": "Skill",
        "created_at": now,
        "updated_at": now,
        "skill_id": str(row["skill_id"]),
        "user_id": str(row["user_id"]),
        "creator_id": "1",
        "id": str(id_),
    }


def envelope(
    plural: str, records: list[dict[str, object]], count: int, besides: list[dict[str, object]] | None = None
) -> bytes:
    """The records in the form of the API reference's Response Format, with memberships that come along."""
    along = {} if besides is None else {"skill_memberships": {str(record["id"]): record for record in besides}}
    return orjson.dumps(
        {
            "count": count,
            "results": [{"key": plural, "id": record["id"]} for record in records],
            plural: {str(record["id"]): record for record in records},
            **along,
            "meta": {"count": count, "page_count": -(-count // 200), "page_number": 1, "page_size": 200},
        }
    )


async def serve(port: int, latency_s: float, refusal: Refusal) -> None:
    """Serve on loopback until the process is ended."""
    server = await asyncio.start_server(lambda r, w: answer(r, w, latency_s, refusal), "127.0.0.1", port, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--refuse", type=int, default=0, help="the write that is refused, counted from 1; 0: none")
    parser.add_argument("--wait", type=int, default=0, help="seconds that the refusal asks to wait")
    parser.add_argument("--date", action="store_true", help="say it as a date")
    parser.add_argument("--ahead", type=int, default=0, help="seconds that the server's clock is ahead")
    options = parser.parse_args()
    refusal = Refusal(options.refuse, options.wait, options.date, options.ahead)
    asyncio.run(serve(options.port, options.latency, refusal))
