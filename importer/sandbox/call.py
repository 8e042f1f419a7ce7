"""One request as it was received, and the log that keeps all of them; knows no answer's content."""

import re
from dataclasses import dataclass
from uuid import uuid4

from starlette.requests import Request

from importer.sandbox.access import bearer
from importer.sandbox.store import Store
from importer.sandbox.world.dates import text as stamp

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the API; `path` is what follows the base, `number` its place in the log."""

    number: int
    request_id: str
    method: str
    path: str
    query: str
    body: bytes
    authorization: str = ""

    @property
    def is_write(self) -> bool:
        """Whether the method is one that writes."""
        return self.method in {"POST", "PUT", "DELETE"}

    @property
    def parts(self) -> list[str]:
        """The path without `.json` and slashes, split."""
        return [part for part in self.path.removesuffix(".json").split("/") if part]

    @property
    def collection(self) -> str:
        """The first part of the path."""
        return self.parts[0] if self.parts else ""


class Log:
    """The table `requests`: every request to the API, in the order of their arrival."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def enter(self, request: Request, body: bytes) -> Call:
        """Write the request down and give it a number. The token itself is never kept."""
        authorization = request.headers.get("authorization", "")
        caller = bearer(authorization)
        path = str(request.scope["path"]).removeprefix(BASE)
        query = request.scope["query_string"].decode("latin-1")
        request_id = str(uuid4())
        row: dict[str, object] = {
            "received_at": stamp(self._store.time()),
            "method": request.method,
            "path": path,
            "query": re.sub(r"(token=)[^&]*", r"\1...", query),
            "body": body.decode(errors="replace"),
            "token": caller.name if caller else None,
            "request_id": request_id,
        }
        with self._store.lock:
            row["number"] = number = self._store.new_ids("requests", 1)[0]
            self._store.insert("requests", list(row), [row])
        return Call(number, request_id, request.method, path, query, body, authorization)

    def wrote(self, call: Call, rows: int) -> None:
        """Note that the request was committed, and how many rows it touched."""
        self._store.run("UPDATE requests SET committed = 1, rows_written = ? WHERE number = ?", (rows, call.number))

    def answered(self, call: Call, status: int | None, fault: str | None) -> None:
        """Note the status of the answer; None if the connection broke."""
        self._store.run("UPDATE requests SET status = ?, fault = ? WHERE number = ?", (status, fault, call.number))
