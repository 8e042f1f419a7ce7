"""The switches of writing one object and of bulk create (4-5); data only."""

from importer.sandbox.switches.declare import CLIENTS, DOCUMENTED, NUMBER, SERVER_GEM, Form, Switch

ONE = (
    Switch("validation_status", ("422", "400"), "The status of a validation error.", "4.5"),
    Switch("no_root", ("400", "422"), "The status when the root key is missing.", "4.6", CLIENTS),
    Switch(
        "extra_fields",
        ("ignore", "422"),
        "What unknown or read-only fields of an object do; on update that includes skill_id and member_id.",
        "4.7",
    ),
    Switch("string_ids", ("accept", "422"), 'What an id sent as JSON text ("12") does.', "4.8"),
    Switch(
        "bad_ref",
        ("422", "404"),
        "What the id of an unknown or invisible record does: an error that names the field, or not found.",
        "4.9",
    ),
    Switch("disabled_ref", ("accept", "reject"), "Whether a disabled person may be given memberships.", "4.9"),
    Switch(
        "bad_level",
        ("reject", "clamp", "store"),
        "What a level outside 0-5, or one that is no whole number, does.",
        "4.11",
        DOCUMENTED,
    ),
    Switch("level_vs_max", ("reject", "clamp", "store"), "What a level above the skill's max_level does.", "4.12"),
    Switch(
        "one_level",
        ("0,1", "0", "1", "any"),
        "Which levels may be sent for a skill whose max_level is 1; `any` goes before level_vs_max.",
        "4.13",
    ),
    Switch("level_zero", ("accept", "reject"), "Whether PUT may set a level back to 0.", "4.14"),
    Switch(
        "empty_put",
        ("keep", "reset", "400"),
        "What PUT of a membership without level does: nothing, level 0, or a refusal.",
        "4.14",
    ),
    Switch(
        "duplicates",
        ("reject", "allow", "return_existing"),
        "What a membership that exists already does, also inside one array.",
        "4.16",
    ),
    Switch(
        "dup_text",
        (),
        "The message for a membership that exists already.",
        "4.17",
        CLIENTS,
        Form(r".{1,200}", "any text", ("User has already been entered",)),
        initial="This membership has already been taken",
    ),
    Switch("user_skill_limit", ("200", "off"), "How many skills one person may have.", "4.18", DOCUMENTED, NUMBER),
    Switch("skill_limit", ("5000", "off"), "How many skills the account may have.", "4.19", DOCUMENTED, NUMBER),
    Switch(
        "org_unique",
        ("per_parent", "per_tree", "off"),
        "Among which organizations a name must be the only one.",
        "4.21",
        DOCUMENTED,
    ),
    Switch(
        "skill_unique",
        ("per_account", "per_category", "off"),
        "Among which skills a name must be the only one (case matters).",
        "4.22",
    ),
    Switch(
        "max_level_missing",
        ("422", "1", "5"),
        "What POST of a skill without max_level does: a refusal, or this max_level.",
        "4.23",
        DOCUMENTED,
    ),
    Switch(
        "wrong_tree",
        ("reject", "accept"),
        "Whether a department may stand where a geography belongs, and the other way round.",
        "4.25",
    ),
    Switch("root_org", ("accept", "reject"), "Whether the root of a tree may be assigned.", "4.25"),
    Switch(
        "member_type_in", ("any", "lower", "Capital"), "Which spelling of member_type is taken.", "4.26", DOCUMENTED
    ),
    Switch("member_type_out", ("Capital", "lower"), "The spelling of member_type in answers.", "4.27"),
    Switch(
        "primary",
        ("off", "readable", "writable"),
        "Whether the account has primary organizations, and whether the API may set them.",
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
    Switch("over_limit", ("422", "400", "truncate", "accept"), "What an array longer than the bulk limit does.", "5.3"),
    Switch("bulk", ("atomic", "partial"), "Whether one bad row keeps the whole array from being written.", "5.4"),
    Switch(
        "partial_reply",
        ("errors", "200 good rows", "200 with errors key"),
        "The answer of a partly written array; when no row was good it is always an error.",
        "5.5",
    ),
    Switch("error_index", ("on", "off"), "Whether an error tells the position of its row.", "5.6", SERVER_GEM),
    Switch("errors_listed", ("all", "first"), "Whether every error is listed, or the first only.", "5.6", SERVER_GEM),
    Switch(
        "bulk_timestamps",
        ("same", "distinct"),
        "Whether the rows of an array share created_at; if not, the newest-first answer is turned round.",
        "5.8",
        SERVER_GEM,
    ),
    Switch(
        "bulk_rows",
        ("page", "all", "first 20"),
        "Whether the answer shows one page of the written rows (20, or per_page), all, or 20 whatever is asked.",
        "5.9",
        SERVER_GEM,
    ),
    Switch("empty_bulk", ("404", "400", "422", "200"), "What an empty array is answered.", "5.11", SERVER_GEM),
    Switch(
        "both_keys",
        ("plural", "singular", "400"),
        "Which key counts when a body has both the singular and the plural one.",
        "5.12",
    ),
)
