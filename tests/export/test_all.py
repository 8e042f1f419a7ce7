"""The whole account as one workbook: every list as the database holds it, each read once, and what a person sees."""

from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from importer import Account, ExportedAccount, Usage
from importer.base import Base
from importer.export import ExportFilters, Target, export_account, export_list
from importer.kantata.client import Client
from importer.sandbox import Running
from importer.spreadsheet.read.book import Book
from tests.conftest import Importer
from tests.export.read_back import MEMBERSHIPS, SQL, Row, told
from tests.loads import access_with

SHEETS = {
    "Users": "users",
    "Skills": "skills",
    "Groups": "groups",
    "Organizations": "organizations",
    "Skill memberships": "skill-memberships",
    "User group memberships": "user-group-memberships",
    "Organization memberships": "organization-memberships",
}
"""The sheets of the lists, in their order, and which list stands on each."""
BASES = ["Import base 1", "Import base 2", "Import base 3"]


def rows_of(path: Path, sheet: str) -> list[Row]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    header = [str(head).removesuffix(" (UTC)") for head in next(rows)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def bases_of(path: Path) -> dict[str, Base]:
    book = Book(path)
    return {base.endpoint: base for base in book.source(book.sheets[1]).bases}


@pytest.fixture
def whole(client: Client, tmp_path: Path) -> ExportedAccount:
    return export_account(access_with(client), tmp_path / "account.xlsx")


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_list_of_the_workbook_says_what_the_database_holds(
    kantata: Running, whole: ExportedAccount, sheet: str
) -> None:
    rows, wanted = rows_of(whole.path, sheet), kantata.query(SQL[SHEETS[sheet]])

    headers = list(wanted[0])
    assert told(rows, headers) == told(wanted, headers)
    assert whole.sheets[sheet] == len(wanted)


def test_each_sheet_is_that_of_its_own_export(client: Client, whole: ExportedAccount, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(whole.path)

    for sheet, name in SHEETS.items():
        path = tmp_path / f"{name}.xlsx"
        export_list(name, access_with(client), ExportFilters(), Target(path, "xlsx"))
        alone = openpyxl.load_workbook(path)[sheet]
        assert list(book[sheet].values) == list(alone.values)
        assert book[sheet].auto_filter.ref == alone.auto_filter.ref
        assert [each.width for each in book[sheet].column_dimensions.values()] == [
            each.width for each in alone.column_dimensions.values()
        ]


def test_the_sheets_stand_in_order_and_those_for_the_program_are_hidden(whole: ExportedAccount) -> None:
    book = openpyxl.load_workbook(whole.path)

    assert book.sheetnames == ["About", *SHEETS, *BASES]
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "hidden"] == BASES
    assert book.active is book["About"]


ODD = (" Field Services ", "  two before", "after  ", "\u00a0hard\u00a0", "NA", "TRUE", "=1+1", "'apostrophe", "007",
       'say "x", or y', "_x0041_", "1e5", "line\nbreak", "Zo\u00eb", "Zoe\u0308", "nan", "-")  # fmt: skip


def test_every_name_comes_back_letter_for_letter(client: Client, kantata: Running, tmp_path: Path) -> None:
    for table in ("skills", "workspace_groups"):
        ids = [row["id"] for row in kantata.query(f"SELECT id FROM {table} ORDER BY id")]
        for id_, name in zip(ids, ODD, strict=False):
            kantata.execute(f"UPDATE {table} SET name = ? WHERE id = ?", name, id_)
    written = export_account(access_with(client), tmp_path / "account.xlsx")

    book = Book(written.path)
    for sheet, table in (("Skills", "skills"), ("Groups", "workspace_groups")):
        names = [row["name"] for row in kantata.query(f"SELECT name FROM {table}")]
        assert set(ODD) <= set(names)
        assert Counter(book.grid(sheet).columns[0][1:]) == Counter(names)


def test_the_names_that_the_account_has_come_back_letter_for_letter(kantata: Running, whole: ExportedAccount) -> None:
    book = Book(whole.path)
    names = {
        "Users": "SELECT full_name AS name FROM users WHERE account_id = 6300412",
        "Skills": "SELECT name FROM skills",
        "Groups": "SELECT name FROM workspace_groups",
        "Organizations": "SELECT name FROM organizations",
    }

    for sheet, sql in names.items():
        assert Counter(book.grid(sheet).columns[0][1:]) == Counter(row["name"] for row in kantata.query(sql))
    assert {" Field Services ", "Field Services"} <= set(book.grid("Groups").columns[0])
    assert {"Scrum", "SCRUM", "NA", "TRUE"} <= set(book.grid("Skills").columns[0])


def test_the_workbook_carries_a_base_of_each_list_of_memberships(kantata: Running, whole: ExportedAccount) -> None:
    bases = bases_of(whole.path)

    assert Book(whole.path).base_sheets == tuple(BASES)
    assert list(bases) == list(MEMBERSHIPS)
    for name, base in bases.items():
        table = name.replace("-", "_")
        held = kantata.query(f"SELECT DISTINCT {', '.join(base.key)} FROM {table}")
        keys = [tuple(str(row[field]) for field in base.key) for row in held]
        if name == "organization-memberships":
            keys = [tuple(text.lower() for text in key) for key in keys]
        assert len(base) == len(keys)
        assert all(isinstance(each, dict) for each in base.lookup(keys))
        assert base.scope == {}


def test_each_list_of_people_and_names_is_read_once(kantata: Running, whole: ExportedAccount) -> None:
    asked = Counter(
        (row["path"], row["query"])
        for row in kantata.requests()
        if row["path"]
        in ("/users", "/skills", "/skill_categories", "/workspace_groups", "/organizations", "/workspaces")
    )

    assert {path for path, _ in asked} >= {"/users", "/skills", "/workspace_groups", "/organizations", "/workspaces"}
    assert set(asked.values()) == {1}
    assert whole.requests["GET"] + 1 >= len(kantata.requests())


def test_about_leads_to_every_sheet_and_counts_what_stands_there(whole: ExportedAccount) -> None:
    about = openpyxl.load_workbook(whole.path)["About"]

    rows = {str(row[0].value): row for row in about.iter_rows() if row[0].value in SHEETS}
    assert list(rows) == list(SHEETS)
    for sheet, row in rows.items():
        assert row[0].hyperlink is not None
        assert row[0].hyperlink.location == f"'{sheet}'!A1"
        assert row[1].value == whole.sheets[sheet]
        assert str(row[2].value).endswith(".")
    total = next(row for row in about.iter_rows(values_only=True) if row[0] == "All")
    assert total[1] == whole.records == sum(whole.sheets.values())


def test_about_says_whose_account_it_is_and_how_it_is_loaded(whole: ExportedAccount) -> None:
    about = openpyxl.load_workbook(whole.path)["About"]
    said = " ".join(str(cell) for row in about.iter_rows(values_only=True) for cell in row if cell is not None)

    assert "Dana Reyes, dana@example.com, at 127.0.0.1" in said
    assert "Verified: the account counted" in said
    assert "importer apply FILE --match names --create-missing all" in said
    assert "People are never created, because each new person takes up a licence" in said


def test_a_list_with_more_rows_than_a_sheet_takes_goes_on_on_the_next_one(client: Client, tmp_path: Path) -> None:
    written = export_account(access_with(client), tmp_path / "account.xlsx", longest=1001)

    book = openpyxl.load_workbook(written.path)
    links = {row[0].value: row[0].hyperlink.location for row in book["About"].iter_rows() if row[0].hyperlink}
    assert book.sheetnames == ["About", *list(SHEETS)[:5], "Skill memberships 2", *list(SHEETS)[5:], *BASES]
    assert written.sheets["Skill memberships"] == 1000
    assert written.sheets["Skill memberships 2"] == 544
    assert [book[name].max_row - 1 for name in written.sheets] == list(written.sheets.values())
    assert book["Skill memberships"][1][0].value == book["Skill memberships 2"][1][0].value == "user"
    assert links["Skill memberships 2"] == "'Skill memberships 2'!A1"
    assert len(bases_of(written.path)["skill-memberships"]) == 1544


def test_the_command_line_prints_the_path_and_never_overwrites(importer: Importer) -> None:
    first, second = importer("export", "all"), importer("export", "all")

    assert (first.code, first.out.strip()) == (0, "account.xlsx")
    assert (second.code, second.out.strip()) == (0, "account (2).xlsx")
    assert "As Dana Reyes, dana@example.com" in first.err


def test_the_json_counts_the_records_of_each_sheet(importer: Importer, kantata: Running) -> None:
    ran = importer("export", "all", "-o", "whole.xlsx", "--json")

    counts = {sheet: len(kantata.query(SQL[name])) for sheet, name in SHEETS.items()}
    assert ran.code == 0
    assert list(ran.json) == ["what", "file", "format", "sheets", "records", "verified", "requests", "notes"]
    assert (ran.json["what"], ran.json["file"], ran.json["format"]) == ("all", "whole.xlsx", "xlsx")
    assert (ran.json["sheets"], ran.json["records"]) == (counts, sum(counts.values()))
    assert ran.json["verified"] is True
    assert ran.json["requests"]["GET"] == len(kantata.requests())
    assert {row["method"] for row in kantata.requests()} == {"GET"}


def test_records_that_appear_while_the_account_is_read_are_said(importer: Importer, kantata: Running) -> None:
    kantata.set(insert_during_list="every 1 pages")

    ran = importer("export", "all", "--json")

    assert (ran.code, ran.json["verified"]) == (0, False)
    assert "The account changed while it was read" in ran.err


@pytest.mark.parametrize("options", [("-o", "account.csv"), ("-o", "-"), ("--format", "csv"), ("-o", "account")])
def test_what_is_no_workbook_is_wrong_usage_and_leaves_no_file(importer: Importer, options: tuple[str, ...]) -> None:
    ran = importer("export", "all", *options)

    assert ran.code == 2
    assert f'it must be a workbook, and "{options[1]}" is not one. Use a name that ends in .xlsx.' in ran.err
    assert not list(Path().glob("*.*"))


def test_the_python_api_writes_it_and_tells_how_far_it_is(importer: Importer, kantata: Running) -> None:
    activities: dict[str, int] = {}
    with Account(kantata.token, base_url=kantata.url, folder=importer.folder) as account:
        written = account.export_all(
            Path("account.xlsx"), on_progress=lambda doing, done, _total: activities.__setitem__(doing, done)
        )
        with pytest.raises(Usage):
            account.export_all(Path("account.ods"))

    assert list(written.sheets) == list(SHEETS)
    assert list(activities)[-1] == "Writing"
    assert {doing.removeprefix("Reading "): done for doing, done in activities.items() if doing != "Writing"} == {
        name.replace("-", " "): written.sheets[sheet] for sheet, name in SHEETS.items()
    }


def test_an_account_that_holds_nothing_has_all_its_sheets(importer: Importer, kantata: Running) -> None:
    for table in MEMBERSHIPS:
        kantata.execute(f"DELETE FROM {table.replace('-', '_')}")
    kantata.execute("DELETE FROM workspace_groups")

    ran = importer("export", "all", "--json")

    assert (ran.code, list(ran.json["sheets"])) == (0, list(SHEETS))
    assert ran.json["sheets"]["Groups"] == ran.json["sheets"]["Skill memberships"] == 0
    assert [len(base) for base in bases_of(Path("account.xlsx")).values()] == [0, 0, 0]
