"""From a method and a path to what is to be done; knows the contract, and does nothing.

Source: API reference 1.0.0; the paths may end in `.json` or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.sandbox.answer import Answer, Refused, error, not_found, page
from importer.sandbox.call import Call
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Collection, Verb

ON_ALL = {"GET": Verb.LIST, "POST": Verb.CREATE}
ON_ONE = {"GET": Verb.GET, "PUT": Verb.UPDATE, "DELETE": Verb.DELETE}


@dataclass(frozen=True, slots=True)
class Route:
    """What a request asks for; `key` is the id in its path, 0 if there is none."""

    collection: Collection
    verb: Verb
    key: int = 0


def route(call: Call, switches: Mapping[str, str]) -> Route:
    """Raises: Refused for a path or a verb that the API does not have."""
    match call.parts:
        case [name]:
            found = _route(name, ON_ALL.get(call.method), 0)
        case [name, "me"] if call.method == "GET":
            found = _route(name, Verb.ME, 0)
        case [name, text] if text.isdecimal() and len(text) < 19:
            found = _route(name, ON_ONE.get(call.method), int(text))
        case [name, _] if _route(name, ON_ONE.get(call.method), 0):
            raise Refused(not_found())  # such an id has no record
        case _:
            found = None
    if found is None:
        raise Refused(_no_route(switches))
    return found


def _route(name: str, verb: Verb | None, key: int) -> Route | None:
    collection = COLLECTIONS.get(name)
    return Route(collection, verb, key) if collection and verb in collection.verbs and verb else None


def _no_route(switches: Mapping[str, str]) -> Answer:
    reply = switches["no_route"]
    if reply == "404 html":
        return page(404)
    return error(405, "Method not allowed") if reply == "405" else not_found()
