"""What is said of levels: of one that cannot be read, of one that its skill does not have. Knows no rule itself."""

from collections.abc import Mapping

from importer.errors import Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, EditCell, SetOption
from importer.text import quote

_HIGHEST = 5
_ACCEPTED = f"0 to {_HIGHEST}, or leave the cell empty"
_TYPE_AGAIN = Advice("Format the cell as Text, then type the level again.")
_LONGEST_WORD = 20
_WORDS_SHOWN = 6


@problem("not-whole", "A level is a word that has no number", "high")
def not_a_level(text: str) -> Said:
    word = text.strip()
    is_plain = len(word) <= _LONGEST_WORD and not any(each in word for each in ',="')
    example = f"{word if is_plain else 'high'}=4"
    return f"{quote(text)} is not a level.", EditCell(_ACCEPTED), SetOption("levels", example, "use words")


@problem("not-whole", "A level is a word beside others that have numbers", "high", {"expert": 5, "good": 3})
def not_a_known_word(text: str, words: Mapping[str, int]) -> Said:
    known = ", ".join(f"{word} = {level}" for word, level in list(words.items())[:_WORDS_SHOWN])
    also = (Advice(f"These words stand for levels: {known}."),) if known else ()
    return f"{quote(text)} is not a level.", EditCell(_ACCEPTED), *also


@problem("not-whole", "A level has decimals", "2.5")
def not_whole(text: str) -> Said:
    return f"{quote(text)} is not a whole number.", EditCell(_ACCEPTED)


@problem("not-whole", "A level is a percentage", "60%")
def percentage(text: str) -> Said:
    return f"{quote(text)} is a percentage, not a level.", EditCell(_ACCEPTED)


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
