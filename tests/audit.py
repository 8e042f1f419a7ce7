"""Who listens to what the program announces in this process: see `importer.audit_events`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from importer.audit_events import AuditEvent

_NAMES = frozenset(AuditEvent)
_listeners: list[Callable[[AuditEvent, str], None]] = []


def _pass_on(name: str, arguments: tuple[object, ...]) -> None:
    if _listeners and name in _NAMES:
        for listener in tuple(_listeners):
            listener(AuditEvent(name), str(arguments[0]) if arguments else "")


sys.addaudithook(_pass_on)  # for good: a hook cannot be removed


@contextmanager
def hearing(listener: Callable[[AuditEvent, str], None]) -> Iterator[None]:
    """Call the listener at each event with its word, in the thread that announces it, which goes on when it returns."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def listening(listener: Callable[[AuditEvent], None]) -> Iterator[None]:
    """As `hearing`, for a listener that needs no word."""
    with hearing(lambda event, _word: listener(event)):
        yield


@contextmanager
def doing_at(event: AuditEvent, deed: Callable[[], None]) -> Iterator[list[AuditEvent]]:
    """Do something once, the first time that this event is announced; the list holds the event once it is done."""
    done: list[AuditEvent] = []

    def do(announced: AuditEvent) -> None:
        if announced is event and not done:
            done.append(event)
            deed()

    with listening(do):
        yield done
