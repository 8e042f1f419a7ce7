"""The real command line on a damaged file, in a process of its own with bounds on its time and memory."""

import contextlib
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from importer.cli import main
from tests.mutants.mutate import Mutant, make

_WAIT_S = 60
_MEMORY_BYTES = 4 << 30
_EXPECTED = frozenset({0, 3, 5, 6})
"""All well, problems, unreadable, and no token for the names that a sheet has."""
_FOREIGN = re.compile(
    r'Traceback|panicked|thread \'|RUST_BACKTRACE|File "|memory allocation|Warning:|(?:Error|Exception)\b'
)
"""What no sentence of ours has, but what libraries print."""
_ENVIRONMENT = {
    "KANTATA_BASE_URL": "http://127.0.0.1:9",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How the program ended on a mutant: its exit code, negative for a signal, what it printed, and the seconds."""

    mutant: Mutant
    code: int
    err: str
    seconds: float

    @property
    def wrong(self) -> str:
        """What is wrong with it; empty if nothing is."""
        if self.code not in _EXPECTED:
            return f"exit code {self.code}"
        return "foreign text on stderr" if _FOREIGN.search(self.err) else ""

    def __str__(self) -> str:
        said = " | ".join(self.err.splitlines()[:4])[:400]
        return f"seed {self.mutant.seed}, {self.mutant.source.name}, {self.mutant.how}: {self.wrong}: {said}"


def run_all(sources: Sequence[Path], seeds: Iterable[int], folder: Path, at_once: int) -> Iterator[Ended]:
    """Each mutant's end, some at a time, in the order in which they end."""
    os.environ.update(_ENVIRONMENT, IMPORTER_HOME=str(folder / "state"))
    os.environ.pop("KANTATA_TOKEN", None)
    going: dict[int, _Going] = {}
    waiting = iter(seeds)
    while True:
        while len(going) < at_once and (seed := next(waiting, None)) is not None:
            mutant = make(sources, seed)
            path = folder / f"{seed}" / mutant.source.name
            path.parent.mkdir()
            path.write_bytes(mutant.data)
            going[_start(path)] = _Going(mutant, path, time.monotonic())
        if not going:
            return
        for pid in list(going):
            if (code := _code(pid, going[pid].began)) is not None:
                yield _ended(going.pop(pid), code)
        time.sleep(0.002)


@dataclass(frozen=True, slots=True)
class _Going:
    mutant: Mutant
    path: Path
    began: float


def _ended(going: _Going, code: int) -> Ended:
    err = going.path.with_suffix(".err").read_text(encoding="utf-8", errors="replace")
    return Ended(going.mutant, code, err, time.monotonic() - going.began)


def _code(pid: int, began: float) -> int | None:
    """The exit code of a process, if it has ended; one that takes too long is ended."""
    if time.monotonic() - began > _WAIT_S:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return -signal.SIGALRM
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _start(path: Path) -> int:
    """The process that checks a file: a copy of this one, which has the program in its memory already."""
    pid = os.fork()
    if not pid:
        _check(path)
    return pid


def _check(path: Path) -> NoReturn:
    code = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for stream, suffix in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(path.with_suffix(suffix), os.O_WRONLY | os.O_CREAT), stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        main(["check", str(path), "--json"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 71
    except BaseException:  # noqa: BLE001  (whatever came through is a failure, and is printed)
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def table(ends: Iterable[Ended]) -> Iterator[str]:
    """How many mutants of each format ended with which code, as lines."""
    counts: dict[str, Counter[int]] = {}
    for end in ends:
        counts.setdefault(end.mutant.source.suffix, Counter())[end.code] += 1
    codes = sorted({code for counted in counts.values() for code in counted})
    yield "".join([f"{'format':<10}", *(f"{f'exit {code}':>9}" for code in codes)])
    for suffix, counted in sorted(counts.items()):
        yield _line(suffix, counted, codes)
    yield _line("all", sum(counts.values(), Counter()), codes)


def _line(name: str, counted: Mapping[int, int], codes: Sequence[int]) -> str:
    return "".join([f"{name:<10}", *(f"{counted.get(code, 0):>9,}" for code in codes)])
