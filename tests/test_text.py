"""Texts as they are compared, and addresses and names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.lookalikes import foreign_letters, look_in_latin
from importer.sandbox.world import people
from importer.text import bare_address, fold, fold_accents, name_orders

NAMES = sorted({person.full_name for person in people.people(450)})
SIGNS = {
    "'": "'\u2019\u2018\u02bc\u02b9\u2032\uff07`\u00b4",
    "-": "-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d",
    " ": " \u00a0\u3000\t",
}
MARKS = ["", "\u200b", "\u00ad", "\ufe0f", "\ufe0e", "\U000e0100", "\u2060", "\ufeff"]


@st.composite
def names_as_typed(draw: st.DrawFn) -> tuple[str, str]:
    """A name of the world, and the same as some program or keyboard writes it."""
    name = draw(st.sampled_from(NAMES))
    typed = ""
    for letter in name:
        forms = [
            *SIGNS.get(letter, letter),
            *(chr(ord(letter) + 0xFEE0) for _ in range(letter.isascii() and letter.isalpha())),
        ]
        typed += draw(st.sampled_from(forms)) + draw(st.sampled_from(MARKS))
    return name, draw(st.sampled_from([typed, typed.upper(), f" {typed} "]))


@given(st.text())
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_accents(fold_accents(fold(text))) == fold_accents(fold(text))


@given(names_as_typed())
def test_a_name_in_other_signs_is_that_name_and_nobody_elses(typed: tuple[str, str]) -> None:
    name, text = typed

    assert [each for each in NAMES if fold(each) == fold(text)] == [name]


def test_no_two_people_of_the_world_are_equal_without_accents_or_in_another_order() -> None:
    bearers: dict[str, set[str]] = {}
    for name in NAMES:
        for order in name_orders(fold_accents(fold(name))):
            bearers.setdefault(order, set()).add(name)

    assert [names for names in bearers.values() if len(names) > 1] == []


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Niamh O\u2019Hara", "niamh o'hara"),
        ("D\u2032Arcy", "d'arcy"),
        ("Mary\u2011Jane", "mary-jane"),
        ("Al\u2013Sayed", "al-sayed"),
        ("\uff2c\uff45\uff45", "lee"),
        ("\u2764\ufe0f", "\u2764"),
        ("\u845b\U000e0100\u57ce", "\u845b\u57ce"),
        ("`Ewa`", "'ewa'"),
    ],
)
def test_typographic_signs_are_equal_to_those_on_a_keyboard(typed: str, plain: str) -> None:
    assert fold(typed) == plain


def test_a_mark_that_makes_another_letter_is_no_accent() -> None:
    assert fold_accents(fold("\u304b\u306a")) != fold_accents(fold("\u304c\u306a"))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ada byron <ada@example.com>", "ada@example.com"),
        ('"byron, ada" <ada@example.com>', "ada@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("<mailto:ada@example.com>", "ada@example.com"),
        ("<ada@example.com>;", "ada@example.com"),
        ("ada@example.com;", "ada@example.com"),
        ("ada@example.com.", "ada@example.com"),
        ("ada@example.com", "ada@example.com"),
        ("ada@example.com; bob@example.com", "ada@example.com; bob@example.com"),
        ("<ada@example.com", "<ada@example.com"),
        ("ada byron", "ada byron"),
        ("ada byron;", "ada byron;"),
    ],
)
def test_an_address_is_taken_out_of_what_mail_programs_put_around_it(typed: str, address: str) -> None:
    assert bare_address(typed) == address


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("ada byron", {"ada byron", "byron ada"}),
        ("byron, ada", {"ada byron", "byron ada"}),
        ("ana de sousa", {"ana de sousa", "de sousa ana", "sousa ana de"}),
        ("\u91d1 \u7f8e\u82b1", {"\u91d1\u7f8e\u82b1", "\u7f8e\u82b1\u91d1"}),
        ("\u91d1\u7f8e\u82b1", {"\u91d1\u7f8e\u82b1"}),
        ("sukarti", {"sukarti"}),
        ("", set()),
    ],
)
def test_a_name_may_begin_with_each_of_its_words(name: str, orders: set[str]) -> None:
    assert name_orders(name) == orders


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Ad\u0430 Byron", ("\u0430", "Cyrillic", "Latin")),
        ("Ada \u0392yr\u03bfn", ("\u0392\u03bf", "Greek", "Latin")),
        ("\u041e\u043bga", ("\u041e\u043b", "Cyrillic", "Latin")),
        ("\u041e\u043b\u044cg\u0430", ("g", "Latin", "Cyrillic")),
        ("\u041e\u043b\u044c\u0433\u0430 Byron", None),
        ("Zo\u00eb", None),
        ("R2D2", None),
    ],
)
def test_letters_of_another_alphabet_are_noticed_within_a_word(text: str, foreign: tuple[str, str, str] | None) -> None:
    assert foreign_letters(text) == foreign


def test_letters_that_look_like_latin_ones_are_read_as_they_look() -> None:
    assert look_in_latin("\u0441\u043e\u0432\u043el") == "cobol"
    assert look_in_latin("zo\u00eb") == "zo\u00eb"
