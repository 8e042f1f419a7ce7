"""The switches of authentication, transport and reading (1-3); data only."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from importer.sandbox.switches.declare import DOCUMENTED, NUMBER, RECORDED, SERVER_GEM, Form, Switch


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


_CALLS = Form(r"\d{1,9}( calls?)?", "N calls", ("2 calls",))
_PAGES = Form(r"(every )?[1-9]\d{0,8}( pages?)?", "every N pages", ("every 1 pages", "every 2 pages"))
_ZONE = Form(r"[A-Za-z][A-Za-z0-9_+\-/]*", "a zone of the IANA database", ("Asia/Kolkata",), _is_zone)

AUTHENTICATION = (
    Switch("revoke_after", ("never",), "After N more calls, every token gets 401.", "1.3", DOCUMENTED, _CALLS),
    Switch(
        "ugm_forbidden",
        ("403", "404", "empty list"),
        "The answer of user_group_memberships to anyone but an administrator; writes get 403 instead of the list.",
        "1.5",
        DOCUMENTED,
    ),
    Switch("forbidden_body", ("json", "html", "empty"), "The body of a 403.", "1.7"),
    Switch(
        "account_state",
        ("ok", "cancelled", "cancelled 401"),
        "A cancelled account answers every call with its system error, as 403 or as 401.",
        "1.8",
        DOCUMENTED,
    ),
    Switch(
        "writes_need",
        ("admin", "any", "manager"),
        "Who may write skill and organization memberships: administrators; everyone; or also managers, for the skills"
        " of their reports where manager_can_edit_skills is true.",
        "1.9",
    ),
)

TRANSPORT = (
    Switch("request_id", ("on", "off"), "Whether answers have X-Request-Id.", "2.4", RECORDED),
    Switch(
        "tz",
        ("America/Los_Angeles", "UTC", "any", "mixed"),
        "The zone of the times in an answer, never Z. `any`: another one for each time. `mixed`: one for POST, another"
        " for the rest.",
        "2.5",
        RECORDED,
        _ZONE,
    ),
    Switch("no_route", ("404 json", "404 html", "405"), "The answer to a path or verb that does not exist.", "2.8"),
    Switch(
        "bad_json",
        ("400 error", "400 json", "400 html", "500 html"),
        "The answer to a body that is not JSON. `400 error`: its words are in `error`, and there is no `errors`.",
        "2.9",
        RECORDED,
    ),
)

READING = (
    Switch("meta", ("on", "off"), "Whether lists have `meta`; recordings of 2013 do not.", "3.1", RECORDED),
    Switch(
        "ugm_id_type",
        ("integer", "string"),
        "The JSON type of user_id and workspace_group_id in user_group_memberships.",
        "3.3",
        DOCUMENTED,
    ),
    Switch(
        "association_ids",
        ("always", "include_only"),
        "Whether ids that are columns of the row come without their include.",
        "3.4",
        SERVER_GEM,
    ),
    Switch(
        "include_trim",
        ("off", "on"),
        "Whether `include` ignores spaces around names; if not, `skill, user` loses user.",
        "3.7",
        SERVER_GEM,
    ),
    Switch("delete_missing", ("404", "204"), "The answer to DELETE of an id that does not exist.", "3.9", RECORDED),
    Switch("over_max", ("clamp", "400"), "What happens to per_page above 200.", "3.10", SERVER_GEM),
    Switch("past_end", ("empty", "404"), "The answer to a page past the end.", "3.13", SERVER_GEM),
    Switch("only_paged", ("off", "on"), "Whether a list with `only` has pages.", "3.16", SERVER_GEM),
    Switch("max_url", ("8192", "2048", "none"), "The longest path and query; above, 414.", "3.17", form=NUMBER),
    Switch(
        "insert_during_list",
        ("off",),
        "A membership appears after every N-th page of a list of memberships, so that rows move to later pages.",
        "3.19",
        form=_PAGES,
    ),
    Switch("bad_order", ("default", "400"), "What happens to an unknown sort name.", "3.21", SERVER_GEM),
    Switch(
        "om_order",
        ("id_asc", "updated_desc", "random per page"),
        "The order of organization_memberships, which documents none.",
        "3.22",
        SERVER_GEM,
    ),
    Switch(
        "unknown_filter",
        ("ignore", "400"),
        "What happens to an unknown query parameter; if ignored, the whole list comes back.",
        "3.23",
        SERVER_GEM,
    ),
    Switch(
        "array_query",
        ("both", "csv", "brackets"),
        "Which form of a list of ids counts: 1,2 or ids[]=1&ids[]=2. The other form is ignored.",
        "3.27",
    ),
    Switch(
        "name_match",
        ("exact_ci", "contains_ci", "exact_cs"),
        "How filters compare names: the whole name or a part, with or without case.",
        "3.28",
    ),
    Switch("email_case", ("insensitive", "sensitive"), "How e-mail filters compare.", "3.29"),
    Switch("email_over_200", ("400", "truncate"), "What happens to more than 200 addresses.", "3.29", DOCUMENTED),
    Switch(
        "sideload_disabled",
        ("on", "off"),
        "Whether disabled people are in the maps that an include fills.",
        "3.33",
        SERVER_GEM,
    ),
    Switch("blank", ("null", "empty"), "Blank contact fields of groups: null or empty text.", "3.36", RECORDED),
    Switch("skill_max_level", ("string", "number"), "The JSON type of max_level in skills.", "3.38", DOCUMENTED),
)
