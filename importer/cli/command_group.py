"""Groups of commands: listed in the order in which they are used, each loaded when it is called. Knows no command."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class OrderedGroup(click.Group):
    """A group whose help lists commands as they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The commands in the order in which they were added."""
        return list(self.commands)


class LazyGroup(click.Group):
    """A group that imports the module of a command when the command is called, or its help is shown.

    `homes` gives for each command the module that has it, under the command's own name.
    """

    def __init__(self, *arguments: Any, homes: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The commands in the order in which they are used."""
        return list(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        """The command of this name, loaded; None if there is none."""
        if cmd_name not in self.homes:
            return None
        command: click.Command = getattr(import_module(self.homes[cmd_name]), cmd_name)
        return command
