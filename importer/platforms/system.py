"""Which system this is. Knows nothing of what differs there."""

import sys


def is_windows() -> bool:
    """Whether this is Windows."""
    return sys.platform == "win32"


def is_macos() -> bool:
    """Whether this is macOS."""
    return sys.platform == "darwin"
