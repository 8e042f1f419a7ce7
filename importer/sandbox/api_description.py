"""The API described in OpenAPI, from the sandbox's own tables; states nothing that they do not.

Every path, parameter, include, sort, body and attribute here is what the sandbox serves.
"""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from importer.sandbox.call import BASE
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Asked, Collection, Field, Filter, Sent, Shown, Verb
from importer.sandbox.paging import MOST, USUAL
from importer.sandbox.world.ids import counted, user_id
from importer.sandbox.world.people import SKILLS_EDITABLE_BY_TOMAS
from importer.sandbox.world.places import DEPARTMENT_IDS, GEOGRAPHY_IDS, GROUP_IDS, ORGANIZATIONS, PROJECT_IDS
from importer.sandbox.world.skills import CATEGORY_ID, SKILLS

Json = dict[str, object]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer"}
_SHOWN: dict[Shown, Json] = {
    Shown.INTEGER: _NUMBER,
    Shown.BOOLEAN: {"type": "boolean"},
    Shown.TIME: {"type": "string", "format": "date-time"},
    Shown.IDS: {"type": "array", "items": _TEXT},
    Shown.MAX_LEVEL: {"type": "string", "enum": ["1", "5"]},
    Shown.GROUP_ID: _NUMBER,
}
_ASKED: dict[Asked, tuple[Json, str]] = {
    Asked.BOOLEAN: ({"type": "boolean"}, ""),
    Asked.INTEGER: (_NUMBER, ""),
    Asked.TIME: ({"type": "string", "format": "date-time"}, "ISO 8601"),
    Asked.CSV: (_TEXT, "ids, comma separated"),
    Asked.IDS: (_TEXT, "ids, comma separated or as an array in brackets"),
    Asked.WORDS: (_TEXT, "texts, comma separated, 200 at most"),
    Asked.EMAILS: (_TEXT, "addresses, comma separated or as an array in the body, 200 at most"),
    Asked.ORGANIZATIONS: (_TEXT, "geo,geo;dept,dept"),
    Asked.SKILLS: (_TEXT, 'JSON: {"<skill id>": [levels], "operation": "and"}'),
    Asked.PRESENCE: (_TEXT, "any value"),
}
_SENT: dict[Sent, Json] = {
    Sent.REFERENCE: _NUMBER,
    Sent.MEMBER: _NUMBER,
    Sent.MEMBER_TYPE: {"type": "string", "enum": ["User", "Workspace"]},
    Sent.LEVEL: {"type": "integer", "minimum": 0, "maximum": 5},
    Sent.BOOLEAN: {"type": "boolean"},
    Sent.PROJECTS_ADDED: {"type": "array", "items": _NUMBER},
    Sent.PROJECTS_REMOVED: {"type": "array", "items": _NUMBER},
    Sent.EXTERNAL: {"type": "object"},
}
# Values that work in the fixture world, for "Try it out".
_SOME_PERSON = user_id(SKILLS_EDITABLE_BY_TOMAS[0])
_EXAMPLES: dict[str, object] = {
    "skill_id": SKILLS[0].id,
    "user_id": _SOME_PERSON,
    "level": 3,
    "workspace_group_id": GROUP_IDS[0],
    "geography_id": GEOGRAPHY_IDS[0],
    "department_id": DEPARTMENT_IDS[0],
    "member_id": _SOME_PERSON,
    "member_type": "User",
    "workspace_resource_id": counted("workspace_resources", 1),
    "name": "An example",
    "skill_category_id": CATEGORY_ID["Skill"],
    "max_level": "5",
    "parent_id": ORGANIZATIONS[0].id,
    "add_workspace_ids": [PROJECT_IDS[0]],
}
_DONE = {
    Verb.LIST: (200, "A page of the list"),
    Verb.GET: (200, "The record"),
    Verb.ME: (200, "Whoever the token belongs to"),
    Verb.CREATE: (200, "What was created"),
    Verb.UPDATE: (200, "What it is now"),
    Verb.DELETE: (204, "It is gone"),
}
_METHODS = {
    Verb.LIST: "get",
    Verb.GET: "get",
    Verb.ME: "get",
    Verb.CREATE: "post",
    Verb.UPDATE: "put",
    Verb.DELETE: "delete",
}
_REFUSALS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    503: "Service Unavailable",
}
ABOUT = (
    "A stand-in for the Kantata OX REST API with invented data. "
    "Authorize with the token `demo` (administrator) or `demo-member` (not one)."
)


def description(app: FastAPI) -> Json:
    """The OpenAPI document of the API and of the controls."""
    found: Json = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    paths = found["paths"]
    components = found.setdefault("components", {})
    if isinstance(paths, dict) and isinstance(components, dict):
        found["paths"] = {**dict(_paths()), **paths}
        components.setdefault("schemas", {}).update(_schemas())
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return found


def _paths() -> Iterator[tuple[str, Json]]:
    for collection in COLLECTIONS.values():
        at = f"{BASE}/{collection.name}"
        places = {
            at: (Verb.LIST, Verb.CREATE),
            f"{at}/me": (Verb.ME,),
            f"{at}/{{id}}": (Verb.GET, Verb.UPDATE, Verb.DELETE),
        }
        for path, verbs in places.items():
            operations: Json = {
                _METHODS[verb]: _operation(collection, verb) for verb in verbs if verb in collection.verbs
            }
            if operations:
                yield path, operations


def _operation(collection: Collection, verb: Verb) -> Json:
    status, text = _DONE[verb]
    done: Json = {"description": text}
    if status == 200:
        done["content"] = _content(_envelope(collection))
    refused = {"content": _content({"$ref": "#/components/schemas/Error"})}
    of = collection.name if verb in {Verb.LIST, Verb.CREATE} else collection.singular
    operation: Json = {
        "tags": [collection.name],
        "summary": "Who am I" if verb is Verb.ME else f"{verb.value.capitalize()} {of.replace('_', ' ')}",
        "description": f"Source: {collection.source}.",
        "operationId": f"{verb.value}_{collection.name}",
        "security": [{"token": []}],
        "parameters": list(_parameters(collection, verb)),
        "responses": {
            str(status): done,
            **{str(code): {"description": words, **refused} for code, words in _REFUSALS.items()},
        },
    }
    if verb in {Verb.CREATE, Verb.UPDATE}:
        operation["requestBody"] = _body(collection, verb)
    return operation


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _query(name: str, schema: Json, words: str = "") -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}


def _parameters(collection: Collection, verb: Verb) -> Iterator[Json]:
    if verb in {Verb.GET, Verb.UPDATE, Verb.DELETE}:
        yield {"name": "id", "in": "path", "required": True, "schema": _NUMBER}
    if verb is Verb.DELETE:
        return
    if collection.associations:
        names = ", ".join(each.name for each in collection.associations)
        yield _query("include", _TEXT, f"Comma separated: {names}")
    optional = [each.name for each in collection.attributes if each.optional]
    if optional:
        yield _query("optional_fields", _TEXT, f"Comma separated: {', '.join(optional)}")
    if verb is Verb.CREATE and collection.bulk_limit:
        yield _query("per_page", _NUMBER, f"How many of the new records the answer shows ({USUAL} if not sent)")
    if verb is Verb.LIST:
        yield from _list_parameters(collection)


def _list_parameters(collection: Collection) -> Iterator[Json]:
    for each in collection.filters:
        yield _filter(each)
    if collection.orders:
        names = [
            f"{each.name}:{direction}" if direction else each.name
            for each in collection.orders
            for direction in each.listed
        ]
        yield _query("order", {"type": "string", "enum": names}, f"If not sent: {collection.default_order}")
    yield _query("only", _TEXT, "Ids, comma separated")
    yield _query("page", {"type": "integer", "default": 1})
    yield _query("per_page", {"type": "integer", "default": USUAL, "maximum": MOST})
    yield _query("limit", _NUMBER, "Together with offset, instead of page and per_page")
    yield _query("offset", _NUMBER, "Together with limit")


def _filter(each: Filter) -> Json:
    schema, words = _ASKED.get(each.asked, (_TEXT, ""))
    if each.choices:
        schema = {"type": "string", "enum": [name for name, _ in each.choices]}
    if each.feature:
        words = f"Only while the switch {each.feature} is not off"
    if each.default:
        words = f"{words} If not sent: {each.default}".strip()
    return _query(each.name, schema, words)


def _fields(collection: Collection, verb: Verb) -> list[Field]:
    return [each for each in collection.fields if (each.on_create if verb is Verb.CREATE else each.on_update)]


def _body(collection: Collection, verb: Verb) -> Json:
    fields = _fields(collection, verb)
    one: Json = {
        "type": "object",
        "properties": {each.name: _field(each) for each in fields},
        "required": [
            each.name for each in fields if (each.required if verb is Verb.CREATE else each.required_on_update)
        ],
    }
    example = {each.name: _EXAMPLES[each.name] for each in fields if each.name in _EXAMPLES}
    forms: list[Json] = [{"type": "object", "properties": {collection.singular: one}}]
    examples: Json = {"one": {"value": {collection.singular: example}}}
    if verb is Verb.CREATE and collection.bulk_limit:
        many: Json = {"type": "array", "items": one, "maxItems": collection.bulk_limit}
        forms.append({"type": "object", "properties": {collection.name: many}})
        examples["several"] = {"value": {collection.name: [example]}}
    schema: Json = {"oneOf": forms} if len(forms) > 1 else forms[0]
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}


def _field(each: Field) -> Json:
    if each.choices:
        return {"type": "string", "enum": list(each.choices)}
    return _SENT.get(each.sent, _TEXT)


def _envelope(collection: Collection) -> Json:
    maps = {
        name: {
            "type": "object",
            "additionalProperties": {"$ref": f"#/components/schemas/{COLLECTIONS[name].model}"}
            if name in COLLECTIONS
            else {"type": "object"},
        }
        for name in collection.maps
    }
    result: Json = {"type": "object", "properties": {"key": _TEXT, "id": _TEXT}}
    meta: Json = dict.fromkeys(("count", "page_count", "page_number", "page_size"), _NUMBER)
    return {
        "type": "object",
        "properties": {
            "count": _NUMBER,
            "results": {"type": "array", "items": result},
            **maps,
            "meta": {"type": "object", "properties": meta},
        },
    }


def _schemas() -> Json:
    entry: Json = {"type": _TEXT, "message": _TEXT, "field": _TEXT, "index": _NUMBER}
    errors: Json = {"type": "array", "items": {"type": "object", "properties": entry}}
    return {
        "Error": {"type": "object", "properties": {"errors": errors}},
        **{each.model: _record(each) for each in COLLECTIONS.values()},
    }


def _record(collection: Collection) -> Json:
    held: Json = {each.name: _SHOWN.get(each.shown, _TEXT) for each in collection.attributes}
    for each in collection.associations:
        held.setdefault(each.key, {"type": "array", "items": _TEXT} if each.many else _TEXT)
    return {"type": "object", "description": f"Source: {collection.source}.", "properties": held}
