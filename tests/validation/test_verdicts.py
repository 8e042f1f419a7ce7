from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer import endpoints
from importer.endpoints.declare import Answer, Candidate, Directory, NameAnswers
from importer.layouts.extract import extract_list
from importer.layouts.list_columns import ListOptions, find_list
from importer.table import Sheet, Source, Table
from importer.validation.names import names_needed, needs_account
from importer.validation.parsed_table import parse_cells
from importer.validation.schema import CheckedTable, validate


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], sheet: str | None = "S") -> Table:
    columns = tuple([text, *(row[at] for row in rows)] for at, text in enumerate(headers))
    draft = find_list(Sheet(columns), endpoints.load_all(), ListOptions())
    assert draft is not None
    return extract_list(Sheet(columns), draft.header, Source(Path("a.xlsx"), "0" * 64, sheet))


def checked(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    found: NameAnswers | None = None,
    *,
    match_names: bool = False,
) -> CheckedTable:
    return validate(parse_cells(table(headers, rows), match_names=match_names), found)


def told(verdict: CheckedTable) -> list[tuple[str | None, str]]:
    return [(problem.cell, problem.code) for problem in verdict.problems]


SKILLS = ("user_id", "skill_id", "level")


def test_every_problem_is_found_in_one_pass_once_in_sheet_order() -> None:
    verdict = checked(SKILLS, [("1", "2", "9"), ("", "x", "high"), ("1", "3", "2"), ("0", "", "-1")])

    assert told(verdict) == [
        ("C2", "out-of-range"),
        ("A3", "blank"),
        ("B3", "not-an-id"),
        ("C3", "not-whole"),
        ("A5", "not-an-id"),
        ("B5", "blank"),
        ("C5", "out-of-range"),
    ]
    assert verdict.valid.index.to_list() == [4]


def test_one_bad_cell_does_not_hide_the_others_of_its_column() -> None:
    verdict = checked(SKILLS, [("1", "1", "high"), ("2", "1", "9"), ("3", "1", "-1"), ("4", "1", "5")])

    assert told(verdict) == [("C2", "not-whole"), ("C3", "out-of-range"), ("C4", "out-of-range")]


def test_a_repeated_row_is_a_duplicate_of_the_first_and_no_problem() -> None:
    verdict = checked(SKILLS, [("1", "1", "3"), ("2", "1", "3"), ("1", "1", "3"), ("1", "1", "3")])

    assert verdict.duplicates == {4: 2, 5: 2}
    assert verdict.problems == ()
    assert verdict.valid.index.to_list() == [2, 3]


def test_rows_that_want_different_levels_for_one_record_are_all_invalid_and_name_each_other() -> None:
    verdict = checked(SKILLS, [("1", "1", "3"), ("2", "1", "3"), ("1", "1", "4"), ("1", "1", "3")])

    assert told(verdict) == [("C2", "same-key"), ("C4", "same-key"), ("C5", "same-key")]
    assert [problem.message for problem in verdict.problems] == [
        "Row 4 of the file has the same user_id and skill_id but a different level.",
        "Rows 2, 5 of the file have the same user_id and skill_id but a different level.",
        "Row 4 of the file has the same user_id and skill_id but a different level.",
    ]
    assert verdict.valid.index.to_list() == [3]


def test_a_blank_level_and_a_level_for_one_record_cannot_both_be_meant() -> None:
    assert told(checked(SKILLS, [("1", "1", ""), ("1", "1", "4")])) == [("C2", "same-key"), ("C3", "same-key")]


def test_a_row_that_is_wrong_by_itself_does_not_make_its_namesake_wrong() -> None:
    verdict = checked(SKILLS, [("1", "1", "3"), ("1", "1", "high")])

    assert told(verdict) == [("C3", "not-whole")]
    assert verdict.valid.index.to_list() == [2]


def test_a_row_of_a_text_file_with_too_many_cells_is_told_why() -> None:
    source = table(("user_id", "skill_id", "level", ""), [("1", "2", "3", ""), ("1", "3", "4", "5")], sheet=None)

    verdict = validate(parse_cells(source), None)

    assert told(verdict) == [("D3", "too-many-cells")]
    assert verdict.problems[0].message == "This row has 4 cells, but the header has 3."


FOUND: NameAnswers = {
    (Directory.EMAILS, "dana@example.com"): Answer([Candidate("7", "Dana")]),
    (Directory.PEOPLE, "maria silva"): Answer([Candidate("8", "Maria Silva, a@"), Candidate("9", "Maria Silva, b@")]),
    (Directory.SKILLS, "python"): Answer([Candidate("50", "Python")]),
}
NAMED = ("user_id", "email", "user", "skill", "level")


def test_names_become_ids_only_where_one_and_only_one_bears_them() -> None:
    rows = [
        ("", "Dana@Example.com ", "", "PYTHON", "3"),
        ("", "", "Maria  Silva", "Python", "3"),
        ("", "nobody@example.com", "", "Python", "3"),
    ]

    verdict = checked(NAMED, rows, FOUND)

    assert told(verdict) == [("C3", "ambiguous"), ("B4", "not-found")]
    assert verdict.valid.loc[2, "user_id"] == 7
    assert "Maria Silva, a@; Maria Silva, b@" in verdict.problems[0].message


def test_an_id_and_a_name_in_one_row_must_agree() -> None:
    verdict = checked(
        NAMED, [("7", "dana@example.com", "", "python", ""), ("8", "dana@example.com", "", "python", "")], FOUND
    )

    assert told(verdict) == [("B3", "disagree")]


def test_match_names_leaves_ids_of_another_account_aside() -> None:
    verdict = checked(NAMED, [("999", "dana@example.com", "", "python", "2")], FOUND, match_names=True)

    assert verdict.problems == ()
    assert verdict.valid.loc[2, "user_id"] == 7


def test_only_rows_that_give_a_name_alone_need_an_account() -> None:
    ids = ("user_id", "email", "skill_id")
    by_id = parse_cells(table(ids, [("7", "x@example.com", "50")]))
    by_name = parse_cells(table(NAMED, [("", "x@example.com", "", "python", "")]))

    assert not needs_account(by_id)
    assert needs_account(by_name)
    assert names_needed(by_name) == {(Directory.EMAILS, "x@example.com"), (Directory.SKILLS, "python")}


_IDS = st.sampled_from(["1", "2", "3", "", "x", "0", "00", "1.16E+20", "12345678901234567890"])
_LEVELS = st.sampled_from(["0", "3", "5", "6", "-1", "", "high", "4.0", "4.7", "-"])


@given(st.lists(st.tuples(_IDS, _IDS, _LEVELS).filter(any), min_size=1, max_size=25))
def test_every_row_is_valid_or_a_duplicate_or_has_a_problem_and_never_two_of_these(
    rows: list[tuple[str, str, str]],
) -> None:
    verdict = checked(SKILLS, rows)

    valid, repeated, invalid = set(verdict.valid.index), set(verdict.duplicates), set(verdict.invalid)
    assert valid | repeated | invalid == set(range(2, len(rows) + 2))
    assert len(valid) + len(repeated) + len(invalid) == len(rows)
    assert all(first in valid and first < row for row, first in verdict.duplicates.items())


@given(st.lists(st.tuples(_IDS, _IDS, _LEVELS).filter(any), min_size=1, max_size=25))
def test_no_cell_has_two_problems_and_problems_are_in_sheet_order(rows: list[tuple[str, str, str]]) -> None:
    verdict = checked(SKILLS, rows)

    cells = [(problem.row, problem.cell) for problem in verdict.problems]
    assert len(cells) == len(set(cells))
    assert cells == sorted(cells)


@given(st.lists(st.tuples(_IDS, _IDS, _LEVELS).filter(any), min_size=1, max_size=25))
def test_no_valid_row_breaks_a_rule_of_its_pandera_model(rows: list[tuple[str, str, str]]) -> None:
    frame = checked(SKILLS, rows).valid

    model = endpoints.load("skill-memberships").model
    model.to_schema().validate(frame)


@pytest.mark.parametrize("name", endpoints.names())
def test_every_endpoint_declares_what_a_person_needs_to_know(name: str) -> None:
    endpoint = endpoints.load(name)

    assert endpoint.bulk_limit > 0
    assert "API reference" in endpoint.bulk_limit_source
    assert endpoint.sources
    assert set(endpoint.key) <= {field.name for field in endpoint.fields}
    assert endpoint.key[: len(endpoint.owner)] == endpoint.owner
    for column in endpoint.columns():
        assert column.title
        assert column.description.endswith(".")
        assert column.example


ADA, BOB = Candidate("7", "Ada Byron, ada@example.com, id 7"), Candidate("8", "Bob Hale, bob@example.com, id 8")
PEOPLE: NameAnswers = {
    (Directory.EMAILS, "ada@example.com"): Answer((ADA,)),
    (Directory.EMAILS, "bob@example.com"): Answer((BOB,)),
    (Directory.PEOPLE, "ada byron"): Answer((ADA,)),
    (Directory.PEOPLE, "bob hale"): Answer((BOB,)),
}
BY_EMAIL = ("email", "user", "skill_id")


def test_an_address_decides_over_a_name_that_nobody_has_and_that_is_said() -> None:
    verdict = checked(BY_EMAIL, [("ada@example.com", "Ada King", "1"), ("bob@example.com", "Bob Hale", "1")], PEOPLE)

    assert told(verdict) == []
    assert verdict.valid["user_id"].to_list() == [7, 8]
    assert verdict.notes == (
        'We went by the e-mail address beside "Ada King", as nobody in the account has that name.',
    )


def test_several_names_beside_addresses_are_one_note() -> None:
    rows = [("ada@example.com", "Ada King", "1"), ("bob@example.com", "Rob", "1"), ("bob@example.com", "Rob", "2")]

    assert checked(BY_EMAIL, rows, PEOPLE).notes == (
        'We went by the e-mail addresses beside 2 names that nobody in the account has: "Ada King", "Rob".',
    )


def test_a_name_that_is_another_persons_than_the_address_is_a_problem() -> None:
    verdict = checked(BY_EMAIL, [("ada@example.com", "Bob Hale", "1"), ("ada@example.com", "Ada Byron", "2")], PEOPLE)

    assert told(verdict) == [("B2", "disagree")]


def test_an_address_that_nobody_has_does_not_decide() -> None:
    verdict = checked(BY_EMAIL, [("ada@exmaple.com", "Ada King", "1")], PEOPLE)

    assert told(verdict) == [("A2", "not-found"), ("B2", "not-found")]


def test_an_id_does_not_decide_over_a_name_that_nobody_has() -> None:
    assert told(checked(("user_id", "user", "skill_id"), [("7", "Ada King", "1")], PEOPLE)) == [("B2", "not-found")]


@pytest.mark.parametrize("header", ["email", "user"])
@pytest.mark.parametrize(
    "typed",
    [
        "Ada Byron <Ada@example.com>",
        "mailto:ada@example.com",
        "<ada@example.com>",
        "ada@example.com;",
        "ada@example.com.",
    ],
)
def test_an_address_is_found_however_a_mail_program_writes_it(header: str, typed: str) -> None:
    verdict = checked((header, "skill_id"), [(typed, "1")], PEOPLE)

    assert told(verdict) == []
    assert verdict.valid["user_id"].to_list() == [7]
