from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.kantata.responses import Record
from importer.model import Action, CellRef, Key, Mode
from importer.sync.plan import Plan, make_plan, split
from tests.validation.test_verdicts import SKILLS, checked


@given(st.lists(st.integers()), st.integers(1, 50))
def test_batches_joined_back_together_are_the_rows_and_none_is_empty_or_too_large(rows: list[int], limit: int) -> None:
    batches = list(split(rows, limit))

    assert [row for batch in batches for row in batch] == rows
    assert all(0 < len(batch) <= limit for batch in batches)
    assert all(len(batch) == limit for batch in batches[:-1])


def plan_of(rows: Sequence[tuple[str, str, str]], held: Sequence[Record] = (), mode: Mode = Mode.UPSERT) -> Plan:
    verdict = checked(("user_id", "skill_id", "level"), rows)
    by_key: dict[tuple[str, ...], list[Record]] = {}
    for record in held:
        by_key.setdefault((record["user_id"], record["skill_id"]), []).append(record)
    return make_plan(verdict, by_key, mode)


def record(user: int, level: int | None, id_: str = "70") -> Record:
    return {"id": id_, "user_id": str(user), "skill_id": "5", "level": level}


@pytest.mark.parametrize(
    ("wanted", "there", "mode", "action"),
    [
        ("3", None, Mode.UPSERT, Action.CREATE),
        ("", None, Mode.UPSERT, Action.CREATE),
        ("3", record(1, 3), Mode.UPSERT, Action.LEAVE),
        ("4", record(1, 3), Mode.UPSERT, Action.UPDATE),
        ("4", record(1, 3), Mode.ADD, Action.LEAVE),
        ("", record(1, 3), Mode.UPSERT, Action.LEAVE),
        ("0", record(1, 3), Mode.UPSERT, Action.UPDATE),
        ("0", record(1, 0), Mode.UPSERT, Action.LEAVE),
        ("0", record(1, None), Mode.UPSERT, Action.LEAVE),
        ("3", record(1, None), Mode.UPSERT, Action.UPDATE),
    ],
)
def test_what_a_row_asks_for_depends_on_what_is_there(
    wanted: str, there: Record | None, mode: Mode, action: Action
) -> None:
    plan = plan_of([("1", "5", wanted)], [there] if there else [], mode)

    assert [change.action for change in plan.changes.values()] == [action]


def test_a_blank_level_is_not_sent_and_0_is() -> None:
    plan = plan_of([("1", "5", ""), ("2", "5", "0")])

    assert [change.fields for change in plan.changes.values()] == [
        {},
        {"level": 0},
    ]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_column_that_is_not_there_says_nothing_of_levels_in_any_mode(mode: Mode) -> None:
    verdict = checked(("user_id", "skill_id"), [("1", "5"), ("2", "5")])
    held: dict[Key, list[Record]] = {("1", "5"): [record(1, 3)]}

    plan = make_plan(verdict, held, mode)

    assert [(change.action, change.fields) for change in plan.changes.values()] == [
        (Action.LEAVE, {}),
        (Action.CREATE, {}),
    ]


def test_a_blank_level_in_a_list_is_not_set_in_mirror() -> None:
    plan = plan_of([("1", "5", "")], [record(1, 3)], Mode.MIRROR)

    assert [(change.action, change.fields["level"]) for change in plan.changes.values()] == [(Action.UPDATE, 0)]


@pytest.mark.parametrize("mode", [Mode.UPSERT, Mode.ADD])
def test_no_creates_nothing_changes_nothing_and_is_said_where_the_account_holds_it(mode: Mode) -> None:
    plan = plan_of([("1", "5", "No"), ("2", "5", "false"), ("3", "5", "none")], [record(1, 3)], mode)

    assert [change.action for change in plan.changes.values()] == [Action.LEAVE] * 3
    (note,) = plan.notes
    assert note.startswith("1 row says that somebody does not have what the account says they have.")


def test_no_removes_in_mirror_what_the_account_holds_and_nothing_else() -> None:
    plan = plan_of([("1", "5", "No"), ("2", "5", "No")], [record(1, 3)], Mode.MIRROR)

    assert [change.action for change in plan.changes.values()] == [Action.REMOVE, Action.LEAVE]
    assert plan.notes == ()


def test_no_removes_nothing_from_somebody_of_whom_another_row_has_a_problem() -> None:
    verdict = checked(SKILLS, [("1", "5", "No"), ("1", "6", "high")])
    held: dict[Key, list[Record]] = {("1", "5"): [record(1, 3)], ("1", "7"): [record(1, 2, "71")]}

    plan = make_plan(verdict, held, Mode.MIRROR)

    assert [change.action for change in plan.changes.values()] == [Action.LEAVE]


def test_of_records_that_the_account_holds_twice_the_oldest_counts() -> None:
    plan = plan_of([("1", "5", "4")], [record(1, 2, "100"), record(1, 4, "99")])

    assert plan.changes[CellRef(2)].record_id == "99"
    assert plan.changes[CellRef(2)].action is Action.LEAVE
    assert plan.notes == ("The account holds 1 of these records more than once; the oldest of each counts.",)


def test_every_row_is_a_change_or_settled_already_and_never_both() -> None:
    plan = plan_of([("1", "5", "4"), ("1", "5", "4"), ("x", "5", "4"), ("2", "5", "9"), ("3", "5", "")])

    assert set(plan.changes) == {2, 6}
    assert set(plan.results) == {3, 4, 5}


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 40).map(str), st.just("5"), st.sampled_from(["", "0", "3", "9"])), max_size=60
    )
)
def test_add_never_updates_and_nothing_is_ever_asked_twice_of_one_record(rows: list[tuple[str, str, str]]) -> None:
    held = [record(user, 3, str(100 + user)) for user in range(1, 20)]
    if not rows:
        return

    upsert, add = plan_of(rows, held), plan_of(rows, held, Mode.ADD)

    assert add.counts[Action.UPDATE] == 0
    assert add.counts[Action.CREATE] == upsert.counts[Action.CREATE]
    keys = [change.key for change in upsert.changes.values()]
    assert len(keys) == len(set(keys))


def test_a_plan_needs_one_request_a_batch_and_one_an_update() -> None:
    rows = [(str(user), "5", "4") for user in range(1, 412)]

    assert plan_of(rows, [record(1, 3), record(2, 3, "71")]).requests() == {"POST": 3, "PUT": 2, "DELETE": 0}
