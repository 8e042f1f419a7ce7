import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from importer import endpoints
from importer.endpoints.declare import Field
from importer.spreadsheet.write.list_template import write_template
from tests.conftest import ROOT, Importer

NAMES = endpoints.names()


def template(name: str) -> bytes:
    target = BytesIO()
    write_template(endpoints.load(name), target)
    return target.getvalue()


COMMANDS = {name: (name,) for name in NAMES} | {"skill-matrix": ("skill-memberships", "--matrix")}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_templates_folder_holds_what_the_command_writes(importer: Importer, tmp_path: Path, name: str) -> None:
    ran = importer("template", *COMMANDS[name])

    assert ran.code == 0
    assert ran.out == f"{name}.xlsx\n"
    ours, kept = zipfile.ZipFile(tmp_path / f"{name}.xlsx"), zipfile.ZipFile(ROOT / "templates" / f"{name}.xlsx")
    assert ours.namelist() == kept.namelist()
    for part in ours.namelist():
        assert ours.read(part) == kept.read(part), f"{part} differs: run `make samples`"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_every_column_with_a_note(name: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(template(name))).worksheets[0]

    heads = {cell.value: cell.comment.text for cell in sheet[1] if cell.comment}
    assert list(heads) == [
        column.name if isinstance(column, Field) else column.header for column in endpoints.load(name).usual_columns()
    ]
    assert all(len(text) > 20 for text in heads.values())


def test_the_drop_down_of_a_level_offers_0_to_5_from_a_list_sheet() -> None:
    book = openpyxl.load_workbook(BytesIO(template("skill-memberships")))

    validation = book.worksheets[0].data_validations.dataValidation[0]

    assert validation.formula1 == "Lists!$A$2:$A$7"
    assert [book["Lists"][f"A{row}"].value for row in range(2, 8)] == [0, 1, 2, 3, 4, 5]
    assert book["Lists"].sheet_state == "hidden"


def test_a_choice_has_a_drop_down_and_a_text_has_none() -> None:
    book = openpyxl.load_workbook(BytesIO(template("skills")))

    lists = [[cell.value for cell in column] for column in book["Lists"].iter_cols()]
    validations = book.worksheets[0].data_validations.dataValidation
    offered = {str(each.sqref).split(":")[0]: each.formula1 for each in validations}

    assert offered == {"B3": "Lists!$A$2:$A$5", "C3": "Lists!$B$2:$B$3", "E3": "Lists!$C$2:$C$2"}
    assert lists == [
        ["choices for category", "Skill", "Language", "Certification", "Other"],
        ["choices for max_level", "1", "5", None, None],
        ["choices for action", "remove", None, None, None],
    ]


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_template_holds_no_row(offline: Importer, name: str) -> None:
    ran = offline("check", ROOT / "templates" / f"{name}.xlsx", "--json")

    assert ran.code == 0
    assert ran.json["endpoint"] == name
    assert ran.json["rows"] == 0
    assert "Row 2 is the template's example and was left out." in ran.json["notes"]


def test_a_filled_template_loads_its_rows_and_not_the_example(offline: Importer, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(template("skill-memberships")))
    book.worksheets[0].append(["12345678", None, None, "456", None, 3])
    book.save(tmp_path / "filled.xlsx")

    ran = offline("check", "filled.xlsx", "--json")

    assert (ran.code, ran.json["rows"], ran.json["valid"]) == (0, 1, 1)


def test_a_template_whose_example_row_was_typed_over_loads_that_row(offline: Importer, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(template("skill-memberships")))
    for column, value in enumerate(["12345678", None, None, "456", None, "4"], 1):
        book.worksheets[0].cell(2, column).value = value
    book.save(tmp_path / "filled.xlsx")

    ran = offline("check", "filled.xlsx", "--json")

    assert (ran.code, ran.json["rows"], ran.json["valid"]) == (0, 1, 1)


def matrix_cells() -> Workbook:
    return openpyxl.load_workbook(ROOT / "templates" / "skill-matrix.xlsx")


def test_an_untouched_matrix_holds_no_level(offline: Importer) -> None:
    ran = offline("check", ROOT / "templates" / "skill-matrix.xlsx", "--json")

    assert (ran.code, ran.json["layout"], ran.json["rows"]) == (0, "matrix", 0)
    assert [(each["place"], each["reason"]) for each in ran.json["set_aside"]][-1] == (
        "row 3",
        "the template's example",
    )


def test_a_filled_matrix_loads_its_cells_and_not_the_example_nor_the_example_skills(
    importer: Importer, tmp_path: Path
) -> None:
    book = matrix_cells()
    sheet = book.worksheets[0]
    sheet["G2"] = "SQL"
    sheet["B4"], sheet["G4"] = "dana@example.com", 4
    sheet["B5"], sheet["C5"], sheet["G5"] = "kwame.mensah@example.com", 2, 3
    book.save(tmp_path / "filled.xlsx")

    ran = importer("check", "filled.xlsx", "--json")

    assert (ran.code, ran.json["rows"], ran.json["valid"]) == (0, 3, 3)
