"""The script of the documentation does what it says."""

import re
import runpy
from pathlib import Path

import pandas as pd
import pytest

import importer
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


def test_every_example_of_the_page_on_the_python_api_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")
    script = tmp_path / "page.py"
    script.write_text("\n".join(re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)))

    names = runpy.run_path(str(script))

    assert names["outcomes"]["outcome"].notna().all()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.py", "team.result.xlsx"]


def test_the_page_on_the_python_api_names_every_error_and_nothing_that_is_not_public() -> None:
    page = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")

    named = set(re.findall(r"importer\.([A-Za-z]\w*)", page)) - {"py"}
    assert named <= set(importer.__all__)
    errors = {
        name
        for name in importer.__all__
        if issubclass(type(value := getattr(importer, name)), type) and issubclass(value, Exception)
    }
    assert errors <= set(re.findall(r"`(\w+)`", page)) | {"ImporterError"}
