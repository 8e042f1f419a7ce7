"""A command loads pyarrow for Parquet alone, though pandas would load it as well."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("importer")

CODE = """
import sys
from importer.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print([name for name in ("pandas", "pyarrow") if sys.modules.get(name)], ended.code)
"""


def loaded_by(*command: str) -> str:
    """Which of the two libraries a command loaded in a process of its own, and its exit code."""
    done = subprocess.run([sys.executable, "-c", CODE, *command], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_a_list_is_checked_without_pyarrow(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("user_id,skill_id,level\n1,2,3\n", encoding="utf-8")

    assert loaded_by("check", "list.csv") == "['pandas'] 0"


def test_parquet_is_written_and_read_with_it(tmp_path: Path) -> None:
    exported = loaded_by("export", "skill-memberships", "-o", "list.parquet")

    assert exported.endswith("'pyarrow'] 0")
    assert (tmp_path / "list.parquet").read_bytes()[:4] == b"PAR1"
    assert loaded_by("check", "list.parquet") == "['pandas', 'pyarrow'] 0"
