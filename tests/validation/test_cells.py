import pytest

from importer import endpoints
from importer.endpoints.declare import Field
from importer.remedies import EditCell
from importer.validation.cell import CellError, to_value

USER_ID = endpoints.load("skill-memberships").field("user_id")
MEMBER_TYPE = endpoints.load("organization-memberships").field("member_type")


def code(text: str, field: Field) -> str:
    fault = to_value(text, field)
    assert isinstance(fault, CellError), f"{text!r} was read as {fault!r}"
    return fault.code


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("12345678", 12345678),
        ("12345678.0", 12345678),
        (" 12345678\u200b", 12345678),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_an_id_is_read_to_its_last_digit(text: str, id_: int) -> None:
    assert to_value(text, USER_ID) == id_


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.16E+20", "shortened"),
        ("1,16e20", "shortened"),
        ("00123", "leading-zero"),
        ("12.5", "not-an-id"),
        ("12,000", "not-an-id"),
        ("12.000.000", "not-an-id"),
        ("12 345", "not-an-id"),
        ("Dana", "not-an-id"),
        ("#12", "not-an-id"),
        ("1" * 19, "not-an-id"),
        ("-", "not-an-id"),
    ],
)
def test_what_is_no_id_is_refused_for_its_own_reason(text: str, expected: str) -> None:
    assert code(text, USER_ID) == expected


@pytest.mark.parametrize("text", ["User", "user", "USER", " user "])
def test_a_member_type_is_read_in_any_letter_case(text: str) -> None:
    assert to_value(text, MEMBER_TYPE) == "User"


def test_another_member_type_is_refused_with_the_choices() -> None:
    assert to_value("Project", MEMBER_TYPE) == CellError(
        "not-a-choice", '"Project" is not one of the choices.', (EditCell("User or Workspace"),)
    )
