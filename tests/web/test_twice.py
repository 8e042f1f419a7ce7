"""A yes that comes twice: by a double click, in two tabs, by Back. There is one run, and every yes ends at it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import requests

from importer.sandbox import Running
from importer.web.server import PageAddress
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.test_way import stopped_run
from tests.web.visitor import Visitor, field, read


def _at_once(visitor: Visitor, say_yes: Callable[[Visitor], requests.Response]) -> list[str]:
    """The addresses at which two tabs of one browser end that say yes at the same time."""
    together, served = Barrier(2), visitor.served

    def one(visitor: Visitor) -> str:
        together.wait()
        return say_yes(visitor).url.removeprefix(served.root)

    tabs = [Visitor(served), Visitor(served)]
    for tab in tabs:
        tab.session.cookies.update(visitor.session.cookies)
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(one, tabs))


def _dropped(visitor: Visitor, kantata: Running, tmp_path: Path, count: int = 3) -> str:
    return visitor.drop(write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, count)))


def _writes(kantata: Running) -> int:
    return int(kantata.query("SELECT count(*) n FROM requests WHERE method <> 'GET'")[0]["n"])


def test_two_yeses_to_a_plan_at_the_same_time_are_one_run(
    visitor: Visitor, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    file = _dropped(visitor, kantata, tmp_path)
    plan = field(visitor.plan(file).text, "plan")
    batch = gate.hold("POST")

    ends = _at_once(visitor, lambda each: each.post(f"{file}/send", plan=plan))
    batch.release()
    results = {visitor.wait(end).url for end in ends}

    assert len(set(ends)) == 1
    assert ends[0].startswith("/sending/")
    assert len(results) == 1
    assert _writes(kantata) == 1


def test_a_yes_that_comes_again_after_the_run_is_answered_with_its_result(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    file = _dropped(visitor, kantata, tmp_path)
    plan = visitor.plan(file)
    result = visitor.send(file, plan)

    again = visitor.send(file, plan)
    back = visitor.get(f"{file}/plan")

    assert again.url == back.url == result.url
    assert read(again.text, "created") == [("", "created 3")]
    assert _writes(kantata) == 1


def test_a_plan_that_was_made_anew_after_a_run_has_a_yes_of_its_own(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    file = _dropped(visitor, kantata, tmp_path)
    first = visitor.plan(file)
    sent = visitor.send(file, first)

    second = visitor.plan(file)
    result, of_the_first = visitor.send(file, second), visitor.send(file, first)

    assert read(result.text, "unchanged") == [("", "unchanged 3")]
    assert of_the_first.url == sent.url


def test_two_yeses_to_an_undo_are_one_run_and_a_later_one_ends_at_it(
    served: PageAddress, visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    file = _dropped(visitor, kantata, tmp_path)
    run = visitor.send(file, visitor.plan(file)).url.removeprefix(served.root)
    shown = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(served.root))
    undo, plan = shown.url.removeprefix(served.root), field(shown.text, "plan")

    ends = _at_once(visitor, lambda each: each.post(f"{undo}/send", plan=plan))
    result = visitor.wait(ends[0])
    later, back = visitor.post(f"{undo}/send", plan=plan), visitor.get(undo)

    assert {visitor.wait(end).url for end in ends} == {result.url}
    assert later.url == back.url == result.url
    assert read(result.text, "removed") == [("", "removed 3")]
    assert visitor.get("/runs").text.count("Undo of run") == 1


def test_an_undo_that_was_looked_at_anew_in_another_tab_is_not_sent_by_the_yes_to_the_first_look(
    visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    file = _dropped(visitor, kantata, tmp_path)
    run = visitor.send(file, visitor.plan(file)).url.removeprefix(visitor.served.root)
    first = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))
    visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))

    answer = visitor.post(f"{first.url.removeprefix(visitor.served.root)}/send", plan=field(first.text, "plan"))

    assert answer.status_code == 409
    assert "this is not the plan that you saw last" in answer.text
    assert _writes(kantata) == 1


def test_a_run_that_is_finished_twice_at_a_time_goes_on_once(
    served: PageAddress, visitor: Visitor, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 450))
    run = stopped_run(kantata, path, tmp_path / "state")

    ends = _at_once(visitor, lambda each: each.post(f"/runs/{run}/resume"))
    results = {visitor.wait(end).url.removeprefix(served.root) for end in ends}
    later = visitor.post(f"/runs/{run}/resume")

    assert results == {f"/runs/{run}"}
    assert later.url.removeprefix(served.root) == f"/runs/{run}"
    assert read(later.text, "created") == [("", "created 450")]
