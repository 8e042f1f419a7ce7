"""How far the account is from what is wanted, and from what it was. Pure; knows no file and no word."""

from collections.abc import Mapping

import pandas as pd

from importer.export.report.report_data import Earlier, Facts
from importer.text import fold

NEW, GONE, UP, DOWN = "new", "gone", "up", "down"
KINDS = (NEW, GONE, UP, DOWN)
"""What may have become of a skill of a person since an earlier export."""


def gaps(targets: pd.DataFrame, skills: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """The targets, the widest gap first.

    Shapes: `skill_id`, `name`, `category`, `level` (0: any), `wanted`, `have` (people at that level or above), `near`
    (those one level below), `gap` (people who are missing, never below 0).
    """
    asked = targets.merge(skills.rename(columns={"id": "skill_id"}), on="skill_id", how="left").reset_index(drop=True)
    theirs = held.loc[held["skill_id"].isin(asked["skill_id"]), ["skill_id", "level"]].astype({"skill_id": object})
    found = asked.reset_index(names="at").merge(theirs.rename(columns={"level": "has"}), on="skill_id")
    any_will_do = (found["level"] == 0) | (found["max_level"] == 1)
    there = found.loc[any_will_do | (found["has"] >= found["level"])].groupby("at").size()
    close = found.loc[~any_will_do & (found["level"] > 1) & (found["has"] == found["level"] - 1)].groupby("at").size()
    have = there.reindex(asked.index, fill_value=0).astype("int64")
    asked = asked.assign(
        have=have,
        near=close.reindex(asked.index, fill_value=0).astype("int64"),
        gap=(asked["wanted"] - have).clip(lower=0),
        order=asked["name"].map(fold),
    )
    return asked.sort_values(
        ["gap", "wanted", "order", "level"], ascending=[False, False, True, True], kind="stable"
    ).reset_index(drop=True)


def changes(earlier: Earlier, facts: Facts, *, some_people: bool, some_skills: bool) -> pd.DataFrame:
    """What is otherwise than in the earlier export, by person and skill.

    Where only `some_people` are reported on, others count neither as gone nor as anything else; so with `some_skills`.
    Nor do those who are inactive now and may have been so then.
    Shapes: `user_id`, `skill_id`, `person`, `skill`, `category`, `kind` (one of `KINDS`), `before`, `now` (levels, 0:
    not set; missing where there was or is none).
    """
    before = earlier.memberships.drop_duplicates(["user_id", "skill_id"])
    before = before.loc[~before["user_id"].isin(_doubtful(earlier, facts))]
    if some_people:
        before = before.loc[before["user_id"].isin(facts.people["id"])]
    if some_skills:
        before = before.loc[before["skill_id"].isin(facts.skills["id"])]
    now = facts.memberships.astype({"user_id": object, "skill_id": object}).rename(columns={"level": "now"})
    both = before.rename(columns={"level": "before"}).merge(
        now, on=["user_id", "skill_id"], how="outer", indicator="side"
    )
    skills = facts.skills.set_index("id").reindex(both["skill_id"])
    has_levels = pd.Series(skills["max_level"].to_numpy() != 1, index=both.index)
    kind = pd.Series("", index=both.index, dtype=object)
    in_both = both["side"] == "both"
    kind = kind.mask(both["side"] == "right_only", NEW).mask(both["side"] == "left_only", GONE)
    kind = kind.mask(in_both & has_levels & (both["now"] > both["before"]), UP)
    kind = kind.mask(in_both & has_levels & (both["now"] < both["before"]), DOWN)
    found = both.assign(
        kind=kind,
        person=_named(both["user_id"], facts.people, earlier.people),
        skill=_named(both["skill_id"], facts.skills, earlier.skills),
        category=pd.Series(skills["category"].to_numpy(), index=both.index, dtype=object).fillna(""),
    ).loc[kind != ""]
    found = found.assign(
        rank=found["kind"].map(KINDS.index), one=found["person"].map(fold), two=found["skill"].map(fold)
    )
    columns = ["user_id", "skill_id", "person", "skill", "category", "kind", "before", "now"]
    order = ["rank", "one", "user_id", "two", "skill_id"]
    found = found.astype({"before": "Int64", "now": "Int64"})
    return found.sort_values(order, kind="stable")[columns].reset_index(drop=True)


def _doubtful(earlier: Earlier, facts: Facts) -> frozenset[str]:
    """People who are inactive now, are not in the report for that, and may have been inactive then."""
    return frozenset() if earlier.is_of_active else earlier.inactive - set(facts.people["id"])


def inactive_then(earlier: Earlier, facts: Facts) -> int:
    """How many people of the earlier export are left out because they may have been inactive then."""
    return len(_doubtful(earlier, facts) & set(earlier.memberships["user_id"]))


def unknown_then(earlier: Earlier, facts: Facts) -> int:
    """How many people hold skills of whom the earlier export says nothing at all."""
    now = set(facts.memberships["user_id"])
    return len(now - set(earlier.memberships["user_id"]))


def count_losses_with_people(found: pd.DataFrame, earlier: Earlier) -> tuple[int, int]:
    """How many changes are skills gone with people who are inactive now, and how many people these are."""
    theirs = found.loc[(found["kind"] == GONE) & found["user_id"].isin(earlier.inactive), "user_id"]
    return len(theirs), theirs.nunique()


def _named(ids: pd.Series, now: pd.DataFrame, then: Mapping[str, str]) -> pd.Series:
    """What these are called now; else what they were called then; else their ids."""
    names = {**then, **dict(zip(now["id"], now["name"], strict=True))}
    return ids.map(lambda id_: names.get(id_) or id_).astype(object)


def count_changes(found: pd.DataFrame, by: str, name: str) -> pd.DataFrame:
    """Changes by skill or by person. Shapes: `id`, `name`, each of `KINDS`, `all`; those with most changes first."""
    counts = found.groupby([by, "kind"], sort=False).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(KINDS), fill_value=0).astype("int64")
    names = found.groupby(by, sort=False)[name].first()
    table = counts.assign(all=counts.sum(axis="columns"), name=names).rename_axis("id").reset_index()
    table = table.assign(order=table["name"].map(fold))
    return table.sort_values(["all", "order", "id"], ascending=[False, True, True], kind="stable").reset_index(
        drop=True
    )
