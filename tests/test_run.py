"""What a run sends, and how each row comes to its one outcome, against the sandbox over HTTP."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.kantata.transport import Response
from importer.model import Answered, CellRef, Mode, Outcome, Sent, Stopped, Waiting
from importer.sandbox import Running
from tests.audit import doing_at
from tests.gate import Side, gate_before
from tests.loads import client_with, load_list, load_list_of_lost_skills, new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")


def stored_levels(kantata: Running, rows: list[tuple[int, int, int]]) -> list[list[int]]:
    """For each (user, skill) the levels of all records that the account holds."""
    held: dict[tuple[int, int], list[int]] = {}
    for record in kantata.query("SELECT user_id, skill_id, level FROM skill_memberships"):
        held.setdefault((record["user_id"], record["skill_id"]), []).append(record["level"])
    return [held.get((user, skill), []) for user, skill, _ in rows]


def posts(kantata: Running) -> list[dict[str, Any]]:
    return [request for request in kantata.requests() if request["method"] == "POST"]


@pytest.mark.parametrize("count", [1, 199, 200, 201, 400, 401])
@pytest.mark.parametrize("bulk_rows", ["page", "all"])
def test_every_row_is_sent_exactly_once(
    client: Client, kantata: Running, tmp_path: Path, count: int, bulk_rows: str
) -> None:
    kantata.set(bulk_rows=bulk_rows)
    rows = new_skills(kantata, count)

    loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert loaded.rows(Outcome.CREATED) == list(range(2, count + 2))
    assert stored_levels(kantata, rows) == [[level] for _, _, level in rows]
    assert sorted(request["rows_written"] for request in posts(kantata)) == sorted(_sizes(count, 200))


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200, 201])
def test_every_group_membership_is_sent_exactly_once(
    one_by_one: Client, kantata: Running, tmp_path: Path, count: int
) -> None:
    rows = [
        (row["user_id"], row["group_id"])
        for row in kantata.query(
            """SELECT u.id user_id, g.id group_id FROM users u JOIN workspace_groups g
            WHERE u.account_id = 6300412 AND u.disabled = 0 AND NOT EXISTS (SELECT 1 FROM user_group_memberships m
            WHERE m.user_id = u.id AND m.workspace_group_id = g.id) ORDER BY g.id, u.id LIMIT ?""",
            count,
        )
    ]

    loaded = load_list(one_by_one, write_list(tmp_path / "a.csv", ("user_id", "workspace_group_id"), rows))

    assert len(loaded.rows(Outcome.CREATED)) == count
    assert [request["rows_written"] for request in posts(kantata)] == _sizes(count, 100)


def _sizes(count: int, limit: int) -> list[int]:
    return [limit] * (count // limit) + ([count % limit] if count % limit else [])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(1, 650), workers=st.integers(1, 6))
def test_whatever_the_size_no_row_is_lost_and_none_is_sent_twice(
    kantata: Running, tmp_path: Path, count: int, workers: int
) -> None:
    kantata.reset()
    rows = new_skills(kantata, count)

    with client_with(kantata, workers) as client:
        loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert loaded.rows(Outcome.CREATED) == list(range(2, count + 2))
    assert stored_levels(kantata, rows) == [[level] for _, _, level in rows]
    assert sum(int(str(request["rows_written"])) for request in posts(kantata)) == count


def test_an_answer_of_20_in_200_newest_first_still_gives_each_row_its_own_id(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(bulk_rows="first 20", bulk_timestamps="distinct")
    rows = new_skills(kantata, 200)

    loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    by_key = {
        (str(row["user_id"]), str(row["skill_id"])): str(row["id"])
        for row in kantata.query("SELECT id, user_id, skill_id FROM skill_memberships")
    }
    expected = {row: by_key[str(user), str(skill)] for row, (user, skill, _) in enumerate(rows, 2)}
    assert {row: loaded.load.results[CellRef(row)].record_id for row in range(2, 202)} == expected
    assert len(posts(kantata)) == 1


def test_levels_that_differ_are_updated_one_by_one_and_loading_again_sends_nothing(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = [(11482969, row["skill_id"], 1) for row in kantata.query(
        "SELECT skill_id FROM skill_memberships WHERE user_id = 11482969 AND level > 1")]  # fmt: skip
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    first, second = load_list(client, path), load_list(client, path)

    assert first.rows(Outcome.UPDATED) == second.rows(Outcome.UNCHANGED) == list(range(2, len(rows) + 2))
    assert rows
    assert {request["method"] for request in kantata.requests()} == {"GET", "PUT"}
    assert stored_levels(kantata, rows) == [[1]] * len(rows)


@pytest.mark.parametrize("error_index", ["on", "off"])
@pytest.mark.parametrize("validation_status", ["422", "400"])
@pytest.mark.parametrize("bulk", ["atomic", "partial"])
def test_one_bad_row_in_200_is_refused_alone_in_kantatas_words(
    one_by_one: Client, kantata: Running, tmp_path: Path, error_index: str, validation_status: str, bulk: str
) -> None:
    kantata.set(error_index=error_index, validation_status=validation_status, bulk=bulk)
    rows = new_skills(kantata, 200)
    rows[123] = (rows[123][0], 999999999, 3)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    loaded = load_list_of_lost_skills(one_by_one, path, kantata, [999999999])

    assert loaded.rows(Outcome.REFUSED) == [125]
    assert len(loaded.rows(Outcome.CREATED)) == 199
    assert 'Kantata says: "' in loaded.words(125)
    assert len(posts(kantata)) <= 17
    assert [len(levels) for levels in stored_levels(kantata, rows)] == [1] * 123 + [0] + [1] * 76


def test_removals_leave_when_nothing_is_looked_for_any_more_because_they_move_the_pages_of_a_list(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(bulk="partial")
    rows = new_skills(kantata, 450)
    rows[7] = (rows[7][0], 999999999, 3)  # so that its batch is refused, and looked for

    loaded = load_list_of_lost_skills(
        client, write_list(tmp_path / "a.csv", HEADERS, rows), kantata, [999999999], Mode.MIRROR
    )

    assert len(loaded.rows(Outcome.CREATED)) == 449
    assert loaded.rows(Outcome.REMOVED)
    sent = [request["method"] for request in kantata.requests() if request["method"] in ("POST", "DELETE")]
    assert sent == sorted(sent, reverse=True)


def test_rows_that_a_200_leaves_out_are_looked_for_and_then_sent_alone_to_hear_why(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(bulk="partial", partial_reply="200 good rows")
    rows = new_skills(kantata, 10)
    rows[4] = (rows[4][0], 999999999, 3)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    loaded = load_list_of_lost_skills(client, path, kantata, [999999999])

    assert loaded.rows(Outcome.REFUSED) == [6]
    assert len(loaded.rows(Outcome.CREATED)) == 9
    assert [request["rows_written"] for request in posts(kantata)] == [9, 0]


def test_a_refusal_that_is_cut_off_is_asked_for_once_more_to_hear_why(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.faults([{"on": "POST", "nth": 1, "fault": "cut_json"}])
    path = write_list(tmp_path / "a.csv", HEADERS, [(new_skills(kantata, 1)[0][0], 999999999, 3)])

    loaded = load_list_of_lost_skills(client, path, kantata, [999999999])

    assert loaded.rows(Outcome.REFUSED) == [2]
    assert 'Kantata says: "' in loaded.words(2)
    assert "without saying why" not in loaded.words(2)
    assert [request["rows_written"] for request in posts(kantata)] == [0, 0]


UNANSWERED = {
    "drop_before_commit": 0,
    "drop_after_commit": 10,
    "drop_mid_body": 10,
    "500": 0,
    "500_after_commit": 10,
    "503": 0,
    "504_after_commit": 10,
    "cut_json": 10,
    "html200": 10,
}


@pytest.mark.parametrize("fault", UNANSWERED)
def test_an_unanswered_create_is_looked_for_and_sent_again_only_where_it_is_absent(
    client: Client, kantata: Running, tmp_path: Path, fault: str
) -> None:
    kantata.faults([{"on": "POST", "nth": 1, "fault": fault}])
    rows = new_skills(kantata, 10)

    loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert loaded.rows(Outcome.CREATED) == list(range(2, 12))
    assert stored_levels(kantata, rows) == [[level] for _, _, level in rows]
    assert sum(request["rows_written"] for request in posts(kantata)) == 10
    assert len(posts(kantata)) == (1 if UNANSWERED[fault] else 2)
    assert loaded.load.verification is not None
    assert loaded.load.verification.is_verified


@pytest.mark.parametrize("side", [Side.LATE, Side.LATE_504])
def test_a_commit_that_lands_late_is_waited_for_and_not_doubled(kantata: Running, tmp_path: Path, side: Side) -> None:
    """It lands when the account was searched for it once."""
    kantata.set(duplicates="allow")
    rows = new_skills(kantata, 10)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    with gate_before(kantata.url) as gate, client_with(kantata, 10, gate.url) as client:
        late = gate.hold("POST", side=side)
        with doing_at(AuditEvent.AFTER_LOOK, late.release) as committed:
            loaded = load_list(client, path, settle_wait_s=20)

    assert len(committed) == 1
    assert loaded.rows(Outcome.CREATED) == list(range(2, 12))
    assert stored_levels(kantata, rows) == [[level] for _, _, level in rows]
    assert len(posts(kantata)) == 1


@pytest.mark.parametrize(
    "fault", ["drop_before_commit", "drop_after_commit", "500", "500_after_commit", "drop_mid_body"]
)
def test_an_unanswered_update_is_settled_by_its_effect(
    client: Client, kantata: Running, tmp_path: Path, fault: str
) -> None:
    kantata.faults([{"on": "PUT", "nth": 1, "fault": fault}])
    row = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships WHERE level = 3 LIMIT 1")[0]
    path = write_list(tmp_path / "a.csv", HEADERS, [(row["user_id"], row["skill_id"], 5)])

    loaded = load_list(client, path)

    assert loaded.rows(Outcome.UPDATED) == [2]
    assert loaded.load.results[CellRef(2)].before == {"level": 3}
    assert stored_levels(kantata, [(row["user_id"], row["skill_id"], 5)]) == [[5]]


def test_a_record_that_somebody_makes_meanwhile_is_taken_and_not_doubled(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 5)
    other = {"do": "insert", "table": "skill_memberships",
             "values": {"user_id": rows[2][0], "skill_id": rows[2][1], "level": 5, "creator_id": 11482988}}  # fmt: skip
    for duplicates in ("reject", "allow", "return_existing"):
        kantata.reset()
        kantata.set(duplicates=duplicates)
        kantata.faults([{"on": "POST", "nth": 1, "fault": "interfere", "change": other}])

        loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

        assert loaded.rows(Outcome.CREATED) == [2, 3, 5, 6]
        assert loaded.load.results[CellRef(4)].outcome in {Outcome.UPDATED, Outcome.UNCHANGED}
        assert [len(levels) for levels in stored_levels(kantata, rows)] == [1] * 5


def test_a_lone_record_that_is_given_back_is_somebody_elses_once_a_run_has_shown_whom_the_account_names(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    first, second = new_skills(kantata, 2)
    theirs = dict(zip(HEADERS, second, strict=True))
    other = {"do": "insert", "table": "skill_memberships", "values": {**theirs, "creator_id": 11482988}}
    kantata.set(duplicates="return_existing")
    kantata.faults([{"on": "POST", "nth": 2, "fault": "interfere", "change": other}])

    load_list(client, write_list(tmp_path / "first.csv", HEADERS, [first]))
    loaded = load_list(client, write_list(tmp_path / "second.csv", HEADERS, [second]))

    assert loaded.rows(Outcome.UNCHANGED) == [2]
    assert len(posts(kantata)) == 2


def test_a_row_is_not_refused_because_somebody_made_the_record_of_the_other_row_in_its_batch(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 2)
    theirs = dict(zip(HEADERS, rows[0], strict=True))
    other = {"do": "insert", "table": "skill_memberships", "values": {**theirs, "creator_id": 11482988}}
    kantata.set(duplicates="reject")
    kantata.faults([{"on": "POST", "nth": 1, "fault": "interfere", "change": other}])

    loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert loaded.rows(Outcome.UNCHANGED) == [2]
    assert loaded.rows(Outcome.CREATED) == [3]
    assert stored_levels(kantata, rows) == [[rows[0][2]], [rows[1][2]]]


def test_a_record_that_vanishes_before_its_update_is_created_anew(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    row = kantata.query("SELECT id, user_id, skill_id FROM skill_memberships WHERE level = 3 LIMIT 1")[0]
    gone = {"do": "delete", "table": "skill_memberships", "where": {"id": row["id"]}}
    kantata.faults([{"on": "PUT", "nth": 1, "fault": "interfere", "change": gone}])
    path = write_list(tmp_path / "a.csv", HEADERS, [(row["user_id"], row["skill_id"], 5)])

    loaded = load_list(client, path)

    assert loaded.rows(Outcome.CREATED) == [2]
    assert stored_levels(kantata, [(row["user_id"], row["skill_id"], 5)]) == [[5]]


def test_what_changes_after_it_was_written_is_told_by_the_receipt_and_left_alone(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 3)
    change = {"do": "update", "table": "skill_memberships", "values": {"level": 1},
              "where": {"user_id": rows[1][0], "skill_id": rows[1][1]}}  # fmt: skip
    path = write_list(tmp_path / "a.csv", HEADERS, [(user, skill, 4) for user, skill, _ in rows])
    kantata.faults([{"on": "GET", "nth": 6, "fault": "interfere", "change": change}])

    loaded = load_list(client, path)

    assert loaded.load.verification is not None
    assert [(each.ref, each.message) for each in loaded.load.verification.differences] == [
        (CellRef(3), "It has level 1 now, but we left it with 4.")
    ]
    assert stored_levels(kantata, rows) == [[4], [1], [4]]


def test_what_kantata_shows_a_little_later_is_looked_for_again_and_not_told_as_changed(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(lag="700")
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 30))

    loaded = load_list(client, path, settle_wait_s=3.0)

    assert loaded.rows(Outcome.CREATED) == list(range(2, 32))
    assert loaded.load.verification is not None
    assert loaded.load.verification.is_verified
    waits = [event.reason for event in loaded.events if isinstance(event, Waiting)]
    assert waits == ["30 records are not as we wrote them. Kantata may show them later, so we look again."]


@pytest.mark.parametrize("error_index", ["on", "off"])
@pytest.mark.parametrize("errors_listed", ["all", "first"])
def test_ten_bad_rows_in_a_thousand_cost_few_requests(
    client: Client, kantata: Running, tmp_path: Path, error_index: str, errors_listed: str
) -> None:
    kantata.set(error_index=error_index, errors_listed=errors_listed)
    rows = new_skills(kantata, 1000)
    bad = [17, 99, 203, 204, 205, 433, 620, 811, 812, 999]
    for at in bad:
        rows[at] = (rows[at][0], 999999000 + at, 3)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    loaded = load_list_of_lost_skills(client, path, kantata, [999999000 + at for at in bad])

    assert loaded.rows(Outcome.REFUSED) == [at + 2 for at in bad]
    assert len(loaded.rows(Outcome.CREATED)) == 990
    # Five batches, and for each bad row at most two requests a halving of 200; with positions, a few more than five.
    assert len(posts(kantata)) <= (5 + len(bad) * 16 if error_index == "off" else 25)


def test_positions_that_count_from_one_are_found_out_and_blame_nobody_innocent(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(error_index="on")
    rows = new_skills(kantata, 40)
    rows[7] = (rows[7][0], 999999999, 3)
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    loaded = load_list_of_lost_skills(_CountsFromOne(client), path, kantata, [999999999])

    assert loaded.rows(Outcome.REFUSED) == [9]
    assert len(loaded.rows(Outcome.CREATED)) == 39


class _CountsFromOne(Client):
    """An account whose errors count the rows of a batch from 1."""

    def __init__(self, client: Client) -> None:
        super().__init__(client._transport, client._limiter)

    def create(self, endpoint: Endpoint, bodies: Sequence[Mapping[str, Any]]) -> Response:
        answer = super().create(endpoint, bodies)
        for error in answer.data.get("errors", ()) if answer.is_json else ():
            error["index"] += 1
        return answer


def test_row_after_row_refused_in_the_same_words_stops_the_run(
    one_by_one: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.set(error_index="off")
    rows = [(user, 999999999, 3) for user, _, _ in new_skills(kantata, 150)]
    path = write_list(tmp_path / "a.csv", HEADERS, list(dict.fromkeys(rows)))

    loaded = load_list_of_lost_skills(one_by_one, path, kantata, [999999999])

    assert isinstance(loaded.events[-1], Stopped)
    assert "refuses row after row with the same words" in str(loaded.events[-1].reason)
    # Twenty in a row, and then one from elsewhere to be sure.
    assert len(loaded.rows(Outcome.REFUSED)) == 21
    assert len(loaded.rows(Outcome.NOT_SENT)) == 129


def test_429_is_waited_for_and_the_batch_is_sent_again_because_it_did_nothing(
    client: Client, kantata: Running, tmp_path: Path
) -> None:
    kantata.faults([{"on": "POST", "nth": 1, "fault": "429", "retry_after": "12"}])
    rows = new_skills(kantata, 10)

    loaded = load_list(client, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert len(loaded.rows(Outcome.CREATED)) == 10
    assert stored_levels(kantata, rows) == [[level] for _, _, level in rows]
    assert [event for event in loaded.events if isinstance(event, Waiting)] == [
        Waiting(12, "Kantata asks us to wait 12 s.")
    ]


def test_a_token_revoked_half_way_stops_the_run_and_fails_no_row(
    one_by_one: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 900)
    kantata.faults([{"on": "POST", "nth": 3, "fault": "revoke"}])

    loaded = load_list(one_by_one, write_list(tmp_path / "a.csv", HEADERS, rows))

    assert len(loaded.rows(Outcome.CREATED)) == 400
    assert len(loaded.rows(Outcome.NOT_SENT)) == 500
    assert isinstance(loaded.events[-1], Stopped)
    assert "refused the token" in str(loaded.events[-1].reason)


def test_events_tell_each_row_once_and_each_request_before_its_answer(
    one_by_one: Client, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 450)

    loaded = load_list(one_by_one, write_list(tmp_path / "a.csv", HEADERS, rows))

    sent = [row for event in loaded.events if isinstance(event, Sent) for row in event.refs]
    answered = [row for event in loaded.events if isinstance(event, Answered) for row in event.results]
    assert sorted(sent) == sorted(answered) == list(range(2, 452))
    assert isinstance(loaded.events[0], Sent)


@pytest.mark.parametrize("accepted", ["any", "lower", "Capital"])
@pytest.mark.parametrize("answered", ["Capital", "lower"])
def test_a_member_type_is_written_as_the_account_wants_it(
    one_by_one: Client, kantata: Running, tmp_path: Path, accepted: str, answered: str
) -> None:
    kantata.set(member_type_in=accepted, member_type_out=answered)
    people = [row["id"] for row in kantata.query("SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0")]
    headers = ("geography_id", "department_id", "member_id", "member_type")
    path = write_list(tmp_path / "a.csv", headers, [(48288, 49306, id_, "USER") for id_ in people[:250]])

    loaded, again = load_list(one_by_one, path), load_list(one_by_one, path)

    assert len(loaded.rows(Outcome.CREATED)) + len(loaded.rows(Outcome.UNCHANGED)) == 250
    assert again.rows(Outcome.UNCHANGED) == list(range(2, 252))
    tried = {"any": 3, "Capital": 3, "lower": 4}[accepted]
    assert len(posts(kantata)) == tried


@pytest.mark.parametrize(("level_vs_max", "level"), [("clamp", 1), ("store", 4)])
def test_a_level_that_kantata_keeps_otherwise_is_created_and_told(
    client: Client, kantata: Running, tmp_path: Path, level_vs_max: str, level: int
) -> None:
    kantata.set(level_vs_max=level_vs_max)
    ((user, skill, _),) = new_skills(kantata, 1)
    loses_its_levels = {"do": "update", "table": "skills", "values": {"max_level": 1}, "where": {"id": skill}}
    kantata.faults([{"on": "POST", "nth": 1, "fault": "interfere", "change": loses_its_levels}])
    path = write_list(tmp_path / "a.csv", HEADERS, [(user, skill, 4)])

    loaded = load_list(client, path)

    assert loaded.rows(Outcome.CREATED) == [2]
    assert ("Kantata stored level 1, but we sent 4." in loaded.words(2)) is (level == 1)
