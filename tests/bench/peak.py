"""The most memory that a process has held, as Linux counts it. Knows processes, and not what is measured."""

import re
from pathlib import Path

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_mb(process: int | str = "self") -> float:
    """The megabytes that a process has held at most since it began; nothing for one that has just ended.

    What `getrusage` and `wait4` tell is no less than what the process that started it held by then.
    """
    try:
        found = _PEAK.search(Path(f"/proc/{process}/status").read_text(encoding="utf-8"))
    except OSError:
        return 0.0
    return int(found.group(1)) / 1024 if found else 0.0
