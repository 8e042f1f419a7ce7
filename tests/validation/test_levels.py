import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.errors import Usage
from importer.remedies import EditCell, SetOption
from importer.validation.cell import CellError
from importer.validation.level import NUMBERS, Level, LevelScale, excel_date_error, parse_scale, scale_of_rows

WORDS = parse_scale("Beginner=1, Adv.=4,Expert=5 , 80%=4, n.v.=0")


def code(text: str, scale: LevelScale = NUMBERS) -> str:
    fault = scale.read(text)
    assert isinstance(fault, CellError), f"{text!r} was read as {fault!r}"
    return fault.code


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("3", 3),
        ("3.0", 3),
        (" 4 ", 4),
        ("4,0", 4),
        ("05", 5),
        ("0", 0),
        ("+2", 2),
        ("\u00a04\u00a0", 4),
        ("\uff13", 3),
        ("-1", -1),
    ],
)
def test_a_number_is_a_level_however_it_is_written(text: str, level: int) -> None:
    assert NUMBERS.read(text) == Level(level)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "--", "\u2013", "\u2014", "n/a", "N/A", " n.a. ", "remove", "NULL", "nan", "NA", "nil", "\\N"],
)
def test_what_people_write_for_nothing_is_no_level(text: str) -> None:
    assert NUMBERS.read(text) == Level(None)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("3/5", 3),
        ("3 / 5", 3),
        ("4 of 5", 4),
        ("3 - Advanced", 3),
        ("3\u2013Advanced", 3),
        ("3: Advanced", 3),
        ("3 (Advanced)", 3),
        ("3. Fortgeschritten", 3),
        ("Advanced - 3", 3),
        ("Advanced (3)", 3),
        ("Level 3", 3),
        ("L3", 3),
        ("lvl. 4", 4),
        ("Stufe 2", 2),
    ],
)
def test_a_number_with_words_is_converted_and_said_to_be(text: str, level: int) -> None:
    assert NUMBERS.read(text) == Level(level, is_converted=True)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("beginner", 1),
        ("ADV", 4),
        ("Adv.", 4),
        (" expert ", 5),
        ("n.v.", 0),
        ("80 %", 4),
        ("0.8", 4),
        ("5 - Expert", 5),
    ],
)
def test_a_word_is_the_level_that_somebody_gave_it(text: str, level: int) -> None:
    assert WORDS.read(text) == Level(level, is_converted=True)


@pytest.mark.parametrize(
    "text",
    [
        *("No", "n", "FALSE", "none", "nein", "non", "no", "n\u00e3o", "nee", "nie", "\u043d\u0435\u0442", "tidak"),
        *("\u5426", "\u3044\u3044\u3048", "\u2610"),
    ],
)
def test_no_is_neither_a_blank_nor_0_but_says_that_somebody_does_not_have_it(text: str) -> None:
    assert NUMBERS.read(text) == Level(None, is_not_held=True)


def test_a_word_or_a_number_can_be_told_to_mean_that_somebody_does_not_have_it() -> None:
    scale = parse_scale("o=none, 0=none, No=2")

    assert [scale.read(text) for text in ("O", "0", "0 - NA", "0.0")] == [Level(None, is_not_held=True)] * 4
    assert scale.read("no") == Level(2, is_converted=True)
    assert scale.read("3") == Level(3)


@pytest.mark.parametrize(
    "text",
    [
        *(".5", "5 (years)", "Target: 4", "4 (expired)", "not rated - 0", "#2", "3+", "2-3", "3*", "3.ma\u00ed", "- 3"),
        *("3 - solid", "4 (since June)", "planned level - 3"),
    ],
)
def test_a_number_beside_anything_but_words_for_levels_is_a_problem(text: str) -> None:
    assert code(text) in {"not-whole", "date"}


def test_phrases_of_the_authors_own_are_levels_where_each_stands_beside_one_number_throughout() -> None:
    scale = NUMBERS.with_phrases_of({"1 - looks on": 2, "4 - on their own": 3, "5": 1, "": 9})

    assert scale.read("1 - looks on") == Level(1, is_converted=True)
    assert scale.read("4 - on their own") == Level(4, is_converted=True)
    assert code("5 - on their own", scale) == "not-whole"


@pytest.mark.parametrize(
    "counts",
    [
        {"1 - looks on": 1, "4 - on their own": 1},
        {"1 - looks on": 2, "2 - looks on": 2, "4 - on their own": 2},
        {"1 - looks on": 2, "4 - on their own": 2, "4": 1},
        {"1 - looks on": 9},
        {"3 (years)": 5, "1 - looks on": 2},
    ],
)
def test_phrases_that_stand_alone_or_beside_two_numbers_or_count_years_are_no_levels(counts: dict[str, int]) -> None:
    scale = NUMBERS.with_phrases_of(counts)

    assert {code(text, scale) for text in counts if text != "4"} == {"not-whole"}


@pytest.mark.parametrize(("text", "level"), [("3.0000000000000004", 3), ("2.9999999999999996", 3)])
def test_digits_beyond_those_that_excel_shows_do_not_count(text: str, level: int) -> None:
    assert NUMBERS.read(text) == Level(level)


@pytest.mark.parametrize(
    "text", ["x", "X", "\u2713", "\u2714\ufe0f", "\u2611", "\u00d7", "yes", "ja", "oui", "\u662f", "\u25cf"]
)
def test_a_tick_says_only_that_the_person_has_the_skill(text: str) -> None:
    assert NUMBERS.read(text) == Level(1, is_converted=True, is_tick=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "high",
            "4.7",
            "4,5",
            "3 or 4",
            "4,000",
            "1e1",
            "0x3",
            "\u0663\u0653",
            "\u00bd",
            "3+",
            "3-",
            "3 years",
            "60%",
            "0.6",
        ),
        *("Advanced", "beginner", "3-4", "5 5"),
    ],
)
def test_what_is_no_whole_number_is_refused_and_never_cut_or_guessed(text: str) -> None:
    assert code(text) == "not-whole"


@pytest.mark.parametrize("text", ["7/10", "3/4", "6/5"])
def test_another_scale_is_named_and_not_converted(text: str) -> None:
    assert code(text) == "other-scale"


def test_a_number_and_a_word_that_disagree_are_refused() -> None:
    assert code("3 - Expert", WORDS) == "two-levels"


def test_a_sentence_quotes_the_text_and_says_what_is_accepted() -> None:
    assert NUMBERS.read("high") == CellError(
        "not-whole",
        '"high" is not a level.',
        (EditCell("0 to 5, or leave the cell empty"), SetOption("levels", "high=4", "use words")),
    )


def test_a_long_text_is_cut_at_60_characters_in_a_sentence() -> None:
    fault = NUMBERS.read("z" * 500)

    assert isinstance(fault, CellError)
    assert fault.sentence == '"' + "z" * 57 + '..." is not a level.'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-03-05 00:00:00", "Excel turned 5/3 or 3/5 into a date (2026-03-05)."),
        ("1900-01-04", "Excel shows the number 4 as a date (1900-01-04)."),
        ("later", "Excel turned this into a date (later)."),
    ],
)
def test_a_date_is_named_with_what_may_have_been_typed(text: str, message: str) -> None:
    assert excel_date_error(text).sentence == message


@pytest.mark.parametrize("text", ["Beginner", "Beginner=", "=3", "Beginner=9", "Beginner=high"])
def test_a_scale_that_tells_no_level_is_wrong_usage(text: str) -> None:
    with pytest.raises(Usage, match="does not say which level"):
        parse_scale(text)


def test_a_sheet_of_words_and_numbers_is_a_scale_in_either_order() -> None:
    scale = scale_of_rows([("Level", "Meaning"), ("1", "Novice"), ("Guru", "5"), ("", ""), ("see wiki", "")])

    assert scale is not None
    assert [scale.read(text) for text in ("novice", "GURU")] == [
        Level(1, is_converted=True),
        Level(5, is_converted=True),
    ]
    assert scale_of_rows([("Name", "Age"), ("Dana", "41")]) is None


@given(st.text(max_size=30))
def test_no_text_is_ever_an_error_and_no_level_comes_from_more_than_one_number(text: str) -> None:
    level = NUMBERS.read(text)

    assert isinstance(level, CellError | Level)
    if isinstance(level, Level) and level.is_converted and not level.is_tick:
        assert level.value in range(10)


@pytest.mark.parametrize(
    "text",
    [
        "n.v.t.",
        "k.A.",
        "Keine Angabe",
        "s.o.",
        "No aplica",
        "n\u00e3o se aplica",
        "nie dotyczy",
        "\u043d/\u0434",
        "\u4e0d\u9002\u7528",
        "\u8a72\u5f53\u306a\u3057",
    ],
)
def test_not_applicable_is_no_value_in_every_language(text: str) -> None:
    assert NUMBERS.read(text) == Level(None)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2 van 5", 2),
        ("4 \u0438\u0437 5", 4),
        ("3 dari 5", 3),
        ("\u0423\u0440\u043e\u0432\u0435\u043d\u044c 4", 4),
        ("\u30ec\u30d9\u30eb3", 3),
        ("Tingkat 2", 2),
        ("\u2b24\u2b24\u25ef\u25ef\u25ef", 2),
        ("\u25a0\u25a0\u25a0\u25a0\u25a1", 4),
        ("\u25b0\u25b1\u25b1\u25b1\u25b1", 1),
    ],
)
def test_a_level_of_five_is_read_in_other_languages_and_as_dots_or_bars(text: str, level: int) -> None:
    assert NUMBERS.read(text) == Level(level, is_converted=True)


@pytest.mark.parametrize(
    "text", ["\u25a0\u25a0\u25a1", "\u2605\u2605\u2605\u00bd", "\u25cf\u25a0\u25cb\u25cb\u25cb", "3\u7d1a"]
)
def test_other_signs_are_no_level(text: str) -> None:
    assert isinstance(NUMBERS.read(text), CellError)
