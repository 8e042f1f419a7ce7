"""Lists of an account, each number and name held against the sandbox's own database."""

import datetime as dt
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from importer.cli.export import export
from importer.sandbox import Running
from importer.spreadsheet.write.list_workbook import write_list_book
from importer.spreadsheet.write.record_rows import Column, Kind, Records
from tests.conftest import Importer
from tests.export.read_back import MEMBERSHIPS, READERS, SQL, exported, from_json_lines, hold_many, ids, told


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("name", SQL)
def test_every_list_in_every_format_says_what_the_database_holds(
    importer: Importer, kantata: Running, name: str, form: str
) -> None:
    ran = importer("export", name, "--format", form)

    rows, wanted = READERS[form](Path(f"{name}.{form}")), kantata.query(SQL[name])
    headers = list(wanted[0])
    assert ran.code == 0, ran.err
    assert ran.out.strip() == f"{name}.{form}"
    assert told(rows, headers) == told(wanted, headers)


def test_users_are_told_with_their_places(importer: Importer, kantata: Running) -> None:
    rows = {row["user_id"]: (row["department"], row["geography"]) for row in exported(importer, "users")}

    wanted: dict[str, list[list[str]]] = {}
    for row in kantata.query(f"{SQL['organization-memberships']} WHERE m.member_type = 'User'"):
        wanted.setdefault(str(row["member_id"]), []).append([row["department"], row["geography"]])
    for user, (department, geography) in rows.items():
        theirs = wanted.get(user, [])
        assert sorted(filter(None, (department or "").split("; "))) == sorted({each[0] for each in theirs})
        assert sorted(filter(None, (geography or "").split("; "))) == sorted({each[1] for each in theirs})


def test_ids_are_text_levels_numbers_and_times_have_their_zone(importer: Importer) -> None:
    importer("export", "skill-memberships")
    importer("export", "skill-memberships", "--format", "parquet")

    cells = {str(head.value): cell for head, cell in zip(
        *openpyxl.load_workbook("skill-memberships.xlsx").worksheets[0].iter_rows(max_row=2), strict=True)}  # fmt: skip
    schema = pq.read_schema("skill-memberships.parquet")
    assert isinstance(cells["user_id"].value, str)
    assert isinstance(cells["level"].value, int)
    assert isinstance(cells["created_at (UTC)"].value, dt.datetime)
    assert cells["created_at (UTC)"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert str(schema.field("created_at").type) == "timestamp[us, tz=UTC]"
    assert (str(schema.field("user_id").type), str(schema.field("level").type)) == ("string", "int64")
    assert exported(importer, "skill-memberships")[0]["created_at"].endswith("+00:00")


def test_a_list_stands_in_the_order_of_people_and_of_what_they_have(importer: Importer) -> None:
    rows = exported(importer, "skill-memberships")

    names = [row["user"].casefold() for row in rows]
    assert names == sorted(names)
    for one in {row["user_id"] for row in rows}:
        theirs = [(row["category"], row["skill"].casefold()) for row in rows if row["user_id"] == one]
        order = list(dict.fromkeys(category for category, _ in theirs))
        assert theirs == sorted(theirs, key=lambda each: (order.index(each[0]), each[1]))


@pytest.mark.parametrize("switches", [
    {"like": "hostile"}, {"like": "strict"}, {"like": "gem"}, {"association_ids": "include_only"},
    {"sideload_disabled": "off"}, {"om_order": "random per page"}, {"array_query": "brackets"}, {"meta": "off"},
])  # fmt: skip
def test_whatever_way_the_account_answers_the_list_is_the_same(
    importer: Importer, kantata: Running, switches: dict[str, str]
) -> None:
    kantata.set(**switches)
    if "like" in switches:
        kantata.set(rate="off", insert_during_list="off")

    for name in MEMBERSHIPS:
        assert ids(exported(importer, name)) == {
            str(row["id"]) for row in kantata.query(f"SELECT id FROM {name.replace('-', '_')}")
        }


def test_the_fewest_requests_are_made_for_many_memberships(importer: Importer, kantata: Running) -> None:
    held = hold_many(kantata, 100)

    ran = importer("export", "skill-memberships", "--format", "jsonl", "--json")

    assert held > 40_000
    assert ran.json["records"] == held
    assert ran.json["verified"] is True
    assert ran.json["requests"]["GET"] < held / 200 / 4


@pytest.mark.parametrize("many", [True, False])
def test_records_that_appear_meanwhile_are_said_and_none_is_lost_or_told_twice(
    importer: Importer, kantata: Running, *, many: bool
) -> None:
    if many:
        hold_many(kantata, 40)
    before = {str(row["id"]) for row in kantata.query("SELECT id FROM skill_memberships")}
    kantata.set(insert_during_list="every 1 pages")

    ran = importer("export", "skill-memberships", "--format", "jsonl", "--json")

    assert ran.code == 0
    assert before <= ids(from_json_lines(Path("skill-memberships.jsonl")))
    assert ran.json["verified"] is False
    assert "The account changed while it was read" in ran.err


def test_a_list_that_does_not_move_is_verified(importer: Importer, kantata: Running) -> None:
    ran = importer("export", "user-group-memberships")

    (held,) = kantata.query("SELECT count(*) AS n FROM user_group_memberships")
    assert f"Verified: the account counted {held['n']} user group memberships, before and after." in ran.err


PARTS = [
    ("skill-memberships", "--user", "kwame.mensah@example.com"),
    ("skill-memberships", "--skill", "Python"),
    ("skill-matrix",),
    ("skill-report",),
]


@pytest.mark.parametrize("what", PARTS)
def test_what_is_read_person_by_person_is_verified_by_the_count_of_all(
    importer: Importer, kantata: Running, what: tuple[str, ...]
) -> None:
    ran = importer("export", *what)

    (held,) = kantata.query("SELECT count(*) AS n FROM skill_memberships")
    assert f"Verified: the account counted {held['n']:,} skill memberships" in ran.err


@pytest.mark.parametrize("what", PARTS)
def test_what_is_read_person_by_person_while_records_come_is_said_to_have_moved(
    importer: Importer, kantata: Running, what: tuple[str, ...]
) -> None:
    kantata.set(insert_during_list="every 1 pages")

    ran = importer("export", *what, "--json")

    assert (ran.code, ran.json["verified"]) == (0, False)
    assert "The account changed while it was read" in ran.err


def test_more_records_than_a_sheet_has_rows_go_on_in_a_second_one_which_is_said(
    importer: Importer, kantata: Running
) -> None:
    held = kantata.query("SELECT user_id, workspace_group_id FROM user_group_memberships")
    rows = [[str(row["user_id"]), str(row["workspace_group_id"])] for row in held]
    columns = (Column("user_id", Kind.ID), Column("workspace_group_id", Kind.ID))
    target = BytesIO()
    records = Records("Groups", columns, lambda: iter([rows[:99], rows[99:]]), len(rows), dt.datetime(2026, 1, 1))  # noqa: DTZ001
    write_list_book(records, target, longest=200)
    Path("long.xlsx").write_bytes(target.getvalue())

    ran = importer("plan", "long.xlsx", "--json")
    book = openpyxl.load_workbook("long.xlsx")

    assert book.sheetnames == ["Groups 1", "Groups 2", "Groups 3", "About"]
    assert [sheet.max_row for sheet in book.worksheets[:3]] == [200, 200, len(rows) - 398 + 1]
    assert "stand on 3 sheets, which load as one" in " ".join(str(row[0]) for row in book["About"].values)
    assert (ran.code, ran.json["changes"]["unchanged"]) == (0, len(rows))


def test_a_workbook_can_be_looked_at_filtered_and_printed(importer: Importer) -> None:
    importer("export", "skill-memberships", "--group", "Cloud Practice")

    book = openpyxl.load_workbook("skill-memberships.xlsx")
    sheet = book.worksheets[0]
    about = " ".join(str(row[0]) for row in book["About"].values)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert "Only groups Cloud Practice." in about
    assert "Dana Reyes, dana@example.com" in about


@pytest.mark.parametrize(("form", "first"), [("csv", b"user,email,group"), ("jsonl", b'{"user":"Aarav Chopra"'),
                                             ("parquet", b"PAR1")])  # fmt: skip
@pytest.mark.usefixtures("importer")
def test_a_list_goes_to_standard_output_and_nothing_else_does(form: str, first: bytes) -> None:
    command = [sys.executable, "-m", "importer", "export", "user-group-memberships", "-o", "-", "--format", form]

    ran = subprocess.run(command, capture_output=True, check=False)

    assert ran.returncode == 0
    assert ran.stdout.startswith(first)
    assert b"As Dana Reyes" in ran.stderr
    assert not list(Path().glob("*.*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["skill-memberships", "-o", "list.doc"], "does not say which format"),
        (["skill-memberships", "-o", "-", "--json"], "cannot both go to standard output"),
        (["skill-memberships", "--created-after", "soon"], '"soon" is not a date'),
        (["skill-memberships", "--user", "Nobody Here"], 'No person in the account has the name "Nobody Here"'),
        (["skill-memberships", "--project", "Website Relaunch"], '"Website Relaunch" matches 2 projects'),
        (["skills", "--user", "Dana Reyes"], "No such option"),
        (["everything"], "No such command"),
    ],
)
def test_what_cannot_be_exported_is_wrong_usage_and_leaves_no_file(
    importer: Importer, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    ran = importer("export", *arguments)

    assert ran.code == 2
    assert said in ran.err + capfd.readouterr().err
    assert not list(Path().glob("*.*"))


def test_without_pyarrow_a_sentence_says_how_to_get_it(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    ran = importer("export", "skills", "-o", "skills.parquet")

    assert ran.code == 2
    assert "pip install 'kantata-importer[parquet]'" in ran.err


def test_an_export_never_overwrites(importer: Importer) -> None:
    assert importer("export", "skills").out.strip() == "skills.xlsx"
    assert importer("export", "skills").out.strip() == "skills (2).xlsx"


def test_an_empty_list_has_its_header_in_every_format(importer: Importer, kantata: Running) -> None:
    kantata.execute("DELETE FROM user_group_memberships")

    for form, reader in READERS.items():
        assert importer("export", "user-group-memberships", "--format", form).code == 0
        assert reader(Path(f"user-group-memberships.{form}")) == []
    assert len(pq.read_schema("user-group-memberships.parquet")) == 9


def test_each_command_of_export_shows_examples_that_exist() -> None:
    for name, command in export.commands.items():
        text = command.help or ""
        options = {opt for each in command.params for opt in (*each.opts, *each.secondary_opts)}
        assert f"importer export {name}" in text
        assert {word for word in text.split() if word.startswith("--")} <= options
