"""Runs the command line, and kills its own process (SIGKILL) at one point: when a function is called or returns.

`python -m tests.kill.killed MODULE:FUNCTION call|return NTH ARGUMENT...` changes nothing of the program: the
interpreter's profile hook counts, in every thread. Ends with 99 if the point is never reached.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from importer.cli import main

NEVER_REACHED = 99

Point = tuple[str, str, int]
"""A function, whether it is called or returns, and the how manieth time."""


def killed(point: Point, *arguments: object) -> bool:
    """Run the command line until it is killed at the point; whether the point was reached."""
    command = [sys.executable, "-m", "tests.kill.killed", point[0], point[1], str(point[2]), *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=100, env=os.environ, check=False
    )
    assert ran.returncode in (-9, NEVER_REACHED), ran.stderr
    return ran.returncode == -9


def kill_at(point: str, event: str, nth: int) -> None:
    """Kill this process at the nth call of, or return from, this function: `importer.sync.journal:Journal.step`."""
    module, _, function = point.partition(":")
    file = f"{os.sep}{module.replace('.', os.sep)}"
    left = nth

    def count(frame: FrameType, happened: str, _argument: Any) -> None:
        nonlocal left
        code = frame.f_code
        if happened == event and code.co_qualname == function and os.path.splitext(code.co_filename)[0].endswith(file):  # noqa: PTH122
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)


if __name__ == "__main__":
    kill_at(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    try:
        main(sys.argv[4:])
    except SystemExit:
        sys.exit(NEVER_REACHED)
