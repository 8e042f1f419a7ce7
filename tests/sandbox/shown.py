"""Which values of which switches some test shows; filled when the test modules are imported."""

from collections.abc import Mapping

import pytest

SHOWN: dict[str, set[str]] = {}


def each_value(name: str, expected: Mapping[str, object]) -> pytest.MarkDecorator:
    """Run a test once for each value of a switch, with what is expected then, as `value` and `expected`."""
    SHOWN.setdefault(name, set()).update(expected)
    cases = [pytest.param(value, outcome, id=f"{name}={value}") for value, outcome in expected.items()]
    return pytest.mark.parametrize(("value", "expected"), cases)


def shows(**switches: str) -> pytest.MarkDecorator:
    """Run a test with these switches set, and note that it shows their values."""
    for name, value in switches.items():
        SHOWN.setdefault(name, set()).add(value)
    return pytest.mark.switches(**switches)
