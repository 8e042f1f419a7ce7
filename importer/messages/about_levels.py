"""What is said of levels: of one that cannot be read, of one that its skill does not have. Knows no rule itself."""

from collections.abc import Mapping

from importer.errors import Ambiguous, Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, EditCell, Note, SetOption
from importer.text import count_of, quote, shorten_list

_HIGHEST = 5
_ACCEPTED = f"0 to {_HIGHEST}, or leave the cell empty"
_TYPE_AGAIN = Advice("Format the cell as Text, then type the level again.")
_LONGEST_WORD = 20
_WORDS_SHOWN = 6
_QUESTION_WORDS = 12


def _can_stand_in_option(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and not any(each in word for each in ',="')


@problem("not-whole", "A level is a word that has no number", "high")
def not_a_level(text: str) -> Said:
    word = text.strip()
    example = f"{word if _can_stand_in_option(word) else 'high'}=4"
    return f"{quote(text)} is not a level.", EditCell(_ACCEPTED), SetOption("levels", example, "use words")


@problem("not-whole", "A level is a word beside others that have numbers", "high", {"expert": 5, "good": 3})
def not_a_known_word(text: str, words: Mapping[str, int | None]) -> Said:
    pairs = list(words.items())[:_WORDS_SHOWN]
    known = ", ".join(f"{word} = {'none' if level is None else level}" for word, level in pairs)
    also = (Advice(f"These words stand for levels: {known}."),) if known else ()
    return f"{quote(text)} is not a level.", EditCell(_ACCEPTED), *also


@problem("not-whole", "A level has decimals", "2.5")
def not_whole(text: str) -> Said:
    return f"{quote(text)} is not a whole number.", EditCell(_ACCEPTED)


@problem("not-whole", "A level is a percentage", "60%")
def percentage(text: str) -> Said:
    return f"{quote(text)} is a percentage, not a level.", EditCell(_ACCEPTED)


@problem("not-whole", "A number stands beside words that are no level", "5 (years)", 5)
def number_beside_words(text: str, number: int) -> Said:
    short = text.strip()
    return (
        f"{quote(text)} has words beside the number, and we do not know whether {number} is a level.",
        EditCell(_ACCEPTED),
        *((SetOption("levels", f"{short}={number}", "use it as a level"),) if _can_stand_in_option(short) else ()),
    )


@problem("two-levels", "A cell says two different levels", "3 - Expert", 3, "Expert", 5)
def two_levels(text: str, number: int, word: str, level: int) -> Said:
    return f"{quote(text)} says {number}, but {quote(word)} stands for {level} here.", Advice("Enter one of the two.")


@problem("other-scale", "A level is on another scale", "7/10", 10)
def other_scale(text: str, highest: int) -> Said:
    return f"{quote(text)} is on a scale up to {highest}, but Kantata's levels end at {_HIGHEST}.", EditCell(_ACCEPTED)


@problem("date", "Excel may have turned a level into a date", "2026-03-05")
def date_text(text: str) -> Said:
    return f"{quote(text)} is a date. Excel turns a level such as 3/5 into one.", _TYPE_AGAIN


@problem("date", "Excel turned a level into a day and a month", "5-Mar", 5, 3)
def day_and_month(text: str, day: int, month: int) -> Said:
    return f"{quote(text)} is a date. Excel turns {day}/{month} or {month}/{day} into one.", _TYPE_AGAIN


@problem("date", "Excel turned something into a date", "2026-03-05")
def became_a_date(text: str) -> Said:
    return f"Excel turned this into a date ({text}).", _TYPE_AGAIN


@problem("date", "Excel turned a level into a date", "2026-03-05", 5, 3)
def level_became_a_date(date: str, day: int, month: int) -> Said:
    return f"Excel turned {day}/{month} or {month}/{day} into a date ({date}).", _TYPE_AGAIN


@problem("date", "Excel shows a level as a date", 3, "1900-01-03")
def shown_as_a_date(level: int, date: str) -> Said:
    return f"Excel shows the number {level} as a date ({date}).", Advice("Format the cell as Number.")


@problem("tick", "A tick where a level is needed", "x", 5)
def tick(text: str, highest: int) -> Said:
    return (
        f"{quote(text)} does not say which level, and this skill has levels up to {highest}.",
        EditCell("a level"),
        SetOption("levels", f"{text.strip()}=3", f"give every {quote(text.strip())} a level"),
    )


@problem("above-highest", "A level for a skill that has none", "3")
def has_no_levels(text: str) -> Said:
    return f"{quote(text)} is a level, but this skill has none.", EditCell("x or 1, or leave the cell empty")


@problem("above-highest", "A level above the highest of the skill", "5", 3)
def above_highest(text: str, highest: int) -> Said:
    return f"{quote(text)} is above {highest}, the highest level of this skill.", EditCell(f"0 to {highest}")


@problem("too-many", "A person would have too many records", 198, "skills", 5, 200)
def too_many_records(count: int, things: str, added: int, limit: int) -> Said:
    new = "this would be one more" if added == 1 else f"the file adds {added:,}"
    return (
        f"This person has {count:,} {things}, and {new}. Kantata allows {limit:,}.",
        Advice("Remove others first, or leave this one out."),
    )


@error(Usage, "scale", "A word for a level has no number", "Expert")
def word_without_level(text: str) -> Said:
    return (
        f"{quote(text)} does not say which level it stands for.",
        SetOption("levels", f"Beginner=1,...,Expert={_HIGHEST}", "give words a level"),
    )


# ---- questions


@error(Ambiguous, "zero", "A matrix has 0 for skills with levels", 9, 4)
def zero_unclear(cells: int, levels: int) -> Said:
    return (
        f"{count_of(cells, 'cell')} of the matrix {'is' if cells == 1 else 'are'} 0, and {levels:,} "
        f"{'has' if levels == 1 else 'have'} a level. 0 can mean that somebody does not have the skill, or that they "
        "have it and the level is not set.",
        SetOption("levels", "0=none", "leave these skills alone"),
        SetOption("levels", "0=0", "load them without a level"),
    )


ZERO_ANSWERS = {"0=none": "0 means: does not have the skill", "0=0": "0 means: has the skill, level not set"}
"""What 0 in a matrix can be told to mean, and how that is put to a person."""


def zeros_in_list(cells: int) -> str:
    """What 0 means in a list, where somebody may have meant something else by it."""
    rows = count_of(cells, "row")
    return Note(
        f'0 means "has the skill, level not set" in {rows}.',
        SetOption("levels", "0=none", 'read it as "does not have it"'),
    )


@error(
    Ambiguous,
    "levels",
    "Words stand for levels, and nothing says for which",
    {"Beginner": 5, "Expert": 6},
    "Beginner=1,Expert=5",
)
def words_without_scale(counts: Mapping[str, int], line: str) -> Said:
    return f"{count_of(len(counts), 'word')} stand for levels: {_with_cells(counts)}.", _told_by(line)


@error(Ambiguous, "levels", "Percentages stand for levels", {"20%": 5, "100%": 6}, "20%=1,100%=5")
def percentages(counts: Mapping[str, int], line: str) -> Said:
    return f"Percentages stand for levels, which go from 0 to {_HIGHEST}: {_with_cells(counts)}.", _told_by(line)


@error(Ambiguous, "levels", "Numbers are on another scale", {"4": 5, "10": 6}, "4=2,10=5")
def numbers_above(counts: Mapping[str, int], line: str) -> Said:
    return f"Many numbers are above {_HIGHEST}, the highest level in Kantata: {_with_cells(counts)}.", _told_by(line)


@error(Ambiguous, "levels", "A legend ends above the highest level", "The legend in A1 to A10", 10, "2=1,10=5")
def legend_ends_elsewhere(place: str, highest: int, line: str) -> Said:
    return f"{place} ends at {highest}, and Kantata's levels end at {_HIGHEST}.", _told_by(line)


@error(
    Ambiguous,
    "levels",
    "A legend runs from best to worst",
    "The legend in A1 to A5",
    "Expert",
    1,
    "Beginner",
    5,
    "1=5,5=1",
)
def legend_is_turned(place: str, first: str, one: int, last: str, five: int, line: str) -> Said:
    return (
        f'{place} says that "{first}" is {one} and "{last}" is {five}. In Kantata {_HIGHEST} is the best.',
        _told_by(line),
    )


def ends_below(highest: int, line: str) -> str:
    """What is said of a scale that ends below the highest level."""
    says = f"Level {highest} is the highest here, {_HIGHEST} in Kantata."
    return Note(says, SetOption("levels", line, "stretch the scale"))


def _with_cells(counts: Mapping[str, int]) -> str:
    return shorten_list([f"{text} ({count_of(count, 'cell')})" for text, count in counts.items()], _QUESTION_WORDS)


def _told_by(line: str) -> SetOption:
    """The line that says what all of them mean, to copy."""
    goal = "say what they mean, with a number from 0 to 5, or none, for each ?" if "?" in line else "say what they mean"
    return SetOption("levels", line, goal)
