"""How a long list is cut into stages, and how the results of its rows are packed: laws of both."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer import pipeline
from importer.layouts.read_options import ReadOptions
from importer.model import CellRef, Mode, Outcome, Problem, Result
from importer.packed_results import PackedResults, RefArray, count_results, results_of, with_problems
from importer.pipeline import long_list
from importer.pipeline.long_list import Stages, is_long
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement
from importer.text_frame import stack_texts
from importer.validation.schema import CheckedTable
from tests.loads import write_list

HEADERS = ("user_id", "skill_id", "level")
STAGE_ROWS = 4

PEOPLE = st.sampled_from(["101", "102", "103", "104", "105", "106", "nobody"])
ROWS = st.lists(st.tuples(PEOPLE, st.sampled_from(["1", "2", "3"]), st.sampled_from(["0", "3", "9", ""])), min_size=1)


def checked_list(folder: Path, rows: Sequence[tuple[str, str, str]]) -> CheckedTable:
    path = write_list(folder / "long.csv", HEADERS, [*rows, ("101", "7", "1")])
    return pipeline.check(pipeline.read(Book(path), ReadOptions("skill-memberships")))


def stages_of(checked: CheckedTable) -> list[CheckedTable]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_list, "STAGE_ROWS", STAGE_ROWS)
        return list(Stages(checked))


@given(rows=ROWS)
def test_each_row_is_in_one_stage_with_all_that_is_told_of_it(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    checked = checked_list(tmp_path_factory.mktemp("stages"), rows)

    stages = stages_of(checked)

    refs = [ref for stage in stages for ref in stage.refs]
    assert Counter(refs) == Counter(checked.refs)
    assert all(len(stage.values) for stage in stages)
    assert {ref: first for stage in stages for ref, first in stage.duplicates.items()} == checked.duplicates
    assert {ref: some for stage in stages for ref, some in stage.invalid.items()} == checked.invalid
    assert sorted(key for stage in stages for key in stage.keys) == sorted(checked.keys)
    texts = stack_texts([stage.table.frame for stage in stages], checked.table.names)
    assert texts.astype(str).equals(checked.table.frame.astype(str))


@given(rows=ROWS)
def test_all_rows_of_a_person_are_in_one_stage_and_no_stage_is_longer_than_it_takes(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    checked = checked_list(tmp_path_factory.mktemp("stages"), rows)

    people = [set(stage.values["user_id"].dropna()) for stage in stages_of(checked)]

    assert sum(map(len, people)) == len(set().union(*people))
    rows_of = Counter(checked.values["user_id"].dropna())
    for some in people:
        assert sum(rows_of[person] for person in some) < STAGE_ROWS + max(rows_of.values())


def test_only_long_lists_of_which_each_stage_stands_for_itself_are_planned_in_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "long.csv", HEADERS, [("101", str(skill), "1") for skill in range(1, 6)])
    parsed = pipeline.read(Book(path), ReadOptions("skill-memberships"))
    as_cells = dataclasses.replace(parsed, table=dataclasses.replace(parsed.table, arrangement=Arrangement.CELLS))
    places = write_list(
        tmp_path / "places.csv",
        ("member_type", "member_id", "geography_id", "department_id"),
        [("User", str(person), "1", "2") for person in range(1, 6)],
    )

    exported = write_list(
        tmp_path / "exported.csv",
        ("id", *HEADERS, "created_at", "updated_at"),
        [(str(at), "101", str(at), "1", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z") for at in range(1, 6)],
    )

    assert not is_long(parsed, Mode.UPSERT)
    monkeypatch.setattr(long_list, "MOST_ROWS", 4)
    assert is_long(parsed, Mode.UPSERT)
    assert is_long(parsed, Mode.ADD)
    assert not is_long(parsed, Mode.MIRROR)
    assert not is_long(as_cells, Mode.UPSERT)
    assert not is_long(pipeline.read(Book(places)), Mode.UPSERT)
    assert not is_long(pipeline.read(Book(exported)), Mode.UPSERT)


IDS = st.none() | st.sampled_from(["0", "7", "70000001", "007", "a7", "12345678901234567890"])
RESULTS = st.builds(
    Result,
    outcome=st.sampled_from(Outcome),
    record_id=IDS,
    problems=st.sampled_from([(), (Problem("out-of-range", '"9" is not between 0 and 5.'),)]),
    before=st.none(),
    after=st.none(),
)


@given(results=st.dictionaries(st.integers(1, 5_000_000).map(CellRef), RESULTS), parts=st.integers(1, 4))
def test_packed_results_say_what_was_packed_in_the_order_of_the_rows(
    results: dict[CellRef, Result], parts: int
) -> None:
    refs = list(results)
    cut = [PackedResults.of({ref: results[ref] for ref in refs[at::parts]}) for at in range(parts)]

    packed = PackedResults.joined(cut)

    assert dict(packed) == results
    assert list(packed) == sorted(refs)
    assert list(RefArray(packed.refs)) == sorted(refs)
    assert results_of(packed, refs) == [results[ref] for ref in refs]
    assert count_results(packed) == count_results(results)
    assert with_problems(packed) == with_problems(results)
    assert all(results[ref].outcome is Outcome.INVALID for ref in packed.with_outcome([Outcome.INVALID]))
    assert len(packed.with_outcome([Outcome.INVALID])) == count_results(results)[Outcome.INVALID]


def test_what_has_no_result_is_not_among_the_packed() -> None:
    packed = PackedResults.of({CellRef(7): Result(Outcome.CREATED, "1")})

    assert CellRef(6) not in packed
    assert CellRef(8) not in packed
    assert RefArray(packed.refs)[-1:][0] == CellRef(7)


def test_what_a_record_held_is_not_packed() -> None:
    updated = Result(Outcome.UPDATED, "8", before={"level": 2}, after={"level": 3})

    assert PackedResults.of({CellRef(2): updated})[CellRef(2)] == Result(Outcome.UPDATED, "8")
