"""The journal: whatever was written down is read back, whatever the order of its steps."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.errors import Guarded
from importer.model import Action, CellRef, Change, Outcome, Problem, Result
from importer.remedies import Advice, SetOption
from importer.sync.journal import Journal
from importer.sync.journal_entries import Entry, Intent, Reply, Run, State
from importer.sync.packing import unpack_change
from importer.sync.run import new_run_id

texts = st.text(max_size=12)
fields = st.dictionaries(st.sampled_from(["user_id", "skill_id", "level"]), st.integers(0, 2**53) | st.none() | texts)
rows = st.integers(2, 9).map(CellRef)
changes = st.builds(
    Change,
    ref=rows,
    key=st.tuples(texts, texts),
    action=st.sampled_from(Action),
    fields=fields,
    record_id=st.none() | texts,
    before=st.none() | fields,
)
remedies = st.builds(Advice, texts) | st.builds(SetOption, texts, texts)
problems = st.builds(
    Problem,
    texts,
    texts,
    st.lists(remedies, max_size=2).map(tuple),
    st.none() | rows,
    st.none() | texts,
    st.none() | texts,
    st.none() | texts,
)
results = st.builds(
    Result,
    outcome=st.sampled_from(Outcome),
    record_id=st.none() | texts,
    problems=st.lists(problems, max_size=2).map(tuple),
    before=st.none() | fields,
    after=st.none() | fields,
)
steps = st.tuples(st.dictionaries(rows, results, max_size=4), st.lists(changes, max_size=3))


def a_run(name: str = "r1", account: str = "here") -> Run:
    return Run(name, "apply", "skill-memberships", "upsert", "/a.csv", None, "0" * 64, account, "Dana", "url", 8, 1.0)


@contextmanager
def opened(folder: str | Path) -> Iterator[Journal]:
    with closing(Journal(Path(folder))) as journal:
        yield journal


@settings(max_examples=60, deadline=None)
@given(meant=st.lists(changes, max_size=6), done=st.lists(steps, max_size=5))
def test_a_later_word_on_a_row_replaces_an_earlier_one_and_no_other_is_lost(
    meant: list[Change], done: list[tuple[dict[CellRef, Result], list[Change]]]
) -> None:
    expected_changes = {change.ref: change for change in meant}
    expected_results: dict[CellRef, Result] = {}
    with tempfile.TemporaryDirectory() as folder:
        with opened(folder) as journal:
            journal.begin(Entry(a_run(), {"rows": [1]}, meant))
            for told, replanned in done:
                journal.step("r1", results=told, changes=replanned)
                expected_results |= told
                expected_changes |= {change.ref: change for change in replanned}

        with opened(folder) as again:
            assert again.changes("r1") == expected_changes
            assert again.results("r1") == expected_results
            assert again.run_input("r1") == {"rows": [1]}


@settings(max_examples=40, deadline=None)
@given(answered=st.lists(st.booleans(), max_size=8))
def test_exactly_the_attempts_without_an_answer_are_told_as_such(answered: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with opened(folder) as journal:
            journal.begin(Entry(a_run(), {}))
            for at, is_answered in enumerate(answered):
                (number,) = journal.step(
                    "r1", intents=[Intent(Action.UPDATE, (CellRef(at),), {CellRef(at): f"id {at}"})]
                )
                if is_answered:
                    journal.step("r1", replies=[Reply(number, "done", 200, f"request {at}")])

        with opened(folder) as again:
            told = [(each.refs, each.targets, each.verdict, each.status) for each in again.attempts("r1")]
    assert told == [
        ((at,), {at: f"id {at}"}, "done" if is_answered else None, 200 if is_answered else None)
        for at, is_answered in enumerate(answered)
    ]


def test_requests_of_several_goes_are_added_up(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.begin(Entry(a_run(), {}))
        journal.end("r1", State.OPEN, {"GET": 2, "POST": 1}, {})
        journal.end("r1", State.FINISHED, {"GET": 3, "DELETE": 1}, {"receipt": None})

        run = journal.run("r1")

    assert (run.state, run.requests) == (State.FINISHED, {"GET": 5, "POST": 1, "DELETE": 1})


def test_only_open_runs_of_the_account_are_resumed(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for name, account in (("r1", "here"), ("r2", "there"), ("r3", "here")):
            journal.begin(Entry(a_run(name, account), {}))
        journal.end("r3", State.FINISHED, {}, {})

        assert [run.id for run in journal.open_runs("here")] == ["r1"]


def test_a_journal_of_a_newer_importer_is_not_touched(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        path = journal.path
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")

    with pytest.raises(Guarded, match="A newer version of importer wrote"):
        Journal(tmp_path)


def test_what_is_written_down_survives_a_power_cut(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        found = [journal._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert found == ["wal", 2]


def test_runs_that_begin_in_one_second_never_get_the_same_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = iter(["aaaa", "aaaa", "bbbb", "aaaa", "bbbb", "cccc"] * 2)
    monkeypatch.setattr("secrets.token_hex", lambda _size: next(ends))
    with opened(tmp_path) as journal:
        for _ in range(3):
            journal.begin(Entry(a_run(new_run_id(journal)), {}))

        assert len(journal.runs()) == 3


def test_a_change_that_an_earlier_version_wrote_down_denies_where_it_had_no_fields() -> None:
    told = unpack_change([2, ["1", "5"], "unchanged", {"user_id": 1, "skill_id": 5, "level": 3}, "9", {"level": 3}])
    denied = unpack_change([3, ["1", "6"], "unchanged", {}, None, None])

    assert (told.denies, denied.denies) == (False, True)


@pytest.mark.parametrize("denies", [True, False])
def test_a_change_is_read_as_it_was_written_down(*, denies: bool) -> None:
    change = Change(CellRef(2), ("1", "5"), Action.LEAVE, {"level": 3}, "9", {"level": 3}, denies)

    assert unpack_change(list(change)) == change
