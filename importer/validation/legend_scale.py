"""What the numbers and words of a legend are worth in Kantata, or why only a person can say so. Knows no sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from importer.messages import about_levels
from importer.validation.level import HIGHEST, LevelScale, scale_of_pairs
from importer.validation.level_words import LEVELS, SCALES, is_none_at_all, plain

_NOT_SET = frozenset({"not set", "not rated", "unrated", "not assessed", "n/a", "unknown"})


@dataclass(frozen=True, slots=True)
class LegendScale:
    """The scale that a legend tells, and what is to be said of it."""

    scale: LevelScale
    notes: tuple[str, ...]


def scale_of_legend(names: Mapping[int, str], place: str) -> LegendScale:
    """The scale of a legend, which calls each of these numbers by a word.

    Raises: Ambiguous where it ends above the highest level, or its lowest number is the best.
    """
    numbers = [number for number in names if number > 0]
    if max(numbers) > HIGHEST:
        line = _line(names, {number: _stretched(number, max(numbers)) for number in numbers})
        question = about_levels.legend_ends_elsewhere(place, max(numbers), line)
        raise question.offering("levels", (line,)).with_likely_first()
    if _is_turned([names[number] for number in numbers]):
        line = _line(names, {number: max(numbers) + 1 - number for number in numbers})
        said = (names[numbers[0]], numbers[0], names[numbers[-1]], numbers[-1])
        question = about_levels.legend_is_turned(place, *said, line)
        raise question.offering("levels", (line,)).with_likely_first()
    pairs: list[tuple[str, int | None]] = [(names[number], number) for number in numbers]
    zero = names.get(0, "")
    if is_none_at_all(zero):
        pairs += [("0", None), (zero, None)]
    elif plain(zero) in _NOT_SET:
        pairs += [("0", 0), (zero, 0)]
    told = ", ".join(f"{word} = {number}" for number, word in sorted(names.items()))
    notes = [f"{place} says what levels mean: {told}."]
    if max(numbers) < HIGHEST:
        stretched = ",".join(f"{number}={_stretched(number, max(numbers))}" for number in numbers)
        notes.append(about_levels.ends_below(max(numbers), stretched))
    return LegendScale(scale_of_pairs(pairs), tuple(notes))


def _is_turned(words: Sequence[str]) -> bool:
    """Whether the words go from the best to the worst, as far as they are well known."""
    ranks = [rank for word in words if (rank := _rank(word)) is not None]
    return len(ranks) > 1 and all(after < before for before, after in pairwise(ranks))


def _rank(word: str) -> float | None:
    """How far up its well-known scale a word stands, from 0 to 1."""
    folded = plain(word)
    found = next((scale for scale in SCALES if folded in scale), None) if folded in LEVELS else None
    return None if found is None else found.index(folded) / len(found)


def _stretched(number: int, highest: int) -> int:
    """The level that a number of a longer or shorter scale would be if it were drawn over ours."""
    if highest > HIGHEST:
        return -(-number * HIGHEST // highest)
    return HIGHEST if highest == 1 else round(1 + (number - 1) * (HIGHEST - 1) / (highest - 1))


def _line(names: Mapping[int, str], levels: Mapping[int, int]) -> str:
    """What to copy: each number and each word with its level."""
    told = [(str(number), level) for number, level in levels.items()]
    told += [(names[number], level) for number, level in levels.items() if set(names[number]).isdisjoint(',="')]
    return ",".join(f"{text}={level}" for text, level in told)
