"""Sixty damaged files of every format, each checked by the real command line in a process of its own."""

import subprocess
import sys
from collections.abc import Callable

from tests.conftest import ROOT


def test_no_damaged_file_ends_the_program_otherwise_than_with_a_sentence(
    record_property: Callable[[str, object], None],
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "--mutants", "60", "--seed", "20261128"],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 ended otherwise than they should" in ran.stdout
    record_property("mutants", 60)
