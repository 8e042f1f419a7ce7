"""Skills and their categories; declared, not done."""

from importer.sandbox.contract.declare import (
    ALL_VERBS,
    EVERYBODY,
    ID,
    STAMPS,
    Asked,
    Association,
    Attribute,
    Collection,
    Field,
    Filter,
    Sent,
    Shown,
    Verb,
    alphabetical,
    dates,
    external_reference_ids,
    external_references,
    pairs,
)
from importer.sandbox.sql import IN_VALUE, select


def _not_held(table: str, condition: str) -> str:
    return f"id NOT IN ({select(['skill_id'], table, [condition])})"


SKILLS = Collection(
    name="skills",
    singular="skill",
    model="Skill",
    source="API reference 1.0.0, tag Skills",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("name"),
        Attribute("description"),
        Attribute("max_level", Shown.MAX_LEVEL),
        *STAMPS,
        ID,
    ),
    associations=(
        external_reference_ids("Skill"),
        Association("skill_category", "skill_categories", "skill_category_id"),
    ),
    filters=(
        *dates("created", "updated"),
        Filter("except", Asked.CSV, f"id NOT {IN_VALUE}"),
        *external_references("Skill"),
        Filter("for_users", Asked.CSV, _not_held("skill_memberships", f"user_id {IN_VALUE}")),
        Filter("matching", Asked.NAME, "name"),
        Filter("skill_category_ids", Asked.CSV, f"skill_category_id {IN_VALUE}"),
        Filter("unassigned_skills_for_estimate_scenario_resource", Asked.INTEGER, EVERYBODY),
        Filter("unassigned_skills_for_project_template_assignment", Asked.INTEGER, EVERYBODY),
        Filter("unassigned_skills_for_user", Asked.INTEGER, _not_held("skill_memberships", "user_id = :value")),
        Filter(
            "unassigned_skills_for_workspace_resource",
            Asked.INTEGER,
            _not_held("workspace_resource_skills", "workspace_resource_id = :value"),
        ),
    ),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    fields=(
        Field("name", required=True),
        Field("max_level", Sent.CHOICE, choices=("1", "5")),
        Field("skill_category_id", Sent.REFERENCE, required=True, refers="skill_categories"),
        Field("description"),
        Field("external_reference", Sent.EXTERNAL),
    ),
    bulk_limit=200,
    rules=("max_level_given", "not_blank", "skill_names", "skills_of_the_account"),
    dependents=(("skill_memberships", "skill_id"), ("workspace_resource_skills", "skill_id")),
)

SKILL_CATEGORIES = Collection(
    name="skill_categories",
    singular="skill_category",
    model="SkillCategory",
    source="API reference 1.0.0, tag Skill Categories",
    verbs=frozenset({Verb.LIST}),
    attributes=(Attribute("name"), ID),
    associations=(Association("skills", "skills", "skill_ids", pairs=pairs("skills", "skill_category_id", "id")),),
    filters=(Filter("matching", Asked.NAME, "name"),),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    stamps=(),
)

EXTERNAL_REFERENCES = Collection(
    name="external_references",
    singular="external_reference",
    model="ExternalReference",
    source="API reference 1.0.0, tag External References; shown through includes only",
    verbs=frozenset(),
    attributes=(
        Attribute("service_name"),
        Attribute("service_model"),
        Attribute("service_model_ref"),
        Attribute("status"),
        Attribute("external_message"),
        Attribute("external_link"),
        Attribute("external_status"),
        Attribute("locked", Shown.BOOLEAN),
        Attribute("subject_type"),
        Attribute("subject_id", Shown.ID),
        *STAMPS,
        ID,
    ),
)
