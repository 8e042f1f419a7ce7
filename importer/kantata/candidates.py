"""How a person or thing of the account is told from its namesakes. Knows records; asks nobody, and finds nothing."""

from collections.abc import Mapping, Sequence

from importer.endpoints.declare import WITHIN, Candidate
from importer.kantata.responses import Record
from importer.planned_ids import is_planned


def place_candidate(path: Sequence[str], id_: str) -> Candidate:
    """A place of a tree, by the way down to it."""
    return Candidate(id_, f"{WITHIN.join(path)}{_id(id_)}", name=WITHIN.join(path))


def person_candidate(user: Record) -> Candidate:
    """A person, with the address, the headline and whether they are inactive."""
    inactive = bool(user.get("disabled"))
    headline = f", {user['headline']}" if user.get("headline") else ""
    label = f"{user.get('full_name')}, {user.get('email_address')}{headline}, id {user['id']}"
    return Candidate(str(user["id"]), label + (", inactive" if inactive else ""), inactive)


def skill_candidate(skill: Record, categories: Mapping[str, str]) -> Candidate:
    """A skill, with its category and levels, which tell namesakes apart."""
    levels = "no levels" if str(skill.get("max_level")) == "1" else f"levels to {skill.get('max_level')}"
    category = categories.get(str(skill.get("skill_category_id")), "no category")
    label = f"{skill.get('name')}, {category}, {levels}{_id(skill['id'])}"
    return Candidate(str(skill["id"]), label, name=str(skill.get("name")))


def thing_candidate(record: Record) -> Candidate:
    """A skill or a group, by its name."""
    return Candidate(str(record["id"]), f"{record.get('name')}{_id(record['id'])}", name=str(record.get("name")))


def _id(id_: object) -> str:
    """How an id is told behind a name; a thing that does not exist yet has none to tell."""
    return ", new" if is_planned(id_) else f", id {id_}"


def project_candidate(workspace: Record) -> Candidate:
    """A project, and whether it is archived."""
    archived = ", archived" if workspace.get("archived") else ""
    return Candidate(str(workspace["id"]), f"{workspace.get('title')}, id {workspace['id']}{archived}")
