"""How a process of ours uses memory: a load makes millions of small values. Knows none of them."""

import gc
import sys
from functools import lru_cache
from typing import Any

_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
"""The numbers of options in glibc's malloc.h."""
_LARGE_BYTES = 256 << 10
_Cache = type(lru_cache(lambda: None))
_LARGE_CACHE = 100
"""A cache of so many entries is one of texts or addresses, and no single thing that is made once."""


def collect_seldom() -> None:
    """Let Python look for what refers to itself after millions of new objects only: there is nothing of that among the
    values of a load, and the looks take a tenth of its time.
    """
    gc.set_threshold(5_000_000, 20, 50)


def share_arenas() -> None:
    """Let threads take what others gave back: glibc else keeps an arena for each of them, which after a load with 16
    requests at a time makes 35 to 70 MB that nobody uses. It costs no time. Other systems need no telling.
    """
    _set_option(_ARENA_MAX, 1)


def return_large_blocks() -> None:
    """Have every large block of memory go back to the system as soon as it is freed, in this process from now on.

    Left alone, glibc takes each large block that is freed as a sign that more will be wanted: up to 32 MB it then keeps
    blocks of that size, in an arena for each thread, and between what is still in use there they never go back. Three
    sheets of 100,000 rows cost 350 MB so, and 110 MB with a size that is named once. A single load would take a
    twentieth longer, for a few megabytes.
    """
    share_arenas()
    _set_option(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Free what nothing refers to any more but itself, and hand what is free back; takes a tenth of a second.

    Python frees what refers to itself after millions of new objects only, as the command line asks it to, and a file
    with its table and its plan does. Caches go too: a text of the file in one of them, here and there, keeps a whole
    block of memory, and no text of a file that was taken off is to stay.
    """
    for each in gc.get_objects():
        if isinstance(each, _Cache) and each.cache_info().currsize >= _LARGE_CACHE:
            each.cache_clear()
    gc.collect()
    trim = _from_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _set_option(option: int, value: int) -> None:
    mallopt = _from_glibc("mallopt")
    if mallopt is not None:
        mallopt(option, value)


def _from_glibc(name: str) -> Any:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  (`--help` does not need it)

    return getattr(ctypes.CDLL(None), name, None)
