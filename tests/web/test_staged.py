"""A run of several stages in the page: what became of it, its result, and its undo."""

from pathlib import Path

import pandas as pd

from importer import Account
from importer.sandbox import Running
from tests.web.visitor import Visitor, read


def test_a_run_that_made_skills_first_is_shown_given_back_and_put_back(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path / "state")
    frame = pd.DataFrame([["dana@example.com", "Zig", 4]], columns=["email", "skill", "level"])
    run = account.plan(frame, create_missing="skills", new_skill_category="Skill").apply().run

    page = visitor.get(f"/runs/{run}")
    assert read(page.text, "created") == [("", "created 1")]
    assert visitor.get(f"/runs/{run}/result").status_code == 200
    shown = visitor.wait(visitor.post(f"/runs/{run}/undo").url.removeprefix(visitor.served.root))
    ended = visitor.undo(shown)

    assert read(ended.text, "removed") == [("", "removed 2")]
    assert kantata.query("SELECT id FROM skills WHERE name = 'Zig'") == []
    assert visitor.get("/runs").text.count("/undo") == 2
