"""How well, as people write it: 3, "3/5", "3 - Advanced", a word that somebody has given a number, a tick.

Knows texts, and neither rows nor skills. Nothing is rounded, and no word has a number that nobody gave it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from importer.messages import about_levels
from importer.text import fold, trim
from importer.validation.cell import CellError, is_nothing, is_removal
from importer.validation.date import date_error

HIGHEST = 5
"""Levels go from 1 to 5, and 0 is none. Source: API reference 1.0.0, skill_memberships; help centre, Skills."""

_DIGITS = 18
_WHOLE = re.compile(r"[+-]?\d+")
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
_COMMA_ZERO = re.compile(r"(\d),0{1,2}")
_OF = re.compile(r"(\d+)\s*(?:/|of|out of|von|sur|de)\s*(\d+)", re.IGNORECASE)
_PERCENT = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
# "3 - Advanced", "3: Advanced", "3 (Advanced)", "Level 3", "L3": one digit, and no other number in the words.
_NUMBER_FIRST = re.compile(r"(\d)\s*(?:[-\u2010-\u2015:=.|]\s*|\(\s*)([^\d]+?)\)?")
_NUMBER_LAST = re.compile(r"(?:level|lvl|lv|l|stufe|niveau|nivel)?\s*[-:.#]?\s*(\d)", re.IGNORECASE)
_WORD_FIRST = re.compile(r"([^\d]+?)\s*(?:[-\u2010-\u2015:=|]\s*|\(\s*)(\d)\)?")
_TICKS = frozenset({"x", "\u2713", "\u2714", "\u2611", "yes", "y", "true", "\u2022", "\u25cf", "\u2612", "\u2705"})


@dataclass(frozen=True, slots=True)
class Level:
    """What a text was read as. `is_converted` tells that it was not simply a number, `is_tick` that it says only that
    the person has the skill.
    """

    value: int | None
    is_converted: bool = False
    is_tick: bool = False


@dataclass(frozen=True, slots=True)
class LevelScale:
    """The words for levels that somebody gave numbers to, folded; a percentage is a word like any other."""

    words: Mapping[str, int] = field(default_factory=dict)
    _known: dict[str, "Level | CellError"] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What each text was read as: a sheet is looked at before its cells are taken, and no text is read twice."""

    def __str__(self) -> str:
        return ", ".join(f"{word} = {level}" for word, level in sorted(self.words.items(), key=lambda pair: pair[1]))

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
        if not typed or is_nothing(typed) or is_removal(typed):
            return Level(None)
        told = self.words.get(_word(typed))
        if told is not None:
            return Level(told, is_converted=True)
        whole = _POINT_ZERO.fullmatch(typed) or _COMMA_ZERO.fullmatch(typed)
        digits = whole.group(1) if whole else typed
        if _WHOLE.fullmatch(digits) and len(digits) <= _DIGITS:
            return Level(int(digits))
        return self._converted(typed, text)

    def _converted(self, typed: str, text: str) -> Level | CellError:
        dated = date_error(text)
        if dated:
            return dated
        share = _OF.fullmatch(typed)
        if share:
            return _of(int(share.group(1)), int(share.group(2)), text)
        first, last = _NUMBER_FIRST.fullmatch(typed), _WORD_FIRST.fullmatch(typed)
        if first or last:
            number, word = (first.group(1), first.group(2)) if first else (last.group(2), last.group(1))  # type: ignore[union-attr]
            return self._number_and_word(int(number), word, text)
        named = _NUMBER_LAST.fullmatch(typed)
        if named:
            return Level(int(named.group(1)), is_converted=True)
        if fold(typed) in _TICKS:
            return Level(1, is_converted=True, is_tick=True)
        return self._fault(typed, text)

    def _number_and_word(self, number: int, word: str, text: str) -> Level | CellError:
        told = self.words.get(_word(word), number)
        if told != number:
            return about_levels.two_levels(text, number, word.strip(), told)
        return Level(number, is_converted=True)

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


def _word(text: str) -> str:
    """A word as it is looked up: 0.6 in a cell that shows 60% is that word, too."""
    folded = fold(text).rstrip(".")
    if re.fullmatch(r"0?\.\d+|1\.0+|0\.0+", folded):
        return f"{float(folded) * 100:g}%"
    return re.sub(r"\s*%$", "%", folded)


def parse_scale(text: str) -> LevelScale:
    """The scale that `Beginner=1, Expert=5` tells.

    Raises: Usage for anything else.
    """
    pairs = [part.rsplit("=", 1) for part in text.split(",") if part.strip()]
    words: dict[str, int] = {}
    for pair in pairs:
        level = pair[-1].strip()
        if len(pair) != 2 or not pair[0].strip() or not level.isdecimal() or int(level) > HIGHEST:
            raise about_levels.word_without_level("=".join(pair).strip())
        words[_word(pair[0])] = int(level)
    return LevelScale(words)


def scale_of_rows(rows: Iterable[Iterable[str]]) -> LevelScale | None:
    """The scale that a sheet of words and numbers side by side tells; None if it tells none."""
    words: dict[str, int] = {}
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
