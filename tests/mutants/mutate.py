"""What a disk, a mail program or an editor may do to a file, at random but the same for each seed."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

_MOST_CHANGES = 6
_LONGEST_PIECE = 400
_MOST_REPEATS = 40
_NUMBER = re.compile(rb"\d+")
_NUMBERS = (b"0", b"-1", b"1", b"7", b"255", b"16385", b"65536", b"1048577", b"99999999999", b"1e999", b"")
_TELLING = (b"", b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"99999999999", b"&#0;", b'"', b"<", b"\r")
"""What is put in besides random bytes: numbers that are too large, signs with a meaning."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: which it was, its seed, how it was damaged, and its bytes."""

    source: Path
    seed: int
    how: str
    data: bytes


def make(sources: Sequence[Path], seed: int) -> Mutant:
    """The mutant of this seed; seeds one after another take the files in turn."""
    random = Random(f"mutant {seed}")
    source = sources[seed % len(sources)]
    data = source.read_bytes()
    if zipfile.is_zipfile(source) and random.random() < 0.75:
        how, damaged = _within(data, random)
    else:
        how, damaged = _damaged(data, random)
    return Mutant(source, seed, how, damaged)


def _within(data: bytes, random: Random) -> tuple[str, bytes]:
    """The package with one of its parts damaged, missing or empty, and its sums right."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = random.choice(sorted(parts))
    kind = random.choice(["damaged"] * 8 + ["missing", "empty"])
    how = f"{name} {kind}"
    if kind == "missing":
        del parts[name]
    elif kind == "empty":
        parts[name] = b""
    else:
        how, parts[name] = _damaged(parts[name], random)
        how = f"{name}: {how}"
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in parts.items():
            package.writestr(each, content)
    return how, target.getvalue()


def _damaged(data: bytes, random: Random) -> tuple[str, bytes]:
    """The bytes with some flipped, cut, repeated, exchanged or put in, or with other numbers."""
    changes = {
        "flip": _flip, "cut": _cut, "repeat": _repeat, "exchange": _exchange, "put in": _put_in, "end": _end,
        "number": _number,
    }  # fmt: skip
    how = random.choice(sorted(changes))
    times = 1 if how == "end" else random.randint(1, _MOST_CHANGES)
    for _ in range(times):
        data = changes[how](data, random) if data else data
    return f"{how} ({times})", data


def _flip(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _piece(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data))
    return start, min(len(data), start + random.randint(1, _LONGEST_PIECE))


def _cut(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:end] + data[start:end] * random.randint(1, _MOST_REPEATS) + data[end:]


def _exchange(data: bytes, random: Random) -> bytes:
    (first, end), (other, its_end) = sorted([_piece(data, random), _piece(data, random)])
    if end > other:
        return data[:other] + data[its_end:]
    return data[:first] + data[other:its_end] + data[end:other] + data[first:end] + data[its_end:]


def _put_in(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    over = random.choice([0, 1, 4])
    some = random.choice([*_TELLING, random.randbytes(random.randint(1, 8))])
    return data[:at] + some + data[at + over :]


def _number(data: bytes, random: Random) -> bytes:
    """Another number in the place of one: a row, a style, a count, a size."""
    match = _NUMBER.search(data, random.randrange(len(data)))
    return data[: match.start()] + random.choice(_NUMBERS) + data[match.end() :] if match else data


def _end(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]
