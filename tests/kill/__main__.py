"""Kills a load of several stages at every point, not only at those of every test run: `python -m tests.kill`."""

import os
import sys
from pathlib import Path

import pytest

from tests.kill.test_staged_killed import EVERYWHERE

if __name__ == "__main__":
    os.environ[EVERYWHERE] = "yes"
    sys.exit(pytest.main([str(Path(__file__).with_name("test_staged_killed.py")), *sys.argv[1:]]))
