"""What a person answered about reading a sheet, as values: which of it is written down, and which of it is used for the
next file. Knows no workbook and no account.

A word that says nothing by itself (`can`), and 0 in a matrix, mean the same in every sheet. All other answers count for
sheets with the same headings; whose or which a sheet is, only for the same file: the next one with these headings may
be another person's.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer.spreadsheet.write.alias_workbook import COLUMNS, LEVELS, Answer
from importer.text import fold, fold_header
from importer.validation.level import HIGHEST, NOT_HELD, NUMBERS, Level, LevelScale, parse_scale, scale_of_pairs

_SETTINGS: Mapping[str, str] = {
    "layout": "layout",
    "header_row": "header row",
    "sheets": "sheets",
    "people_column": "people column",
    "skill_columns": "skill columns",
    "fill_down": "fill down",
    "person": "person of the sheet",
    "skill": "skill of the sheet",
}
"""How the workbook names each option that tells how a sheet is read. None of them is the name of a field."""
_OF_ONE_FILE = frozenset({"person", "skill"})
_SEVERAL = frozenset({"sheets", "skill_columns"})
_OPTIONS = {name: option for option, name in _SETTINGS.items()}
_BETWEEN = " | "
_LONGEST = 4_000
ZERO = "0"

Rows = Mapping[str | None, Sequence[Sequence[str]]]
"""The first rows of each sheet, in which its headings may stand."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """A file as far as its answers depend on it: its name, the rows in which headings may stand, and all its texts."""

    file: str
    rows: Rows
    texts: Iterable[str]


@dataclass(frozen=True, slots=True)
class Recall:
    """What of the remembered answers is used for a file. `options` are those that were given, with the remembered ones;
    `told` are levels that count as if they had been given, `unknown` those of words that nothing else explains.
    """

    options: Mapping[str, Any]
    told: LevelScale = NUMBERS
    unknown: LevelScale = NUMBERS
    used: tuple[Answer, ...] = ()


def headings_of(texts: Iterable[str]) -> str:
    """The headings of a row as the workbook has them: `Name | COBOL | Rust`."""
    joined = _BETWEEN.join(" ".join(text.split()) for text in texts if text.strip())
    if len(joined) <= _LONGEST:
        return joined
    return f"{joined[:_LONGEST]} {hashlib.sha256(joined.encode()).hexdigest()[:16]}"


def given(options: Mapping[str, Any], headings: str, file: str, *, is_own_matrix: bool) -> tuple[Answer, ...]:
    """The answers in these options, with the headings for which they count; `is_own_matrix` tells that 0 is a question
    there.
    """
    levels = parse_scale(options["levels"]).words if options.get("levels") else {}
    everywhere = {word for word in levels if (is_own_matrix if word == ZERO else _says_nothing(word))}
    told = [
        Answer(LEVELS, word, _as_text(level), "" if word in everywhere else headings) for word, level in levels.items()
    ]
    if not headings:
        return tuple(each for each in told if each.says in everywhere)
    columns = [Answer(COLUMNS, heading, field, headings) for field, heading in options.get("columns", {}).items()]
    settings = [
        Answer(COLUMNS, _written(option, options[option]), name, _scope(option, headings, file))
        for option, name in _SETTINGS.items()
        if options.get(option)
    ]
    return (*told, *columns, *settings)


def not_known(answers: Iterable[Answer], known: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers that are not among those that are known."""
    there = {_folded(each) for each in known}
    return tuple(each for each in answers if _folded(each) not in there)


def recall(known: Iterable[Answer], options: Mapping[str, Any], sheets: Sheets) -> Recall:
    """What of the answers that are known is used for these sheets. What is said now, by `options`, counts first.

    Shapes: of several header rows that are known, the first in the file counts.
    """
    known = [each for each in known if each.sheet == COLUMNS or _level_of(each) is not None]
    now = parse_scale(options["levels"]).words if options.get("levels") else {}
    place = _known_row(known, sheets.rows)
    here = [] if place is None else [each for each in known if _counts_for(each, place.headings, sheets.file)]
    told = [each for each in here if each.sheet == LEVELS and fold(each.says) not in now]
    everywhere = [
        each
        for each in known
        if each.sheet == LEVELS and not each.headings and fold(each.says) not in {*now, *(fold(a.says) for a in told)}
    ]
    settings = [each for each in here if each.sheet == COLUMNS]
    completed = dict(options)
    used: list[Answer] = list(told)
    for each in settings:
        change = _change(each, completed, options, place, sheets)
        completed |= change
        if change:
            used.append(each)
    return Recall(completed, _scale(told), _scale(everywhere).among(sheets.texts), tuple(used))


def sheets_in(known: Iterable[Answer]) -> frozenset[str]:
    """The sheets that somebody has named."""
    named = (each.says for each in known if _OPTIONS.get(fold(each.means)) == "sheets")
    return frozenset(text.strip() for texts in named for text in texts.split(_BETWEEN.strip()))


def in_words(answers: Iterable[Answer]) -> str:
    """The answers as a person reads them: `can = 4, layout = matrix`."""
    return ", ".join(
        f"{each.means} = {each.says}" if fold(each.means) in _OPTIONS else f"{each.says} = {each.means}"
        for each in dict.fromkeys(answers)
    )


def levels_in(scale: LevelScale) -> tuple[Answer, ...]:
    """The words of a scale as answers."""
    return tuple(Answer(LEVELS, word, _as_text(level)) for word, level in scale.words.items())


@dataclass(frozen=True, slots=True)
class _Place:
    """A row whose headings are known."""

    row: int
    headings: str


def _known_row(known: Iterable[Answer], rows: Rows) -> _Place | None:
    wanted = {_key(each.headings.partition(_ONLY_IN)[0]) for each in known if each.headings}
    if not wanted:
        return None
    for texts in rows.values():
        for number, row in enumerate(texts, 1):
            headings = headings_of(row)
            if headings and _key(headings) in wanted:
                return _Place(number, headings)
    return None


_ONLY_IN = " (only in "


def _scope(option: str, headings: str, file: str) -> str:
    return f"{headings}{_ONLY_IN}{file})" if option in _OF_ONE_FILE else headings


def _counts_for(answer: Answer, headings: str, file: str) -> bool:
    return _key(answer.headings) in (_key(headings), _key(f"{headings}{_ONLY_IN}{file})"))


def _key(headings: str) -> tuple[str, ...]:
    return tuple(fold_header(text) for text in headings.split(_BETWEEN.strip()))


def _change(
    answer: Answer, completed: Mapping[str, Any], options: Mapping[str, Any], place: _Place | None, sheets: Sheets
) -> dict[str, Any]:
    """What an answer changes in the options; nothing where they say something themselves."""
    option = _OPTIONS.get(fold(answer.means))
    if option is None:
        is_said = answer.means in options.get("columns", {})
        return {} if is_said else {"columns": {**completed.get("columns", {}), answer.means: answer.says}}
    if options.get(option):
        return {}
    if option == "header_row":
        return {} if place is None else {option: place.row}
    if option == "fill_down":
        return {option: True}
    if option not in _SEVERAL:
        return {option: answer.says}
    several = tuple(text.strip() for text in answer.says.split(_BETWEEN.strip()))
    return {} if option == "sheets" and not set(several) <= sheets.rows.keys() else {option: several}


def _written(option: str, value: Any) -> str:
    if option == "fill_down":
        return "yes"
    return _BETWEEN.join(value) if option in _SEVERAL else str(value)


def _says_nothing(word: str) -> bool:
    """Whether nobody knows what this word means until it is told."""
    return not isinstance(NUMBERS.read(word), Level)


def _scale(answers: Iterable[Answer]) -> LevelScale:
    return scale_of_pairs((each.says, None if fold(each.means) == NOT_HELD else int(each.means)) for each in answers)


def _level_of(answer: Answer) -> str | None:
    """The level that an answer gives; None if it is none."""
    means = fold(answer.means)
    return means if means == NOT_HELD or (means.isascii() and means.isdecimal() and int(means) <= HIGHEST) else None


def _as_text(level: int | None) -> str:
    return NOT_HELD if level is None else str(level)


def _folded(answer: Answer) -> tuple[str, str, str, tuple[str, ...]]:
    return answer.sheet, fold(answer.says), fold(answer.means), _key(answer.headings)


def used_levels(unknown: LevelScale, read: Iterable[tuple[str, object]]) -> Iterator[Answer]:
    """Which of these words were read as they mean; `read` gives texts, each with what it was read as."""
    there = unknown.among(text for text, value in read if unknown.read(text) == value)
    yield from levels_in(there)
