"""`apply` as a person meets it: mending, guards, modes, plans, where results go, how it ends."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from shutil import copy

import openpyxl
import pytest

from importer.sandbox import Running
from tests.books import as_dicts, sheet_rows, workbook
from tests.conftest import SAMPLES, Importer
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")


def methods(kantata: Running) -> set[str]:
    return {request["method"] for request in kantata.requests()}


def test_a_result_whose_to_fix_sheet_was_mended_loads_as_it_is(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 5)
    listed = [(*rows[0], "a"), (rows[1][0], rows[1][1], "high", "b"), *((*row, "c") for row in rows[2:])]
    path = workbook(tmp_path / "team.xlsx", [["Team A"], [], [*HEADERS, "remark"], *listed])
    first = importer("apply", path, "--yes", "--json")
    result = tmp_path / first.json["result"]
    book = openpyxl.load_workbook(result)
    header = [cell.value for cell in book["To fix"][1]]
    book["To fix"].cell(2, header.index("level") + 1).value = 4
    book.save(result)

    second = importer("apply", result, "--yes", "--json")

    assert (first.code, second.code) == (3, 0)
    assert second.json["sheet"] == "S"
    assert (second.json["rows"], second.json["outcomes"]["created"]) == (1, 1)
    assert second.json["result"] == str(tmp_path / "team (2).result.xlsx")
    held = kantata.query("SELECT level FROM skill_memberships WHERE user_id = ? AND skill_id = ?", *rows[1][:2])
    assert held == [{"level": 4}]


def test_a_result_with_nothing_to_fix_loads_nothing_and_says_so(importer: Importer, tmp_path: Path) -> None:
    path = Path(copy(SAMPLES / "skill-memberships.csv", tmp_path))
    result = importer("apply", path, "--yes", "--json").json["result"]

    ran = importer("apply", result, "--yes", "--json")

    assert (ran.code, ran.json["rows"]) == (0, 0)
    assert "There is nothing to send." in ran.err


def test_a_result_of_another_account_is_refused(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    path = Path(copy(SAMPLES / "skill-memberships-mistakes.xlsx", tmp_path))
    result = importer("apply", path, "--yes", "--json").json["result"]
    kantata.execute("UPDATE users SET account_id = 777")
    kantata.execute("DELETE FROM requests")

    ran = importer("apply", result, "--yes")

    assert ran.code == 4
    assert "belongs to" in ran.err
    assert "POST" not in methods(kantata)


def test_a_plan_workbook_shows_each_change_and_can_be_applied_without_the_lines_that_are_deleted(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    new = new_skills(kantata, 4)
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships WHERE level BETWEEN 2 AND 4 LIMIT 2")
    update = (held[0]["user_id"], held[0]["skill_id"], 1)
    same = (held[1]["user_id"], held[1]["skill_id"], held[1]["level"])
    path = write_list(tmp_path / "a.csv", HEADERS, [*new, update, same, new[0], ("x", 1, 1)])

    planned = importer("plan", path, "-o", tmp_path / "a.plan.xlsx", "--json")

    assert planned.code == 3
    assert planned.json["changes"] == {"create": 4, "update": 1, "unchanged": 1, "remove": 0}
    assert planned.json["forecast"]["POST"] == 1
    assert planned.json["forecast"]["PUT"] == 1
    assert methods(kantata) == {"GET"}
    rows = as_dicts(tmp_path / "a.plan.xlsx", "Plan")
    assert [row["Planned change"] for row in rows] == [
        "create", "create", "create", "create", "update", "unchanged", "duplicate", "invalid",
    ]  # fmt: skip
    assert rows[4]["Held now"] == f"level {held[0]['level']}"

    book = openpyxl.load_workbook(tmp_path / "a.plan.xlsx")
    book["Plan"].delete_rows(2)
    book["Plan"].delete_rows(8)
    book.save(tmp_path / "a.plan.xlsx")
    applied = importer("apply", tmp_path / "a.plan.xlsx", "--yes", "--json")

    # The row that repeats the deleted one repeats it still: what was planned for the other is not its own.
    assert applied.code == 0
    outcomes = applied.json["outcomes"]
    assert {name: count for name, count in outcomes.items() if count} == {
        "created": 3, "updated": 1, "unchanged": 1, "duplicate": 1,
    }  # fmt: skip
    assert any("2 lines of the plan were deleted" in note for note in applied.json["notes"])


def test_a_dry_run_sends_nothing_but_reads_and_leaves_nothing_behind(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = Path(copy(SAMPLES / "skill-memberships.csv", tmp_path))

    ran = importer("apply", path, "--dry-run", "--yes")

    assert ran.code == 0
    assert methods(kantata) == {"GET"}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["skill-memberships.csv"]


def test_without_a_terminal_and_without_yes_nothing_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = Path(copy(SAMPLES / "skill-memberships.csv", tmp_path))

    ran = importer("apply", path)

    assert ran.code == 4
    assert "Nothing was sent: there is no terminal to ask on. To send without a question, add --yes." in ran.err
    assert "create 60" in ran.err
    assert methods(kantata) == {"GET"}


@pytest.mark.usefixtures("importer")
@pytest.mark.parametrize(("answer", "code", "written"), [("n\n", 4, 0), ("\n", 4, 0), ("y\n", 0, 3)])
def test_on_a_terminal_the_person_is_shown_the_plan_and_asked(
    kantata: Running, tmp_path: Path, answer: str, code: int, written: int
) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 3))
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "apply", str(path)],
        stdin=slave, stderr=slave, stdout=subprocess.PIPE, env=os.environ, cwd=tmp_path,
    )  # fmt: skip
    os.close(slave)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(master, 4096)
    os.write(master, answer.encode())
    out, _ = process.communicate(timeout=60)
    os.close(master)

    assert process.returncode == code
    assert b"As Dana Reyes, dana@example.com, at 127.0.0.1" in said
    assert b"create 3   update 0   unchanged 0" in said
    assert b"Send 3 changes in 1 request, under a second? [y/N]" in said
    assert sum(request["rows_written"] for request in kantata.requests() if request["method"] == "POST") == written
    assert (b"a.result.xlsx" in out) is (code == 0)


def test_add_creates_what_is_missing_and_changes_nothing(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    path = Path(copy(SAMPLES / "skill-memberships.csv", tmp_path))

    ran = importer("apply", path, "--mode", "add", "--yes", "--json")

    assert ran.code == 0
    assert ran.json["outcomes"]["created"] == 60
    assert ran.json["outcomes"]["updated"] == 0
    assert methods(kantata) == {"GET", "POST"}


def test_the_result_stands_beside_the_file_and_its_path_alone_is_given(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    path = write_list(tmp_path / "folder" / "team.csv", HEADERS, new_skills(kantata, 2))

    first, second = importer("apply", path, "--yes"), importer("apply", path, "--yes", "-o", tmp_path / "mine.xlsx")

    assert first.out == f"{tmp_path / 'folder' / 'team.result.xlsx'}\n"
    assert second.out == f"{tmp_path / 'mine.xlsx'}\n"


def test_a_result_that_could_not_be_written_stops_the_load_before_it_begins(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 2))

    ran = importer("apply", path, "--yes", "-o", tmp_path / "nowhere" / "r.xlsx")

    assert ran.code == 4
    assert "To write it somewhere else, add -o FILE." in ran.err
    assert methods(kantata) == {"GET"}


def test_texts_of_the_persons_own_columns_come_back_as_they_were(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    own = ["=1+1", "00123", "Zoë\u00a0Müller", "two\nlines", "NA", "3.10"]
    rows = [(*row, text) for row, text in zip(new_skills(kantata, 6), own, strict=True)]
    path = write_list(tmp_path / "a.csv", (*HEADERS, "remark"), rows)

    ran = importer("apply", path, "--yes", "--json")

    assert [row["remark"] for row in as_dicts(tmp_path / ran.json["result"], "Result")] == own


def test_numbers_of_a_workbook_come_back_as_numbers_and_ids_as_text(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (user, skill, level), *_ = new_skills(kantata, 1)
    path = workbook(tmp_path / "a.xlsx", [[*HEADERS, "hours"], [user, skill, level, 37.5]])

    ran = importer("apply", path, "--yes", "--json")

    assert sheet_rows(tmp_path / ran.json["result"], "Result")[1][:4] == (str(user), str(skill), level, 37.5)


def no_answer_after(reads: int) -> list[dict[str, object]]:
    """Faults that answer so many GET requests and no other."""
    return [{"on": "GET", "nth": nth, "fault": "500"} for nth in range(reads + 1, reads + 60)]


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ([{"on": "GET", "every": 1, "fault": "html200"}], 7, "answered with a web page (status 200)"),
        ([{"on": "GET", "nth": 1, "fault": "revoke"}], 6, "refused the token"),
        ([{"on": "POST", "nth": 1, "fault": "revoke"}], 6, "refused the token"),
        ([{"on": "POST", "nth": 1, "fault": "drop_after_commit"}], 0, "created 3"),
        ([{"on": "POST", "nth": 1, "fault": "500"}], 0, "created 3"),
    ],
    ids=str,
)
def test_what_kantata_does_decides_the_exit_code(
    importer: Importer, kantata: Running, tmp_path: Path, fault: list[dict[str, object]], code: int, words: str
) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 3))
    kantata.faults(fault)

    ran = importer("apply", path, "--yes", "--settle-wait", "0.3")

    assert ran.code == code, ran.err
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_a_row_that_could_not_be_settled_is_unknown_and_resume_settles_it(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 300)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)
    importer("plan", path, "--json")
    reads = kantata.query("SELECT count(*) n FROM requests WHERE method = 'GET'")[0]["n"]
    kantata.faults([{"on": "POST", "nth": 1, "fault": "drop_after_commit"}, *no_answer_after(reads)])

    first = importer("apply", path, "--yes", "--json", "--workers", "1", "--settle-wait", "0.3")
    kantata.faults([])
    second = importer("resume", "--json")

    assert (first.code, second.code) == (8, 0)
    assert "Run `importer resume`" in first.err
    assert first.json["outcomes"]["unknown"] == 200
    assert second.json["outcomes"]["created"] == second.json["rows"] == 300
    assert second.json["run"] == first.json["run"]
    assert second.json["verified"] is True
    held = kantata.query("SELECT count(*) n FROM skill_memberships GROUP BY user_id, skill_id HAVING n > 1")
    assert held == []


def test_a_revoked_token_half_way_leaves_the_rest_not_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 500))
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])

    ran = importer("apply", path, "--yes", "--json", "--workers", "1")

    assert ran.code == 8
    assert (ran.json["outcomes"]["created"], ran.json["outcomes"]["not sent"]) == (200, 300)


def test_a_member_who_is_no_administrator_is_told_so_and_sends_nothing(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")
    path = Path(copy(SAMPLES / "user-group-memberships.csv", tmp_path))

    for forbidden in ("403", "404"):
        kantata.set(ugm_forbidden=forbidden)
        ran = importer("apply", path, "--yes")
        assert ran.code == 6
        assert "Administrator" in ran.err


def test_nobody_at_the_base_url_is_code_7(offline: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo")
    path = write_list(tmp_path / "a.csv", HEADERS, [(1, 2, 3)])

    ran = offline("apply", path, "--yes")

    assert ran.code == 7
    assert "We could not reach 127.0.0.1:9: no connection could be made." in ran.err


def test_without_a_token_the_command_says_how_to_get_one(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, [(1, 2, 3)])

    ran = offline("apply", path, "--yes")

    assert ran.code == 6
    assert ran.err.endswith("There is no token. Run `importer login`, or set KANTATA_TOKEN.\n")


def test_a_manager_loads_their_own_people_and_another_ones_row_is_refused_by_itself(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kantata.set(writes_need="manager")
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")
    mine = "SELECT user_id FROM account_memberships WHERE manager_id = 11482969 AND manager_can_edit_skills = 1"
    reports = [r["user_id"] for r in kantata.query(mine)]
    free = kantata.query(
        "SELECT u.id user_id, s.id skill_id FROM users u JOIN skills s ON s.max_level = 5 WHERE u.id IN (?, ?, ?, ?) "
        "AND NOT EXISTS (SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = s.id) LIMIT 60",
        *reports)  # fmt: skip
    rows = [(r["user_id"], r["skill_id"], 3) for r in free]
    rows[7] = new_skills(kantata, 1)[0]

    ran = importer("apply", write_list(tmp_path / "a.csv", HEADERS, rows), "--yes", "--json")

    assert ran.code == 3, ran.err
    assert (ran.json["outcomes"]["created"], ran.json["outcomes"]["refused"]) == (59, 1)
    assert [(each["row"], each["code"]) for each in ran.json["problems"]] == [(9, "refused")]


@pytest.mark.parametrize("forbidden_body", ["json", "html", "empty"])
def test_a_token_that_may_write_nothing_finds_out_with_few_requests(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forbidden_body: str
) -> None:
    kantata.set(forbidden_body=forbidden_body)
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 1000))

    ran = importer("apply", path, "--yes", "--json", "--workers", "1")

    assert ran.code == 6, ran.err
    outcomes = ran.json["outcomes"]
    assert outcomes["not sent"] + outcomes["refused"] == 1000
    assert outcomes["refused"] <= 4
    assert ran.json["requests"]["POST"] <= 20


def test_a_server_that_answers_no_write_is_left_alone_after_some_tries(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 300))
    kantata.faults([{"on": "POST", "every": 1, "fault": "503"}])

    ran = importer("apply", path, "--yes", "--json", "--workers", "1", "--settle-wait", "0.1")
    kantata.faults([])
    resumed = importer("resume", "--json", "--settle-wait", "0.1")

    assert ran.code == 7, ran.err
    assert ran.json["outcomes"]["not sent"] == 300
    assert "did not answer a request, although we sent it 5 times" in ran.err
    assert (resumed.code, resumed.json["outcomes"]["created"]) == (0, 300)
