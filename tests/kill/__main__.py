"""Kills a load in stages at every point, not only at those of every test run: `python -m tests.kill`."""

import os
import subprocess
import sys
from pathlib import Path

from tests.kill.killed import EVERYWHERE

if __name__ == "__main__":
    tests = [str(Path(__file__).with_name(name)) for name in ("test_staged_killed.py", "test_long_list_killed.py")]
    command = [sys.executable, "-m", "pytest", *tests, *sys.argv[1:]]
    sys.exit(subprocess.run(command, env={**os.environ, EVERYWHERE: "yes"}, check=False).returncode)
