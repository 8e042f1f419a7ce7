"""What a legend says wherever it stands, what it is worth in Kantata, and what is no legend."""

from collections.abc import Sequence

import pytest

from importer.errors import Ambiguous
from importer.layouts.legend import find_legend
from importer.table import Sheet
from importer.validation.legend_scale import scale_of_legend
from importer.validation.level import Level

WORDS = {1: "Beginner", 2: "Basic", 3: "Intermediate", 4: "Advanced", 5: "Expert"}


def names(*rows: Sequence[str]) -> dict[int, str] | None:
    width = max(map(len, rows))
    columns = tuple([row[at] if at < len(row) else "" for row in rows] for at in range(width))
    legend = find_legend(Sheet(columns), lambda _: True)
    return None if legend is None else dict(legend.names)


@pytest.mark.parametrize(
    "rows",
    [
        [(f"{number} = {word}",) for number, word in WORDS.items()],
        [(", ".join(f"{number} = {word}" for number, word in WORDS.items()),)],
        [("Legend: " + "; ".join(f"{number} - {word}" for number, word in WORDS.items()),)],
        [("\n".join(f"{word}: {number}" for number, word in WORDS.items()),)],
        [tuple(f"{number} \u2192 {word}" for number, word in WORDS.items())],
        [(str(number), word) for number, word in WORDS.items()],
        [(word, str(number)) for number, word in reversed(WORDS.items())],
        [tuple(map(str, WORDS)), tuple(WORDS.values())],
        [("", *WORDS.values()), ("Key", *map(str, WORDS))],
    ],
)
def test_a_legend_is_read_in_every_form_in_which_people_write_it(rows: list[Sequence[str]]) -> None:
    assert names(*rows) == WORDS
    assert names(("A title", ""), (), *rows, (), ("Please ask HR.",)) == WORDS


@pytest.mark.parametrize(
    "rows",
    [
        [("A = Basic (1)",), ("B = Able (2)",), ("C = Expert (3)",)],
        [("A - Basic - 1", "B - Able - 2", "C - Expert - 3")],
        [("A: novice",), ("B: beginner",), ("C: intermediate",)],
    ],
)
def test_a_legend_of_letters_has_the_numbers_beside_them_or_the_order_of_its_words(rows: list[Sequence[str]]) -> None:
    assert names(*rows) == {1: "A", 2: "B", 3: "C"}


def test_letters_whose_words_have_no_order_are_no_legend() -> None:
    assert names(("A = Alpha team",), ("B = Beta team",), ("C = Core team",)) is None


def test_a_legend_may_count_in_equal_steps_to_a_usual_end() -> None:
    words = dict(zip(range(20, 101, 20), WORDS.values(), strict=True))

    assert names(tuple(f"{number} = {word}" for number, word in words.items())) == words


@pytest.mark.parametrize(
    "rows",
    [
        [("Floor: 3", "Room: 5")],
        [("3 = Room", "6 = Floor", "9 = House")],
        [("as of 1 March 2026",)],
        [("Phone", "4411"), ("Room", "12")],
        [("1 = Beginner",)],
        [("1 = Beginner", "5 = Expert"), ("1 = Novice", "5 = Guru")],
        [("1 = Beginner", "2 = Basic"), ("1 = Beginner", "2 = Basic"), ("1 = Beginner", "2 = Basic")],
    ],
)
def test_what_counts_nothing_up_or_disagrees_or_stands_in_many_cells_is_no_legend(rows: list[Sequence[str]]) -> None:
    assert names(*rows) is None


def test_the_words_of_a_legend_have_its_numbers_and_it_is_said() -> None:
    told = scale_of_legend(WORDS, "The legend in A1")

    assert [told.scale.read(word) for word in ("expert", "Basic")] == [
        Level(5, is_converted=True),
        Level(2, is_converted=True),
    ]
    assert told.notes == (
        "The legend in A1 says what levels mean: Beginner = 1, Basic = 2, Intermediate = 3, Advanced = 4, Expert = 5.",
    )


@pytest.mark.parametrize(
    ("word", "read"), [("no knowledge", Level(None, is_not_held=True)), ("not rated", Level(0, is_converted=True))]
)
def test_a_legend_that_explains_0_answers_the_question_about_0(word: str, read: Level) -> None:
    scale = scale_of_legend({0: word, **WORDS}, "The legend in A1").scale

    assert scale.read("0") == scale.read(word) == read
    assert read.is_not_held or scale.tells_zero


def test_a_scale_that_ends_below_5_is_said_with_the_line_that_stretches_it() -> None:
    (_, note) = scale_of_legend({1: "low", 2: "medium", 3: "high"}, "The legend in A1").notes

    assert note == ('Level 3 is the highest here, 5 in Kantata. To stretch the scale, add --levels "1=1,2=3,3=5".')


@pytest.mark.parametrize(
    ("legend", "line"),
    [
        ({1: "Expert", 2: "Advanced", 3: "Beginner"}, "1=3,2=2,3=1,Expert=3,Advanced=2,Beginner=1"),
        ({0: "nil", 5: "can", 10: "teaches"}, "5=3,10=5,can=3,teaches=5"),
    ],
)
def test_a_legend_that_is_turned_or_ends_elsewhere_is_a_question_with_a_line_to_copy(
    legend: dict[int, str], line: str
) -> None:
    with pytest.raises(Ambiguous) as caught:
        scale_of_legend(legend, "The legend in A1")

    assert [each.value for each in caught.value.answers] == [line]
    assert caught.value.question["code"] == "levels"


@pytest.mark.parametrize(
    "zero",
    [
        "never used",
        "cannot do it",
        "kann ich nicht",
        "ne conna\u00eet pas",
        "no sabe",
        "nie znam",
        "\u043d\u0435 \u0432\u043b\u0430\u0434\u0435\u044e",
        "tidak bisa",
        "\u4e0d\u4f1a",
        "\u77e5\u8b58\u306a\u3057",
    ],
)
def test_a_legend_in_any_language_says_that_0_is_not_to_have_the_skill(zero: str) -> None:
    assert scale_of_legend({0: zero, **WORDS}, "B2").scale.read("0") == Level(None, is_not_held=True)


@pytest.mark.parametrize(
    "zero", ["no rating", "noch nicht bewertet", "nie oceniono", "no data", "\u5c1a\u672a\u8bc4\u4f30"]
)
def test_a_legend_that_calls_0_a_missing_rating_does_not_say_who_has_the_skill(zero: str) -> None:
    assert scale_of_legend({0: zero, **WORDS}, "B2").scale.read("0") != Level(None, is_not_held=True)
