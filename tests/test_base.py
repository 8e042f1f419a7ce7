"""A base knows what an account held, whatever that was, in few bytes, and says so where it does not know."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer import endpoints
from importer.base import UNKNOWN, Base, Held, base_of, base_of_levels
from importer.model import Key
from importer.number_packing import pack_ascending, pack_symbols, unpack_ascending, unpack_symbols
from importer.packed_base import pack_base, unpack_base

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
IDS = st.sampled_from(["1", "7", "12", "007", "9007199254740993", "4611686018427387904", "a b"])
KEYS = st.tuples(IDS, IDS)
LEVELS: st.SearchStrategy[Held] = st.one_of(st.none(), st.builds(lambda level: {"level": level}, st.integers(0, 5)))
RECORDS = st.dictionaries(KEYS, LEVELS, max_size=30)
SCOPES = st.one_of(
    st.none(),
    st.just({}),
    st.builds(lambda ids: {"user_id": frozenset(ids)}, st.sets(IDS)),
    st.builds(
        lambda users, skills: {"user_id": frozenset(users), "skill_id": frozenset(skills)}, st.sets(IDS), st.sets(IDS)
    ),
)


def base(records: Mapping[Key, Held], scope: Mapping[str, frozenset[str]] | None = None) -> Base:
    return base_of(endpoints.load("skill-memberships"), "account 1", NOON, records.items(), scope)


@given(records=RECORDS, scope=SCOPES, asked=st.lists(KEYS, max_size=20))
def test_a_base_that_was_packed_says_of_every_key_what_was_put_in(
    records: Mapping[Key, Held], scope: Mapping[str, frozenset[str]] | None, asked: list[Key]
) -> None:
    known = unpack_base(pack_base(base(records, scope)))

    for key, told in zip((*records, *asked), known.lookup([*records, *asked]), strict=True):
        is_covered = scope is not None and all(
            id_ in scope.get(name, {id_}) for name, id_ in zip(("user_id", "skill_id"), key, strict=True)
        )
        assert told == records.get(key, None if is_covered else UNKNOWN)
    assert dict(known.records()) == records
    assert known.time == NOON


@given(earlier=RECORDS, later=RECORDS, asked=st.lists(KEYS, max_size=10))
def test_what_a_later_base_knows_takes_the_place_of_what_an_earlier_one_did(
    earlier: Mapping[Key, Held], later: Mapping[Key, Held], asked: list[Key]
) -> None:
    overlaid = base(earlier, {}).overlaid(base(later))

    expected = {**earlier, **later}
    assert dict(overlaid.records()) == expected
    assert overlaid.lookup(asked) == [expected.get(key) for key in asked]


@given(records=RECORDS, users=st.sets(IDS), without=st.sets(KEYS))
def test_the_records_that_are_left_are_those_that_were_held_and_are_not_named(
    records: Mapping[Key, Held], users: set[str], without: set[Key]
) -> None:
    left = base(records).others(sorted(without), {"user_id": users})

    assert sorted(left) == sorted(
        key for key, held in records.items() if held is not None and key[0] in users and key not in without
    )


@given(levels=st.dictionaries(IDS, st.dictionaries(IDS, st.integers(0, 5))), others=st.sets(IDS))
def test_a_base_of_a_matrix_knows_each_cell_of_it_and_no_other(
    levels: dict[str, dict[str, int]], others: set[str]
) -> None:
    people, skills = sorted({*levels, *others}), sorted({id_ for theirs in levels.values() for id_ in theirs})
    known = base_of_levels(endpoints.load("skill-memberships"), "account 1", NOON, levels, (people, skills))

    cells = [(person, skill) for person in people for skill in skills]
    told = unpack_base(pack_base(known)).lookup(cells)
    expected = [levels.get(person, {}).get(skill) for person, skill in cells]
    assert told == [None if level is None else {"level": level} for level in expected]
    assert known.lookup([("nobody", "1"), ("1", "nothing")]) == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("endpoint", ["user-group-memberships", "organization-memberships"])
def test_a_record_without_values_is_there_or_not(endpoint: str) -> None:
    declared = endpoints.load(endpoint)
    here, gone = (tuple(f"{number}{at}" for at in range(len(declared.key))) for number in (1, 2))

    known = unpack_base(pack_base(base_of(declared, "account 1", NOON, [(here, {}), (gone, None)])))

    assert known.lookup([here, gone, tuple(reversed(here))]) == [{}, None, UNKNOWN]


@given(st.lists(st.integers(0, 255), max_size=3_000))
def test_symbols_come_back_as_they_were(numbers: list[int]) -> None:
    symbols = np.array(numbers, dtype=np.uint8)

    assert unpack_symbols(pack_symbols(symbols), len(numbers)).tolist() == numbers


@given(st.lists(st.integers(0, 2**62), max_size=300))
def test_ascending_numbers_come_back_as_they_were(numbers: list[int]) -> None:
    ascending = np.array(sorted(numbers), dtype=np.int64)

    assert unpack_ascending(pack_ascending(ascending), len(numbers)).tolist() == sorted(numbers)


def test_levels_without_any_order_take_no_more_than_the_digits_of_a_number() -> None:
    levels = np.random.default_rng(14).integers(0, 6, 600_000).astype(np.uint8)

    assert len(pack_symbols(levels)) * 8 <= 600_000 * np.log2(6) * 1.005


def test_what_would_unpack_to_more_than_it_says_is_not_unpacked() -> None:
    for symbols in (np.zeros(1 << 24, dtype=np.uint8), np.arange(30, dtype=np.uint8)):
        with pytest.raises(ValueError, match=r"missing|other symbols"):
            unpack_symbols(pack_symbols(symbols), 20)


@given(cut=st.integers(0, 400), put=st.binary(max_size=4))
def test_bytes_that_are_no_base_are_told_from_one(cut: int, put: bytes) -> None:
    whole = pack_base(base({("1", "7"): {"level": 3}, ("7", "1"): {"level": 4}}, {}))
    damaged = whole[:cut] + put

    if damaged != whole:
        with pytest.raises(ValueError, match=r"."):
            unpack_base(damaged)
