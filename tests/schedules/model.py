"""The model: what a run asks for, what Kantata may do and say, what other people may do, and when the process may die.

Knows no code of the importer's. What may be true in the end is in `ends`; who carries it out is `kantata` and `life`.

A run is four rows to create in two batches, one record to update and one to remove. At every request and every write
of the journal the model says what may happen next; the first choice is always that all goes well. A schedule is one
sequence of choices.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

SETTLE_S = 1.0
"""How long after a lost answer a late commit may come."""
TIMEOUT_S = 0.5
"""How long an answer is waited for."""


# ---- what the run asks for


class Kind(StrEnum):
    """What a row asks for."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


class Row(NamedTuple):
    """One row. Each is of a person and a skill of its own, so that a read tells whose record was looked at."""

    ref: int
    kind: Kind
    level: int
    id: int | None = None
    before: int | None = None

    @property
    def key(self) -> int:
        """The person; the skill is the person's number and `SKILL`."""
        return self.ref


SKILL = 100
ME, SOMEBODY = 1, 2
BATCH = 2
"""Rows in one create; Kantata's own limit is 200."""
ROWS = (
    Row(2, Kind.NEW, 3),
    Row(3, Kind.NEW, 4),
    Row(4, Kind.NEW, 5),
    Row(5, Kind.NEW, 2),
    Row(6, Kind.CHANGED, 4, 51, 2),
    Row(7, Kind.REMOVED, 0, 52, 3),
)


ROW_OF = {row.key: row for row in ROWS}
REFUSED = 3
"""The row that Kantata refuses in the worlds where it refuses one."""
OTHER_LEVEL = 1
"""A level that no row asks for and no record had."""


class World(NamedTuple):
    """What does not change during a schedule: how Kantata behaves, and whether the run keeps what others changed."""

    refuses: str = ""
    """How a row is refused: not at all, or `all, named`, `all, unnamed`, `others made`, `others shown`."""
    doubles: bool = False
    """Whether Kantata takes a second record of one person and skill."""
    keeps: bool = False
    """Whether the run keeps what somebody else has changed meanwhile."""
    gives_back: bool = False
    """Whether Kantata answers a create with the record that is there, instead of a second one."""


WORLDS = {
    "plain": World(),
    "keeping": World(keeps=True),
    "doubling": World(doubles=True),
    "giving back": World(gives_back=True),
    "refusing all": World("all, named"),
    "refusing silently": World("all, unnamed"),
    "refusing in part": World("others made"),
    "leaving out": World("others shown"),
    "leaving out, doubling": World("others shown", doubles=True),
}


# ---- what Kantata may do and say


class Commit(StrEnum):
    """What becomes of a write whose answer is not as it should be."""

    NOT = "not done"
    NOW = "done"
    SOON = "done between two looks"
    LATE = "done just before the last look"
    UNSEEN = "done, and shown a little later"


DELAY_S = {Commit.SOON: 0.2 * SETTLE_S, Commit.LATE: 0.95 * SETTLE_S, Commit.UNSEEN: 0.5 * SETTLE_S}


class Say(NamedTuple):
    """What the client hears: a status and the form of its body, or nothing."""

    status: int | None
    body: str = ""
    retry_after: str | None = None
    after_s: float = 0.0


NOTHING = Say(None)
TOO_MANY = {
    "429": Say(429, "json"),
    "429, wait 2 s": Say(429, "html", "2"),
    "429, wait until": Say(429, "", "Thu, 01 Jan 1970 00:02:10 GMT"),
    "429, wait 0 s": Say(429, "text", "0"),
    "429, wait soon": Say(429, "json", "soon"),
}
"""Too many requests: nothing is done. Each is a refusal to be repeated by the client itself."""
UNCLEAR = {
    "500": Say(500, "html"),
    "502": Say(502, "html"),
    "503": Say(503, "html"),
    "503 as JSON": Say(503, "json"),
    "503 without a body": Say(503),
    "504": Say(504, "html"),
    "dropped": NOTHING,
    "cut off after the time limit": Say(None, after_s=TIMEOUT_S),
    "504 after the time limit": Say(504, "html", after_s=TIMEOUT_S),
    "a page with 200": Say(200, "html"),
    "half an answer": Say(200, "half"),
}
"""Answers that do not tell whether the write was done."""
PLAINLY = {"slow": Say(200, after_s=0.4 * TIMEOUT_S)}
"""Done and answered as it should be, only later."""
BATCH_ONLY = {
    "shows one record": Say(200, "one"),
    "shows no record": Say(200, "none"),
    "in another order": Say(200, "reversed"),
}
UNTIL_THE_END = {
    "no connection any more": Say(None, "no connection"),
    "503 from now on": Say(503, "html"),
    "429 from now on": Say(429, "json"),
    "the token is revoked": Say(401, "json"),
    "a redirect from now on": Say(302),
}
"""What lasts until the process has ended. Nothing is done."""


ALIKE = frozenset((*UNCLEAR, *TOO_MANY, *PLAINLY, *UNTIL_THE_END)) - {
    "dropped", "429", "no connection any more", "the token is revoked",
}  # fmt: skip
"""Faults that are tried with every death, but not with every other fault: for each there is one that does the same to
the account, and of which the client hears the same but for a number or a word.
"""


class Sort(StrEnum):
    """What is spent of a schedule's bound by a choice."""

    FREE = "free"
    FAULT = "fault"
    DEED = "deed of somebody else"
    ORDER = "order"
    DEATH = "death"


class Choice(NamedTuple):
    """One thing that may happen; `name` is the transition of the model that it makes."""

    name: str
    sort: Sort
    say: Say = NOTHING
    commit: Commit = Commit.NOW
    lasts: bool = False
    deed: "Deed | None" = None
    is_alike: bool = False
    """Whether another choice differs from it by no more than what is said of the reason: see `ALIKE`."""


WELL = Choice("as it should be", Sort.FREE)


def fates(method: str) -> tuple[Choice, ...]:
    """What may become of a request, the good one first."""
    return _FATES[method]


def _fates(method: str) -> Iterator[Choice]:
    yield Choice(f"{method} as it should be", Sort.FREE, Say(200))
    commits = (Commit.NOT,) if method == "GET" else tuple(Commit)
    for name, say in UNCLEAR.items():
        for commit in commits:
            told = f"{method} {name}" + ("" if method == "GET" else f", {commit}")
            yield Choice(told, Sort.FAULT, say, commit, is_alike=name in ALIKE)
    for name, say in TOO_MANY.items():
        yield Choice(f"{method} {name}", Sort.FAULT, say, Commit.NOT, is_alike=name in ALIKE)
    for name, say in {**PLAINLY, **(BATCH_ONLY if method == "POST" else {})}.items():
        yield Choice(f"{method} {name}", Sort.FAULT, say, is_alike=name in ALIKE)
    if method != "GET":
        yield Choice(f"{method} answered, {Commit.UNSEEN}", Sort.FAULT, Say(200), Commit.UNSEEN)
    yield Choice(f"{method} no connection", Sort.FAULT, Say(None, "no connection"), Commit.NOT)
    for name, say in UNTIL_THE_END.items():
        yield Choice(f"{method} {name}", Sort.FAULT, say, Commit.NOT, lasts=True, is_alike=name in ALIKE)
    yield Choice(f"dies before {method}", Sort.DEATH, commit=Commit.NOT)
    yield Choice(f"dies after {method}", Sort.DEATH, commit=Commit.NOW)
    if method != "GET":
        yield Choice(f"dies after {method}, {Commit.LATE}", Sort.DEATH, commit=Commit.LATE)


METHODS = ("GET", "POST", "PUT", "DELETE")
_FATES = {method: tuple(_fates(method)) for method in METHODS}


# ---- what others may do


class Deed(StrEnum):
    """What another person may do to the record of a row in the web application."""

    MAKES_SAME = "makes the same"
    MAKES_OTHER = "makes it with another level"
    SETS_SAME = "sets it to the row's level"
    SETS_OTHER = "sets it to another level"
    DELETES = "deletes it"


MEDDLED = (2, 6, 7)
"""The rows to whose records somebody else may write: one of each kind."""


def done_by_somebody(row: Row, deed: Deed) -> Choice:
    """Somebody else does this to the record of a row."""
    return Choice(f"{row.ref} {deed}", Sort.DEED, deed=deed)


# ---- when the process may die, and what a person does then

TRANSACTIONS = ("begin", "step", "learn", "end")


def at_commit(what: str, when: str) -> tuple[Choice, ...]:
    """What may happen `before` or `after` a transaction of the journal is on disk."""
    return (WELL, Choice(f"dies {when} writing down {what}", Sort.DEATH, commit=Commit.NOT))


ORDERS = (
    WELL,
    Choice("the second of two lands first", Sort.ORDER),
    Choice("both land at once", Sort.ORDER),
)
"""Which of two requests in flight is carried out, and whether the other one is before the first is heard of."""
RETURNS = (Choice("resumed at once", Sort.FREE), Choice("resumed much later", Sort.FREE))
"""When a person resumes a run whose process has ended."""


LATELY = tuple(f"{method} is done late" for method in METHODS[1:])
"""A write of which nothing was heard is done."""


def transitions() -> list[str]:
    """The name of everything that may happen in some schedule."""
    return [
        *(choice.name for method in METHODS for choice in fates(method)),
        *(
            done_by_somebody(ROW_OF[key], deed).name
            for key in MEDDLED
            for deed in Deed
            if not (deed is Deed.SETS_SAME and ROW_OF[key].kind is Kind.REMOVED)
        ),
        *(at_commit(what, when)[1].name for what in TRANSACTIONS for when in ("before", "after")),
        *(choice.name for choice in (*ORDERS[1:], *RETURNS)),
        *LATELY,
    ]
