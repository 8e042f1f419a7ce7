"""What a skill report is made of: plain frames of people, skills, and who holds which. Knows no file and no API."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Team(StrEnum):
    """What people belong to, besides the account."""

    DEPARTMENT = "department"
    GEOGRAPHY = "geography"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams of one kind and who is in them.

    Shapes: `teams` has the columns `id`, `name`, `parent` (the id of the team that it lies in, or the empty text);
    `members` has `user_id`, `team_id`. Somebody may be in several.
    """

    teams: pd.DataFrame
    members: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier export says. `name` is its file's.

    Shapes: `memberships` has the columns `user_id`, `skill_id`, `level`; `people` and `skills` give, by id, what the
    file calls those who are no longer there; `inactive` are those who are so now, and
    `is_of_active` tells that nobody in the file was so then.
    """

    name: str
    memberships: pd.DataFrame
    people: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)
    inactive: frozenset[str] = frozenset()
    is_of_active: bool = True


@dataclass(frozen=True, slots=True)
class About:
    """Where the report comes from, in words, and when it was made (UTC, without a zone as the formats want it).

    `covers` says which people and skills it is on, and so `some_people` and `some_skills` whether others are left out.
    Of a file of targets `targets` is the name, and `targets_left_out` counts the rows that could not be read.
    """

    account: str
    made_at: dt.datetime
    covers: str
    notes: Sequence[str] = ()
    some_people: bool = False
    some_skills: bool = False
    targets: str = ""
    targets_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the numbers are computed from. Ids are text.

    Shapes: `people` has the columns `id`, `name`, `email`, `title`; `skills` has `id`, `name`, `category` (may be the
    empty text), `max_level` (1: it has no levels); `memberships` is as `memberships_of` makes it; `targets` has
    `skill_id`, `level` (0: any) and `wanted` (people).
    """

    people: pd.DataFrame
    skills: pd.DataFrame
    memberships: pd.DataFrame
    teams: Mapping[Team, Teams] = field(default_factory=dict)
    targets: pd.DataFrame | None = None
    earlier: Earlier | None = None


def memberships_of(
    people: pd.DataFrame, skills: pd.DataFrame, held: Sequence[NDArray[np.integer[Any]]]
) -> pd.DataFrame:
    """Who holds which skill, in some bytes each: an account has very many.

    Shapes: `held` are three arrays of one length, each pair once, person by person: the positions of people and of
    skills in their frames, and levels (0: not set). The columns are `user_id` and `skill_id`, whose categories are the
    frames' ids in their order, and `level`.
    """
    person, skill, level = held
    return pd.DataFrame(
        {
            "user_id": pd.Categorical.from_codes(person, pd.Index(people["id"])),
            "skill_id": pd.Categorical.from_codes(skill, pd.Index(skills["id"])),
            "level": level,
        }
    )


def frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """The rows as a frame of exact values: a text stays a text, a number a number, whatever stands beside it."""
    listed = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype="int64" if values and isinstance(values[0], int) else object)
            for name, values in zip(columns, map(list, listed), strict=True)
        }
    )
