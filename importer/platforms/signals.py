"""The signals with which a person or the system ends a program. Knows numbers, and nothing of what they interrupt."""

import signal

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")


def stop_signals() -> tuple[int, ...]:
    """Ctrl-C, the system's wish to end the process, and on Windows Ctrl-Break and a window that is closed."""
    return tuple(int(getattr(signal, name)) for name in _NAMES if hasattr(signal, name))
