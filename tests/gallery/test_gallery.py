"""Every sheet of the gallery is read, without options, as who drew it says; some after one question."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from importer import Account, layout_names
from importer.sandbox import Running, running
from importer.set_aside import Reason
from tests.cli.terminal import asked
from tests.conftest import SAMPLES, Importer
from tests.gallery.large import USERS, large
from tests.gallery.write import EXPECTED, write_gallery
from tests.loads import answered

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


def enter(said: bytes) -> bytes | None:
    """What a person types who takes what is suggested."""
    return b"\n" if said.endswith(b"Type its number [1]: ") else None


@pytest.mark.parametrize("file", EVERY)
def test_a_sheet_as_people_keep_it_is_read_as_they_mean_it(
    importer: Importer, tmp_path: Path, file: str, record_property: Callable[[str, object], None]
) -> None:
    expected = EVERY[file]
    path = shutil.copy(GALLERY / file, tmp_path)

    ran = importer("check", path, "--json")
    code, told, said = ran.code, ran.json, ran.err
    if expected["question"]:
        assert (code, told["questions"]) == (5, [expected["question"]]), said
        with asked(enter, "check", path, "--json", cwd=tmp_path) as (code, out, said):
            told = json.loads(out)

    assert code == (3 if expected["problems"] else 0), said
    assert told["endpoint"] == expected["endpoint"]
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
    record_property("gallery questions", int(bool(expected["question"])))


@pytest.mark.parametrize("file", EVERY)
def test_every_level_of_the_gallery_is_the_right_persons_of_the_right_skill(
    kantata: Running, tmp_path: Path, file: str
) -> None:
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path)

    frame = answered(lambda **said: account.check(GALLERY / file, no_aliases=True, **said)).checked.valid

    emails = {row["id"]: row["email_address"] for row in kantata.query("SELECT id, email_address FROM users")}
    of_skills = EVERY[file]["endpoint"] == "skill-memberships"
    names = kantata.query("SELECT id, name FROM " + ("skills" if of_skills else "workspace_groups"))
    called = {row["id"]: row["name"] for row in names}
    columns = ["user_id", *(["skill_id", "level"] if of_skills else ["workspace_group_id"])]
    read: dict[str, dict[str, int | None]] = {}
    for user, thing, *level in frame[columns].itertuples(index=False):
        read.setdefault(emails[user], {})[called[thing]] = next((each for each in level if pd.notna(each)), None)
    assert read == EVERY[file]["records"]


def test_most_sheets_of_the_gallery_need_neither_an_option_nor_an_answer() -> None:
    asking = [file for file, each in EVERY.items() if each["question"]]

    assert len(EVERY) >= 30
    assert len(EVERY) - len(asking) >= 20
    assert {each["layout"] for each in EVERY.values()} == set(layout_names())


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
