"""Every sheet of the gallery is read, without options, as who drew it says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importer import pipeline
from importer.kantata.client import Client
from importer.sandbox import Running, running
from importer.set_aside import Reason
from importer.spreadsheet.read.book import Book
from tests.conftest import SAMPLES, Importer
from tests.gallery.large import USERS, large
from tests.gallery.write import EXPECTED, write_gallery
from tests.loads import access_with

GALLERY = SAMPLES / "gallery"
EVERY: dict[str, Any] = json.loads((GALLERY / EXPECTED).read_text(encoding="utf-8"))


def sheets_of(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What was taken of each sheet, and the texts that name what else stands in it below its header."""
    cells = ("header_cells", "record_cells")
    return [
        {name: value for name, value in sheet.items() if name not in cells}
        | {
            "set_aside": sorted(
                each["text"]
                for each in told["set_aside"]
                if each["sheet"] == sheet["sheet"] and each["reason"] != Reason.ABOVE
            )
        }
        for sheet in told["sheets"]
    ]


@pytest.mark.parametrize("file", EVERY)
def test_a_sheet_as_people_keep_it_is_read_as_they_mean_it(
    importer: Importer, file: str, record_property: Callable[[str, object], None]
) -> None:
    expected = EVERY[file]

    ran = importer("check", GALLERY / file, "--json")

    told = ran.json
    assert ran.code == (3 if expected["problems"] else 0), ran.err
    assert told["endpoint"] == "skill-memberships"
    assert told["layout"] == expected["layout"]
    assert told["header_row"] == expected["sheets"][0]["header_row"]
    assert sheets_of(told) == expected["sheets"]
    assert [[each["sheet"], each["cell"], each["code"]] for each in told["problems"]] == expected["problems"]
    assert told["valid"] == expected["levels"]
    if expected["layout"] == "matrix":
        assert told["people"] == expected["people"]
        assert told["levels"] == expected["levels"] + len(expected["problems"])
    assert [note for note in expected["notes"] if note not in told["notes"]] == []
    record_property("gallery levels", expected["levels"])
    record_property("gallery people", expected["people"])


@pytest.mark.parametrize("file", EVERY)
def test_every_level_of_the_gallery_is_the_right_persons_of_the_right_skill(
    kantata: Running, client: Client, file: str
) -> None:
    frame = pipeline.check_for(pipeline.read(Book(GALLERY / file)), access_with(client)).valid

    emails = {row["id"]: row["email_address"] for row in kantata.query("SELECT id, email_address FROM users")}
    skills = {row["id"]: row["name"] for row in kantata.query("SELECT id, name FROM skills")}
    read: dict[str, dict[str, int | None]] = {}
    for user, skill, level in frame[["user_id", "skill_id", "level"]].itertuples(index=False):
        read.setdefault(emails[user], {})[skills[skill]] = level
    assert read == EVERY[file]["records"]


def test_two_thousand_people_by_three_hundred_skills_are_read_as_they_are_meant(
    importer: Importer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    with running(users=USERS) as kantata:
        monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
        expected = large(tmp_path, kantata).told()

        ran = importer("check", tmp_path / "everyone.xlsx", "--json")

    assert (ran.code, ran.json["problems"]) == (0, []), ran.err
    assert sheets_of(ran.json) == expected["sheets"]
    assert (ran.json["people"], ran.json["skills"], ran.json["levels"]) == (2_000, 300, 500_000)
    record_property("gallery levels", ran.json["levels"])
    record_property("gallery people", ran.json["people"])


def test_the_gallery_is_what_its_script_draws_to_the_byte(kantata: Running, tmp_path: Path) -> None:
    write_gallery(tmp_path, kantata)

    kept = {path.name: path.read_bytes() for path in GALLERY.iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept
