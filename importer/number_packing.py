"""Arrays of small or ascending numbers as few bytes, and back. Knows numbers; knows not what they count."""

import bz2
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1_000
"""Digits that are written as one large number: converting one takes time by the square of their count."""
_MOST_DIGITS = 36
"""The bases that Python reads numbers in."""
_DIGITS = b"0123456789abcdefghijklmnopqrstuvwxyz"
_PLAIN, _RADIX = b"b", b"r"


def pack_sections(sections: Sequence[bytes]) -> bytes:
    """Several pieces as one."""
    sizes = struct.pack(f"<{len(sections) + 1}I", len(sections), *map(len, sections))
    return sizes + b"".join(sections)


def unpack_sections(packed: bytes) -> Iterator[bytes]:
    """The pieces that were made one.

    Raises: ValueError for anything else.
    """
    try:
        (count,) = struct.unpack_from("<I", packed)
        sizes = struct.unpack_from(f"<{count}I", packed, 4)
    except struct.error as error:
        raise ValueError("these are no pieces") from error
    at = 4 * (count + 1)
    if at + sum(sizes) != len(packed):
        raise ValueError("a piece is missing")
    for size in sizes:
        yield packed[at : at + size]
        at += size


def pack_symbols(symbols: NDArray[np.uint8]) -> bytes:
    """Bytes of which few are different. Numbers without any order take no more room than so many digits of a number;
    what repeats itself takes less.
    """
    plain = _PLAIN + bz2.compress(symbols.tobytes(), 9)
    used = np.unique(symbols)
    if not 1 < len(used) <= _MOST_DIGITS:
        return plain
    base = len(used)
    digits = np.zeros(256, dtype=np.uint8)
    digits[used] = np.frombuffer(_DIGITS, np.uint8, base)
    text = digits[symbols].tobytes().decode()
    blocks = (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))
    numbers = b"".join(int(block, base).to_bytes(_bytes_of(len(block), base), "big") for block in blocks)
    packed = _RADIX + struct.pack("<IB", len(symbols), base) + used.tobytes() + numbers
    return min(packed, plain, key=len)


def unpack_symbols(packed: bytes, count: int) -> NDArray[np.uint8]:
    """So many bytes that were packed.

    Raises: ValueError for anything else; what would unpack to more is not unpacked.
    """
    if packed[:1] == _PLAIN:
        try:
            plain = bz2.BZ2Decompressor().decompress(packed[1:], count + 1)
        except (OSError, EOFError) as error:
            raise ValueError("these are no symbols") from error
        return _of_size(np.frombuffer(plain, np.uint8), count)
    try:
        told, base = struct.unpack_from("<IB", packed, 1)
        used = np.frombuffer(packed, np.uint8, base, 6)
    except struct.error as error:
        raise ValueError("these are no symbols") from error
    if told != count:
        raise ValueError("these are other symbols")
    at, found = 6 + base, bytearray()
    while len(found) < count:
        digits = min(_BLOCK, count - len(found))
        size = _bytes_of(digits, base)
        found += _digits_of(int.from_bytes(packed[at : at + size], "big"), digits, base)
        at += size
    if at != len(packed):
        raise ValueError("a symbol is missing")
    return used[np.frombuffer(found, np.uint8)]


def _bytes_of(digits: int, base: int) -> int:
    return (int(base**digits - 1).bit_length() + 7) // 8


def _digits_of(number: int, count: int, base: int) -> bytes:
    """The digits of a number. A large one is halved first, as dividing it takes time by its length."""
    if count <= 16:
        digits = bytearray(count)
        for at in range(count - 1, -1, -1):
            number, digits[at] = divmod(number, base)
        return bytes(digits)
    half = count // 2
    high, low = divmod(number, base**half)
    return _digits_of(high, count - half, base) + _digits_of(low, half, base)


def pack_ascending(numbers: NDArray[np.int64]) -> bytes:
    """Numbers that never fall."""
    steps = np.diff(numbers, prepend=0).astype("<u8")
    planes = steps.view(np.uint8).reshape(-1, 8).T  # the high bytes, which are mostly 0, beside each other
    used = next((count for count in range(8, 0, -1) if planes[count - 1].any()), 0)
    return pack_sections([pack_symbols(np.ascontiguousarray(plane)) for plane in planes[:used]])


def unpack_ascending(packed: bytes, count: int) -> NDArray[np.int64]:
    """So many numbers that were packed.

    Raises: ValueError for anything else.
    """
    planes = np.zeros((8, count), dtype=np.uint8)
    for at, plane in enumerate(unpack_sections(packed)):
        planes[at] = unpack_symbols(plane, count)
    steps: NDArray[Any] = np.ascontiguousarray(planes.T).view("<u8").reshape(-1)
    return np.cumsum(steps.astype(np.int64))


def _of_size(symbols: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    if len(symbols) != count:
        raise ValueError("a number is missing")
    return symbols
