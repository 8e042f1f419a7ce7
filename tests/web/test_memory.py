"""A sheet that was taken off the page gives its memory back, as a real process tells it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured as Linux tells it")

_ROWS = 100_000
_MOST_MB, _LEFT_MB = 400, 50


def test_the_memory_of_a_sheet_of_100000_rows_is_given_back_once_it_is_off_the_page(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = (f"{1_000_000 + at // 50},{5_000 + at % 50},{at % 5 + 1},row {at}\n" for at in range(_ROWS))
    path.write_text("".join(["user_id,skill_id,level,note\n", *rows]), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "KANTATA_TOKEN"}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.page_memory_once", path, "", "", "1"],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip

    held = json.loads(ended.stdout)
    assert max(held["read"]) <= _MOST_MB
    assert [left - held["start"] <= _LEFT_MB for left in held["taken off"]] == [True]
