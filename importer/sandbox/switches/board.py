"""The present value of every switch, and the only way to set one; does nothing with them."""

from collections.abc import Mapping
from difflib import get_close_matches

from importer.sandbox.errors import SandboxError
from importer.sandbox.switches.declare import SETS, SWITCHES

LIKE = "like"  # the name under which a whole set is asked for
LETTERS = {"a": "documented", "b": "gem", "c": "hostile", "d": "strict"}


def switch_set(name: str) -> dict[str, str]:
    """The switches of a named set: A or documented, B or gem, C or hostile, D or strict.

    Raises: SandboxError for any other name.
    """
    wanted = name.strip().casefold()
    wanted = LETTERS.get(wanted, wanted)
    if wanted not in SETS:
        known = ", ".join(f"{letter.upper()} ({each})" for letter, each in LETTERS.items())
        raise SandboxError(f'"{name}" is not a set of switches; use one of {known}.')
    return dict(SETS[wanted])


def read(name: str, value: str) -> dict[str, str]:
    """The switches that `name=value` sets: one, or those of a whole set for `like=...`.

    Raises: SandboxError with a sentence that suggests what was meant.
    """
    if name == LIKE:
        return switch_set(value)
    if name not in SWITCHES:
        near = get_close_matches(name, (*SWITCHES, LIKE), n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "GET /sandbox/switches lists them all."
        raise SandboxError(f'"{name}" is not a switch of the sandbox. {hint}')
    switch = SWITCHES[name]
    meant = switch.read(value)
    if meant is None:
        near = get_close_matches(value, switch.values, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise SandboxError(f'The switch {name} cannot be "{value}"; use {switch.accepted}.{hint}')
    return {name: meant}


def read_all(wanted: Mapping[str, str]) -> dict[str, str]:
    """The switches that a mapping sets, later names over earlier ones. Raises: SandboxError."""
    found = [read(name, value) for name, value in wanted.items()]
    return {name: value for each in found for name, value in each.items()}


class Board:
    """The value of each switch now."""

    def __init__(self, at_start: Mapping[str, str]) -> None:
        self._at_start = read_all(at_start)
        self._values: dict[str, str] = {}
        self.reset()

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def set(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Set some switches, all or none; returns those that were named. Raises: SandboxError."""
        found = read_all(wanted)
        self._values.update(found)
        return found

    def reset(self) -> None:
        """Every switch as it was at the start."""
        self._values = {name: switch.default for name, switch in SWITCHES.items()} | self._at_start

    def all(self) -> dict[str, str]:
        """The value of every switch, as a copy that stays as it is."""
        return dict(self._values)
