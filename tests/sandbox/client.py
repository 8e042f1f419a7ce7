"""A caller of the API, as plain as can be: requests, a base URL and a token."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from importer.sandbox import Running

TIMEOUT_S = 60
Json = Any  # what a test looks into needs no type


class Api:
    """Calls `base` with the token `bearer`; every answer is the whole response, whatever its status."""

    def __init__(self, base: str, bearer: str = "demo") -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        if bearer:
            self.session.headers["Authorization"] = f"Bearer {bearer}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.base + path, timeout=TIMEOUT_S, **options)

    def get(self, path: str, headers: Any = None, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query, headers=headers)

    def found(self, path: str, **query: object) -> Json:
        """The JSON of a GET that must succeed."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, path: str, **query: object) -> list[int]:
        """The ids of a list, in the order of `results`."""
        return [int(each["id"]) for each in self.found(path, **query)["results"]]

    def post(self, path: str, body: object, **query: object) -> requests.Response:
        return self.call("POST", path, json=body, params=query)

    def put(self, path: str, body: object, **query: object) -> requests.Response:
        return self.call("PUT", path, json=body, params=query)

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path)

    def close(self) -> None:
        self.session.close()


def membership(user: int, skill: int, level: object = None) -> dict[str, object]:
    """The object of a skill membership."""
    return {"user_id": user, "skill_id": skill} | ({} if level is None else {"level": level})


def one(singular: str, **fields: object) -> dict[str, object]:
    """The body of a POST or PUT of one object."""
    return {singular: fields}


def wait_until(holds: Callable[[], bool]) -> None:
    """Return once something that must come true is true; how long that takes is no matter."""
    while not holds():
        time.sleep(0.005)


@contextmanager
def held_request(sandbox: Running, path: str) -> Iterator[None]:
    """A GET whose answer nobody waits for, from when the sandbox has it until this is left."""
    seen = len(sandbox.requests())
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=60) as connection:
        connection.sendall(f"GET /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo\r\n\r\n".encode())
        wait_until(lambda: len(sandbox.requests()) > seen)
        yield
