"""What is seen of an account and a quarter's sheet, over many seeds: quiet on what is honest, not on an accident."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.model import Mode
from importer.sync.anomalies.level_arrays import at_least, at_most
from importer.table import Arrangement
from tests.anomalies import world
from tests.anomalies.world import Quarter

SEEDS = 300


@pytest.mark.parametrize("mode", [None, Mode.MIRROR])
def test_an_honest_quarter_is_not_nagged(mode: Mode | None) -> None:
    quarters = (world.honest(Random(seed)) for seed in range(SEEDS))

    nagged = {
        seed: codes
        for seed, quarter in enumerate(quarters)
        if (codes := (quarter if mode is None else replace(quarter, mode=mode)).codes())
    }

    assert nagged == {}


def test_a_list_of_the_changes_alone_is_nagged_in_less_than_one_of_a_hundred() -> None:
    nagged = [seed for seed in range(SEEDS) if world.changes_only(Random(seed)).codes()]

    assert len(nagged) < SEEDS / 100


def test_a_small_team_that_did_well_is_not_nagged() -> None:
    for seed in range(SEEDS):
        random = Random(seed)
        held, who, what = world.account(random, random.randint(2, 8), random.randint(1, 6), 0.9)
        sheet = {cell: min(5, level + (random.random() < 0.4)) for cell, level in held.items()}
        assert Quarter(held, sheet, tuple(who), tuple(what)).codes() == [], seed


ACCIDENTS: dict[str, tuple[Callable[[Quarter, Random], Quarter], str]] = {
    "one higher": (world.shift(1), "shifted"),
    "one lower": (world.shift(-1), "shifted"),
    "two higher": (world.shift(2), "shifted"),
    "turned round": (world.invert, "inverted"),
    "pasted a row lower": (world.row_off(1), "scrambled"),
    "pasted a row higher": (world.row_off(-1), "scrambled"),
    "people sorted by themselves": (world.sort_people, "scrambled"),
    "a column pasted a row lower": (world.column_off, "scrambled"),
    "a column sorted by itself": (world.sort_column, "scrambled"),
}


@pytest.mark.parametrize("name", ACCIDENTS)
@pytest.mark.parametrize("arrangement", Arrangement)
def test_an_accident_in_a_good_quarters_sheet_is_seen(name: str, arrangement: Arrangement) -> None:
    if arrangement is Arrangement.ROWS and name == "a column pasted a row lower":
        return  # a list has one column of levels
    happen, code = ACCIDENTS[name]
    seen = 0
    for seed in range(40):
        random = Random(seed)
        held, who, what = world.account(random, 40, 12, 0.95)
        sheet = {cell: min(5, level + (random.random() < 0.12)) for cell, level in held.items()}
        seen += happen(Quarter(held, sheet, tuple(who), tuple(what), arrangement), random).codes() == [code]

    assert seen >= 37


@pytest.mark.parametrize("name", ["one higher", "one lower", "turned round", "pasted a row lower"])
def test_an_accident_in_a_small_teams_sheet_is_seen(name: str) -> None:
    happen, code = ACCIDENTS[name]
    seen = 0
    for seed in range(40):
        random = Random(seed)
        held, who, what = world.account(random, 7, 6, 1.0)
        seen += happen(Quarter(held, held, tuple(who), tuple(what)), random).codes() == [code]

    assert seen >= 38


def team(people: int = 20, skills: int = 10) -> Quarter:
    random = Random(3)
    held, who, what = world.account(random, people, skills, 1.0)
    held = {cell: random.randint(1, 5) for cell in held}
    return Quarter(held, held, tuple(who), tuple(what))


def test_rows_that_are_off_from_the_middle_on_are_told_from_where() -> None:
    whole = team()
    moved = world.row_off(1)(whole, Random(0)).sheet
    lower = set(whole.people[10:])
    sheet = {cell: moved[cell] if cell[0] in lower else level for cell, level in whole.sheet.items()}

    (found,) = replace(whole, sheet=sheet).accidents()

    assert found.code == "scrambled"
    assert "The levels in rows 15 to 24 match the account in " in found.message
    assert found.message.endswith("of 100 cells, but would match in 100 if they stood one row higher.")


def test_rows_that_are_off_are_seen_where_few_cells_are_filled_and_nearly_all_of_them_are_new() -> None:
    random = Random(1)
    held, who, what = world.account(random, 300, 150, 0.03)
    whole = Quarter(held, held, tuple(who), tuple(what))

    (found,) = world.row_off(1)(whole, random).accidents()

    assert whole.codes() == []
    assert replace(whole, held=dict.fromkeys(((person, 9999) for person in who), 3)).codes() == []
    assert found.message.endswith("of 186 cells, but would match in 186 if they stood one row higher.")


def test_levels_that_are_a_column_off_are_told_which_way() -> None:
    whole = team()
    at = {skill: number for number, skill in enumerate(whole.skills)}
    sheet = {
        (person, skill): whole.held[person, whole.skills[at[skill] + 1]]
        for person, skill in whole.sheet
        if at[skill] + 1 < len(at)
    }

    (found,) = replace(whole, sheet=sheet).accidents()

    assert found.message.endswith("of 160 cells, but would match in 160 if they stood one column further right.")


def test_several_columns_that_are_sorted_by_themselves_are_named_together() -> None:
    whole = team()
    sheet = dict(whole.sheet)
    for skill in whole.skills[2:4]:
        levels = sorted(whole.sheet[person, skill] for person in whole.people)
        sheet |= {(person, skill): level for person, level in zip(whole.people, levels, strict=True)}

    (found,) = replace(whole, sheet=sheet).accidents()

    assert found.message.startswith(f'The levels of column "S{whole.skills[2]}" match the account in ')
    assert found.message.endswith(f'as these are. The same is true of "S{whole.skills[3]}".')


def test_one_person_who_would_lose_most_in_mirror_is_named_with_the_numbers() -> None:
    whole = replace(team(), mode=Mode.MIRROR)
    person = whole.people[4]
    sheet = {cell: level for cell, level in whole.sheet.items() if cell[0] != person or cell[1] <= whole.skills[1]}

    (found,) = replace(whole, sheet=sheet).accidents()

    assert found.code == "lost-skills"
    assert found.message == (
        "1 person would lose most of the skills that they have in the account (8 removed): "
        f"P{person} 8 of 10."
    )  # fmt: skip


def test_most_people_losing_most_is_left_to_the_limit_of_removals() -> None:
    whole = replace(team(), mode=Mode.MIRROR)
    sheet = {cell: level for cell, level in whole.sheet.items() if cell[1] <= whole.skills[1]}

    assert replace(whole, sheet=sheet).codes() == []


def test_levels_of_everybody_that_all_become_1_are_lost() -> None:
    whole = team()

    assert replace(whole, sheet=dict.fromkeys(whole.sheet, 1)).codes() == ["lost-skills"]


def test_a_sheet_that_changes_nothing_and_one_of_new_people_show_nothing() -> None:
    whole = team()

    assert whole.codes() == []
    assert replace(whole, held={}).codes() == []


def test_a_skill_without_levels_says_nothing_of_those_that_have_some() -> None:
    whole = team()
    without = {(person, 7000 + at): 1 for person in whole.people for at in range(30)}
    held, sheet = {**whole.held, **without}, {**world.invert(whole, Random(0)).sheet, **without}

    found = replace(whole, held=held, sheet=sheet, skills=(*whole.skills, *range(7000, 7030)))

    assert found.codes() == ["inverted"]


@given(st.integers(1, 10_000), st.data())
def test_what_a_sample_shows_for_certain_lies_around_its_share_and_closer_the_larger_it_is(
    of: int, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(0, of))

    low, high = at_least(hits, of), at_most(hits, of)

    assert -1e-9 <= low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= high <= 1 + 1e-9
    assert at_least(hits * 4, of * 4) >= low - 1e-9
    assert at_most(hits * 4, of * 4) <= high + 1e-9
