"""What a person's choice for a name means."""

import pytest

from importer.endpoints.declare import Answer, Candidate, Directory, Name
from importer.remedies import Advice, Message
from importer.validation.aliases import Choice, follow, inactive, meaning_of, to_look_up

BOB: Name = (Directory.PEOPLE, "bob")
BOB_NG, BOB_LEE = Candidate("5", "Bob Ng, bob@example.com, id 5"), Candidate("6", "Bob Lee, lee@example.com, id 6")
FOUND = {BOB: Answer((BOB_NG, BOB_LEE)), (Directory.SKILLS, "go"): Answer((Candidate("8", "Go, id 8"),))}


def choice(typed: str, row: int = 2) -> Choice:
    return Choice(typed, f"aliases.xlsx, Names!B{row}")


@pytest.mark.parametrize(
    ("typed", "directory", "meant"),
    [
        ("Maria Silva, maria@example.com, UX, id 11483059", Directory.PEOPLE, (Directory.PEOPLE, "11483059")),
        ("Gregor Novak, g@example.com, id 11483110, inactive", Directory.EMAILS, (Directory.PEOPLE, "11483110")),
        ("id 7, id 8", Directory.SKILLS, (Directory.SKILLS, "8")),
        ("Old project, id 38402853, archived", Directory.PROJECTS, (Directory.PROJECTS, "38402853")),
        (" 271015\u00a0", Directory.SKILLS, (Directory.SKILLS, "271015")),
        ("DANA@Example.com", Directory.EXTERNAL_IDS, (Directory.EMAILS, "dana@example.com")),
        ("dana@example.com", Directory.SKILLS, None),
        ("Dana Reyes", Directory.PEOPLE, None),
        ("id 7 and more", Directory.PEOPLE, None),
        ("007", Directory.PEOPLE, None),
        ("1.16E+20", Directory.PEOPLE, None),
        ("grid 7", Directory.GROUPS, None),
    ],
)
def test_a_choice_is_an_id_or_for_a_person_an_e_mail_address(
    typed: str, directory: Directory, meant: Name | None
) -> None:
    assert meaning_of(choice(typed), directory) == meant


def test_a_choice_takes_the_place_of_what_the_account_has_under_the_name() -> None:
    choices = {BOB: [choice("id 6"), choice("6", row=9)]}

    after = follow(FOUND, choices, {(Directory.PEOPLE, "6"): BOB_LEE})

    assert to_look_up(choices) == {(Directory.PEOPLE, "6")}
    assert after[BOB].exact == (BOB_LEE,)
    assert after[Directory.SKILLS, "go"] == FOUND[Directory.SKILLS, "go"]


def test_a_choice_that_is_nobody_never_falls_back_to_what_the_name_alone_would_mean() -> None:
    found = {BOB: Answer((BOB_NG,))}

    gone, unclear = follow(found, {BOB: [choice("id 99")]}, {}), follow(found, {BOB: [choice("the tall one")]}, {})

    assert (gone[BOB].exact, unclear[BOB].exact) == ((), ())
    assert gone[BOB].wrong == Message(
        "alias",
        'aliases.xlsx, Names!B2 says "id 99", but this account has no such person.',
        (Advice("Choose again there, or clear that cell."),),
    )
    assert unclear[BOB].wrong == Message(
        "alias",
        'aliases.xlsx, Names!B2 says "the tall one", which is not an id or an e-mail address.',
        (Advice("Choose from the list there, type an id or an e-mail address, or clear that cell."),),
    )


def test_two_rows_that_choose_differently_choose_nothing_and_both_are_named() -> None:
    candidates = {(Directory.PEOPLE, "5"): BOB_NG, (Directory.PEOPLE, "6"): BOB_LEE}

    after = follow(FOUND, {BOB: [choice("id 5"), choice("id 6", row=9)]}, candidates)

    assert after[BOB].exact == ()
    assert "(aliases.xlsx, Names!B2) and" in str(after[BOB].wrong)
    assert "(aliases.xlsx, Names!B9)" in str(after[BOB].wrong)


def test_inactive_people_are_told_once_each() -> None:
    away = Candidate("7", "Gregor Novak, g@example.com, id 7, inactive", is_inactive=True)

    assert list(inactive([BOB_NG, away, away])) == ["1 of these people is inactive: Gregor Novak, g@example.com."]
    assert list(inactive([BOB_NG])) == []
