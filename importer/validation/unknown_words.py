"""When words in the place of levels are a question for the whole sheet, and which line answers it. Asks no account."""

from collections.abc import Sequence

from importer.messages import about_levels
from importer.validation.level import HIGHEST
from importer.validation.level_words import LEVELS, SCALES, plain, scale_of
from importer.validation.parsed_table import ParsedTable

_FEWEST_CELLS, _FEWEST_WORDS, _MOST_WORDS = 3, 2, 15


def check_words(parsed: ParsedTable) -> None:
    """Make sure that words do not stand where most levels should be; a few among levels are problems at their cells.

    Raises: Ambiguous.
    """
    counts = dict(sorted(parsed.unknown_words, key=lambda pair: (_rank(pair[0]), pair[0])))
    cells = sum(counts.values())
    if not _FEWEST_WORDS <= len(counts) <= _MOST_WORDS or cells < _FEWEST_CELLS:
        return
    levels = int(parsed.values["level"].notna().sum())
    are_known = all(plain(word) in LEVELS for word in counts) or bool(scale_of(counts))
    if cells <= levels or not (are_known or cells >= len(counts) * 2) or any(each in "".join(counts) for each in ',="'):
        return
    line = _line(list(counts))
    question = about_levels.words_without_scale(counts, line)
    raise question.offering("levels", () if "?" in line else (line,)).at(parsed.table.source.place)


def _line(words: Sequence[str]) -> str:
    """What to copy: each word with its level where the order is well known, else with a question mark."""
    scale = scale_of(words)
    levels = {word: str(scale.index(plain(word)) + 1) if len(scale) == HIGHEST else "?" for word in words}
    return ",".join(f"{word}={level}" for word, level in levels.items())


def _rank(word: str) -> int:
    """Where a word stands in the first scale that has it."""
    return next((scale.index(plain(word)) for scale in SCALES if plain(word) in scale), HIGHEST + 1)
