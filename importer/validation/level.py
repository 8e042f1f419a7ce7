"""How well, as people write it: 3, "3/5", "3 - Advanced", a word that somebody has given a number, a tick.

Knows texts, and neither rows nor skills. Nothing is rounded, and no word has a number that nobody gave it.

That somebody does not have a skill is a value of its own, which is neither a level nor a blank.
"""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from importer.messages import about_levels
from importer.text import trim
from importer.validation.cell import CellError, is_nothing, is_removal
from importer.validation.date import date_error
from importer.validation.level_words import (
    TICKS,
    is_for_a_level,
    is_no_value,
    is_not_held,
    plain,
    scale_of,
    tells_something_else,
)

HIGHEST = 5
"""Levels go from 1 to 5, and 0 is none. Source: API reference 1.0.0, skill_memberships; help centre, Skills."""

_DIGITS = 18
_WHOLE = re.compile(r"[+-]?\d+")
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
_COMMA_ZERO = re.compile(r"(\d),0{1,2}")
_OF = re.compile(r"(\d+)\s*(?:/|of|out of|von|sur|de|di|su|van|z|na|из|dari)\s*(\d+)", re.IGNORECASE)
_PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_LONG_DECIMAL = re.compile(r"\d+\.\d{14,}")
"""More digits than Excel shows: 3.0000000000000004 is what it calls 3."""
_EXCEL_DIGITS = 15
# "3 - Advanced", "3: Advanced", "3. Advanced", "3 (Advanced)": one digit, and no other number in the words.
_NUMBER_FIRST = re.compile(r"(\d)(?:\s*[-\u2010-\u2015:=|]\s*|\.\s+|\s*\(\s*)([^\d]+?)\)?")
_WORD_FIRST = re.compile(r"([^\d]+?)(?:\s*[-\u2010-\u2015:=|]\s*|\s*\(\s*)(\d)\)?")
# "Level 3", "L3".
_LEVEL_AND_NUMBER = re.compile(
    r"(?:level|lvl|lv|l|stufe|niveau|nivel|nível|livello|poziom|уровень|tingkat|レベル|级别|等级|等級)\s*[-:.]?\s*(\d)",
    re.IGNORECASE,
)
# Stars, dots or bars, the full ones first: those of five tell a level, and those with empty ones of how many they are.
_STARS = re.compile("([★⭐]*)(☆*)|([●⬤◉]*)([○◯]*)|([■▰█]*)([□▱░]*)")
_DIGIT_AND_SIGN = re.compile(r"[-:.#]\s*\d|\d\s*[-+*]")
_LONGEST_WORD = 30
_FEWEST_CELLS, _FEWEST_PHRASES = 2, 2
"""A phrase of the author's own stands beside its number in so many cells; a scale has so many of them."""
NOT_HELD = "none"
"""What a word is told to mean if it says that somebody does not have the skill: `--levels "o=none"`."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a text was read as. `is_converted` tells that it was not simply a number, `is_tick` that it says only that
    the person has the skill, `is_not_held` that they do not have it.
    """

    value: int | None
    is_converted: bool = False
    is_tick: bool = False
    is_not_held: bool = False


_DOES_NOT_HAVE_IT = Level(None, is_not_held=True)


@dataclass(frozen=True, slots=True)
class LevelScale:
    """The words for levels that somebody gave numbers to, folded; a percentage is a word like any other.

    None in place of a number tells that whoever has this word does not have the skill. `phrases` are the author's own
    that stand beside the same number throughout the sheet.
    """

    words: Mapping[str, int | None] = field(default_factory=dict)
    phrases: Mapping[str, int] = field(default_factory=dict)
    _known: dict[str, "Level | CellError"] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What each text was read as: a sheet is looked at before its cells are taken, and no text is read twice."""

    def __str__(self) -> str:
        pairs = sorted(self.words.items(), key=lambda pair: -1 if pair[1] is None else pair[1])
        return ", ".join(f"{word} = {NOT_HELD if level is None else level}" for word, level in pairs)

    def over(self, other: "LevelScale") -> "LevelScale":
        """This scale, and the other one for what this one does not say."""
        return replace(self, words={**other.words, **self.words})

    def among(self, texts: Iterable[str]) -> "LevelScale":
        """The words of this scale that stand among these texts; 0, where one of them begins or ends with it."""
        longest = max(map(len, self.words), default=0) + 3
        short = {text for text in texts if 0 < len(trim(text)) <= longest} if self.words else set()
        there = {_word(unicodedata.normalize("NFKC", trim(text))) for text in short}
        if any("0" in (trim(text)[:1], trim(text)[-1:]) for text in short):
            there.add("0")
        return replace(self, words={word: level for word, level in self.words.items() if word in there})

    def without(self, *words: str) -> "LevelScale":
        """The same scale, which does not say what these words mean."""
        return replace(self, words={word: level for word, level in self.words.items() if word not in words})

    @property
    def tells_zero(self) -> bool:
        """Whether somebody has told what 0 means."""
        return 0 in self.words.values()

    def with_phrases_of(self, counts: Mapping[str, int]) -> "LevelScale":
        """The same scale with the phrases that stand beside one number throughout these texts, which has no other.

        Shapes: `counts` gives for each distinct text of the sheet's levels the number of its cells.
        """
        numbers: dict[str, set[int]] = defaultdict(set)
        phrases: dict[int, set[str]] = defaultdict(set)
        cells: dict[str, int] = defaultdict(int)
        for text, count in counts.items():
            typed = unicodedata.normalize("NFKC", trim(text))
            pair = _number_and_phrase(typed)
            if typed.isdecimal() and len(typed) == 1:
                phrases[int(typed)].add("")
            elif pair and not is_for_a_level(pair[1]):
                number, phrase = pair[0], _word(pair[1])
                numbers[phrase].add(number)
                phrases[number].add(phrase)
                cells[phrase] += count
        own = {
            phrase: min(some)
            for phrase, some in numbers.items()
            if len(some) == 1
            and len(phrases[min(some)]) == 1
            and cells[phrase] >= _FEWEST_CELLS
            and not tells_something_else(phrase)
        }
        return replace(self, phrases=own) if len(own) >= _FEWEST_PHRASES else self

    def read(self, text: str) -> Level | CellError:
        """The level that this text is. Bounds are not checked here: pandera does that on the typed column.

        The word `remove` is no level: it says what becomes of the record.
        """
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._read(text)
        return known

    def _read(self, text: str) -> "Level | CellError":
        typed = unicodedata.normalize("NFKC", trim(text))
        if not typed:
            return Level(None)
        word = _word(typed)
        if word in self.words:
            return _as_told(self.words[word])
        if is_nothing(typed) or is_no_value(typed) or is_removal(typed):
            return Level(None)
        if is_not_held(typed):
            return _DOES_NOT_HAVE_IT
        if _LONG_DECIMAL.fullmatch(typed):
            typed = f"{float(typed):.{_EXCEL_DIGITS}g}"
        whole = _POINT_ZERO.fullmatch(typed) or _COMMA_ZERO.fullmatch(typed)
        digits = whole.group(1) if whole else typed
        if _WHOLE.fullmatch(digits) and len(digits) <= _DIGITS:
            return self._number(int(digits), is_converted=False)
        return self._converted(typed, text)

    def _number(self, number: int, *, is_converted: bool = True) -> Level:
        """A number as it stands, or as somebody said what it means."""
        told = str(number)
        return _as_told(self.words[told]) if told in self.words else Level(number, is_converted=is_converted)

    def _converted(self, typed: str, text: str) -> Level | CellError:
        dated = date_error(text)
        if dated:
            return dated
        share = _share(typed)
        if share:
            return _of(*share, text)
        labelled = _LEVEL_AND_NUMBER.fullmatch(typed)
        if labelled:
            return self._number(int(labelled.group(1)))
        pair = _number_and_phrase(typed)
        if pair:
            return self._number_beside(*pair, text)
        if plain(typed) in TICKS:
            return Level(1, is_converted=True, is_tick=True)
        return self._fault(typed, text)

    def _number_beside(self, number: int, phrase: str, text: str) -> Level | CellError:
        """A number with words beside it, if these are words for levels or the number has been told."""
        word = _word(phrase)
        told = self.words.get(word)
        if told is not None and told != number and str(number) not in self.words:
            return about_levels.two_levels(text, number, phrase, told)
        is_named = word in self.words or str(number) in self.words
        if is_named or self.phrases.get(word) == number or is_for_a_level(phrase):
            return self._number(number)
        return about_levels.number_beside_words(text, number)

    def _fault(self, typed: str, text: str) -> CellError:
        if _PERCENT.fullmatch(typed) or _DECIMAL.fullmatch(typed):
            return about_levels.percentage(text) if typed.endswith("%") else about_levels.not_whole(text)
        if self.words or not any(letter.isalpha() for letter in typed):
            return about_levels.not_a_known_word(text, self.words)
        return about_levels.not_a_level(text)


NUMBERS = LevelScale()
"""The scale of those who write numbers."""


def _of(number: int, most: int, text: str) -> Level | CellError:
    if most == HIGHEST and number <= most:
        return Level(number, is_converted=True)
    return about_levels.other_scale(text, most)


def _share(typed: str) -> tuple[int, int] | None:
    """How many of how many: `3/5`, or stars and dots of which some are full. None for another text."""
    number = _OF.fullmatch(typed)
    if number:
        return int(number.group(1)), int(number.group(2))
    match = _STARS.fullmatch(plain(typed))
    if match is None:
        return None
    full, empty = (len("".join(filter(None, match.groups()[at::2]))) for at in (0, 1))
    return (full, full + empty) if full + empty == HIGHEST or (full and empty) else None


def _as_told(level: int | None) -> Level:
    """A word or number as somebody said what it means."""
    return _DOES_NOT_HAVE_IT if level is None else Level(level, is_converted=True)


def may_be_word(text: str) -> bool:
    """Whether this can stand for a level once somebody says for which: a word, a letter or a sign, no sentence."""
    typed = trim(text)
    is_word = 0 < len(typed) <= _LONGEST_WORD and not any(map(str.isdigit, typed)) and "#" not in typed
    return is_word or bool(scale_of([typed]))


def is_percentage(text: str) -> bool:
    """Whether this is a number of percent."""
    return bool(_PERCENT.fullmatch(unicodedata.normalize("NFKC", trim(text))))


def is_near_level(text: str) -> bool:
    """Whether somebody may have meant a level where none can be read: one digit with words or a sign beside it."""
    typed = unicodedata.normalize("NFKC", trim(text))
    return bool(_DIGIT_AND_SIGN.fullmatch(typed)) or _number_and_phrase(typed) is not None


def _number_and_phrase(typed: str) -> tuple[int, str] | None:
    """The one digit of a text and the words beside it; None for any other text."""
    first = _NUMBER_FIRST.fullmatch(typed)
    if first:
        return int(first.group(1)), first.group(2).strip()
    last = _WORD_FIRST.fullmatch(typed)
    return (int(last.group(2)), last.group(1).strip()) if last else None


def _word(text: str) -> str:
    """A word as it is looked up: 0.6 in a cell that shows 60% is that word, too."""
    folded = plain(text).rstrip(".")
    if re.fullmatch(r"0?\.\d+|1\.0+|0\.0+", folded):
        return f"{float(folded) * 100:g}%"
    return re.sub(r"\s*%$", "%", folded)


def parse_scale(text: str) -> LevelScale:
    """The scale that `Beginner=1, Expert=5` tells; `o=none` tells that `o` says that somebody does not have the skill.

    Raises: Usage for anything else.
    """
    pairs = [part.rsplit("=", 1) for part in text.split(",") if part.strip()]
    words: dict[str, int | None] = {}
    for pair in pairs:
        level = pair[-1].strip()
        is_none = level.lower() == NOT_HELD
        if len(pair) != 2 or not pair[0].strip() or not (is_none or (level.isdecimal() and int(level) <= HIGHEST)):
            raise about_levels.word_without_level("=".join(pair).strip())
        words[_word(pair[0])] = None if is_none else int(level)
    return LevelScale(words)


def can_be_told(text: str) -> bool:
    """Whether a person can say which level this is, in the way that `parse_scale` reads."""
    return bool(text.strip()) and not any(each in text for each in ",=")


def scale_of_pairs(pairs: Iterable[tuple[str, int | None]]) -> LevelScale:
    """The scale in which these words have these numbers; None says that whoever has a word does not have the skill."""
    return LevelScale({_word(word): number for word, number in pairs})


def scale_of_rows(rows: Iterable[Iterable[str]]) -> LevelScale | None:
    """The scale that a sheet of words and numbers side by side tells; None if it tells none."""
    words: dict[str, int | None] = {}
    for row in rows:
        cells = [trim(text) for text in row if trim(text)]
        numbers = [text for text in cells[:2] if text.isdecimal() and int(text) <= HIGHEST]
        others = [text for text in cells[:2] if text not in numbers]
        if len(numbers) == 1 and len(others) == 1:
            words[_word(others[0])] = int(numbers[0])
    return LevelScale(words) if len(words) > 1 else None


def excel_date_error(text: str) -> CellError:
    """The fault of a level that Excel made a date; it names what may have been typed."""
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return about_levels.became_a_date(text)
    if day.year == 1900 and day.month == 1 and day.day <= 10:
        return about_levels.shown_as_a_date(day.day, f"{day:%Y-%m-%d}")
    return about_levels.level_became_a_date(f"{day:%Y-%m-%d}", day.day, day.month)
