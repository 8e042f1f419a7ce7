"""A list that was exported, loaded again: into its own account, and into another one."""

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.export.read_back import MEMBERSHIPS, PATHS


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl", "parquet"])
@pytest.mark.parametrize("name", MEMBERSHIPS)
def test_a_list_loaded_as_it_is_has_nothing_to_do(importer: Importer, kantata: Running, name: str, form: str) -> None:
    importer("export", name, "--format", form)
    before = len(kantata.requests())

    ran = importer("apply", f"{name}.{form}", "--yes", "--json")

    (held,) = kantata.query(f"SELECT count(*) AS n FROM {name.replace('-', '_')}")
    assert (ran.code, ran.json["outcomes"]["unchanged"], ran.json["rows"]) == (0, held["n"], held["n"])
    assert {row["method"] for row in kantata.requests()[before:]} == {"GET"}


BY_NAMES = {
    "skill-memberships": "SELECT u.email_address, s.name, c.name, m.level FROM skill_memberships m "
    "JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id "
    "JOIN skill_categories c ON c.id = s.skill_category_id",
    "user-group-memberships": "SELECT u.email_address, g.name FROM user_group_memberships m "
    "JOIN users u ON u.id = m.user_id JOIN workspace_groups g ON g.id = m.workspace_group_id",
    "organization-memberships": f"{PATHS} SELECT m.member_type, coalesce(u.email_address, w.title), g.path, d.path "
    "FROM organization_memberships m JOIN places g ON g.id = m.geography_id JOIN places d ON d.id = m.department_id "
    "LEFT JOIN users u ON m.member_type = 'User' AND u.id = m.member_id "
    "LEFT JOIN workspaces w ON m.member_type = 'Workspace' AND w.id = m.member_id",
}
SAME_NAME = {
    "skill-memberships": "skills WHERE lower(name)",
    "user-group-memberships": "workspace_groups WHERE lower(trim(name))",
    "organization-memberships": "workspaces WHERE lower(title)",
}


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
@pytest.mark.parametrize("name", MEMBERSHIPS)
def test_a_list_moves_to_an_account_with_other_ids_by_its_names(
    importer: Importer, kantata: Running, elsewhere: Running, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    """Skills, groups and projects of one name are first called apart in both: what is ambiguous is never guessed."""
    for account in (kantata, elsewhere):
        account.execute("UPDATE skills SET name = 'Scrum (certified)' WHERE name = 'SCRUM'")
        account.execute("UPDATE workspace_groups SET name = 'Field Services 2' WHERE name = ' Field Services '")
        account.execute(
            "UPDATE workspaces SET title = title || ' 2' WHERE id = (SELECT max(id) FROM workspaces "
            "WHERE title = 'Website Relaunch')"
        )
    table = name.replace("-", "_")
    elsewhere.execute(f"DELETE FROM {table}")
    assert not {row["id"] for row in kantata.query("SELECT id FROM users WHERE account_id = 6300412")} & {
        row["id"] for row in elsewhere.query("SELECT id FROM users WHERE account_id = 6300412")
    }
    importer("export", name, "--format", form)
    monkeypatch.setenv("KANTATA_BASE_URL", elsewhere.url)

    by_ids = importer("check", f"{name}.{form}", "--json")
    ran = importer("apply", f"{name}.{form}", "--match", "names", "--yes", "--json")
    again = importer("plan", f"{name}.{form}", "--match", "names", "--json")

    def held(account: Running) -> list[tuple[object, ...]]:
        return sorted(tuple(map(str, row.values())) for row in account.query(BY_NAMES[name]))

    assert held(elsewhere) == held(kantata)
    assert (ran.code, ran.json["outcomes"]["created"]) == (0, len(held(kantata)))
    assert again.json["changes"]["create"] == again.json["changes"]["update"] == 0
    assert by_ids.code in (0, 3)


TRICKY = ("=1+1", "'=1+1", "+SUM(A1)", "-5", "-x", "@home", "''-", "\t=2", "n/a", " spaced", "a,b", 'say "x"',
          "_x0041_", "271015", "line\nbreak", "\x0bvertical", "Ünï; code", "a;=1+1", "b;'@x")  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl", "parquet"])
def test_names_that_look_like_formulas_are_texts_and_come_back_as_themselves(
    importer: Importer, kantata: Running, form: str
) -> None:
    people = [row["id"] for row in kantata.query(
        "SELECT u.id FROM users u WHERE account_id = 6300412 AND disabled = 0 AND EXISTS "
        "(SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id) ORDER BY id LIMIT 60")]  # fmt: skip
    for number, text in enumerate(TRICKY):
        kantata.execute("UPDATE users SET full_name = ? WHERE id = ?", text, people[20 + number])
        kantata.execute("UPDATE skills SET name = ? WHERE id = (SELECT skill_id FROM skill_memberships "
                        "WHERE user_id = ? LIMIT 1)", f"{text}{number}", people[20 + number])  # fmt: skip
    path = Path(f"skill-memberships.{form}")
    importer("export", "skill-memberships", "-o", path)

    ran = importer("plan", path, "--json")

    assert (ran.code, ran.json["problems"]) == (0, [])
    assert ran.json["changes"]["unchanged"] == ran.json["rows"]
    if form == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
        assert "=1+1" in {cell.value for cell in cells}
    if form == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            written = [cell for row in csv.reader(file) for cell in row]
        running = [
            cell for cell in written if cell.startswith(("=", "+", "-", "@", "\t")) and not re.fullmatch(r"-\d+", cell)
        ]
        assert running == []
        assert "'=1+1" in written
