"""What is said of a whole file that looks like a mistake, though every row of it is right."""

from collections.abc import Sequence

from importer.messages.catalogue import Said, problem
from importer.remedies import Advice
from importer.text import count_of

_SHOWN = 5
_RIGHT_PERSON = Advice("Make sure that each level stands next to the right person.")


@problem("shifted", "All levels are higher or lower by the same number", 212, 40, 198, 1)
def shifted(levels: int, people: int, hits: int, by: int) -> Said:
    return (
        f"The account has {levels:,} levels for {people:,} people. In the file, {hits:,} of them are exactly {abs(by)} "
        f"{'higher' if by > 0 else 'lower'}.",
        Advice("Make sure that the file counts levels as Kantata does, from 1 to 5."),
    )


@problem("inverted", "The levels are turned round", 212, 40, 198, 5)
def inverted(levels: int, people: int, hits: int, highest: int) -> Said:
    return (
        f"The account has {levels:,} levels for {people:,} people. In the file, {hits:,} of them are turned round: "
        f"{highest} where the account has 1, and 1 where it has {highest}.",
        Advice("Make sure that the highest level is the best, as in Kantata."),
    )


@problem(
    "scrambled", "Levels stand with the wrong people",
    "The levels", (3, 40), (31, 198, 212), "cells", "if they stood one row lower", ["Python"],
)  # fmt: skip
def misaligned(
    what: str,
    rows: tuple[int, int] | None,
    counts: tuple[int, int, int],
    things: str,
    where: str,
    also: Sequence[str],
) -> Said:
    agree, would, compared = counts
    within = f" in rows {rows[0]:,} to {rows[1]:,}" if rows else ""
    names = ", ".join(f'"{each}"' for each in also[:_SHOWN])
    more = f" and {len(also) - _SHOWN:,} more" if len(also) > _SHOWN else ""
    others = f" The same is true of {names}{more}." if also else ""
    return (
        f"{what}{within} match the account in {agree:,} of {compared:,} {things}, but would match in {would:,} "
        f"{where}.{others}",
        _RIGHT_PERSON,
    )


@problem("scrambled", "Levels match no better than chance", 60, 212, 58.0)
def random_match(agree: int, compared: int, by_chance: float) -> Said:
    return (
        f"The file has the same levels as the account, but only {agree:,} of {compared:,} cells match. "
        f"If we shuffled the levels, {by_chance:,.0f} would match.",
        _RIGHT_PERSON,
    )


@problem("vanished-column", "A skill of the last file is missing", [("Python", 31)])
def column_missing(columns: Sequence[tuple[str, int]]) -> Said:
    told = ", ".join(f'"{heading}" ({count_of(count, "cell")})' for heading, count in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN:,} more" if len(columns) > _SHOWN else ""
    one = len(columns) == 1
    return (
        f"{'A column' if one else f'{len(columns):,} columns'} of skills that the file had when you last loaded it "
        f"{'is' if one else 'are'} now missing or empty: {told}{more}.",
        Advice("Make sure that you did not lose a column. What a missing one held stays in the account."),
    )


@problem("lost-skills", "People would lose most of their skills", [("Ana Silva", 9, 12)], 9, 0)
def mass_removal(people: Sequence[tuple[str, int, int]], removed: int, dropped: int) -> Said:
    ways = [f"{removed:,} removed"] if removed else []
    ways += [f"{dropped:,} down to level 0 or 1"] if dropped else []
    told = [f"{name} {lost:,} of {held:,}" for name, lost, held in people[:_SHOWN]]
    more = f" and {len(people) - _SHOWN:,} more" if len(people) > _SHOWN else ""
    who = count_of(len(people), "person", "people")
    return (
        f"{who} would lose most of the skills that they have in the account ({', '.join(ways)}): "
        f"{', '.join(told)}{more}.",
        Advice("Make sure that nothing is missing from their rows."),
    )
