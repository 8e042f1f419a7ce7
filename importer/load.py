"""One run of a plan: who, when, and the result of each row as it becomes known. Writes no file, prints nothing."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from importer.check.judge import Checked
from importer.errors import ImporterError
from importer.kantata.client import Account, Client
from importer.model import Action, Answered, Event, Outcome, Result, Stopped
from importer.plan import Plan
from importer.run import run


@dataclass(slots=True)
class Load:
    """One run of a plan: its id, and the result of each row as it becomes known."""

    checked: Checked
    plan: Plan
    account: Account
    client: Client
    workers: int
    run_id: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}")
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished: datetime | None = None
    results: dict[int, Result] = field(default_factory=dict)
    stopped: ImporterError | None = None

    def send(self) -> Iterator[Event]:
        """Send what the plan asks for, and pass on what happens."""
        self.results = dict(self.plan.settled)
        for event in run(self.plan, self.client, self.workers):
            if isinstance(event, Answered):
                self.results |= event.results
            elif isinstance(event, Stopped):
                self.stopped = event.reason
            yield event
        self._end()

    def leave(self) -> None:
        """Send nothing: every row that asks for a change stays `not sent`."""
        unchanged = {c.row: Result(Outcome.UNCHANGED, c.record_id) for c in self.plan.of(Action.LEAVE)}
        unsent = {row: Result(Outcome.NOT_SENT) for row in self.plan.changes}
        self.results = {**self.plan.settled, **unsent, **unchanged}
        self._end()

    def _end(self) -> None:
        """Give each duplicate the record of its first row, and make sure that no row is without a result."""
        self.finished = datetime.now(UTC)
        for row, first in self.checked.duplicates.items():
            self.results[row] = self.results[row]._replace(record_id=self.results[first].record_id)
        if len(self.results) != len(self.checked.rows):
            raise ImporterError(
                f"{len(self.checked.rows):,} rows were read and {len(self.results):,} have a result.",
                "This is a fault of importer; the account may hold rows that the result does not tell.",
            )
