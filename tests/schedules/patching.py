"""Puts something else in the place of a name for a while. Knows nothing of what it is."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Patch = tuple[Any, str, Any]
"""A module or class, a name in it, and what stands there for a while."""


@contextmanager
def patched(patches: Iterable[Patch]) -> Iterator[None]:
    """Put these in their places, and what was there back in the end."""
    kept = [(owner, name, getattr(owner, name), value) for owner, name, value in patches]
    for owner, name, _, value in kept:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, was, _ in kept:
            setattr(owner, name, was)
