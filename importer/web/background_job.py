"""A job behind a page, one step at a time: what is known so far is a frozen value. Knows no file and no run."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from importer import ImporterError, internal_error


@dataclass(frozen=True)
class JobState:
    """The state of a job. `number` grows with every change, so that a page knows that it is out of date.

    `activity` says what the job is doing, if it is doing anything; `error` why it could not go on.
    """

    number: int = 0
    activity: str | None = None
    error: ImporterError | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a step is under way."""
        return self.activity is not None


State = TypeVar("State", bound=JobState)


class StepCancelled(Exception):  # noqa: N818
    """A person has given up the step that is under way."""


class BackgroundJob(Generic[State]):
    """One job and its `state`. Threads may share it; of two steps at a time, only the first is taken."""

    def __init__(self, workers: Executor, state: State) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._steps = 0
        self._before = state
        self._thread = threading.local()
        self.state = state

    def start(self, activity: str, step: Callable[[State], State]) -> bool:
        """Take a step behind the page; return whether it was taken, which it is not during another one."""
        with self._lock:
            if self.state.is_busy:
                return False
            self._steps += 1
            self._before = self.state
            self.state = replace(self.state, number=self.state.number + 1, activity=activity, error=None)
            number = self._steps
        self._workers.submit(self._run, step, number)
        return True

    def change(self, step: Callable[[State], State]) -> bool:
        """Take a step that takes no time; return whether it was taken, which it is not during another one."""
        with self._lock:
            if self.state.is_busy:
                return False
            self.state = replace(step(self.state), number=self.state.number + 1)
            return True

    def show(self, state: State) -> None:
        """Show how far the step is that calls this.

        Raises: StepCancelled when a person has given it up: what it has found is dropped.
        """
        with self._lock:
            if self._thread.number != self._steps:
                raise StepCancelled
            self.state = state

    def cancel(self) -> bool:
        """Give up the step that is under way, if one is; the state is again as it was before. Return whether there was.

        The step ends where it next shows how far it is; what it does until then changes nothing.
        """
        with self._lock:
            if not self.state.is_busy:
                return False
            self._steps += 1
            self.state = replace(self.cancelled(self._before), number=self.state.number + 1, activity=None)
            return True

    def cancelled(self, before: State) -> State:
        """The state after a step was given up, by the state before it."""
        return before

    def _run(self, step: Callable[[State], State], number: int) -> None:
        self._thread.number = number
        with self._lock:
            before = self.state
            if number != self._steps:
                return  # given up before it began
        try:
            after = step(before)
        except StepCancelled:
            return
        except ImporterError as error:
            after = replace(self.state, error=error)
        except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
            after = replace(self.state, error=internal_error(error))
        with self._lock:
            if number == self._steps:
                self.state = replace(after, number=before.number + 1, activity=None)
