"""The numbers of each department, geography and group. Pure; knows no file and no word.

Who is in a place is also in those that it lies in, and counts once in each.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from importer.export.report.counting import LEVELS, join_tally, spread, with_totals
from importer.export.report.report_data import Facts, Teams
from importer.text import fold


def by_team(facts: Facts, teams: Teams, held: pd.DataFrame) -> pd.DataFrame:
    """Every team that somebody is in, and last those who are in none (`id` is the empty text).

    Shapes: `id`, `name`, `people`, `with_skill` (people who have one), `covered` (skills that somebody has), `each`
    (skills a person, on average), and the team's tally. Places stand as in their tree, groups with most people first.
    """
    members = _with_all(teams)
    members = members.loc[members["user_id"].isin(facts.people["id"])]
    outside = facts.people.loc[~facts.people["id"].isin(members["user_id"]), "id"]
    none = pd.DataFrame({"user_id": outside, "team_id": ""}, dtype=object)
    members = pd.concat([members, none], ignore_index=True)
    theirs = members.merge(spread(held, "user_id"), left_on="user_id", right_index=True)
    counted = members.groupby("team_id", sort=False).size().rename("people").reset_index()
    named = pd.concat([teams.teams, pd.DataFrame({"id": [""], "name": [""], "parent": [""]}, dtype=object)])
    found = counted.merge(named, left_on="team_id", right_on="id", how="inner")
    groups = theirs.groupby("team_id", sort=False)
    found = join_tally(found, "id", with_totals(groups[list(LEVELS)].sum()))
    found["with_skill"] = groups["user_id"].nunique().reindex(found["id"], fill_value=0).to_numpy()
    covered = _covered(held, groups["user_id"].unique())
    found = found.assign(
        covered=found["id"].map(covered).fillna(0).astype("int64"),
        each=found["memberships"] / found["people"],
        last=found["id"] == "",
        size=0 if (teams.teams["parent"] != "").any() else -found["people"],
        order=found["name"].map(fold),
    )
    return found.sort_values(["last", "size", "order", "id"], kind="stable").reset_index(drop=True)


def _covered(held: pd.DataFrame, teams: "pd.Series[Any]") -> Mapping[Any, int]:
    """How many skills somebody in each team has; `teams` gives, by team, the ids of those in it who have one.

    What each person has is counted once, whatever the teams they are in: these may be many.
    """
    person, skill = held["user_id"].cat.codes.to_numpy(), held["skill_id"].cat.codes.to_numpy()
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    theirs = dict(zip(held["user_id"].iloc[starts].to_list(), np.split(skill, starts)[1:], strict=True))
    return {team: len(np.unique(np.concatenate([theirs[id_] for id_ in people]))) for team, people in teams.items()}


def _with_all(teams: Teams) -> pd.DataFrame:
    """Who is in which team, those that it lies in included; each pair once."""
    parent = dict(zip(teams.teams["id"], teams.teams["parent"], strict=True))
    every: list[tuple[str, str]] = []
    for team in parent:
        seen: list[str] = []
        above = team
        while above in parent and above not in seen:
            seen.append(above)
            above = parent[above]
        every += [(team, each) for each in seen]
    inside = pd.DataFrame(every, columns=["team_id", "above"], dtype=object)
    found = teams.members.merge(inside, on="team_id")[["user_id", "above"]]
    return found.drop_duplicates().rename(columns={"above": "team_id"})
