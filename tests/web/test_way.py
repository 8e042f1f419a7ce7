"""The way from a file to its result, as the page shows it: what is wrong, what would change, what became of it."""

import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import xlsxwriter

from importer.model import Answered
from importer.sandbox import Running
from tests.books import sheet_rows, workbook
from tests.conftest import ROOT, SAMPLES, Importer
from tests.export.read_back import hold_many
from tests.gate import Gate
from tests.loads import access_with, begin_list, client_with, means_of, new_skills, write_list
from tests.web.visitor import Visitor, field, read

FILES = sorted(path for path in SAMPLES.rglob("*") if path.suffix in {".xlsx", ".csv"})


def _problems(visitor: Visitor, file: str) -> list[tuple[str, str]]:
    """Every problem that the page shows, page by page."""
    found: list[tuple[str, str]] = []
    while shown := read(visitor.get(f"{file}/problems/list?problem={len(found)}").text, "said"):
        found += shown
        if len(shown) < 100:
            break
    return found


def _on_the_page(fix: str) -> str:
    """A remedy of the command line with what the page has in the place of its options; it makes nothing that is missing
    first, and does not say that it could.
    """
    fix = re.sub(r" To make what is missing first, add --create-missing \w+\.", "", fix)
    fix = re.sub(r'add --levels ("[^"]*"|[\w=]+)\.', "use “Which level is which” in the step “Read”.", fix)
    fix = fix.replace("add --match names.", "tick “Go by names and e-mails”.")
    return fix.replace(" in aliases.xlsx.", " under its problem.")


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SAMPLES)) for path in FILES])
def test_the_page_shows_the_same_problems_as_the_command_line(
    visitor: Visitor, importer: Importer, tmp_path: Path, path: Path
) -> None:
    alone = tmp_path / path.name  # so that the workbook of what names mean is not made beside the sample
    alone.write_bytes(path.read_bytes())
    ran = importer("check", alone, "--json")

    file = visitor.drop(path)

    if "error" in ran.json:
        html = visitor.get(file).text
        assert ran.json["error"].lower() in " ".join(text for _, text in read(html, "note")).lower()
        return
    places = [
        ", ".join(filter(None, (each["sheet"], each["cell"] or f"row {each['row']}", each["column"])))
        for each in ran.json["problems"]
    ]
    told = [
        (each["code"], " ".join(f"{place} {each['message']} {_on_the_page(each['fix'])}".split()))
        for each, place in zip(ran.json["problems"], places, strict=True)
    ]
    assert _problems(visitor, file) == told
    assert f"{ran.json['valid']:,} valid" in visitor.get(file).text


def test_a_list_is_loaded_and_its_result_is_the_workbook_that_apply_writes(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 5)
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)

    file = visitor.drop(path)
    plan = visitor.plan(file)
    assert kantata.query("SELECT * FROM requests WHERE method <> 'GET'") == []
    result = visitor.send(file, plan)

    assert "5 create" in [text for _, text in read(plan.text, "create")]
    assert "Dana Reyes" in result.text
    assert "Verified: we read 5 records back from Kantata" in result.text
    held = {
        (row["user_id"], row["skill_id"], row["level"])
        for row in kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    }
    assert set(rows) <= held
    workbook = visitor.get(f"{result.url.removeprefix(visitor.served.root)}/result")
    assert workbook.content.startswith(b"PK")
    assert "team.result.xlsx" in workbook.headers["Content-Disposition"]


def test_nothing_is_sent_if_a_row_has_a_problem_and_all_or_nothing_was_chosen(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = [*new_skills(kantata, 2), (1, 2, 9)]
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)

    file = visitor.drop(path)
    plan = visitor.plan(file, all_or_nothing="1")
    result = visitor.send(file, plan)

    assert "Nothing will be sent, because a row has a problem." in plan.text
    assert kantata.query("SELECT * FROM requests WHERE method <> 'GET'") == []
    assert read(result.text, "not-sent") == [("", "not sent 2")]


def test_removals_are_shown_by_name_and_need_their_number(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    record = kantata.query(
        """SELECT m.id, m.user_id, m.skill_id, u.full_name FROM skill_memberships m JOIN users u ON u.id = m.user_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 LIMIT 1"""
    )[0]
    path = write_list(
        tmp_path / "gone.csv", ["user_id", "skill_id", "level"], [[record["user_id"], record["skill_id"], "remove"]]
    )
    file = visitor.drop(path)
    plan = visitor.plan(file)

    refused = visitor.send(file, plan)
    wrong = visitor.send(file, plan, removals="2")
    still = kantata.query("SELECT id FROM skill_memberships WHERE id = ?", record["id"])
    done = visitor.send(file, plan, removals="1")

    assert record["full_name"] in read(plan.text, "removals")[0][1]
    assert (refused.status_code, wrong.status_code) == (409, 409)
    assert still == [{"id": record["id"]}]
    assert read(done.text, "removed") == [("", "removed 1")]
    assert kantata.query("SELECT id FROM skill_memberships WHERE id = ?", record["id"]) == []


def test_a_run_is_put_back_after_it_was_shown_what_that_changes(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 3)
    file = visitor.drop(write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows))
    result = visitor.send(file, visitor.plan(file))
    run = result.url.removeprefix(visitor.served.root)

    shown = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))
    between = kantata.query("SELECT count(*) n FROM requests WHERE method = 'DELETE'")
    ended = visitor.undo(shown)

    assert "team.csv: 3 rows to undo." in shown.text
    assert between == [{"n": 0}]
    assert read(ended.text, "removed") == [("", "removed 3")]
    left = kantata.query("SELECT user_id, skill_id FROM skill_memberships")
    assert not {(row["user_id"], row["skill_id"]) for row in left} & {row[:2] for row in rows}
    history = visitor.get("/runs").text
    assert [text.split()[0] for _, text in read(history, "do")] == ["Result", "Result"]
    assert history.count("/undo") == 2
    assert "removed&nbsp;3" in history
    assert "created&nbsp;3" in history


def test_a_run_that_stopped_is_found_again_and_gone_on_with(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    rows = new_skills(kantata, 450)
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)
    run = stopped_run(kantata, path, tmp_path / "state")

    first = visitor.get("/").text
    ended = visitor.wait(visitor.post(f"/runs/{run}/resume").url.removeprefix(visitor.served.root))

    assert "Not finished" in first
    assert run in first
    assert read(ended.text, "created") == [("", "created 450")]
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    assert set(rows) <= {(row["user_id"], row["skill_id"], row["level"]) for row in held}
    assert len(held) == len({(row["user_id"], row["skill_id"]) for row in held})


def test_a_column_that_is_gone_since_a_file_of_this_name_was_last_dropped_is_noticed(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    people = sorted({user for user, _, _ in new_skills(kantata, 4)})
    skills = [row["name"] for row in kantata.query("SELECT name FROM skills WHERE max_level = 5 ORDER BY id LIMIT 3")]
    path = tmp_path / "team [A] & B.xlsx"
    workbook(path, [["user_id", *skills], *([user, 1, 2, 3] for user in people)])
    file = visitor.drop(path)
    done = visitor.send(file, visitor.plan(file))
    workbook(path, [["user_id", *skills[:2]], *([user, 2, 1] for user in people)])

    plan = visitor.plan(visitor.drop(path))
    other = visitor.plan(visitor.drop(path, "another.xlsx"))

    assert "Result of team [A] &amp; B.xlsx" in done.text
    assert "A column of skills that the file had when you last loaded it is now" in read(plan.text, "anomalies")[0][1]
    assert skills[2] in read(plan.text, "anomalies")[0][1]
    assert read(other.text, "anomalies") == []


def test_a_run_and_its_workbook_go_by_the_name_that_the_person_knows(
    visitor: Visitor, importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = tmp_path / "Skills & levels, Q3 [final].xlsx"
    workbook(path, [["user_id", "skill_id", "level"], *new_skills(kantata, 2)])
    file = visitor.drop(path)
    plan, planned = visitor.plan(file), visitor.get(f"{file}/planned")
    done = visitor.send(file, plan)
    run = done.url.rsplit("/", 1)[1]
    again = tmp_path / "again.xlsx"

    result = visitor.get(f"/runs/{run}/result")
    (tmp_path / "result.xlsx").write_bytes(result.content)
    listed, shown = importer("runs", "--json").json["runs"], importer("show", run, "-o", again, "--json")

    for workbook_ in (tmp_path / "result.xlsx", again):
        facts = {row[0]: row[1] for row in sheet_rows(workbook_, "Summary") if len(row) > 1}
        assert facts["File"] == path.name
    assert unquote(result.headers["Content-Disposition"]).endswith("Skills & levels, Q3 [final].result.xlsx")
    assert unquote(planned.headers["Content-Disposition"]).endswith("Skills & levels, Q3 [final].plan.xlsx")
    assert [each["file"] for each in listed] == [path.name]
    assert shown.json["file"] == path.name
    assert "importer-" not in done.text + visitor.get("/runs").text


def test_astopped_run_gives_way_to_the_same_file_and_to_no_other_of_its_name(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 30)
    folders = [tmp_path / each for each in ("a", "b")]
    for folder, some in zip(folders, (rows[:10], rows[10:]), strict=True):
        folder.mkdir()
        write_list(folder / "list.csv", ["user_id", "skill_id", "level"], some)
    first = visitor.drop(folders[0] / "list.csv")
    visitor.send(first, visitor.plan(first))
    with closing(sqlite3.connect(tmp_path / "state" / "journal.sqlite")) as journal:  # as if it had been stopped
        journal.execute("UPDATE runs SET state = 'open'")
        journal.commit()

    other = visitor.drop(folders[1] / "list.csv")
    visitor.send(other, visitor.plan(other))
    kept = visitor.get("/").text
    same = visitor.drop(folders[0] / "list.csv")
    visitor.send(same, visitor.plan(same))

    assert "Not finished" in kept
    assert "Not finished" not in visitor.get("/").text


def stopped_run(kantata: Running, path: Path, state: Path) -> str:
    """The name of a run that was stopped after its first answer."""
    with client_with(kantata, workers=1) as client:
        access = access_with(client)
        with means_of(access, state) as means:
            load = begin_list(access, means, path)
            for event in load.send():
                if isinstance(event, Answered):
                    load.stop()
    return load.run.id


def test_without_an_account_a_list_of_ids_is_checked_and_one_of_names_asks_for_one(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.post("/account", how="none")
    ids = visitor.drop(write_list(tmp_path / "ids.csv", ["user_id", "skill_id"], [[1, 2]]))
    names = visitor.drop(write_list(tmp_path / "names.csv", ["email", "skill"], [["dana@example.com", "Java"]]))

    assert "1 row of skill-memberships, 1 valid." in visitor.get(ids).text
    assert "The file contains names, which we must look up in an account." in visitor.get(names).text
    assert visitor.post(f"{ids}/plan", mode="upsert").status_code == 403

    visitor.post("/account", how="kept")

    assert "1 row of skill-memberships" in visitor.wait(names).text


def test_a_result_workbook_that_is_dropped_again_sends_only_what_was_corrected_in_it(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    (user, skill, level), other = new_skills(kantata, 2)
    path = tmp_path / "team.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Team")
        sheet.write_row(0, 0, ["user_id", "skill_id", "level"])
        sheet.write_row(1, 0, [user, skill, "high"])
        sheet.write_row(2, 0, other)
    file = visitor.drop(path)
    result = visitor.send(file, visitor.plan(file))
    given = tmp_path / "team.result.xlsx"
    given.write_bytes(visitor.get(f"{result.url.removeprefix(visitor.served.root)}/result").content)

    again = visitor.drop(given)
    shown = visitor.problems(again).text
    (number,) = [
        at for at in range(shown.count("</option>")) if "wrong" in visitor.get(f"{again}/rows?sheet={at}").text
    ]
    visitor.edit(again, "C2", str(level), number)
    corrected = visitor.check_again(again).text
    done = visitor.send(again, visitor.plan(again))

    assert read(result.text, "created") == [("", "created 1")]
    assert "high" in shown
    assert "1 row of skill-memberships, 1 valid." in corrected
    assert read(done.text, "created") == [("", "created 1")]


def _roles(html: str) -> list[str]:
    """What is chosen for each column, in their order."""
    selects = re.findall(r'<select id="column-\d+".*?</select>', html, flags=re.DOTALL)
    chosen = [re.search(r'<option value="([^"]*)" selected>', each) for each in selects]
    return [each.group(1) if each else "" for each in chosen]


def test_what_a_column_is_can_be_changed(visitor: Visitor, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level", "Stufe"], [[11482969, 271015, "x?", 3]])
    file = visitor.drop(path)
    before = visitor.get(file).text

    visitor.post(
        f"{file}/columns", reading=field(before, "reading"),
        **{"column-0": "user_id", "column-1": "skill_id", "column-2": "", "column-3": "level"},
    )  # fmt: skip
    after = visitor.wait(file).text

    assert "0 valid" in before
    assert "1 row of skill-memberships, 1 valid." in after
    headings = visitor.get(f"{file}/corrected").content.decode("utf-8-sig").splitlines()[0]
    assert headings == "user_id,skill_id,level,Stufe"  # as the person wrote them


def test_a_column_of_levels_that_is_not_used_cannot_be_passed_by_without_a_word(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 4)
    file = visitor.drop(write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows))
    visitor.post(f"{file}/columns", reading=field(visitor.get(file).text, "reading"), **{"column-2": ""})
    unmapped = visitor.wait(file).text

    passed_by = visitor.post(f"{file}/continue")
    at_once = visitor.get(f"{file}/problems")
    refused = visitor.plan(file)
    said = visitor.post(f"{file}/continue", without_levels="1")
    plan = visitor.plan(file)

    assert "level holds what looks like levels" in " ".join(text for _, text in read(unmapped, "warn"))
    assert passed_by.url.endswith(file)
    assert at_once.url.endswith(file)
    assert "No column is the level" in refused.text
    assert said.url.endswith("/problems")
    assert "4 create" in [text for _, text in read(plan.text, "create")]


def test_words_are_told_to_be_levels_a_row_a_word_and_remembered(visitor: Visitor, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Name", "Python", "Java"], ["Dana Reyes", "knows", "can"], ["Kwame Mensah", "can", "can"]]
    march = visitor.drop(workbook(tmp_path / "march.xlsx", rows))
    asked = visitor.get(march).text

    chosen = {f"level-{at}": level for at, level in enumerate(("4", "2"))}
    visitor.post(f"{march}/levels", reading=field(asked, "reading"), **chosen)
    told = visitor.wait(march).text
    april = visitor.get(visitor.drop(workbook(tmp_path / "april.xlsx", [rows[0], *reversed(rows[1:])]))).text

    assert "2 words stand for levels" in read(asked, "ask")[0][1]
    assert "4 valid" in told
    assert "4 valid" in april
    assert "aliases.xlsx says: can = 4, knows = 2." in april


def test_the_first_records_are_shown_as_they_would_be_loaded(visitor: Visitor, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Name", "Python", "Java"], ["Dana Reyes", 3, None], ["Kwame Mensah", None, 4]]

    shown = visitor.get(visitor.drop(workbook(tmp_path / "team.xlsx", rows))).text

    told = read(shown, "first-records")[0][1]
    assert told == "The first records Name Skill Level Dana Reyes Python 3 Kwame Mensah Java 4"


def test_what_headings_of_a_form_have_in_common_is_taken_off_and_shown(visitor: Visitor, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "How well do you know: Python", "How well do you know: Java"],
        ["Dana Reyes", 3, 4],
    ]

    shown = visitor.get(visitor.drop(workbook(tmp_path / "form.xlsx", rows))).text

    assert "How well do you know: Python read as Python" in read(shown, "mapping")[0][1]
    assert "2 valid" in shown


def test_what_a_column_of_a_matrix_is_can_be_changed(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    people = kantata.query(
        "SELECT id, email_address e FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id LIMIT 4"
    )
    rows = [[person["e"], "dana@example.com", 3, 4, 2] for person in people]
    path = write_list(tmp_path / "team.csv", ["E-mail", "Manager", "Java", "Python", "Years, in all"], rows)
    file = visitor.drop(path)
    before = visitor.get(file).text

    visitor.post(
        f"{file}/columns", reading=field(before, "reading"),
        **{"column-0": "", "column-1": "who", "column-2": "a skill", "column-3": "", "column-4": ""},
    )  # fmt: skip
    after = visitor.wait(file).text
    nobody = visitor.post(f"{file}/columns", reading=field(after, "reading"), **{"column-1": ""})

    assert _roles(before)[:3] == ["who", "", "a skill"]
    assert _roles(after) == ["", "who", "a skill", "", ""]
    assert nobody.status_code == 400
    assert "Choose one column with e-mail addresses or names" in nobody.text


def test_the_row_with_the_headers_is_chosen_by_what_stands_in_it(visitor: Visitor, tmp_path: Path) -> None:
    rows: list[list[object]] = [["Stand: März"], ["Person", "Fertigkeit", "Stufe"], [11482969, 271015, 3]]
    file = visitor.drop(workbook(tmp_path / "liste.xlsx", rows))
    asked = visitor.get(file).text

    visitor.post(f"{file}/reading", meant="skill-memberships", header_row="2")
    chosen = visitor.wait(file).text
    said = {"column-0": "user_id", "column-1": "skill_id", "column-2": "level"}
    visitor.post(f"{file}/columns", reading=field(chosen, "reading"), **said)
    after = visitor.wait(file).text

    assert "Row 2: Person · Fertigkeit · Stufe" in asked
    assert "1 row of skill-memberships, 1 valid." in after
    assert _roles(after) == ["user_id", "skill_id", "level"]


def test_names_that_the_account_does_not_know_are_counted(visitor: Visitor, tmp_path: Path) -> None:
    emails = ["dana@example.com", "nobody@example.com", "DANA@example.com", "nobody@example.com"]
    path = write_list(tmp_path / "team.csv", ["email", "skill"], [[each, "Java"] for each in emails])

    told = read(visitor.get(visitor.drop(path)).text, "read")[0][1]

    assert "email: ⚠ 1 of 2 known; skill: ✓ 1 of 1 known" in told


def test_what_stands_above_the_header_is_shown_and_can_be_corrected(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "titled.csv"
    path.write_text("Team <A>\n\nuser_id,skill_id,level\n11482969,271015,high\n11482969,271019,3\n", encoding="utf-8")
    file = visitor.drop(path)

    first = visitor.rows(file, show="all")["lines"][0]
    visitor.edit(file, "A1", "Team B")
    visitor.edit(file, "C4", "4")
    visitor.check_again(file)

    assert (first["row"], first["cells"][0]) == (1, {"text": "Team <A>"})
    assert visitor.get(f"{file}/corrected").content.decode("utf-8-sig").splitlines()[0].rstrip(",") == "Team B"


def test_what_was_written_into_cells_is_lost_by_nothing_that_is_done_next(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = [[*row[:2], level] for row, level in zip(new_skills(kantata, 2), ("high", "low"), strict=True)]
    file = visitor.drop(write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows))
    visitor.edit(file, "C2", "4")

    visitor.post(f"{file}/reading", meant="skill-memberships")
    read_again = visitor.problems(file).text
    visitor.post("/account", how="none")
    visitor.post("/account", how="kept")
    as_another = visitor.problems(file).text
    plan = visitor.plan(file)

    assert "<strong data-edited>1 cell</strong> changed" in read_again
    assert "<strong data-edited>1 cell</strong> changed" in as_another
    assert "1 create" in [text for _, text in read(plan.text, "create")]
    assert "1 cell corrected" in visitor.problems(file).text


def test_a_candidate_that_is_chosen_for_a_name_is_remembered_for_the_next_file(
    visitor: Visitor, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", ["user", "skill_id", "level"], [["Maria Silva", 271015, 3]])
    file = visitor.drop(path)
    asked = visitor.problems(file).text

    visitor.post(f"{file}/meanings", reading=field(asked, "reading"), group="0", id="11483059")
    chosen = visitor.problems(file).text
    next_file = visitor.get(visitor.drop(path, "next.csv")).text

    assert '"Maria Silva" matches 2 people' in read(asked, "group")[0][1]
    assert "1 row of skill-memberships, 0 valid, 1 with problems." in asked
    assert "1 row of skill-memberships, 1 valid." in chosen
    assert "1 row of skill-memberships, 1 valid." in next_file


def test_a_file_that_is_no_sheet_is_named_for_what_it_is(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)

    assert "photo.xlsx is a PNG picture, not a sheet." in visitor.get(visitor.drop(path)).text


def test_what_can_be_read_in_more_ways_than_one_is_chosen_with_a_button(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Skills").write_column(0, 0, ["skill_id", "1"])
        book.get_worksheet_by_name("Skills").write_column(0, 1, ["user_id", "2"])
        book.add_worksheet("Groups").write_column(0, 0, ["workspace_group_id", "1"])
        book.get_worksheet_by_name("Groups").write_column(0, 1, ["user_id", "2"])
    file = visitor.drop(path)

    asked = visitor.get(file).text
    visitor.post(f"{file}/reading", answer="--sheet Groups")

    assert 'name="answer" value="--sheet Skills"' in asked
    assert "1 row of user-group-memberships, 1 valid." in visitor.wait(file).text


def test_an_answer_in_the_page_is_remembered_for_the_next_file(visitor: Visitor, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Name", "Python", "Java"], ["Dana Reyes", 0, 3], ["Kwame Mensah", 4, 0]]
    march = visitor.drop(workbook(tmp_path / "march.xlsx", rows))
    visitor.post(f"{march}/reading", answer='--levels "0=none"')
    answered = visitor.wait(march).text

    april = visitor.get(visitor.drop(workbook(tmp_path / "april.xlsx", [["Name", "Java", "Python"], *rows[1:]]))).text

    assert "Remembered in aliases.xlsx: 0 = none." in answered
    assert "aliases.xlsx says: 0 = none." in april
    assert "4 valid" in april


def test_a_corrected_sheet_of_another_program_goes_on_under_a_name_that_excel_takes(
    visitor: Visitor, tmp_path: Path
) -> None:
    long = "Competence matrix of the consulting practice 2026"
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(ROOT / "tests" / "files" / "list.ods") as plain, zipfile.ZipFile(path, "w") as renamed:
        for entry in plain.infolist():
            content = plain.read(entry).replace(b'table:name="mk"', f'table:name="{long}"'.encode())
            renamed.writestr(entry, content)
    file = visitor.drop(path)
    visitor.post(f"{file}/reading", sheets=long)
    visitor.wait(file)
    before = visitor.rows(file, show="all")["lines"][0]["cells"][0]["text"]

    visitor.edit(file, "A2", "x")
    checked = visitor.check_again(file)
    undone = visitor.post(f"{file}/undo")

    assert checked.ok
    assert undone.json()["said"] == "Undone: 1 cell changed back."
    assert visitor.rows(file, show="all")["lines"][0]["cells"][0]["text"] == before


def test_a_page_of_a_sheet_that_is_not_read_any_more_gets_an_answer(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("North", "South"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["user_id", "skill_id", "level"])
            sheet.write_row(1, 0, [11482969, 271015, "high"])
    file = visitor.drop(path)
    before = field(visitor.problems(file).text, "reading")
    visitor.post(f"{file}/reading", meant="skill-memberships", sheets="North")
    visitor.wait(file)

    back = [visitor.get(f"{file}/{each}").status_code for each in ("problems?sheet=1", "rows?sheet=1")]
    grid = visitor.get(f"{file}/rows?sheet=0&reading={before}")

    assert back == [200, 404]
    assert grid.status_code == 409
    assert "We have read the file again since then." in grid.text


def test_earlier_answers_are_left_aside_where_the_person_says_so_in_the_page(visitor: Visitor, tmp_path: Path) -> None:
    path = workbook(tmp_path / "march.xlsx", [["Name", "Python"], ["Dana Reyes", 0], ["Kwame Mensah", 4]])
    file = visitor.drop(path)
    visitor.post(f"{file}/reading", answer='--levels "0=none"')
    visitor.wait(file)

    visitor.post(f"{file}/reading", no_aliases="1")

    assert "0 can mean that somebody does not have the skill" in visitor.wait(file).text


@pytest.mark.parametrize(
    "name", ["skill-memberships", "user-group-memberships", "organization-memberships", "skill-matrix"]
)
@pytest.mark.parametrize("live", ["", "1"])
def test_templates_are_given_blank_and_with_what_the_account_holds(visitor: Visitor, name: str, live: str) -> None:
    answer = visitor.get(f"/templates/workbook?of={name}&live={live}&users=dana@example.com")

    assert answer.status_code == 200, read(answer.text, "note")
    assert answer.content.startswith(b"PK")
    assert f'filename="{name}.xlsx"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["skills", "groups", "organizations"])
def test_a_template_of_all_that_there_is_of_a_kind_takes_no_filters(visitor: Visitor, name: str) -> None:
    every = visitor.get(f"/templates/workbook?of={name}&live=1")
    some = visitor.get(f"/templates/workbook?of={name}&live=1&skills=Python")

    assert every.content.startswith(b"PK")
    ((_, told),) = read(some.text, "note")
    assert told == (
        f"✕ The template has all {name} of the account, so it takes no filters. Leave the filters out. "
        "To choose some of them, open “Export”."
    )


def test_the_problems_as_json_are_what_the_samples_say(visitor: Visitor) -> None:
    told = json.loads((SAMPLES / "skill-memberships-mistakes.problems.json").read_text(encoding="utf-8"))

    shown = _problems(visitor, visitor.drop(SAMPLES / "skill-memberships-mistakes.xlsx"))

    assert len(shown) == len(told)


@pytest.mark.parametrize(
    ("what", "form", "starts"),
    [
        ("skill-memberships", "xlsx", b"PK"),
        ("users", "csv", b"\xef\xbb\xbf"),
        ("organizations", "jsonl", b"{"),
        ("skill-matrix", "xlsx", b"PK"),
        ("skill-report", "xlsx", b"PK"),
        ("skill-report as a page", "xlsx", b"<!doctype html>"),
    ],
)
def test_what_the_account_holds_is_exported_and_sends_no_write(
    visitor: Visitor, kantata: Running, what: str, form: str, starts: bytes
) -> None:
    begun = visitor.post("/export", what=what, form=form, groups="Cloud Practice")
    shown = visitor.wait(begun.url.removeprefix(visitor.served.root))
    path = shown.url.removeprefix(visitor.served.root)

    assert "Download" in shown.text, read(shown.text, "note")
    assert visitor.get(f"{path}/file").content.startswith(starts)
    assert kantata.query("SELECT * FROM requests WHERE method <> 'GET'") == []


def test_an_exported_matrix_is_shown_as_a_heat_map_with_each_level_as_text(visitor: Visitor, kantata: Running) -> None:
    record = kantata.query(
        """SELECT u.full_name person, s.name skill, m.level FROM skill_memberships m
        JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 AND m.level = 4 AND u.full_name <> 'Maria Silva' LIMIT 1"""
    )[0]

    begun = visitor.post("/export", what="skill-matrix", form="xlsx", users=record["person"], skills=record["skill"])
    shown = visitor.wait(begun.url.removeprefix(visitor.served.root)).text

    assert read(shown, "heat")[0][1].split() == [*record["skill"].split(), *record["person"].split(), "4"]
    assert read(shown, "level-4") == [("", "4")]


def test_a_report_is_shown_with_its_coverage(visitor: Visitor, kantata: Running) -> None:
    most = kantata.query(
        """SELECT s.name, count(*) n FROM skill_memberships m JOIN skills s ON s.id = m.skill_id
        JOIN users u ON u.id = m.user_id WHERE u.account_id = 6300412 AND u.disabled = 0
        GROUP BY s.id ORDER BY n DESC"""
    )[0]

    begun = visitor.post("/export", what="skill-report", form="xlsx")
    shown = visitor.wait(begun.url.removeprefix(visitor.served.root)).text

    assert f"{most['name']} {most['n']} (" in read(shown, "coverage")[0][1]


def test_while_it_is_read_the_page_tells_how_far_an_export_is(visitor: Visitor, kantata: Running, gate: Gate) -> None:
    """It tells so while the eighth of ten pages of the list is on its way, however long that takes."""
    held = hold_many(kantata, 40)
    list_page = gate.hold("GET", 8, part="include=skill_memberships")

    begun = visitor.post("/export", what="skill-memberships", form="csv")
    path = begun.url.removeprefix(visitor.served.root)
    list_page.wait()
    while f"of {held:,}</p>" not in (state := visitor.get(f"{path}/state").json())["live"]:
        assert state["busy"]
    list_page.release()

    assert "data-poll" not in visitor.wait(path).text


def test_the_report_is_looked_at_under_a_policy_that_runs_and_loads_nothing(visitor: Visitor) -> None:
    begun = visitor.post("/export", what="skill-report as a page", form="xlsx")
    path = visitor.wait(begun.url.removeprefix(visitor.served.root)).url.removeprefix(visitor.served.root)

    answer = visitor.get(f"{path}/look")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
