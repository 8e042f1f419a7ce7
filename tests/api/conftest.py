"""An account of the sandbox, as a notebook has it."""

from pathlib import Path

import pandas as pd
import pytest

from importer import Account
from importer.sandbox import Running
from tests.loads import new_skills


@pytest.fixture
def account(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account, with a journal of its own and little patience."""
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    return Account(kantata.token, base_url=kantata.url, settle_wait_s=0.3, workers=2)


@pytest.fixture
def new_levels(kantata: Running) -> pd.DataFrame:
    """Three levels that the account does not hold, labelled by names."""
    rows = new_skills(kantata, 3)
    return pd.DataFrame(rows, columns=["user_id", "skill_id", "level"], index=["first", "second", "third"])


def writes(kantata: Running) -> int:
    """How many requests have reached the account that are no reads."""
    return sum(request["method"] != "GET" for request in kantata.requests())
