"""The sample files through the real command line, against every way in which Kantata may behave."""

import json
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from importer import endpoints
from importer.sandbox import Running
from tests.books import as_dicts, sheet_rows
from tests.conftest import SAMPLES, Importer

NAMES = endpoints.names()
THINGS = {each.name for each in endpoints.load_all() if each.are_things}
GOOD = [f"{name}.{kind}" for name in NAMES for kind in ("csv", "xlsx")]
COUNTED = ("created", "updated", "unchanged")
# Section by section the four ways of the API that the documents leave open; faults have tests of their own.
SETS: dict[str, dict[str, str]] = {
    "documented": {"like": "documented"},
    "gem": {"like": "gem"},
    "hostile": {"like": "hostile", "drop": "never", "insert_during_list": "off"},
    "hostile, with records appearing": {"like": "hostile", "drop": "never"},
    "strict": {"like": "strict"},
}


def counts_of(kantata: Running, name: str) -> int:
    return int(kantata.query(f"SELECT count(*) n FROM {endpoints.load(name).plural}")[0]["n"])


@pytest.mark.parametrize("switches", SETS.values(), ids=SETS)
@pytest.mark.parametrize("sample", GOOD)
def test_a_good_sample_loads_to_the_last_row_and_again_sends_nothing(
    importer: Importer, kantata: Running, tmp_path: Path, sample: str, switches: dict[str, str]
) -> None:
    name = sample.rsplit(".", 1)[0]
    path = Path(copy(SAMPLES / sample, tmp_path))
    before = counts_of(kantata, name)
    kantata.set(**switches)

    first = importer("apply", path, "--yes", "--json")
    after = counts_of(kantata, name)
    kantata.execute("DELETE FROM requests")
    second = importer("apply", path, "--yes", "--json")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    outcomes = first.json["outcomes"]
    assert sum(outcomes[each] for each in COUNTED) == first.json["rows"]
    assert outcomes["created"] == first.json["rows"] if name in THINGS else outcomes["created"] > 30
    if "appearing" not in str(switches) and switches.get("insert_during_list") == "off":
        assert after - before == outcomes["created"]
    assert second.json["outcomes"]["unchanged"] == first.json["rows"]
    assert {request["method"] for request in kantata.requests()} == {"GET"}


@pytest.mark.parametrize("sample", GOOD)
def test_terminal_json_workbook_and_account_tell_the_same_counts(
    importer: Importer, kantata: Running, tmp_path: Path, sample: str
) -> None:
    name = sample.rsplit(".", 1)[0]
    path = Path(copy(SAMPLES / sample, tmp_path))
    before = counts_of(kantata, name)

    ran = importer("apply", path, "--yes", "--json")

    outcomes = ran.json["outcomes"]
    result = as_dicts(tmp_path / ran.json["result"], "Result")
    told = {outcome: sum(row["Import status"] == outcome for row in result) for outcome in outcomes}
    assert told == outcomes
    assert counts_of(kantata, name) - before == outcomes["created"]
    summary = dict(row[:2] for row in sheet_rows(tmp_path / ran.json["result"], "Summary"))
    assert {outcome: summary.get(outcome, 0) for outcome in outcomes} == outcomes
    assert summary["all rows"] == ran.json["rows"] == len(result)
    assert f"create {outcomes['created']}   update {outcomes['updated']}   unchanged {outcomes['unchanged']}" in ran.err
    requests = kantata.query("SELECT method, count(*) n FROM requests GROUP BY method")
    assert {row["method"]: row["n"] for row in requests} == {
        method: count for method, count in ran.json["requests"].items() if count and method != "retries"
    }


@pytest.mark.parametrize("sample", GOOD)
def test_every_row_of_a_result_has_its_own_record(
    importer: Importer, kantata: Running, tmp_path: Path, sample: str
) -> None:
    endpoint = endpoints.load(sample.rsplit(".", 1)[0])
    ran = importer("apply", Path(copy(SAMPLES / sample, tmp_path)), "--yes", "--json")

    rows = as_dicts(tmp_path / ran.json["result"], "Result")

    ids = [row["Import ID"] for row in rows]
    assert len(set(ids)) == len(rows)
    held = {str(row["id"]): row for row in kantata.query(f"SELECT * FROM {endpoint.plural}")}
    for row, id_ in zip(rows, ids, strict=True):
        assert isinstance(id_, str)
        for field in set(row) & held[id_].keys() & {field.name for field in endpoint.fields if not field.api_values}:
            assert str(held[id_][field]) == str(row[field])


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_with_every_mistake_yields_exactly_its_listed_problems(
    importer: Importer, tmp_path: Path, name: str
) -> None:
    path = Path(copy(SAMPLES / f"{name}-mistakes.xlsx", tmp_path))
    expected = json.loads((SAMPLES / f"{name}-mistakes.problems.json").read_text(encoding="utf-8"))

    ran = importer("check", path, "--json")

    assert ran.code == 3
    assert [_short(problem) for problem in ran.json["problems"]] == expected
    assert all(problem["sheet"] == "Autumn review" for problem in ran.json["problems"])
    assert all(problem["message"] and problem["fix"] for problem in ran.json["problems"])
    assert ran.json["invalid"] == len({problem["row"] for problem in ran.json["problems"]})
    assert ran.json["valid"] + ran.json["invalid"] == ran.json["rows"]


def _short(problem: dict[str, Any]) -> dict[str, str]:
    return {"cell": problem["cell"], "column": problem["column"], "code": problem["code"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_right_rows_of_a_bad_sample_load_and_the_others_come_back_to_be_mended(
    importer: Importer, tmp_path: Path, name: str
) -> None:
    path = Path(copy(SAMPLES / f"{name}-mistakes.xlsx", tmp_path))

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 3
    outcomes = ran.json["outcomes"]
    to_fix = as_dicts(tmp_path / ran.json["result"], "To fix")
    assert len(to_fix) == outcomes["invalid"] == ran.json["rows"] - outcomes["created"] - outcomes["duplicate"]
    assert outcomes["created"] > 0
    assert {row["Import status"] for row in to_fix} == {"invalid"}
    assert all(row["Import error"] and row["Import fix"] for row in to_fix)


def test_all_or_nothing_sends_nothing_when_one_row_is_wrong(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = Path(copy(SAMPLES / "skill-memberships-mistakes.xlsx", tmp_path))

    ran = importer("apply", path, "--yes", "--all-or-nothing", "--json")

    assert ran.code == 4
    assert ran.json["outcomes"]["not sent"] == 3
    assert ran.json["outcomes"]["invalid"] == 29
    assert {request["method"] for request in kantata.requests()} == {"GET"}
    assert len(as_dicts(tmp_path / ran.json["result"], "To fix")) == 32
