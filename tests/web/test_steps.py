"""Steps behind a page: tried again where Kantata may answer by now, given up; files and tokens that a person is done
with; how a tab tells what goes on in it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.program import started
from tests.web.visitor import Visitor, field, read

HEADERS = ["user_id", "skill_id", "level"]


@contextmanager
def _closed(kantata: Running) -> Iterator[None]:
    """Kantata answers nobody."""
    kantata.set(account_state="cancelled")
    yield
    kantata.set(account_state="ok")


def _title(html: str) -> str:
    return unescape(html.partition("<title>")[2].partition("</title>")[0])


def _list(kantata: Running, tmp_path: Path, count: int = 2, name: str = "team.csv") -> Path:
    return write_list(tmp_path / name, HEADERS, new_skills(kantata, count))


def test_a_reading_that_failed_is_tried_again(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ["email", "skill", "level"], [["dana@example.com", "Java", 3]])
    with _closed(kantata):
        file = visitor.drop(path)
        failed = visitor.get(file).text

    visitor.post(f"{file}/read")

    assert f'{file}/read"' in failed
    assert "1 row of skill-memberships, 1 valid." in visitor.wait(file).text


def test_a_plan_that_failed_is_made_again_as_it_was_to_be(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    file = visitor.drop(_list(kantata, tmp_path))
    with _closed(kantata):
        failed = visitor.plan(file, mode="add", all_or_nothing="1").text

    visitor.post(f"{file}/plan/again")
    plan = visitor.wait(f"{file}/plan").text

    assert "Nothing was sent." in failed
    assert f'{file}/plan/again"' in failed
    assert "Only add</strong>" in plan
    assert "Send 2 changes" in plan


def test_a_run_that_sent_nothing_leads_to_a_new_comparison(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    file = visitor.drop(_list(kantata, tmp_path))
    plan = visitor.plan(file)
    with _closed(kantata):
        failed = visitor.send(file, plan)

    again = visitor.wait(visitor.post(f"{file}/plan/again").url.removeprefix(visitor.served.root))

    assert f'{file}/plan/again"' in failed.text
    assert _title(failed.text) == "✕ Not sent · team.csv"
    assert "Send 2 changes" in again.text


def test_a_look_at_an_undo_that_failed_is_made_again(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    file = visitor.drop(_list(kantata, tmp_path))
    run = visitor.send(file, visitor.plan(file)).url.removeprefix(visitor.served.root)
    with _closed(kantata):
        failed = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))

    again = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))

    assert f'{run}/undo"' in failed.text
    assert "Undo 2 changes" in again.text


def test_an_export_that_failed_is_written_again(visitor: Visitor, kantata: Running) -> None:
    visitor.get("/")
    with _closed(kantata):
        failed = visitor.wait(visitor.post("/export", what="skills", form="csv").url.removeprefix(visitor.served.root))
    export = failed.url.removeprefix(visitor.served.root)

    visitor.post(f"{export}/again")

    assert f'{export}/again"' in failed.text
    assert "Download skills.csv" in visitor.wait(export).text


def test_an_export_is_given_up_and_written_after_all(visitor: Visitor, gate: Gate) -> None:
    visitor.get("/")
    held = gate.hold("GET", part="/skills")
    export = visitor.post("/export", what="skills", form="csv").url.removeprefix(visitor.served.root)
    held.wait()

    back = visitor.post(f"{export}/cancel")
    held.release()
    left = visitor.get(export).text
    visitor.post(f"{export}/again")

    assert back.url == visitor.served.root + "/export"
    assert "Write it after all" in left
    assert "Download skills.csv" in visitor.wait(export).text


def test_a_look_at_an_undo_is_given_up_and_the_run_is_as_it_was(
    visitor: Visitor, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    file = visitor.drop(_list(kantata, tmp_path))
    run = visitor.send(file, visitor.plan(file)).url.removeprefix(visitor.served.root)
    held = gate.hold("GET", part="skill_memberships")
    undo = visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root)
    held.wait()

    back = visitor.post(f"{undo}/cancel")
    held.release()

    assert back.url == visitor.served.root + run
    assert "Look again" in visitor.get(undo).text


def test_a_reading_is_given_up_and_taken_up_again(visitor: Visitor, gate: Gate, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ["email", "skill", "level"], [["dana@example.com", "Java", 3]])
    visitor.get("/")
    held = gate.hold("GET", part="/skills")
    answer = visitor.session.post(
        visitor.served.root + "/files",
        data=path.read_bytes(),
        headers={"Origin": visitor.served.origin, "X-File-Name": "team.csv"},
    )
    file = "/files/" + str(answer.json()["to"]).rsplit("/", 1)[1]
    held.wait()

    waits = visitor.get(file).text
    first = visitor.post(f"{file}/cancel")
    held.release()
    shown = visitor.wait(file).text
    visitor.post(f"{file}/read")

    assert f'{file}/cancel"' in waits
    assert first.url == visitor.served.root + "/"
    assert "team.csv" in first.text
    assert "not read" in first.text
    assert "You stopped the reading of team.csv." in shown
    assert "1 row of skill-memberships, 1 valid." in visitor.wait(file).text


def test_a_comparison_is_given_up_and_the_file_is_as_it_was(
    visitor: Visitor, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    file = visitor.drop(_list(kantata, tmp_path))
    held = gate.hold("GET", part="skill_memberships")
    visitor.post(f"{file}/plan", mode="upsert")
    held.wait()

    back = visitor.post(f"{file}/cancel")
    held.release()

    assert back.url == visitor.served.root + file
    assert "2 rows of skill-memberships, 2 valid." in back.text
    assert "Send 2 changes" in visitor.plan(file).text


def test_a_file_is_taken_off_the_list_and_our_copies_of_it_are_deleted(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    rows = [*new_skills(kantata, 1), (1, 2, "high")]
    file = visitor.drop(write_list(tmp_path / "secret.csv", HEADERS, rows))
    visitor.edit(file, "C3", "4")
    visitor.check_again(file)
    copies = [path for path in _ours() if path.name.startswith("secret")]

    first = visitor.post(f"{file}/remove")

    assert len(copies) == 2
    assert [path for path in copies if path.exists()] == []
    assert "secret.csv" not in first.text
    assert visitor.get(file).status_code == 404


def test_a_token_that_was_typed_is_forgotten(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    visitor.post("/account", how="token", token=kantata.token, base_url=kantata.url)
    file = visitor.drop(_list(kantata, tmp_path))
    typed = visitor.get("/").text

    forgotten = visitor.post("/account", how="none").text

    assert "Forget this token" in typed
    assert "No account chosen" in forgotten
    assert "Choose an account first." in visitor.wait(f"{file}/problems").text


def test_the_saved_token_is_deleted_only_by_those_who_say_that_they_are_sure(visitor: Visitor) -> None:
    unsure = visitor.post("/account", how="delete")
    sure = visitor.post("/account", how="delete", sure="1")

    assert unsure.status_code == 400
    assert "We did not delete the saved token." in unsure.text
    assert "No account chosen" in sure.text


def test_a_typed_token_is_kept_where_that_is_ticked_and_is_found_again(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KANTATA_TOKEN", raising=False)
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "ring"))
    monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
    elsewhere = kantata.url.replace("127.0.0.1", "localhost")
    with started() as (_, page):
        visitor = Visitor(page).enter()
        before = visitor.get("/").text
        other = visitor.post("/account", how="token", token=kantata.token, base_url=elsewhere, keep="1").text
        visitor.post("/account", how="token", token=kantata.token, base_url=kantata.url, keep="1")
        kept = visitor.get("/").text
        left = visitor.post("/account", how="none").text
        found = visitor.post("/account", how="kept").text
        visitor.session.close()

    for text in (before, left):
        assert "No account chosen" in text
    assert "We use this token, but do not keep it" in other
    assert "Leave this account" in kept
    assert "As <strong>Dana Reyes" in found


def test_the_sandbox_is_told_at_the_top_of_every_page_and_a_real_account_is_not(visitor: Visitor) -> None:
    real = visitor.get("/runs").text
    visitor.post("/account", how="sandbox")

    assert read(real, "band") == []
    for path in ("/", "/runs", "/export", "/templates", "/help", "/nothing"):
        assert read(visitor.get(path).text, "band") == [("", "Sandbox: nothing reaches Kantata")]


def test_the_tab_of_a_run_tells_how_far_it_is_and_how_it_ended(
    visitor: Visitor, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    file = visitor.drop(_list(kantata, tmp_path, 3))
    plan = field(visitor.plan(file).text, "plan")
    batch = gate.hold("POST")
    sending = visitor.post(f"{file}/send", plan=plan)
    state = f"{sending.url.removeprefix(visitor.served.root)}/state"
    batch.wait()

    under_way = visitor.get(state).json()
    batch.release()
    result = visitor.wait(sending.url.removeprefix(visitor.served.root))

    assert _title(sending.text) == under_way["title"] == "0 % · team.csv"
    assert _title(result.text) == visitor.get(state).json()["title"] == "✓ Done: 3 created · team.csv"


def _ours() -> list[Path]:
    """Every file in the private folders of pages."""
    return [path for folder in Path(tempfile.gettempdir()).glob("importer-web-*") for path in folder.rglob("*.csv")]
