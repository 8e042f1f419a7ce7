"""The numbers of a skill report: people, skills, levels, and who alone holds what. Pure; knows no file and no word.

A skill whose highest level is 1 is held or not, and has no level: it counts as a skill, and in no average. A level of 0
was never set, and is in no average either.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from importer.export.report.report_data import Facts
from importer.text import fold

LEVELS = ("not_set", "level_1", "level_2", "level_3", "level_4", "level_5", "no_levels")
"""The columns of a distribution: memberships by level, those with none set, and those of skills that have no levels."""
_TEXTS = ("user_id", "skill_id", "category")
HIGHEST = 5
STRONG = 4
"""From this level on a person is counted as strong in a skill."""
BREADTHS = (0, 1, 2, 3, 5, 10, 20, 50, 100)
"""Where each class of people by number of skills begins, after the one before: 0, 1, 2, 3-4, 5-9, ..., 100 and more."""
DEPTHS = ("no_average", "from_1", "from_2", "from_3", "from_4")
"""Classes of people by the average of their levels: none, from 1, from 2, from 3, from 4."""


def holdings(facts: Facts) -> pd.DataFrame:
    """The memberships with what is needed to count them.

    Shapes: besides `user_id`, `skill_id`, `level` the columns `category` and `column` (one of `LEVELS`).
    """
    held = facts.memberships
    of = held["skill_id"].cat.codes.to_numpy()
    levels = held["level"].clip(0, HIGHEST).to_numpy()
    has_levels = (facts.skills["max_level"] > 1).to_numpy(dtype=bool)[of]
    category = pd.Categorical(facts.skills["category"])
    return held.assign(
        category=pd.Categorical.from_codes(category.codes[of], category.categories),
        column=pd.Categorical.from_codes(np.where(has_levels, levels, HIGHEST + 1), pd.Index(LEVELS)),
    )


def spread(held: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many memberships have which level, for each value of a column of the holdings; its columns are `LEVELS`."""
    counts = held.groupby([by, "column"], observed=True, sort=False).size().unstack(fill_value=0)
    counts.index = counts.index.astype(object)
    return counts.reindex(columns=list(LEVELS), fill_value=0).astype("int64").set_axis(list(LEVELS), axis="columns")


def with_totals(counts: pd.DataFrame) -> pd.DataFrame:
    """A spread with what follows from it: `memberships`, `average` and `highest` of the levels that are set (missing
    where none is), and `strong` (levels of `STRONG` or more).
    """
    are_set = counts[list(LEVELS[1 : HIGHEST + 1])]
    levels = np.arange(1, HIGHEST + 1)
    number = are_set.sum(axis="columns")
    return counts.assign(
        memberships=counts.sum(axis="columns"),
        average=(are_set * levels).sum(axis="columns") / number,
        highest=((are_set > 0) * levels).max(axis="columns").where(number > 0).astype("Int64"),
        strong=are_set.iloc[:, STRONG - 1 :].sum(axis="columns"),
    )


def tally(held: pd.DataFrame, by: str) -> pd.DataFrame:
    """For each value of a column of the holdings how many have which level, and what `with_totals` adds."""
    return with_totals(spread(held, by))


def join_tally(left: pd.DataFrame, on: str, tallied: pd.DataFrame) -> pd.DataFrame:
    """The rows with their tally beside them: zeros, and no average, where there is none."""
    both = left.join(tallied, on=on)
    counts = [name for name in ("memberships", "strong", *LEVELS) if name in both]
    return both.assign(**{name: both[name].fillna(0).astype("int64") for name in counts})


def totals(facts: Facts, held: pd.DataFrame) -> Mapping[str, int | float | None]:
    """The few numbers that matter, by name. `average` is that of all levels that are set; None where there is none."""
    holders = held["skill_id"].value_counts()
    in_use = int((holders > 0).sum())
    rated = _rated(held).dropna()
    return {
        "people": len(facts.people),
        "skills": len(facts.skills),
        "skills_in_use": in_use,
        "memberships": len(held),
        "average": float(rated.mean()) if len(rated) else None,
        "people_without_skill": len(facts.people) - held["user_id"].nunique(),
        "skills_nobody_has": len(facts.skills) - in_use,
        "skills_of_one": int((holders == 1).sum()),
    }


def _rated(held: pd.DataFrame) -> pd.Series:
    """The levels that count in an average, missing where there is none."""
    return held["level"].clip(0, HIGHEST).where(~held["column"].isin([LEVELS[0], LEVELS[-1]]))


def levels(held: pd.DataFrame) -> pd.DataFrame:
    """Memberships by level. Shapes: one row for each of `LEVELS`, in order, with `level` and `memberships`."""
    counted = held["column"].value_counts().reindex(list(LEVELS), fill_value=0)
    return pd.DataFrame({"level": list(LEVELS), "memberships": counted.to_numpy()})


def by_skill(facts: Facts, held: pd.DataFrame) -> pd.DataFrame:
    """Every skill with its tally and `coverage` (the share of people who have it), those most people have first."""
    found = join_tally(facts.skills, "id", tally(held, "skill_id"))
    found = found.assign(coverage=found["memberships"] / max(len(facts.people), 1), order=found["name"].map(fold))
    return found.sort_values(["memberships", "order", "id"], ascending=[False, True, True], kind="stable")


def by_category(facts: Facts, held: pd.DataFrame) -> pd.DataFrame:
    """Every category that has a skill: `skills`, `in_use`, `people` who have one of them, and its tally."""
    skills = facts.skills.groupby("category", sort=False).size().rename("skills").reset_index()
    groups = held.groupby("category", observed=True, sort=False)
    found = join_tally(skills, "category", tally(held, "category"))
    for name, of in (("in_use", "skill_id"), ("people", "user_id")):
        number = groups[of].nunique()
        found[name] = number.set_axis(number.index.astype(object)).reindex(found["category"], fill_value=0).to_numpy()
    return found.sort_values(["memberships", "category"], ascending=[False, True], kind="stable")


def by_person(facts: Facts, held: pd.DataFrame) -> pd.DataFrame:
    """Everybody with their tally and `alone` (skills that only they have), those with the most skills first."""
    alone = singles(facts, held)["user_id"].value_counts()
    found = join_tally(facts.people, "id", tally(held, "user_id"))
    found = found.assign(
        alone=alone.reindex(found["id"], fill_value=0).astype("int64").to_numpy(), order=found["name"].map(fold)
    )
    return found.sort_values(["memberships", "order", "id"], ascending=[False, True, True], kind="stable")


def breadth(people: pd.DataFrame) -> pd.DataFrame:
    """People by how many skills they have, and within that by the average of their levels.

    Shapes: one row for each of `BREADTHS`, in order: `people`, `share`, and each of `DEPTHS`.
    """
    edges = [*(start - 0.5 for start in BREADTHS), float("inf")]
    wide = pd.cut(people["memberships"], edges, labels=range(len(BREADTHS))).astype("int64")
    deep = pd.cut(people["average"].fillna(0), [-1, 0.5, 2, 3, 4, 6], right=False, labels=list(DEPTHS)).astype(object)
    cross = pd.crosstab(wide, deep).reindex(index=range(len(BREADTHS)), columns=list(DEPTHS), fill_value=0)
    counted = cross.sum(axis="columns")
    return cross.assign(people=counted, share=counted / max(len(people), 1))


def singles(facts: Facts, held: pd.DataFrame) -> pd.DataFrame:
    """The memberships of skills that one person alone holds, with `skill`, `person`, `email`, `title` and `rated`
    (the level, missing where it is none); by category.
    """
    single = held.loc[~held["skill_id"].duplicated(keep=False)].astype(dict.fromkeys(_TEXTS, object))
    single = single.assign(rated=_rated(single).astype("Int64"))
    skills = facts.skills.rename(columns={"id": "skill_id", "name": "skill"})[["skill_id", "skill"]]
    people = facts.people.rename(columns={"id": "user_id", "name": "person"})
    found = single.merge(skills, on="skill_id", how="left").merge(people, on="user_id", how="left")
    found = found.assign(order=found["skill"].map(fold))
    return found.sort_values(["category", "order", "skill_id"], kind="stable").reset_index(drop=True)


def alone(single: pd.DataFrame) -> pd.DataFrame:
    """Those who alone hold a skill: `person`, `email`, `title`, `skills` (how many) and `named` (which)."""
    groups = single.groupby("user_id", sort=False)
    found = groups[["person", "email", "title"]].first()
    found = found.assign(skills=groups.size(), named=groups["skill"].agg(", ".join), order=found["person"].map(fold))
    return found.reset_index().sort_values(["skills", "order", "user_id"], ascending=[False, True, True], kind="stable")
