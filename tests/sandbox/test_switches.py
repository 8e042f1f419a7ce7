"""The switches as a whole: every one is declared well, and every value is shown by some test."""

import importlib
import re
from pathlib import Path

import pytest

from importer.sandbox import SandboxError, switch_set
from importer.sandbox.switches import SECTIONS, SETS, SWITCHES
from importer.sandbox.switches.board import read

from . import shown


def _all_test_modules() -> None:
    for file in Path(__file__).parent.glob("test_*.py"):
        importlib.import_module(f"{__package__}.{file.stem}")


@pytest.mark.parametrize("name", SWITCHES)
def test_every_value_of_every_switch_is_shown_by_a_test(name: str) -> None:
    _all_test_modules()
    switch, values = SWITCHES[name], shown.SHOWN.get(name, set())
    assert set(switch.values) <= values
    if switch.form:
        others = values - set(switch.values)
        assert others
        assert all(switch.read(value) is not None for value in others)


def test_no_test_shows_a_value_that_its_switch_does_not_have() -> None:
    _all_test_modules()
    wrong = [
        (name, value) for name, values in shown.SHOWN.items() for value in values if SWITCHES[name].read(value) is None
    ]
    assert wrong == []


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_is_declared_with_a_sentence_a_number_and_values_that_it_takes(name: str) -> None:
    switch = SWITCHES[name]
    assert re.fullmatch(r"[A-Z].+\.", switch.means)
    assert re.fullmatch(r"[1-6]\.\d{1,2}", switch.number)
    examples = switch.form.examples if switch.form else ()
    assert [switch.read(value) for value in (*switch.values, *examples)] == [*switch.values, *examples]
    assert switch.read(switch.default) == switch.default


def test_every_switch_stands_in_one_section() -> None:
    assert sorted(each.name for section in SECTIONS.values() for each in section) == sorted(SWITCHES)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("partial_reply", "200_good_rows", "200 good rows"),
        ("bulk", "PARTIAL", "partial"),
        ("om_order", " random-per-page ", "random per page"),
        ("drop", "after_commit@3", "after_commit@3"),
        ("dup_text", "a=b", "a=b"),
    ],
)
def test_values_are_read_whatever_their_case_and_separators(name: str, value: str, expected: str) -> None:
    assert read(name, value) == {name: expected}


@pytest.mark.parametrize(("letter", "name"), [("A", "documented"), ("B", "gem"), ("C", "hostile"), ("D", "strict")])
def test_a_set_has_a_letter_and_a_name(letter: str, name: str) -> None:
    assert switch_set(letter) == switch_set(name) == SETS[name] == read("like", letter)


@pytest.mark.parametrize("name", SETS)
def test_a_set_names_switches_and_values_that_there_are(name: str) -> None:
    assert {switch: SWITCHES[switch].read(value) for switch, value in SETS[name].items()} == SETS[name]


def test_an_unknown_set_is_refused_with_a_sentence() -> None:
    with pytest.raises(SandboxError, match='"kind" is not a set of switches'):
        switch_set("kind")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "../etc"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(SandboxError, match="The switch tz cannot be"):
        read("tz", zone)
