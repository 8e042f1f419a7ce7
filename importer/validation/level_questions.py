"""When what stands in the place of levels is a question for the whole sheet, and which line answers it: words without
numbers, percentages, numbers above the highest level. Asks no account.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importer.errors import Ambiguous, LevelWord
from importer.messages import about_levels
from importer.validation.cell import CellError
from importer.validation.level import HIGHEST, Level, is_percentage, may_be_word
from importer.validation.level_words import LEVELS, SCALES, SIGNS, plain, scale_of
from importer.validation.parsed_table import LevelText, ParsedTable

_FEWEST_CELLS, _FEWEST_WORDS, _MOST_WORDS, _MOST_NUMBERS = 3, 2, 15, 101
_SHARE = 5
"""Of so many numbers one must be too high, so that all of them are on another scale."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Texts of one kind that have no level, with the number of their cells, in the order of their levels."""

    counts: Mapping[str, int]
    levels: Mapping[str, int]
    """Which level each would have, as far as that is well known."""

    @property
    def cells(self) -> int:
        return sum(self.counts.values())

    @property
    def line(self) -> str:
        """What to copy: each text with its level, or with a question mark."""
        return ",".join(f"{text}={self.levels.get(text, '?')}" for text in self.counts)


def level_question(parsed: ParsedTable) -> Ambiguous | None:
    """What a person must say, where most of what stands in the place of levels cannot be read; a few texts are problems
    at their cells.
    """
    texts = parsed.level_texts
    levels = sum(each.count for each in texts if isinstance(each.read, Level) and each.read.value is not None)
    words = _words(texts)
    if _are_levels(words, levels):
        return _asked(parsed, words, about_levels.words_without_scale(words.counts, words.line))
    own = _words_of_columns(parsed, words)
    if own.counts:
        return _asked(parsed, own, about_levels.words_without_scale(own.counts, own.line))
    shares = _percentages(texts)
    if shares.cells >= _FEWEST_CELLS and shares.cells > levels:
        return _asked(parsed, shares, about_levels.percentages(shares.counts, shares.line))
    numbers = _numbers(_of_hundred(parsed, texts))
    above = [count for text, count in numbers.counts.items() if int(text) > HIGHEST]
    is_on_another = len(above) >= _FEWEST_WORDS and sum(above) >= max(_FEWEST_CELLS, numbers.cells / _SHARE)
    if is_on_another and len(numbers.counts) <= _MOST_NUMBERS:
        return _asked(parsed, numbers, about_levels.numbers_above(numbers.counts, numbers.line))
    return None


def _asked(parsed: ParsedTable, found: _Found, question: Ambiguous) -> Ambiguous:
    """The question at its place, with the line that answers it where that is complete."""
    choices = () if "?" in found.line else (found.line,)
    words = (LevelWord(text, cells, str(found.levels.get(text, ""))) for text, cells in found.counts.items())
    return question.offering("levels", choices).with_likely_first().about(*words).at(parsed.table.source.place)


def _are_levels(words: _Found, levels: int) -> bool:
    """Whether these words stand for levels, beside so many cells with one."""
    counts = words.counts
    if not _FEWEST_WORDS <= len(counts) <= _MOST_WORDS or words.cells < max(_FEWEST_CELLS, levels + 1):
        return False
    others = [word for word in counts if plain(word) not in LEVELS]
    are_known = not others or bool(scale_of(others))
    # Where nothing else is a level, it is enough that one of them comes again, unless some may be remarks: "on leave".
    are_alone = not levels and not any(" " in word for word in others)
    are_repeated = words.cells >= len(counts) * 2 or (are_alone and words.cells > len(counts))
    return (are_known or are_repeated) and not any(each in "".join(counts) for each in ',="')


def _words_of_columns(parsed: ParsedTable, words: _Found) -> _Found:
    """The words of those columns of a matrix that hold words in place of levels, while others hold numbers."""
    name = parsed.table.first_telling("level")
    if name is None or not parsed.table.is_matrix or words.cells < _FEWEST_CELLS:
        return _Found({}, {})
    columns: dict[tuple[int, int | None], Counter[str]] = defaultdict(Counter)
    for ref, text in zip(parsed.table.refs, parsed.table.texts(name), strict=True):
        columns[ref.sheet, ref.column][text.strip()] += 1
    found: Counter[str] = Counter()
    for counts in columns.values():
        here = Counter({text: count for text, count in counts.items() if text in words.counts})
        if _are_a_columns_levels(here, counts.total()):
            found += here
    some = [each for each in parsed.level_texts if each.text in found]
    return _words([replace(each, count=found[each.text]) for each in some])


def _are_a_columns_levels(words: Counter[str], cells: int) -> bool:
    """Whether these are the levels of a column with so many filled cells: two in three are words, and most of these are
    known as levels, or stand there again and again.
    """
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or words.total() < max(_FEWEST_CELLS, cells * 2 / 3):
        return False
    known = sum(plain(word) in LEVELS for word in words)
    is_of_words = known * 2 > len(words) or words.total() >= len(words) * 2
    return is_of_words and not any(each in "".join(words) for each in ',="')


def _words(texts: Sequence[LevelText]) -> _Found:
    """The words that have no number; a tick is one of them where it ends a scale with others."""
    words = [each for each in texts if isinstance(each.read, CellError) and may_be_word(each.text)]
    scale = scale_of(each.text for each in words) if words else ()
    ticks = [each for each in texts if isinstance(each.read, Level) and each.read.is_tick and plain(each.text) in scale]
    some = sorted((*words, *ticks), key=lambda each: (_rank(each.text), each.text))
    steps = [word for word in scale if word != "none"]
    levels = {
        each.text: round(1 + steps.index(plain(each.text)) * (HIGHEST - 1) / (len(steps) - 1))
        for each in some
        if plain(each.text) in steps
    }
    return _Found({each.text: each.count for each in some}, levels)


def _of_hundred(parsed: ParsedTable, texts: Sequence[LevelText]) -> Sequence[LevelText]:
    """The texts without the levels of those columns of a matrix that have no number above the highest level, where
    others count up to 100: these are two scales.
    """
    name = parsed.table.first_telling("level")
    numbers = {each.text: int(each.text) for each in texts if each.text.isdecimal()}
    if name is None or not parsed.table.is_matrix or max(numbers.values(), default=0) <= HIGHEST * 2:
        return texts
    columns: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    for ref, text in zip(parsed.table.refs, parsed.table.texts(name), strict=True):
        columns[ref.sheet, ref.column].add(text.strip())
    above = [some for some in columns.values() if any(numbers.get(text, 0) > HIGHEST for text in some)]
    there = set[str]().union(*above)
    levels = set[str]().union(*(some for some in columns.values() if some not in above))
    return texts if (there & levels & numbers.keys()) else [each for each in texts if each.text in there]


def _percentages(texts: Sequence[LevelText]) -> _Found:
    some = [each for each in texts if isinstance(each.read, CellError) and is_percentage(each.text)]
    shares = {each.text: float(each.text.rstrip("% ").replace(",", ".")) for each in some}
    return _on_scale({each.text: each.count for each in some}, shares, 100)


def _numbers(texts: Sequence[LevelText]) -> _Found:
    """The numbers above zero of which nobody has told what they mean."""
    plain_ones = (each for each in texts if isinstance(each.read, Level) and not each.read.is_converted)
    some = [each for each in plain_ones if each.text.isdecimal() and int(each.text) > 0]
    values = {each.text: float(each.text) for each in some}
    return _on_scale(
        {each.text: each.count for each in some}, values, 10 if max(values.values(), default=0) <= 10 else 100
    )


def _on_scale(counts: Mapping[str, int], values: Mapping[str, float], highest: int) -> _Found:
    """Values up to this one, each with the level that it would be if the scale were drawn over ours."""
    ordered = {text: counts[text] for text in sorted(counts, key=values.__getitem__)}
    step = highest / HIGHEST
    levels = {text: -int(-value // step) for text, value in values.items() if 0 < value <= highest}
    return _Found(ordered, levels)


def _rank(word: str) -> int:
    """Where a word stands in the first scale that has it."""
    return next((scale.index(plain(word)) for scale in (*SCALES, *SIGNS) if plain(word) in scale), HIGHEST + 1)
