import pytest

from importer import endpoints
from importer.endpoints.header import column_header
from importer.errors import Unreadable
from importer.layouts.list_layout import explain_missing, find_header, suggestion

ALL = endpoints.load_all()
SKILLS = endpoints.load("skill-memberships")


@pytest.mark.parametrize(
    ("headers", "endpoint"),
    [
        (["user_id", "skill_id", "level"], "skill-memberships"),
        (["User ID", " SKILL\u00a0ID ", "Proficiency"], "skill-memberships"),
        (["E-mail", "Skill name", "Rating"], "skill-memberships"),
        (["Employee", "Skill"], "skill-memberships"),
        (["Email\nAddress", "skill"], "skill-memberships"),
        (["email", "Group name"], "user-group-memberships"),
        (["user_id", "WorkspaceGroupID"], "user-group-memberships"),
        (["geography", "department", "member", "member_type"], "organization-memberships"),
        (["Member type", "Member ID", "Department ID", "Geography ID"], "organization-memberships"),
    ],
)
def test_the_endpoint_is_found_from_headers_in_any_spelling(headers: list[str], endpoint: str) -> None:
    header = find_header([tuple(headers)], ALL)

    assert header is not None
    assert header.endpoint.name == endpoint
    assert header.ignored == ()


def test_a_header_below_a_title_is_found_in_its_row() -> None:
    rows = [("Skills of Team A", "", ""), ("", "", ""), ("user_id", "skill_id", "level"), ("1", "2", "3")]

    header = find_header(rows, ALL)

    assert header is not None
    assert header.row == 3


def test_columns_of_other_people_are_ignored_and_told() -> None:
    header = find_header([("user_id", "Notes", "skill_id", "", "Import status")], ALL)

    assert header is not None
    assert header.ignored == (1,)
    assert {position: column_header(column) for position, column in header.columns.items()} == {
        0: "user_id",
        2: "skill_id",
    }


def test_one_field_under_two_headers_is_a_stop_that_names_both_columns() -> None:
    with pytest.raises(Unreadable, match=r"Columns B \(E-mail\) and D \(mail\) of row 1 are both email"):
        find_header([("skill", "E-mail", "x", "mail")], ALL)


def test_a_header_that_fits_two_endpoints_is_asked_about() -> None:
    with pytest.raises(Unreadable) as refused:
        find_header([("email", "skill", "group")], ALL)

    assert refused.value.fix == "To choose one, add --as skill-memberships."
    assert refused.value.message == (
        "The header in row 1 fits more than one kind of record: skill-memberships or user-group-memberships."
    )


def test_a_header_that_lacks_a_column_is_told_which_ones_would_do() -> None:
    rows = [("Team A", "", ""), ("email", "level", "comment")]

    assert find_header(rows, [SKILLS]) is None
    assert explain_missing(rows, [SKILLS]).message == (
        "the header in row 2 (email, level, comment) has no column for skill_id or skill, "
        "which skill-memberships needs."
    )


def test_a_misspelt_header_is_answered_with_the_one_that_was_meant() -> None:
    assert suggestion("Levle", SKILLS) == "level"
    assert suggestion("Cost centre", SKILLS) is None
