"""Somebody who visits the page over HTTP, as a browser does; and what stands on a page for them to read."""

import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests

from importer import parse_cell_address
from importer.web.server import PageAddress

_PATIENCE_S = 60


class Visitor:
    """A browser without a window: keeps the cookie, says where it comes from, follows where it is sent."""

    def __init__(self, served: PageAddress) -> None:
        self.served = served
        self.session = requests.Session()
        self.session.trust_env = False
        # The server closes a connection that was idle for 5 s, perhaps just as the next request leaves on it.
        self.session.headers["Connection"] = "close"

    def get(self, path: str, **headers: str) -> requests.Response:
        """The page at this path."""
        return self.session.get(self.served.root + path, headers=headers, timeout=_PATIENCE_S)

    def post(self, path: str, **fields: str) -> requests.Response:
        """The page that a form leads to."""
        headers = {"Origin": self.served.origin}
        return self.session.post(self.served.root + path, data=fields, headers=headers, timeout=_PATIENCE_S)

    def enter(self) -> "Visitor":
        """Open the address that was printed."""
        assert self.session.get(self.served.address, timeout=_PATIENCE_S).ok
        return self

    def drop(self, path: Path, called: str | None = None) -> str:
        """Drop a file on the page, and return the path of its page once it was read."""
        headers = {"Origin": self.served.origin, "X-File-Name": quote(called or path.name)}
        with path.open("rb") as file:
            answer = self.session.post(self.served.root + "/files", data=file, headers=headers, timeout=_PATIENCE_S)
        assert answer.status_code == 201, answer.text
        to = str(answer.json()["to"]).removeprefix(urlsplit(self.served.root).path)
        self.wait(to)
        return to

    def wait(self, path: str) -> requests.Response:
        """The page at this path, once nothing goes on behind it."""
        while "data-poll" in (answer := self.get(path)).text:
            time.sleep(0.05)
        return answer

    def problems(self, file: str) -> requests.Response:
        """The page on which the file is corrected."""
        return self.wait(f"{file}/problems")

    def rows(self, file: str, **query: str | int) -> dict[str, Any]:
        """A window of the grid, as its script gets it."""
        answer = self.get(f"{file}/rows?{urlencode(query)}")
        assert answer.ok, answer.text
        return dict(answer.json())

    def edit(self, file: str, address: str, text: str, sheet: int = 0) -> requests.Response:
        """Enter a text into a cell."""
        row, column = parse_cell_address(address)
        return self.post(f"{file}/cells?{urlencode({'sheet': sheet, 'row': row, 'left': column})}", text=text)

    def check_again(self, file: str) -> requests.Response:
        """Check the file with what was entered."""
        self.post(f"{file}/again")
        return self.problems(file)

    def plan(self, file: str, mode: str = "upsert", **fields: str) -> requests.Response:
        """What the file would change."""
        self.post(f"{file}/plan", mode=mode, **fields)
        return self.wait(f"{file}/plan")

    def send(self, file: str, plan: requests.Response, **fields: str) -> requests.Response:
        """Say yes to the plan, and wait for the result."""
        answer = self.post(f"{file}/send", plan=field(plan.text, "plan"), **fields)
        return self.wait(answer.url.removeprefix(self.served.root)) if answer.ok else answer

    def undo(self, shown: requests.Response) -> requests.Response:
        """Say yes to the undo that this page shows, and wait for the result."""
        undo = shown.url.removeprefix(self.served.root)
        answer = self.post(f"{undo}/send", plan=field(shown.text, "plan"))
        return self.wait(answer.url.removeprefix(self.served.root)) if answer.ok else answer


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return once something is so."""
    until = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, "it never was"
        time.sleep(0.05)


def field(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None, html
    return found.group(1)


class _Reader(HTMLParser):
    """Collects the text of each element with this class, and what its attribute `data-code` says."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self._wanted = wanted
        self._depth = 0
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._depth:
            self._depth += tag not in {"input", "br", "rect"}
        elif self._wanted in (given.get("class") or "").split():
            self._depth = 1
            self.found.append((given.get("data-code") or "", ""))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  (the parser's signature)
        self._depth -= bool(self._depth)

    def handle_data(self, data: str) -> None:
        if self._depth:
            code, text = self.found[-1]
            self.found[-1] = (code, f"{text} {data}")


def read(html: str, wanted: str) -> list[tuple[str, str]]:
    """The code and the text of each element with a class, with single spaces."""
    reader = _Reader(wanted)
    reader.feed(html)
    return [(code, " ".join(text.split())) for code, text in reader.found]
