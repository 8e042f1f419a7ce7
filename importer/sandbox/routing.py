"""From a method and a path to what is to be done; knows the contract, and does nothing.

Source: API reference 1.0.0; the paths may end in `.json` or not.
"""

from importer.sandbox.answer import Refused, not_found
from importer.sandbox.call import Call
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Collection, Verb

ON_ALL = {"GET": Verb.LIST, "POST": Verb.CREATE}
ON_ONE = {"GET": Verb.GET, "PUT": Verb.UPDATE, "DELETE": Verb.DELETE}


def route(call: Call) -> tuple[Collection, Verb, int]:
    """What is to be done, and the id in the path (0 if there is none).

    Raises: Refused for a path or a verb that the API does not have, and for an id that none can be.
    """
    verb, key = None, 0
    match call.parts:
        case [_]:
            verb = ON_ALL.get(call.method)
        case [_, "me"] if call.method == "GET":
            verb = Verb.ME
        case [_, text] if text.isdecimal() and len(text) < 19:
            verb, key = ON_ONE.get(call.method), int(text)
    collection = COLLECTIONS.get(call.collection)
    if collection is None or verb is None or verb not in collection.verbs:
        raise Refused(not_found())
    return collection, verb, key
