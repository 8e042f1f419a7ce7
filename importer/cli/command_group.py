"""Groups of commands: listed in the order in which they are used, each loaded when it is called. Knows no command."""

from collections.abc import Iterator, Mapping
from importlib import import_module

import click

COMPLETION_VARIABLE = "_IMPORTER_COMPLETE"
"""The variable of the environment by which a shell asks what could stand next; click derives it from our name."""


class OrderedGroup(click.Group):
    """A group whose help lists commands as they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The commands in the order in which they were added."""
        return list(self.commands)


class LazyCommands(Mapping[str, click.Command]):
    """Commands by their names, of which each is imported when it is called.

    `homes` gives for each the module that has it, under its own name; `shared` is an option that every command has.
    """

    def __init__(self, homes: Mapping[str, str], shared: click.Option) -> None:
        self._homes = homes
        self._shared = shared

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(self._homes[name]), name)
        for each in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            if self._shared not in each.params:
                each.params.append(self._shared)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)
