"""What a file, a name or Kantata itself may hold against the person who loads it; and what never leaves the program."""

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import requests
import xlsxwriter

from importer import Account, web
from importer.sandbox import Running
from importer.temp_folder import private_folder
from tests.books import workbook
from tests.conftest import Importer
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor, field

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the page makes its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    "called",
    [
        "../../../etc/passwd.csv",
        "/etc/cron.d/x.csv",
        "..\\..\\x.csv",
        "C:\\x.csv",
        "..",
        ".",
        "",
        "\0.csv",
        ".ssh",
        "a/../../x.csv",
    ],
)
def test_a_name_leads_nowhere_but_to_a_folder_of_its_own(
    visitor: Visitor, tmp_path: Path, private: Path, called: str
) -> None:
    path = write_list(tmp_path / "list.csv", ["skill_id", "user_id"], [[1, 2]])
    outside = {each for each in tmp_path.rglob("*") if private not in each.parents}

    visitor.drop(path, called)

    (own,) = private.iterdir()
    (folder,) = (each for each in own.iterdir() if each.is_dir())
    (put,) = folder.iterdir()
    assert put.read_bytes() == path.read_bytes()
    assert not put.name.startswith(".")
    assert {each for each in tmp_path.rglob("*") if private not in each.parents} == outside
    assert (own.stat().st_mode & 0o77, folder.stat().st_mode & 0o77) == (0, 0)


def test_two_files_of_one_name_do_not_mix(visitor: Visitor, tmp_path: Path) -> None:
    for folder, rows in (("a", 3), ("b", 5)):
        (tmp_path / folder).mkdir()
        write_list(
            tmp_path / folder / "list.csv", ["skill_id", "user_id", "level"], [[1 + at, 2, 9] for at in range(rows)]
        )

    first = visitor.drop(tmp_path / "a" / "list.csv")
    second = visitor.drop(tmp_path / "b" / "list.csv")

    assert "3 rows of skill-memberships, 0 valid, 3 with problems" in visitor.get(first).text
    assert "5 rows of skill-memberships, 0 valid, 5 with problems" in visitor.get(second).text


def test_a_plan_that_another_tab_has_made_anew_is_not_sent_by_the_first_one(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    user, skill, level = new_skills(kantata, 1)[0]
    file = visitor.drop(write_list(tmp_path / "list.csv", ["user_id", "skill_id", "level"], [[user, skill, level]]))
    first = visitor.plan(file)
    visitor.plan(file, "add")

    answer = visitor.post(f"{file}/send", plan=field(first.text, "plan"))

    assert answer.status_code == 409
    assert "Nothing was sent: this is not the plan that you saw last." in answer.text
    assert kantata.query("SELECT * FROM requests WHERE method = 'POST'") == []


def _endless(size: int) -> Iterator[bytes]:
    block = b"0" * (1 << 20)
    for _ in range(size // len(block)):
        yield block


def test_an_upload_of_300_mb_is_refused_before_it_is_read(visitor: Visitor, private: Path) -> None:
    headers = {"Origin": visitor.served.origin, "X-File-Name": "big.csv", "Content-Length": str(300 << 20)}
    request = requests.Request("POST", visitor.served.root + "/files", headers=headers, data=b"0" * 1000)
    prepared = visitor.session.prepare_request(request)
    prepared.headers["Content-Length"] = str(300 << 20)

    answer = visitor.session.send(prepared, timeout=10)

    assert answer.status_code == 413
    assert "larger than 200 MB" in answer.json()["error"]
    assert list(private.rglob("*.csv")) == []


def test_an_upload_that_does_not_tell_its_size_is_stopped_at_the_limit(visitor: Visitor, private: Path) -> None:
    headers = {"Origin": visitor.served.origin, "X-File-Name": "big.csv"}

    try:
        status = visitor.session.post(
            visitor.served.root + "/files", data=_endless(300 << 20), headers=headers, timeout=60
        ).status_code
    except requests.ConnectionError:  # the page hung up while we still sent
        status = 413

    assert status == 413
    assert list(private.rglob("*.csv")) == []
    assert visitor.get("/").ok


def test_an_upload_that_the_disk_does_not_take_is_refused_in_a_sentence(visitor: Visitor, private: Path) -> None:
    headers = {"Origin": visitor.served.origin, "X-File-Name": "big.csv"}
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))

    try:
        answer = visitor.session.post(
            visitor.served.root + "/files", data=b"0" * (3 << 20), headers=headers, timeout=60
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert answer.status_code == 507
    assert answer.json()["error"].startswith("The disk is full.")
    assert list(private.rglob("*.csv")) == []


def test_a_form_that_is_too_long_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/account", how="token", token="x" * (2 << 20)).status_code == 413
    assert visitor.post("/account", **{f"field{number}": "" for number in range(6_000)}).status_code == 413


@pytest.mark.parametrize(
    ("token", "base_url", "sentence"),
    [
        ("a\r\nX-Evil: 1", "", "This does not look like a token: it has spaces or unusual characters."),
        ("ключ", "", "This does not look like a token: it has spaces or unusual characters."),
        ("demo", "http://[", "&#34;http://[&#34; is not a base URL."),
        ("demo", "file:///etc/passwd", "is not a base URL."),
        ("demo", "http://evil.example/api/v1", "would send the token without encryption."),
    ],
)
def test_a_token_or_an_address_that_cannot_be_is_refused_in_a_sentence(
    visitor: Visitor, token: str, base_url: str, sentence: str
) -> None:
    answer = visitor.post("/account", how="token", token=token, base_url=base_url)

    assert answer.status_code in (400, 403)
    assert sentence in answer.text
    assert "Dana Reyes" in visitor.get("/").text


def test_what_no_cell_takes_is_not_written_into_one(visitor: Visitor, tmp_path: Path) -> None:
    file = visitor.drop(workbook(tmp_path / "team.xlsx", [["user_id", "skill_id", "level"], [1, 2, "high"]]))

    long = visitor.edit(file, "C2", "x" * 40_000)
    nowhere = [visitor.edit(file, *place).status_code for place in (("A1048576", "1", 0), ("C2", "1", 7))]
    visitor.edit(file, "C2", "=1+1\0\x1f<&\ufffe")
    visitor.check_again(file)
    (tmp_path / "corrected.xlsx").write_bytes(visitor.get(f"{file}/corrected").content)

    assert long.status_code == 400
    assert "This is longer than the 32,767 characters that a cell can hold" in long.json()["error"]
    assert nowhere == [400, 404]
    corrected = openpyxl.load_workbook(tmp_path / "corrected.xlsx").worksheets[0]["C2"]
    assert corrected.data_type == "s"
    assert corrected.value.startswith("=1+1")


def _bomb(path: Path, part: str) -> Path:
    """A workbook one part of which unpacks to gigabytes."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet("List").write_row(0, 0, ["skill_id", "user_id"])
    with zipfile.ZipFile(book) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bad:
        for entry in good.infolist():
            if entry.filename != part:
                bad.writestr(entry, good.read(entry))
        with bad.open(part, "w", force_zip64=True) as stream:
            for block in _endless(3 << 29):
                stream.write(block)
    return path


def test_a_zip_bomb_is_refused(visitor: Visitor, tmp_path: Path) -> None:
    file = visitor.drop(_bomb(tmp_path / "bomb.xlsx", "xl/sharedStrings.xml"))

    assert "unpacks to 1.5 GB. No list is that large" in visitor.get(file).text


def test_script_in_a_name_a_header_a_cell_and_a_sheet_is_text(visitor: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "evil.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("<b onload=1>&amp;")
        sheet.write_row(0, 0, ["user_id", "skill_id", "level", EVIL])
        sheet.write_row(1, 0, [1, 2, EVIL, EVIL])

    file = visitor.drop(path, f"{EVIL}.xlsx")
    texts = [visitor.get(f"{file}{page}").text for page in ("", "/problems", "/problems/list")]

    for text in (*texts, visitor.get("/").text):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b " not in text
    assert all("&lt;script&gt;alert(1)" in text for text in texts)
    assert visitor.rows(file, headings=1)["headings"][3]["text"] == EVIL  # its script puts it in as text


def test_script_in_what_kantata_answers_is_text(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    kantata.execute("UPDATE users SET full_name = ? WHERE email_address = 'dana@example.com'", EVIL)
    kantata.execute("UPDATE users SET full_name = ? WHERE id = 11483042", EVIL)
    visitor.post("/account", how="kept")
    path = write_list(tmp_path / "list.csv", ["email", "skill_id"], [["maria.silva2@example.con", 271015]])

    file = visitor.drop(path)

    for html in (visitor.get("/").text, visitor.get(file).text, visitor.plan(file).text):
        assert "<script>alert" not in html
        assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in visitor.get("/").text


def test_the_token_is_on_no_page(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    kantata.reset()
    token = "a-token-that-is-nobodys"
    answers = [visitor.post("/account", how="token", token=token, base_url=kantata.url), visitor.get("/")]
    path = write_list(tmp_path / "list.csv", ["email", "skill_id"], [["dana@example.com", 271015]])
    file = visitor.drop(path)

    answers += [visitor.get(file), visitor.plan(file), visitor.get("/runs")]

    assert answers[0].status_code == 400
    assert all(token not in each.text for each in answers)
    assert all(token not in str(each.headers) for each in answers)


def test_what_was_dropped_is_gone_when_the_page_is(kantata: Running, private: Path, tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", ["skill_id", "user_id"], [[1, 2]])
    with web.serve_in_background(lambda: Account(base_url=kantata.url, folder=tmp_path / "state")) as page:
        someone = Visitor(page).enter()
        with someone.session:
            someone.drop(path)
        assert list(private.rglob("list.csv")) != []

    assert list(private.iterdir()) == []


def test_what_was_dropped_on_a_page_that_was_killed_is_gone_with_the_next_start(private: Path, tmp_path: Path) -> None:
    killed, link, other = (private / name for name in ("importer-web-1", "importer-web-2", "importer-3"))
    for folder in (killed, other, tmp_path / "elsewhere"):
        folder.mkdir()
        (folder / "list.csv").touch()
    link.symlink_to(tmp_path / "elsewhere")

    with private_folder() as living:
        for folder in (killed, living):
            os.utime(folder, (0, 0))
        with private_folder():
            left = set(private.iterdir())

    assert killed not in left
    assert {living, link, other} <= left
    assert (tmp_path / "elsewhere" / "list.csv").exists()


def test_the_workbook_of_a_run_comes_back_with_marks_when_the_page_is_gone_and_goes_with_the_run(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    user, skill, level = new_skills(kantata, 1)[0]
    path = workbook(tmp_path / "team.xlsx", [["user_id", "skill_id", "level"], [user, skill, level]], "Mine")
    with web.serve_in_background(lambda: Account(base_url=kantata.url, folder=tmp_path / "state")) as page:
        someone = Visitor(page).enter()
        with someone.session:
            someone.post("/account", how="token", token=kantata.token, base_url=kantata.url)
            file = someone.drop(path)
            run = someone.send(file, someone.plan(file)).url.rsplit("/", 1)[1]

    ran = importer("show", run, "-o", tmp_path / "again.xlsx", "--json")
    kept = list((tmp_path / "state" / "files").iterdir())
    importer("runs", "--prune", 0)

    assert openpyxl.load_workbook(ran.json["result"]).sheetnames[:2] == ["Mine", "Result"]
    assert [each.name for each in kept] == [f"{run}.xlsx"]
    assert list((tmp_path / "state" / "files").iterdir()) == []
