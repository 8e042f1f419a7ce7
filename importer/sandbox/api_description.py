"""The API as FastAPI describes it: a route for each operation, with the models of its request and its answer.

No route here is ever called: the service is mounted in front of them. Every path, parameter, body and attribute comes
from the contract.
"""

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field, create_model

from importer.sandbox.call import BASE
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Collection, FilterKind, Verb
from importer.sandbox.paging import MOST, USUAL
from importer.sandbox.world.ids import user_id
from importer.sandbox.world.people import SKILLS_EDITABLE_BY_TOMAS
from importer.sandbox.world.places import DEPARTMENT_IDS, GEOGRAPHY_IDS, GROUP_IDS, ORGANIZATIONS
from importer.sandbox.world.skills import CATEGORY_ID, SKILLS

Model = type[BaseModel]

ABOUT = (
    "A stand-in for the Kantata OX REST API with invented data, after API reference 1.0.0. "
    "Authorize with the token `demo` (administrator) or `demo-member` (not an administrator)."
)
_PERSON = user_id(SKILLS_EDITABLE_BY_TOMAS[0])
_EXAMPLES: Mapping[str, object] = {
    "skill_id": SKILLS[0].id,
    "user_id": _PERSON,
    "level": 3,
    "workspace_group_id": GROUP_IDS[0],
    "geography_id": GEOGRAPHY_IDS[0],
    "department_id": DEPARTMENT_IDS[0],
    "member_id": _PERSON,
    "member_type": "User",
    "name": "An example",
    "skill_category_id": CATEGORY_ID["Skill"],
    "max_level": "5",
    "parent_id": ORGANIZATIONS[0].id,
}
_TYPES = {FilterKind.BOOLEAN: bool, FilterKind.INTEGER: int}
_NOTES = {
    FilterKind.IDS: "Ids, comma separated or as an array in brackets",
    FilterKind.EMAILS: "Addresses, comma separated, 200 at most",
    FilterKind.TIME: "ISO 8601",
}


_REFUSALS = (400, 401, 403, 404, 422, 429, 503)


class Refusal(BaseModel):
    """Why a request, or one object of it, was refused."""

    type: str
    message: str
    field: str | None = None
    index: int | None = None


class Errors(BaseModel):
    """The body of every error."""

    errors: list[Refusal]


class Result(BaseModel):
    """A record of the list: the map that has it, and its id there."""

    key: str
    id: str


class Meta(BaseModel):
    """Which page of how many rows this is."""

    count: int
    page_count: int
    page_number: int
    page_size: int


class Envelope(BaseModel):
    """What every answer has in addition to its maps of records."""

    count: int
    results: list[Result]
    meta: Meta


def described() -> APIRouter:
    """Every operation of the API."""
    errors: dict[int | str, dict[str, Any]] = {status: {"model": Errors} for status in _REFUSALS}
    router = APIRouter(prefix=BASE, responses=errors, dependencies=[Depends(HTTPBearer())])
    for collection in COLLECTIONS.values():
        _describe(router, collection)
    return router


def _describe(router: APIRouter, collection: Collection) -> None:
    envelope = _envelope(collection)
    operations: dict[Verb, tuple[str, str, Any]] = {
        Verb.LIST: ("GET", "", None),
        Verb.ME: ("GET", "/me", None),
        Verb.GET: ("GET", "/{id}", None),
        Verb.CREATE: ("POST", "", collection.create),
        Verb.UPDATE: ("PUT", "/{id}", collection.update),
        Verb.DELETE: ("DELETE", "/{id}", None),
    }
    for verb in (each for each in operations if each in collection.verbs):
        method, path, body = operations[verb]
        parameters: dict[str, Any] = {"id": int} if "{id}" in path else {}
        if verb is not Verb.DELETE:
            parameters["query"] = _parameters(collection, verb)
        if body:
            parameters["body"] = _body(collection, body, bulk=verb is Verb.CREATE)
        router.add_api_route(
            f"/{collection.name}{path}",
            _endpoint(parameters),
            methods=[method],
            tags=[collection.name],
            summary=f"{verb.value.capitalize()} {collection.name.replace('_', ' ')}",
            operation_id=f"{verb.value}_{collection.name}",
            status_code=204 if verb is Verb.DELETE else 200,
            response_model=None if verb is Verb.DELETE else envelope,
        )


def _endpoint(parameters: Mapping[str, Any]) -> Callable[..., None]:
    """A function whose signature has these names and types, for FastAPI to read."""

    def endpoint(**_: object) -> None: ...

    kinds = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in parameters.items()]
    endpoint.__signature__ = Signature(kinds)  # type: ignore[attr-defined]  # inspect reads it
    return endpoint


def _parameters(collection: Collection, verb: Verb) -> Any:
    """What the query of a request may hold."""
    fields: dict[str, Any] = {}
    if collection.associations:
        names = ", ".join(each.name for each in collection.associations)
        fields["include"] = (str | None, Field(None, description=f"Comma separated: {names}"))
    if verb is Verb.LIST:
        fields |= {each.name: (_TYPES.get(each.kind, str) | None, _note(each)) for each in collection.filters}
        fields["only"] = (str | None, Field(None, description="Ids, comma separated"))
        fields["page"] = (int, 1)
        fields["per_page"] = (int, Field(USUAL, le=MOST))
    if verb is Verb.LIST and collection.orders:
        sorts: Any = [f"{name}:{direction}" for name in collection.orders for direction in ("asc", "desc")]
        default = f"If not sent: {collection.default_order or sorts[0]}"
        fields["order"] = (str | None, Field(None, description=default, json_schema_extra={"enum": sorts}))
    return Annotated[create_model(f"{collection.name}_{verb}", **fields), Query()]


def _envelope(collection: Collection) -> Model:
    maps: dict[str, Any] = {}
    for name in collection.maps:
        record: Any = _record(COLLECTIONS[name])
        maps[name] = (dict[str, record], ...)
    return create_model(f"{collection.record.__name__}Envelope", __base__=Envelope, **maps)


def _record(collection: Collection) -> Model:
    """The record with the ids of what it can include."""
    record = collection.record
    ids: dict[str, Any] = {
        each.key: (list[str] if each.pairs else str | None, None)
        for each in collection.associations
        if each.key not in record.model_fields
    }
    return create_model(record.__name__, __base__=record, __doc__=record.__doc__, **ids)


def _body(collection: Collection, model: Any, *, bulk: bool) -> Any:
    """The forms that a body may have, with an example of each that works in the fixture world."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    example = {name: _EXAMPLES[name] for name in names if name in _EXAMPLES}
    examples: dict[str, Any] = {"one": {"value": {collection.singular: example}}}
    one: dict[str, Any] = {collection.singular: (model, ...)}
    forms: Any = create_model(f"{model.__name__}One", **one)
    if bulk and collection.bulk_limit:
        examples["several"] = {"value": {collection.name: [example]}}
        several: dict[str, Any] = {collection.name: (list[model], Field(max_length=collection.bulk_limit))}
        forms |= create_model(f"{model.__name__}Several", **several)
    return Annotated[forms, Body(openapi_examples=examples)]


def _note(each: Any) -> Any:
    parts = [_NOTES.get(each.kind, ""), f"If not sent: {each.default}" if each.default else ""]
    parts.append(f"Only while the switch {each.feature} is not off" if each.feature else "")
    return Field(None, description=". ".join(part for part in parts if part))
