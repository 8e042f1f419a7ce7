"""What a layout may ask an account: whether it calls its people, skills or groups like this. Knows no API.

A sheet is understood by its shape where that is clear; the account decides where it is not, and is only asked then.
"""

from collections.abc import Collection
from typing import Protocol


class AccountNames(Protocol):
    """The names of an account; each answer is the part of the texts that it knows."""

    @property
    def is_there(self) -> bool:
        """Whether there is an account to ask, and it answers."""

    def people(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its people: by full name, e-mail address or id."""

    def skills(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its skills, or are the id of one."""

    def groups(self, texts: Collection[str]) -> frozenset[str]:
        """Of these texts those that name one of its groups, or are the id of one."""


class NoAccount:
    """The names where no account is there to ask: none."""

    is_there = False

    def people(self, texts: Collection[str]) -> frozenset[str]:  # noqa: ARG002
        """None."""
        return frozenset()

    skills = groups = people


NO_ACCOUNT = NoAccount()
