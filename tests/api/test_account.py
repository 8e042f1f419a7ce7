"""The Python API against the sandbox: what a notebook sees of tables, checks, plans and runs."""

from pathlib import Path

import pandas as pd
import pytest

import importer
from importer import Account, Answered, Begun, Event, Guarded, Sent, Suspected, Unreadable, Usage
from importer.sandbox import Running
from tests.api.conftest import writes
from tests.books import as_dicts
from tests.loads import new_skills, write_list

HEADERS = ["user_id", "skill_id", "level"]


def stored_levels(kantata: Running, count: int) -> pd.DataFrame:
    """So many levels that the account holds, between 1 and 4, each with its record's id."""
    rows = kantata.query(
        "SELECT m.id, user_id, skill_id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id "
        "WHERE max_level = 5 AND level BETWEEN 1 AND 4 ORDER BY m.id LIMIT ?",
        count,
    )
    return pd.DataFrame(rows)


def level_of(kantata: Running, record: int) -> int:
    (row,) = kantata.query("SELECT level FROM skill_memberships WHERE id = ?", int(record))
    return int(row["level"])


def test_what_a_dataframe_asks_for_is_sent_told_by_its_index_and_put_back(
    account: Account, kantata: Running, new_levels: pd.DataFrame
) -> None:
    stored = stored_levels(kantata, 2)
    levels = pd.concat([new_levels, stored.assign(level=[stored.level[0], 5])[HEADERS].set_axis(["same", "higher"])])
    levels.loc["wrong"] = [11482969, 271064, 9]

    report = account.plan(levels).apply()
    joined = levels.join(report.outcomes)
    undone = report.undo()

    outcomes = ["created", "created", "created", "unchanged", "updated", "invalid"]
    assert joined["outcome"].to_dict() == dict(zip(levels.index, outcomes, strict=True))
    assert joined.loc["higher", "id"] == str(stored.id[1])
    assert joined.loc["wrong", "message"] == '"9" is not between 0 and 5.'
    assert report.counts["created"] == 3
    assert report.problems.index.to_list() == ["wrong"]
    assert undone.counts["removed"] == 3
    assert undone.outcomes.loc["higher", "outcome"] == "updated"
    assert level_of(kantata, stored.id[1]) == stored.level[1]


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([7, 7, "x"], name="mixed"),
        pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["team", "number"]),
        pd.date_range("2026-01-01", periods=3),
    ],
    ids=["duplicates", "levels", "dates"],
)
def test_outcomes_have_the_index_of_the_dataframe_whatever_it_is(
    account: Account, new_levels: pd.DataFrame, index: pd.Index
) -> None:
    levels = new_levels.set_axis(index)

    plan = account.plan(levels)
    report = plan.apply()

    pd.testing.assert_index_equal(report.outcomes.index, index)
    pd.testing.assert_index_equal(plan.changes.index, index)
    assert report.outcomes["outcome"].to_list() == ["created"] * 3


def test_a_row_that_was_set_aside_has_no_outcome_and_keeps_its_place(
    account: Account, new_levels: pd.DataFrame
) -> None:
    levels = new_levels.astype("Int64")
    levels = levels.reindex(["first", "blank", "second"])

    outcomes = account.plan(levels).apply().outcomes["outcome"]

    assert outcomes.index.to_list() == ["first", "blank", "second"]
    assert outcomes.isna().to_list() == [False, True, False]


def test_reading_checking_planning_and_exporting_send_no_write(
    account: Account, kantata: Running, new_levels: pd.DataFrame
) -> None:
    table = importer.read(new_levels)
    checked = account.check(table)
    plan = account.plan(table, mode="mirror")
    account.export("skill-matrix", skills=["Python"])

    assert writes(kantata) == 0
    assert not (account.folder / "journal.sqlite").exists()
    assert table.frame.shape == (3, 3)
    assert checked.counts == {"rows": 3, "valid": 3, "duplicate": 0, "invalid": 0}
    assert plan.changes.loc["first", "change"] == "create"
    assert plan.forecast["POST"] == 1


def test_more_removals_than_were_allowed_stop_before_anything_is_sent(account: Account, kantata: Running) -> None:
    levels = stored_levels(kantata, 2)[HEADERS].assign(level="remove")
    plan = account.plan(levels)

    with pytest.raises(Guarded, match="this would remove 2 records"):
        plan.apply(max_removals=1)
    assert writes(kantata) == 0
    report = plan.apply(max_removals=2)

    assert report.counts["removed"] == 2


def test_what_looks_like_an_accident_stops_unless_it_is_accepted_by_its_code(
    account: Account, kantata: Running
) -> None:
    held = account.export("skill-memberships").query("level > 0 and max_level == 5")
    people = held["user_id"].value_counts().index[:4]
    levels = held.loc[held["user_id"].isin(people), HEADERS]
    plan = account.plan(levels.assign(level=levels["level"] - 1))

    with pytest.raises(Suspected) as stopped:
        plan.apply()
    assert writes(kantata) == 0
    report = plan.apply(accept=["shifted"])

    assert [each["code"] for each in stopped.value.anomalies] == ["shifted"]
    assert report.counts["updated"] == len(levels)


def test_all_or_nothing_sends_nothing_and_says_so_of_every_row(
    account: Account, kantata: Running, new_levels: pd.DataFrame
) -> None:
    new_levels.loc["third", "level"] = 9

    report = account.plan(new_levels).apply(all_or_nothing=True)

    assert writes(kantata) == 0
    assert report.outcomes["outcome"].to_list() == ["not sent", "not sent", "invalid"]
    assert report.exit_code == 4


def test_another_writer_on_this_machine_is_waited_for_by_a_person(
    account: Account, kantata: Running, new_levels: pd.DataFrame
) -> None:
    other = Account(kantata.token, base_url=kantata.url)
    plan = other.plan(new_levels)

    with (
        account.lock("a long load"),
        pytest.raises(Guarded, match="Another run is writing to this account: a long load"),
    ):
        plan.apply()

    assert writes(kantata) == 0


def test_a_workbook_of_another_account_is_not_planned(
    account: Account, elsewhere: Running, new_levels: pd.DataFrame, tmp_path: Path
) -> None:
    path = account.plan(new_levels).write(tmp_path / "levels.plan.xlsx")

    with pytest.raises(Guarded, match="belongs to"):
        Account(elsewhere.token, base_url=elsewhere.url).plan(path)


def test_what_changed_in_the_account_since_the_plan_was_made_is_kept_as_a_conflict(
    account: Account, kantata: Running, new_levels: pd.DataFrame
) -> None:
    stored = stored_levels(kantata, 3)
    wanted = pd.concat([stored.assign(level=5)[HEADERS], new_levels.iloc[:1]])
    wanted.index = pd.Index(["changed", "removed", "as it was", "new"])
    plan = account.plan(wanted)
    kantata.execute("UPDATE skill_memberships SET level = 0 WHERE id = ?", int(stored.id[0]))
    kantata.execute("DELETE FROM skill_memberships WHERE id = ?", int(stored.id[1]))

    outcomes = plan.apply().outcomes

    assert outcomes["outcome"].to_dict() == {
        "changed": "conflict", "removed": "conflict", "as it was": "updated", "new": "created",
    }  # fmt: skip
    assert outcomes.loc["changed", "message"] == (
        "Somebody has changed it since this plan was made: level is 0 now. Kantata's stays."
    )
    assert level_of(kantata, stored.id[0]) == 0


def test_a_plan_that_is_applied_twice_does_everything_once(account: Account, new_levels: pd.DataFrame) -> None:
    with account.lock("twice"):
        plan = account.plan(new_levels)
        first, second = plan.apply(), plan.apply()

    assert (first.counts["created"], second.counts["unchanged"]) == (3, 3)
    assert second.outcomes["id"].to_list() == first.outcomes["id"].to_list()


def test_a_run_that_was_stopped_is_finished_by_its_report_or_its_id(account: Account, kantata: Running) -> None:
    levels = pd.DataFrame(new_skills(kantata, 700), columns=HEADERS).rename(index=lambda at: f"row {at}")
    events: list[Event] = []

    def stop_soon(event: Event) -> None:
        events.append(event)
        if isinstance(event, Answered) and isinstance(events[0], Begun):
            events[0].stop()

    stopped = account.plan(levels).apply(on_event=stop_soon)
    resumed = importer.resume(stopped)

    assert stopped.was_interrupted
    assert stopped.exit_code == 8
    assert 0 < stopped.counts["not sent"] < 700
    assert resumed is not None
    assert resumed.run == stopped.run
    assert resumed.counts["created"] == 700
    pd.testing.assert_index_equal(resumed.outcomes.index, levels.index)
    assert account.resume(stopped.run) is None


def test_events_begin_with_the_run_and_tell_of_each_request_before_its_answer(
    account: Account, new_levels: pd.DataFrame
) -> None:
    events: list[Event] = []

    report = account.plan(new_levels, endpoint="skill-memberships").apply(on_event=events.append)

    begun, sent, answered = events
    assert isinstance(begun, Begun)
    assert (begun.run, begun.kind, begun.rows) == (report.run, "apply", 3)
    assert isinstance(sent, Sent)
    assert isinstance(answered, Answered)
    assert set(sent.refs) == set(answered.results)


def test_what_comes_from_files_is_escaped_in_a_notebook(account: Account, new_levels: pd.DataFrame) -> None:
    bad = "<script>alert(1)</script>"
    levels = new_levels.astype(object)
    levels.loc["third", "level"] = bad

    table = importer.read(levels, name=bad)
    checked, plan = account.check(table), account.plan(table)
    report = plan.apply()

    for shown in (table, checked, plan, report):
        html = shown._repr_html_()
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


def test_in_a_console_each_thing_says_in_a_line_what_it_is(account: Account, new_levels: pd.DataFrame) -> None:
    levels = new_levels.astype(object)
    levels.loc["third", "level"] = "high"
    valid, table = len(levels) - 1, importer.read(levels, name="team")

    checked, plan = account.check(table), account.plan(table)
    report = plan.apply()

    assert repr(table) == f"<InputTable team: skill-memberships, a list, rows {len(levels)}>"
    assert (
        repr(checked) == f"<CheckResult team: {len(levels)} rows of skill-memberships, {valid} valid, 1 with problems.>"
    )
    assert repr(plan) == f"<RunPlan team: create {valid}, with problems 1>"
    assert repr(report) == f"<RunReport {report.run}: created {valid}, invalid 1>"


def test_a_report_is_written_beside_its_file_and_shown_again_from_the_history(
    account: Account, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 2))

    report = account.plan(path).apply()
    result = report.write()
    shown = importer.show(report.run)

    assert result == tmp_path / "team.result.xlsx"
    assert [row["Import status"] for row in as_dicts(result, "Result")] == ["created", "created"]
    assert report.outcomes.index.to_list() == [2, 3]
    pd.testing.assert_frame_equal(shown.outcomes, report.outcomes)
    assert [account.runs()[name][0] for name in ("run", "state", "rows")] == [report.run, "finished", 2]
    assert importer.runs().loc[0, "outcomes"] == {"created": 2}


@pytest.mark.parametrize(
    "what", ["skill-memberships", "user-group-memberships", "organization-memberships", "skill-matrix"]
)
def test_what_was_exported_can_be_planned_and_changes_nothing(account: Account, what: str) -> None:
    frame = account.export(what)

    plan = account.plan(frame)

    assert plan.writes == 0
    assert plan.problems.empty
    assert set(plan.changes["change"]) == {"unchanged"}


def test_of_a_matrix_each_filled_cell_is_told_by_the_label_of_its_row_and_by_its_column(
    account: Account, kantata: Running
) -> None:
    people = kantata.query("SELECT email_address FROM users WHERE disabled = 0 ORDER BY id LIMIT 2")
    matrix = pd.DataFrame(
        {"email": [each["email_address"] for each in people], "Python": [5, None], "Data Modeling": [3, 4]},
        index=["one", "two"],
    )

    outcomes = account.plan(matrix, "skill-matrix").apply().outcomes

    assert [*outcomes["column"].items()] == [("one", "Python"), ("one", "Data Modeling"), ("two", "Data Modeling")]
    assert outcomes["outcome"].notna().all()


def test_records_that_the_table_does_not_have_are_told_apart_from_its_rows(account: Account, kantata: Running) -> None:
    (person,) = kantata.query("SELECT user_id FROM skill_memberships GROUP BY user_id HAVING count(*) = 3 LIMIT 1")
    held = account.export("skill-memberships")
    theirs = held[held["user_id"] == person["user_id"]][HEADERS]

    plan = account.plan(theirs.iloc[:2], mode="mirror")
    report = plan.apply(max_removals=1, accept=["lost-skills"])

    assert report.outcomes["outcome"].to_list() == ["unchanged", "unchanged"]
    assert report.other_removals["outcome"].to_list() == ["removed"]
    assert [label is None for label in plan.changes.index] == [False, False, True]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (Path("nowhere.xlsx"), Unreadable),
        (pd.DataFrame({"colour": ["red"], "size": [2]}), Unreadable),
        (pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "user_id"), ("a", "skill_id")])), Usage),
    ],
    ids=["no file", "no column of ours", "columns of two levels"],
)
def test_what_cannot_be_read_raises(source: Path | pd.DataFrame, error: type[Exception]) -> None:
    with pytest.raises(error):
        importer.read(source)


def test_a_table_is_checked_without_an_account_unless_names_must_be_looked_up(new_levels: pd.DataFrame) -> None:
    checked = importer.check(new_levels.assign(level=["3", "high", "4"]))

    assert checked.problems["code"].to_dict() == {"second": "not-whole"}
    with pytest.raises(importer.Denied, match="contains names"):
        importer.check(pd.DataFrame({"user": ["Dana Reyes"], "skill": ["Python"]}))
