"""The whole contract of the API as data: every collection by its name.

Source: Kantata OX API reference 1.0.0 (the OpenAPI files in api-evangelist/mavenlink), mavenlink/brainstem
and mavenlink/mavenlink_gem.
"""

from importer.sandbox.contract import collections
from importer.sandbox.contract.declare import Collection

COLLECTIONS: dict[str, Collection] = {
    each.name: each for each in vars(collections).values() if isinstance(each, Collection)
}

__all__ = ["COLLECTIONS"]
