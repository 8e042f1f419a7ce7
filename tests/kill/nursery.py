"""Starts processes that have imported everything already: a load that is to be killed takes no second to begin.

Knows fork and pipes; must not know when a process is killed. `python -m tests.kill.nursery` takes a task from each line
of its input, forks, and answers with how that process ended.
"""

import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import importer

ROOT = Path(__file__).parents[2]
_NEVER_USED = ("importer.desktop", "importer.sandbox", "importer.web")
"""What a load, an undo or a resume does not import."""


@cache
def _nursery() -> "subprocess.Popen[str]":
    """The process from which all others of this test run are forked; it ends when its input does."""
    command = [sys.executable, "-m", "tests.kill.nursery"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run_forked(arguments: Sequence[str]) -> tuple[int, str]:
    """Run `tests.kill.killed` with these arguments in a process of its own.

    Returns: its exit code (negative: the signal that ended it), and what it printed.
    """
    nursery = _nursery()
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    with TemporaryDirectory() as folder:
        printed = Path(folder, "printed")
        task = {"arguments": arguments, "environment": dict(os.environ), "printed": str(printed)}
        nursery.stdin.write(json.dumps(task) + "\n")
        nursery.stdin.flush()
        return int(nursery.stdout.readline()), printed.read_text(encoding="utf-8")


def fork_for_tasks(run: Callable[[Sequence[str]], int]) -> None:
    """Import the program, then fork for each task on standard input, and print how the process ended."""
    for module in pkgutil.walk_packages(importer.__path__, "importer."):
        if not module.name.startswith(_NEVER_USED) and not module.name.endswith("__main__"):
            import_module(module.name)
    for line in sys.stdin:
        task = json.loads(line)
        process = os.fork()
        if process == 0:
            printed = os.open(task["printed"], os.O_WRONLY | os.O_CREAT, 0o600)
            for stream in (1, 2):
                os.dup2(printed, stream)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.environ.clear()
            os.environ.update(task["environment"])
            sys.exit(run(task["arguments"]))
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


if __name__ == "__main__":
    from tests.kill.killed import live

    fork_for_tasks(live)
