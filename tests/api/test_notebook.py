"""The script of the documentation does what it says."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT


def test_the_notebook_of_the_documentation_loads_puts_back_and_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    names = runpy.run_path(str(ROOT / "docs" / "examples" / "notebook.py"))

    assert names["outcomes"]["outcome"].isin(["created", "updated", "unchanged"]).all()
    assert isinstance(names["matrix"], pd.DataFrame)
    report, undone = names["report"].counts, names["undone"].counts
    assert (undone["removed"], undone["updated"]) == (report["created"], report["updated"])
    assert list(tmp_path.iterdir()) == []
