"""`importer forget`: nothing of a person is left, and everything of everybody else."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import importer as api
from importer import Account, Guarded, web
from importer.audit_events import AuditEvent
from importer.sandbox import Running
from importer.spreadsheet.write.alias_rows import add_rows, choose
from importer.spreadsheet.write.alias_workbook import NewAlias, read_alias_book
from importer.sync.lock import hold_account
from tests.books import as_dicts, workbook
from tests.conftest import Importer
from tests.forgetting.carving import readable
from tests.json_schemas import described_by
from tests.kill.killed import EVERYWHERE, Point, killed
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor

KWAME, DANA = "kwame.mensah@example.com", "dana@example.com"
SKILLS = ("email", "skill", "level", "remark")


def id_of(kantata: Running, email: str) -> str:
    return str(kantata.query("SELECT id FROM users WHERE email_address = ?", email)[0]["id"])


def is_named(text: str, id_: str = "no id") -> list[str]:
    """By what Kwame Mensah is known in a text."""
    known = (r"kwame", r"mensah", rf"(?<!\d){id_}(?!\d)")
    return [each for each in known if re.search(each, text, re.IGNORECASE)]


@pytest.fixture
def two(importer: Importer, kantata: Running, tmp_path: Path) -> str:
    """A run that gave Kwame and Dana two skills each; the remarks in a row of Dana's name Kwame."""
    rows = [
        (KWAME, "COBOL", 1, "on leave"), (DANA, "COBOL", 2, "asks Kwame  Mensah"),
        (KWAME, "Terraform", 3, ""), (DANA, "Terraform", 4, "reports to Mensah, Kwame"),
    ]  # fmt: skip
    path = write_list(tmp_path / "two.csv", SKILLS, rows)
    kantata.execute("DELETE FROM skill_memberships WHERE skill_id IN (SELECT id FROM skills WHERE name IN (?, ?))",
                    "COBOL", "Terraform")  # fmt: skip
    ran = importer("apply", path, "--yes", "--json")
    assert ran.json["outcomes"]["created"] == 4, ran.err
    return str(ran.json["run"])


def held(kantata: Running) -> dict[tuple[str, str], int]:
    rows = kantata.query(
        "SELECT u.email_address, s.name, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id WHERE s.name IN ('COBOL', 'Terraform')"
    )
    return {(row["email_address"], row["name"]): row["level"] for row in rows}


def test_no_byte_of_what_is_kept_tells_of_the_person_after_runs_of_every_kind(
    importer: Importer, kantata: Running, tmp_path: Path, two: str
) -> None:
    id_ = id_of(kantata, KWAME)
    dana = id_of(kantata, DANA)
    runs = [two]

    def load(path: Path, *options: object) -> dict[str, Any]:
        ran = importer("apply", path, "--yes", "--json", *options)
        assert ran.code in (0, 3), ran.err
        runs.append(ran.json["run"])
        return dict(ran.json)

    load(tmp_path / "two.csv")  # all unchanged: they stand in its base alone
    load(write_list(tmp_path / "Kwame Mensah.csv", ("user_id", "skill", "level", "boss"),
                    [(id_, "Go", 2, dana), (dana, "Go", 2, id_)]))  # fmt: skip
    load(workbook(tmp_path / "m.xlsx", [["Name", "Rust", "Python"], ["Mensah, Kwame", 3, 4], ["Dana Reyes", 2, 1]]))
    load(workbook(tmp_path / "across.xlsx", [["Skill", "Kwame Mensah", "Dana Reyes"], ["Rust", 1, 2], ["Go", 4, 5]]))
    halves: list[list[Any]] = [
        ["First name", "Last name", "skill", "level"],
        ["Kwame", "Mensah", "Go", 5],
        ["Dana", "Reyes", "Go", 5],
    ]
    load(workbook(tmp_path / "halves.xlsx", halves))
    load(write_list(tmp_path / "wrong.csv", SKILLS, [(KWAME, "COBOL", "high", ""), (DANA, "COBOL", "high", "")]))
    load(write_list(tmp_path / "new.csv", ("email", "skill", "level", "category"),
                    [(KWAME, "Zig", 4, "Language"), (DANA, "Zig", 2, "Language")]),
         "--create-missing", "skills", "--new-skill-levels", "5", "--no-aliases")  # fmt: skip
    places = kantata.query("SELECT geography_id, department_id FROM organization_memberships LIMIT 1")[0]
    load(write_list(tmp_path / "places.csv", ("geography_id", "department_id", "member_id", "member_type"),
                    [(*places, id_, "User"), (*places, dana, "User")]))  # fmt: skip
    runs.append(importer("undo", runs[3], "--yes", "--json").json["run"])
    with web.serve_in_background(lambda: Account(base_url=kantata.url, folder=importer.folder)) as page:
        someone = Visitor(page).enter()
        with someone.session:
            someone.post("/account", how="token", token=kantata.token, base_url=kantata.url)
            file = someone.drop(workbook(tmp_path / "c.xlsx", [["Name", "Go"], ["K. Mensah", 1], ["Dana Reyes", 1]]))
            someone.send(file, someone.plan(file))
            file = someone.drop(workbook(tmp_path / "d.xlsx", [["Name", "Go"], ["Kwame Mensah", 3], ["Dana Reyes", 3]]))
            someone.send(file, someone.plan(file))
    assert len(is_named(readable(importer.folder), id_)) == 3
    before = {run: importer("show", run, "--json").json for run in listed(importer)}

    ran = importer("forget", KWAME, "kwame mensah", id_, "K. Mensah", "--yes", "--json")

    assert ran.code == 0, ran.err
    assert is_named(readable(importer.folder), id_) == []
    assert set(runs) <= {each["run"] for each in ran.json["runs"]}
    assert (ran.json["copies"], ran.json["choices"] > 0) == (2, True)
    assert listed(importer) == list(before)
    for run, was in before.items():
        shown = importer("show", run, "--json", "-o", f"{run}.xlsx").json
        assert [shown[each] for each in ("rows", "state", "outcomes", "requests")] == [
            was[each] for each in ("rows", "state", "outcomes", "requests")
        ]
        assert is_named(readable_result(Path(shown["result"])), id_) == []


def listed(importer: Importer) -> list[str]:
    return [each["run"] for each in importer("runs", "--json").json["runs"]]


def readable_result(path: Path) -> str:
    cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(cell.value) for cell in cells if cell.value is not None)


def test_rows_keep_their_outcomes_and_say_that_their_person_was_forgotten(importer: Importer, two: str) -> None:
    importer("forget", KWAME, "Kwame Mensah", "--yes")

    shown = importer("show", two, "--json", "-o", "again.xlsx")

    assert shown.json["outcomes"]["created"] == 4
    assert shown.json["notes"][1:] == ["2 rows are of people whom somebody took out of the history of this machine."]
    rows = as_dicts(Path(shown.json["result"]), "Result")
    assert [(r["email"], r["skill"], r["remark"], r["Import status"], r["Import ID"] is None) for r in rows] == [
        ("(forgotten)", None, None, "created", True),
        (DANA, "COBOL", "asks (forgotten)", "created", False),
        ("(forgotten)", None, None, "created", True),
        (DANA, "Terraform", "reports to (forgotten)", "created", False),
    ]


def test_an_undo_puts_back_everybody_else_and_says_whose_records_it_leaves_alone(
    importer: Importer, kantata: Running, two: str
) -> None:
    importer("forget", KWAME, "--yes")

    ran = importer("undo", two, "--yes", "--json")

    assert (ran.code, ran.json["outcomes"]["removed"], ran.json["rows"]) == (0, 2, 2)
    assert "2 rows of people whom somebody took out of the history" in ran.err
    assert ran.json["notes"][0].startswith("2 rows of people whom somebody took out of the history")
    assert held(kantata) == {(KWAME, "COBOL"): 1, (KWAME, "Terraform"): 3}


def test_nothing_is_deleted_by_a_dry_run_without_a_yes_or_for_an_unknown_person(importer: Importer, two: str) -> None:
    before = readable(importer.folder)

    tried, silent = importer("forget", KWAME, "--dry-run", "--json"), importer("forget", KWAME)
    unknown = importer("forget", "nobody@example.com", "--yes", "--json")

    assert (tried.code, silent.code, unknown.code) == (0, 4, 0)
    assert described_by("forget", unknown.json)["copies"] == 0
    assert described_by("forget", tried.json)["runs"] == [
        {"run": two, "kind": "apply", "rows": 2, "records": 0, "texts": 0}
    ]
    assert (tried.json["forgotten"], unknown.json["forgotten"], unknown.json["runs"]) == (False, False, [])
    assert "Nothing was deleted: there is no terminal to ask on." in silent.err
    assert is_named(before) == is_named(readable(importer.folder)) == ["kwame", "mensah"]


def test_somebody_who_has_left_the_account_is_forgotten_without_a_network(
    importer: Importer, kantata: Running, two: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = id_of(kantata, KWAME)
    monkeypatch.setenv("KANTATA_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("KANTATA_TOKEN")

    ran = importer("forget", id_, "Kwame Mensah", "--yes")

    assert ran.code == 0, ran.err
    assert is_named(readable(importer.folder), id_) == []
    assert two in ran.err


def test_a_name_of_two_people_is_a_question_that_an_address_answers(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    kantata.execute("UPDATE users SET full_name = 'Kwame Mensah' WHERE email_address = ?", DANA)
    rows = [(KWAME, "Kwame Mensah", "COBOL", 1), (DANA, "Kwame Mensah", "COBOL", 2)]
    path = write_list(tmp_path / "both.csv", ("email", "user", "skill", "level"), rows)
    run = importer("apply", path, "--yes", "--json").json["run"]

    asked = importer("forget", "Kwame Mensah", "--yes")
    told = importer("forget", "Kwame Mensah", DANA, "--yes", "--json")

    assert asked.code == 4
    assert f'"Kwame Mensah" may be {DANA}; {KWAME}.' in asked.err
    assert [each["rows"] for each in told.json["runs"]] == [1]
    shown = as_dicts(Path(importer("show", run, "-o", "r.xlsx", "--json").json["result"]), "Result")
    assert [each["email"] for each in shown] == [KWAME, "(forgotten)"]


def test_an_unfinished_run_with_the_person_stands_in_the_way_until_it_is_finished_or_given_up(
    importer: Importer, kantata: Running, tmp_path: Path, two: str
) -> None:
    user = int(id_of(kantata, KWAME))
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    rows = [(user, skill, level) for _, skill, level in new_skills(kantata, 1)]
    big = write_list(tmp_path / "big.csv", ("user_id", "skill_id", "level"), [*new_skills(kantata, 300), *rows])
    stopped = importer("apply", big, "--yes", "--workers", "1", "--json").json["run"]
    kantata.faults([])
    before = is_named(readable(importer.folder), str(user))

    refused = importer("forget", KWAME, str(user), "--yes")
    unchanged = is_named(readable(importer.folder), str(user))
    given_up = importer("forget", KWAME, str(user), "--yes", "--close-unfinished")

    assert refused.code == 4
    assert f"To finish it, run `importer resume {stopped}`." in refused.err
    assert before == unchanged
    assert given_up.code == 0, given_up.err
    assert f"(?<!\\d){user}(?!\\d)" not in is_named(readable(importer.folder), str(user))
    assert importer("resume").code == 0
    assert {each["run"]: each["state"] for each in importer("runs", "--json").json["runs"]} == {
        two: "finished",
        stopped: "closed",
    }


def test_nobody_is_forgotten_while_a_run_writes_to_an_account(importer: Importer, two: str) -> None:
    account = next(run.account for run in api.list_runs(folder=importer.folder) if run.id == two)

    with hold_account(importer.folder, account, "apply team.xlsx"):
        ran = importer("forget", KWAME, "--yes")

    assert ran.code == 4
    assert "apply team.xlsx" in ran.err
    assert is_named(readable(importer.folder)) == ["kwame", "mensah"]


@pytest.mark.usefixtures("two")
def test_an_old_page_in_use_by_a_reader_is_told_and_gone_after_the_next_time(importer: Importer) -> None:
    with closing(sqlite3.connect(importer.folder / "journal.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM runs").fetchone()
        with pytest.MonkeyPatch.context() as patience:
            patience.setattr("importer.sync.journal._PATIENCE_S", 0.2)
            first = importer("forget", KWAME, "Kwame Mensah", "--yes")

    again = importer("forget", KWAME, "Kwame Mensah", "--yes")

    assert (first.code, again.code) == (4, 0)
    assert "another process reads the journal" in first.err
    assert is_named(readable(importer.folder)) == []


MOMENTS = [
    *([Point(AuditEvent.AFTER_COMMIT, 1, "learn")] if EVERYWHERE in os.environ else []),
    Point(AuditEvent.AFTER_PART_OPEN),
    Point(AuditEvent.BEFORE_COMMIT, 1, "forget"),
    Point(AuditEvent.AFTER_COMMIT, 1, "forget"),
]


@pytest.fixture
def with_choices(importer: Importer, two: str) -> str:
    """The run, and a workbook of the page in which a nickname means Kwame, and may have meant Dana."""
    folder = importer.folder / "aliases" / "0123456789abcdef"
    folder.mkdir(parents=True)
    meant, other = f"Kwame Mensah, {KWAME}, id 1", f"Dana Reyes, {DANA}, id 2"
    names = [NewAlias("person", "Big K", (meant, other)), NewAlias("person", "Di", (other, meant))]
    add_rows(folder / "aliases.xlsx", names, "Dana Reyes, at example.com", "an account")
    choose(folder / "aliases.xlsx", {("person", "big k"): meant, ("person", "di"): other})
    return two


def test_a_process_that_is_killed_at_any_moment_is_completed_by_the_next_one(
    importer: Importer, kantata: Running, with_choices: str, tmp_path: Path
) -> None:
    id_ = id_of(kantata, KWAME)
    for number, point in enumerate(MOMENTS):
        home = tmp_path / f"home {number}"
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("IMPORTER_HOME", str(home))
            shutil.copytree(importer.folder, home)

            reached = killed(point, "forget", KWAME, "Kwame Mensah", "--yes")
            ran = importer("forget", KWAME, "Kwame Mensah", "--yes")
            shown = importer("show", with_choices, "--json")

        assert reached, point
        assert (ran.code, shown.json["outcomes"]["created"]) == (0, 4), point
        assert is_named(readable(home), id_) == [], point
        (kept,) = home.glob("aliases/*/*")
        book = read_alias_book(kept)
        assert book is not None
        assert [(each.name, each.meaning[:10]) for each in book.aliases] == [("Di", "Dana Reyes")]


def test_the_python_api_forgets_as_the_command_line_does(importer: Importer, two: str) -> None:
    found = api.find_person(KWAME, folder=importer.folder)
    forgotten = api.forget_person(KWAME, folder=importer.folder)

    assert found == forgotten
    assert [(each.run, each.rows) for each in forgotten.runs] == [(two, 2)]
    assert api.find_person(KWAME, folder=importer.folder).is_empty
    with pytest.raises(Guarded):
        api.find_run("none", folder=importer.folder)
