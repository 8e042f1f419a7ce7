"""What can be loaded. One file an endpoint; this one finds them, and imports none before it is asked for."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import cast

from importer.endpoints.declare import Endpoint
from importer.messages import about_program

_WORDS = {"declare", "header", "name_columns", "skill_categories"}


@cache
def names() -> tuple[str, ...]:
    """The endpoints' names, read from the folder: importing them would import pandas, and `--help` is quick."""
    found = (each.name for each in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.replace("_", "-") for name in found if name not in _WORDS))


def load(name: str) -> Endpoint:
    """The endpoint of that name.

    Raises: Usage, naming the endpoints there are.
    """
    if name not in names():
        raise about_program.no_such_endpoint(name, names())
    module = import_module(f"importer.endpoints.{name.replace('-', '_')}")
    return cast("Endpoint", module.ENDPOINT)


def load_all() -> tuple[Endpoint, ...]:
    """Every endpoint, in the order of `names()`."""
    return tuple(load(name) for name in names())
