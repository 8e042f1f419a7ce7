"""The switches of writing one object and of bulk create (4-5); data only."""

from importer.sandbox.switches.declare import CLIENTS, DOCUMENTED, NUMBER, SERVER_GEM, Form, Switch

_TAKEN = "This membership has already been taken"
_WORDS = Form(r".{1,200}", "any text", ("User has already been entered",))

ONE = (
    Switch("validation_status", ("422", "400"), "The status of a validation error.", "4.5"),
    Switch("no_root", ("400", "422"), "The status when the root key is missing.", "4.6", CLIENTS),
    Switch(
        "extra_fields",
        ("ignore", "422"),
        "What happens to unknown and read-only fields; in an update, skill_id and member_id are read-only.",
        "4.7",
    ),
    Switch("string_ids", ("accept", "422"), 'What happens to an id that is JSON text ("12").', "4.8"),
    Switch(
        "bad_ref",
        ("422", "404"),
        "The answer to the id of an unknown or invisible record: an error that names the field, or not found.",
        "4.9",
    ),
    Switch("disabled_ref", ("accept", "reject"), "Whether a disabled person can get memberships.", "4.9"),
    Switch(
        "bad_level",
        ("reject", "clamp", "store"),
        "What happens to a level that is not a whole number from 0 to 5.",
        "4.11",
        DOCUMENTED,
    ),
    Switch("level_vs_max", ("reject", "clamp", "store"), "What happens to a level above the skill's highest.", "4.12"),
    Switch(
        "one_level",
        ("0,1", "0", "1", "any"),
        "Which levels a skill with max_level 1 accepts; `any` overrides level_vs_max.",
        "4.13",
    ),
    Switch("level_zero", ("accept", "reject"), "Whether PUT can set a level back to 0.", "4.14"),
    Switch(
        "empty_put",
        ("keep", "reset", "400"),
        "What PUT of a membership without level does: nothing, level 0, or a refusal.",
        "4.14",
    ),
    Switch(
        "duplicates",
        ("reject", "allow", "return_existing"),
        "What happens to a membership that exists already, or comes twice in one array.",
        "4.16",
    ),
    Switch("dup_text", (_TAKEN,), "The message for a membership that exists already.", "4.17", CLIENTS, _WORDS),
    Switch("user_skill_limit", ("200", "off"), "How many skills one person can have.", "4.18", DOCUMENTED, NUMBER),
    Switch("skill_limit", ("5000", "off"), "How many skills the account can have.", "4.19", DOCUMENTED, NUMBER),
    Switch(
        "org_unique",
        ("per_parent", "per_tree", "off"),
        "Where the name of an organization must be unique.",
        "4.21",
        DOCUMENTED,
    ),
    Switch(
        "skill_unique",
        ("per_account", "per_category", "off"),
        "Where the name of a skill must be unique (case matters).",
        "4.22",
    ),
    Switch(
        "max_level_missing",
        ("422", "1", "5"),
        "What POST of a skill without max_level does: it is refused, or gets this max_level.",
        "4.23",
        DOCUMENTED,
    ),
    Switch("wrong_tree", ("reject", "accept"), "Whether a department can be a geography, and vice versa.", "4.25"),
    Switch("root_org", ("accept", "reject"), "Whether members can belong to the root of a tree.", "4.25"),
    Switch("member_type_in", ("any", "lower", "Capital"), "Accepted spellings of member_type.", "4.26", DOCUMENTED),
    Switch("member_type_out", ("Capital", "lower"), "The spelling of member_type in answers.", "4.27"),
    Switch(
        "primary",
        ("off", "readable", "writable"),
        "Whether the account has primary organizations, and whether the API can set them.",
        "4.28",
        DOCUMENTED,
    ),
    Switch(
        "cascade",
        ("delete", "reject", "orphan"),
        "What happens to the memberships of a skill, group or organization that is deleted.",
        "4.30",
    ),
)

BULK = (
    Switch("over_limit", ("422", "400", "truncate", "accept"), "What happens to an array above the limit.", "5.3"),
    Switch("bulk", ("atomic", "partial"), "Whether one bad row keeps the whole array from being written.", "5.4"),
    Switch(
        "partial_reply",
        ("errors", "200 good rows", "200 with errors key"),
        "The answer to a partly written array; if no row was good, it is always an error.",
        "5.5",
    ),
    Switch("error_index", ("on", "off"), "Whether an error has the position of its row.", "5.6", SERVER_GEM),
    Switch("errors_listed", ("all", "first"), "Whether all errors are listed, or only the first.", "5.6", SERVER_GEM),
    Switch(
        "bulk_timestamps",
        ("same", "distinct"),
        "Whether the rows of an array share created_at; if not, the answer lists the newest first.",
        "5.8",
        SERVER_GEM,
    ),
    Switch(
        "bulk_rows",
        ("page", "all", "first 20"),
        "Whether the answer has one page of the written rows (20, or per_page), all, or 20 whatever is asked.",
        "5.9",
        SERVER_GEM,
    ),
    Switch("empty_bulk", ("404", "400", "422", "200"), "The answer to an empty array.", "5.11", SERVER_GEM),
    Switch("both_keys", ("plural", "singular", "400"), "Which key counts when a body has both.", "5.12"),
)
