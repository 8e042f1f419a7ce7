"""A server that answers bulk creates at once, or after a set time: the benchmark's other end.

It knows as much of the API as a load of new skill memberships needs, and keeps nothing, so that what is measured
is the program. The sandbox is for truth; this is for speed.
"""

import argparse
import asyncio
import itertools
import time
from urllib.parse import urlsplit

import orjson

_IDS = itertools.count(70_000_000)
_ME = {"id": "1", "full_name": "Bench Mark", "email_address": "bench@example.com", "account_id": "9"}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, latency_s: float) -> None:
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
            content = respond(method.decode(), urlsplit(target.decode()).path, body)
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


def respond(method: str, path: str, body: bytes) -> bytes:
    """The answer: who the token belongs to, an empty list, or the records of a bulk create, newest first."""
    if path.endswith("/users/me"):
        return envelope("users", {"1": _ME})
    if path == "/spent":
        return orjson.dumps({"seconds": time.process_time()})
    if method != "POST":
        return envelope("skill_memberships", {})
    sent = orjson.loads(body)["skill_memberships"]
    made = {str(id_): created(id_, row) for id_, row in zip(itertools.islice(_IDS, len(sent)), sent, strict=True)}
    return envelope("skill_memberships", dict(reversed(made.items())))


def created(id_: int, row: dict[str, int]) -> dict[str, object]:
    """A record as Kantata shows it."""
    return {
        "level": row.get("level", 0),
        "max_level": 5,
        "cached_skill_name": "Skill",
        "created_at": "2026-01-02T12:30:06-08:00",
        "updated_at": "2026-01-02T12:30:06-08:00",
        "skill_id": str(row["skill_id"]),
        "user_id": str(row["user_id"]),
        "creator_id": "1",
        "id": str(id_),
    }


def envelope(plural: str, records: dict[str, dict[str, object]] | dict[str, dict[str, str]]) -> bytes:
    """The records in the form of the API reference's Response Format."""
    return orjson.dumps(
        {
            "count": len(records),
            "results": [{"key": plural, "id": id_} for id_ in records],
            plural: records,
            "meta": {"count": len(records), "page_count": 1, "page_number": 1, "page_size": 200},
        }
    )


async def serve(port: int, latency_s: float) -> None:
    """Serve on loopback until the process is ended."""
    server = await asyncio.start_server(lambda r, w: answer(r, w, latency_s), "127.0.0.1", port, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.latency))
