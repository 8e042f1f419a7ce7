"""Which answers on how a sheet is read are written down, and which are used for the next file: as values."""

from typing import Any

import pytest

from importer.pipeline.remembered import Sheets, given, headings_of, in_words, not_known, recall
from importer.spreadsheet.write.alias_workbook import COLUMNS, LEVELS, Answer

HEADINGS = "Who | Skill | Points"


def sheets(*heads: str, file: str = "april.csv", names: tuple[str | None, ...] = (None,)) -> Sheets:
    rows = [["April"], [], list(heads)]
    return Sheets(file, dict.fromkeys(names, rows), ["April", *heads, "can", "3", "0"])


def test_each_option_that_says_how_a_sheet_is_read_becomes_an_answer_for_its_headings() -> None:
    options = {
        "columns": {"level": "Points", "user": "Who"}, "layout": "list", "header_row": 3, "sheets": ("A", "B"),
        "fill_down": True, "people_column": None, "skill_columns": (), "encoding": "cp1252",
    }  # fmt: skip

    assert given(options, HEADINGS, "march.csv", is_own_matrix=False) == (
        Answer(COLUMNS, "Points", "level", HEADINGS),
        Answer(COLUMNS, "Who", "user", HEADINGS),
        Answer(COLUMNS, "list", "layout", HEADINGS),
        Answer(COLUMNS, "3", "header row", HEADINGS),
        Answer(COLUMNS, "A | B", "sheets", HEADINGS),
        Answer(COLUMNS, "yes", "fill down", HEADINGS),
    )


def test_what_was_given_is_used_for_the_same_headings_whatever_their_letter_case_and_row() -> None:
    told: dict[str, Any] = {
        "columns": {"level": "Points", "user": "Who"}, "layout": "list", "header_row": 1, "sheets": ("A", "B"),
        "fill_down": True, "people_column": "Who", "skill_columns": ("Skill", "Points"),
    }  # fmt: skip
    known = given(told, HEADINGS, "march.csv", is_own_matrix=False)

    found = recall(known, {"columns": {}}, sheets("who", "SKILL", "", "points ", names=("A", "B")))

    assert found.options == {**told, "header_row": 3}
    assert in_words(found.used) == (
        "Points = level, Who = user, layout = list, header row = 1, sheets = A | B, people column = Who, "
        "skill columns = Skill | Points, fill down = yes"
    )


@pytest.mark.parametrize("heads", [("Who", "Skill"), ("Skill", "Who", "Points"), ("Who", "Skill", "Points", "More")])
def test_other_headings_use_nothing(heads: tuple[str, ...]) -> None:
    known = given({"columns": {"level": "Points"}, "layout": "list"}, HEADINGS, "march.csv", is_own_matrix=False)

    assert recall(known, {}, sheets(*heads)).options == {}


def test_what_is_said_now_counts_field_by_field() -> None:
    known = given({"columns": {"level": "Points", "user": "Who"}, "layout": "list"}, HEADINGS, "", is_own_matrix=False)

    found = recall(known, {"columns": {"level": "none"}, "layout": "matrix"}, sheets(*HEADINGS.split(" | ")))

    assert found.options == {"columns": {"level": "none", "user": "Who"}, "layout": "matrix"}
    assert in_words(found.used) == "Who = user"


def test_whose_sheet_it_is_counts_for_the_same_file_alone() -> None:
    known = given({"person": "Dana Reyes"}, "Skill | Level", "dana.xlsx", is_own_matrix=False)

    same, other = (recall(known, {}, sheets("Skill", "Level", file=file)) for file in ("dana.xlsx", "kwame.xlsx"))

    assert (same.options, other.options) == ({"person": "Dana Reyes"}, {})


def test_a_sheet_that_the_file_does_not_have_is_not_looked_for() -> None:
    known = given({"sheets": ("Now",)}, HEADINGS, "march.xlsx", is_own_matrix=False)

    assert recall(known, {}, sheets(*HEADINGS.split(" | "), names=("Today",))).options == {}


def test_a_word_that_says_nothing_by_itself_counts_everywhere_and_other_words_for_their_headings() -> None:
    known = given({"levels": "can=4,3=1,x=2,no=0"}, HEADINGS, "march.csv", is_own_matrix=False)

    same, other = recall(known, {}, sheets(*HEADINGS.split(" | "))), recall(known, {}, sheets("Who", "Java"))

    assert [each.headings for each in known] == ["", HEADINGS, HEADINGS, HEADINGS]
    assert (dict(same.told.words), dict(same.unknown.words)) == ({"3": 1, "x": 2, "no": 0}, {"can": 4})
    assert (dict(other.told.words), dict(other.unknown.words)) == ({}, {"can": 4})


def test_what_0_means_counts_everywhere_if_it_was_told_for_a_matrix() -> None:
    of_matrix = given({"levels": "0=none"}, HEADINGS, "march.csv", is_own_matrix=True)
    of_list = given({"levels": "0=none"}, HEADINGS, "march.csv", is_own_matrix=False)

    assert of_matrix == (Answer(LEVELS, "0", "none"),)
    assert of_list == (Answer(LEVELS, "0", "none", HEADINGS),)


def test_a_level_that_is_none_is_left_aside() -> None:
    known = [Answer(LEVELS, "can", "six"), Answer(LEVELS, "can", "9"), Answer(LEVELS, "can", "None")]

    assert dict(recall(known, {}, sheets("Who")).unknown.words) == {"can": None}


def test_an_answer_is_known_whatever_its_letter_case() -> None:
    known = [Answer(LEVELS, "Can", "4"), Answer(COLUMNS, "points", "Level", "who|skill|points")]
    new = [Answer(LEVELS, "can", "4"), Answer(LEVELS, "can", "5"), Answer(COLUMNS, "Points", "level", HEADINGS)]

    assert not_known(new, known) == (Answer(LEVELS, "can", "5"),)


def test_headings_that_no_cell_could_hold_are_cut_and_still_told_apart() -> None:
    many = [f"Skill number {number}" for number in range(5_000)]

    one, other = headings_of(many), headings_of([*many, "One more"])

    assert one != other
    assert len(one) < 5_000
    assert recall([Answer(COLUMNS, "list", "layout", one)], {}, sheets(*many)).options == {"layout": "list"}
