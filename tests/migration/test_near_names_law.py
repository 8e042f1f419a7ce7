"""A law: a name that is nearly one of the account's never makes anything, whatever way it differs."""

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer import Account
from importer.near_names import NearNames
from importer.sandbox import Running
from importer.sandbox.world.places import GROUPS
from importer.sandbox.world.skills import SKILLS
from importer.text import fold

_ACCENTS = str.maketrans("aeiouc", "\u00e1\u00e9\u00ed\u00f3\u00fa\u00e7")
_PLAIN = str.maketrans("\u00e1\u00e9\u00ed\u00f3\u00fa\u00e7\u0101", "aeiouca")
_SHORT = {
    "JavaScript": "JS",
    "TypeScript": "TS",
    "Kubernetes": "K8s",
    "Machine Learning": "ML",
    "Natural Language Processing": "NLP",
    "Identity and Access Management": "IAM",
    "PostgreSQL": "Postgres",
    "Amazon Web Services": "AWS",
    "Microsoft Azure": "Azure",
    "Apache Kafka": "Kafka",
    "Google Cloud": "GCP",
}


def _swapped(name: str) -> str:
    return " ".join(reversed(name.split())) if len(name.split()) == 2 else name


WAYS: dict[str, Callable[[str], str]] = {
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with accents": lambda name: name.translate(_ACCENTS),
    "without accents": lambda name: name.translate(_PLAIN),
    "with a space too many": lambda name: name.replace(" ", "  ") + " ",
    "without spaces": lambda name: name.replace(" ", "") if len(name) > 6 else name,
    "with hyphens": lambda name: name.replace(" ", "-"),
    "with underscores": lambda name: name.replace(" ", "_"),
    "in the plural": lambda name: f"{name}s" if name[-1].isalpha() and len(name.split()[-1]) > 3 else name,
    "in short": lambda name: _SHORT.get(name, name),
    "with what it is": lambda name: f"{name} skills" if len(name) > 4 else name,
    "in another order": _swapped,
}
"""How people write one name otherwise."""
_LETTERS = ("", "in capitals", "in small letters", "with accents", "without accents")


@st.composite
def otherwise(draw: st.DrawFn, names: list[str]) -> str:
    """A name of the account, written in another way, and perhaps in other letters as well."""
    name = WAYS[draw(st.sampled_from(sorted(WAYS)))](draw(st.sampled_from(names)))
    letters = draw(st.sampled_from(_LETTERS))
    return WAYS[letters](name) if letters else name


@pytest.mark.parametrize("names", [[skill.name for skill in SKILLS], list(GROUPS)], ids=["skills", "groups"])
def test_each_name_is_known_in_each_way_and_in_all_letters(names: list[str]) -> None:
    near, there = NearNames(names), {fold(name) for name in names}

    written = {" ".join(WAYS[letters](way(name)).split()) if letters else " ".join(way(name).split())
               for name in names for way in WAYS.values() for letters in _LETTERS}  # fmt: skip

    assert [each for each in written if fold(each) not in there and not any(one.is_near for one in near.to(each))] == []


_EXAMPLES = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_EXAMPLES
@given(data=st.data())
def test_no_name_that_is_nearly_a_skill_of_the_account_makes_another_one(
    account: Account, kantata: Running, data: st.DataObject
) -> None:
    name = data.draw(otherwise([skill.name for skill in SKILLS]))
    frame = pd.DataFrame([["dana@example.com", name, None]], columns=["email", "skill", "level"])

    plan = account.plan(
        frame, create_missing=["skills"], new_skill_category="Skill", new_skill_levels="5", no_aliases=True
    )

    assert plan.new == ()
    assert kantata.query("SELECT count(*) AS n FROM skills") == [{"n": len(SKILLS)}]


@_EXAMPLES
@given(data=st.data())
def test_no_name_that_is_nearly_a_group_of_the_account_makes_another_one(
    account: Account, kantata: Running, data: st.DataObject
) -> None:
    name = data.draw(otherwise(list(GROUPS)))
    frame = pd.DataFrame([["dana@example.com", name]], columns=["email", "group"])

    plan = account.plan(frame, create_missing=["groups"], no_aliases=True)

    assert plan.new == ()
    assert kantata.query("SELECT count(*) AS n FROM workspace_groups") == [{"n": len(GROUPS)}]


@_EXAMPLES
@given(data=st.data())
def test_no_row_of_a_list_of_skills_makes_one_that_is_nearly_there(account: Account, data: st.DataObject) -> None:
    name = data.draw(otherwise([skill.name for skill in SKILLS]))
    frame = pd.DataFrame([[name, "Skill", "5"]], columns=["name", "category", "max_level"])

    plan = account.plan(frame, "skills")

    assert plan.counts["create"] == 0
