"""Gives the memory of files that are done with back to the system. Knows the allocator, and no file."""

import ctypes
import gc
import sys

_MMAP_THRESHOLD = -3
"""The option's number in glibc's malloc.h."""
_LARGE_BYTES = 256 << 10


def return_large_blocks() -> None:
    """Have every large block of memory go back to the system as soon as it is freed, in this process from now on.

    Left alone, glibc takes each large block that is freed as a sign that more will be wanted: up to 32 MB it then keeps
    blocks of that size, in an arena for each thread, and between what is still in use there they never go back. Three
    sheets of 100,000 rows cost 350 MB so, and 110 MB with a size that is named once. Other systems need no telling.
    """
    mallopt = _from_glibc("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back() -> None:
    """Free what nothing refers to any more but itself, and hand the rest of free memory back; a tenth of a second.

    Python frees what refers to itself after millions of new objects only, as the command line asks it to, and a file
    with its table and its plan does.
    """
    gc.collect()
    trim = _from_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _from_glibc(name: str) -> "ctypes._NamedFuncPointer | None":
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
