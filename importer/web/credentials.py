"""The secrets of one start of the page: its path, keys that work once, the cookie, and when all of them end. Knows no
request.
"""

import secrets
from collections.abc import Callable, Iterable

LONGEST_IDLE_S = 8 * 3600.0
"""A page that nobody has used for so long is over. A tab that watches a run asks how it goes, and so uses the page."""


class Credentials:
    """What a person must know to come in.

    `path` begins every address of the page. It is as good as a secret: browsers send a cookie to every port of a
    machine, and another port may be another person's, but they send it below its own path only.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.path = f"/p-{secrets.token_urlsafe(24)}"
        self.cookie_name = f"importer_{secrets.token_hex(8)}"  # nobody else can set a cookie of this name
        self._cookie = secrets.token_urlsafe(32)
        self._keys: dict[str, Callable[[], None]] = {}
        self._used_keys: set[str] = set()
        self._clock = clock
        self._used_at = clock()
        self._has_ended = False

    def is_below(self, path: str) -> bool:
        """Whether this path is that of the page, or below it."""
        begin = path[: len(self.path)]
        return path[len(self.path) :][:1] in ("", "/") and _is_among(begin, {self.path})

    def issue_key(self) -> str:
        """A new key, which works once. Who asks for it uses the page: one that was over opens anew, for them alone."""
        if not self.use():
            self._cookie = secrets.token_urlsafe(32)
            self._keys.clear()
            self._has_ended = False
        key = secrets.token_urlsafe(32)
        self._keys[key] = _do_nothing
        return key

    def when_used(self, key: str, then: Callable[[], None]) -> None:
        """Call `then` once somebody has come in with this key."""
        self._keys[key] = then

    def is_key(self, key: str) -> bool:
        """Whether this key still works."""
        return _is_among(key, self._keys)

    def is_used_key(self, key: str) -> bool:
        """Whether this key has worked before."""
        return _is_among(key, self._used_keys)

    def exchange(self, key: str) -> str:
        """The value of the cookie, for a key that works no more from now on."""
        then = self._keys.pop(key, _do_nothing)
        self._used_keys.add(key)
        then()
        return self._cookie

    def is_cookie(self, value: str) -> bool:
        """Whether this is the value of the cookie."""
        return _is_among(value, {self._cookie})

    def use(self) -> bool:
        """Note that the person uses the page; whether it is not over."""
        now = self._clock()
        self._has_ended = self._has_ended or now - self._used_at > LONGEST_IDLE_S
        self._used_at = now
        return not self._has_ended


def _do_nothing() -> None:
    """What is done where nobody waits for a key to be used."""


def _is_among(text: str, known: Iterable[str]) -> bool:
    """Compares in a time that does not tell how much of a secret was right."""
    return any(secrets.compare_digest(text.encode(), each.encode()) for each in known)
