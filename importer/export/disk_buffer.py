"""Records between their reading and their writing: each once, in order, and on disk as soon as they are many.

Knows numbers and texts; what they mean is told by who puts them in.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

Row = Sequence[str | int | None]
"""The place of a record in the order, which is a number, and what is kept of it: seven values at most."""
Watch = Callable[[str, int, int], None]
"""Called with what is being done, with how many records it is done, and with how many there are."""

_AT_ONCE = 8192
_NOT_WANTED = -1
_VALUES = 7


def no_watch(_doing: str, _done: int, _total: int) -> None:
    """Nobody is looking."""


class DiskBuffer:
    """A sink for lists (see `kantata.listing.Sink`), in a file without a name that no end of the process leaves behind.

    One thread may use it.
    """

    def __init__(self, watch: Watch = no_watch) -> None:
        self._watch = watch
        self._pass = 1
        self._taken = 0
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000; "
            "CREATE TABLE records (id INTEGER PRIMARY KEY, read, place, v1, v2, v3, v4, v5, v6, v7); BEGIN"
        )

    def add(self, kept: Mapping[str, Row | None], count: int) -> None:
        """Take records by their ids; None is one that was seen and is not wanted."""
        rows = ((int(id_), self._pass, *_padded(row or (_NOT_WANTED,))) for id_, row in kept.items())
        self._db.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._taken += len(kept)
        self._watch("Reading", min(self._taken, count), count)

    def count(self) -> int:
        """How many different records were taken in this pass."""
        return self._count("SELECT count(*) FROM records WHERE read = ?", self._pass)

    def begin_pass(self, *, keep_earlier: bool) -> None:
        """Another pass begins; what was taken before this one counts on, or not."""
        if not keep_earlier:
            self._forget_earlier()
        self._pass += 1
        self._taken = 0

    def finish(self, enough: int) -> bool:
        """Whether this pass took so many records, or all together did; if so, just they are what is held."""
        if self.count() >= enough:
            self._forget_earlier()
            return True
        return self._count("SELECT count(*) FROM records") >= enough

    def __len__(self) -> int:
        return self._count("SELECT count(*) FROM records WHERE place <> ?", _NOT_WANTED)

    def chunks(self) -> Iterator[Sequence[Row]]:
        """The wanted records in order, each as its id and its values (of which some may be left over at the end, None),
        some thousands at a time.
        """
        done, total = 0, len(self)
        for rows in self._wanted():
            yield rows
            done += len(rows)
            self._watch("Writing", done, total)

    def rows(self) -> Iterator[Row]:
        """The same one by one, for what is written beside them: nobody watches that."""
        return chain.from_iterable(self._wanted())

    def _wanted(self) -> Iterator[Sequence[Row]]:
        cursor = self._db.execute(
            "SELECT id, v1, v2, v3, v4, v5, v6, v7 FROM records WHERE place <> ? ORDER BY place, id", (_NOT_WANTED,)
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _forget_earlier(self) -> None:
        self._db.execute("DELETE FROM records WHERE read < ?", (self._pass,))

    def _count(self, select: str, *values: object) -> int:
        return int(self._db.execute(select, values).fetchone()[0])


def _padded(row: Row) -> Row:
    return (*row, *[None] * (_VALUES + 1 - len(row)))
