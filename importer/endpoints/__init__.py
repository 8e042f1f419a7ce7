"""What can be loaded. One file an endpoint; this one finds them, and imports none before it is asked for."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from importer.endpoints.declare import Endpoint
from importer.messages import about_program

_WORDS = {"__init__", "declare", "header", "name_columns", "skill_categories"}


@cache
def names() -> tuple[str, ...]:
    """The endpoints' names, read from the folder: importing them would import pandas, and `--help` is quick."""
    found = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(sorted(stem.replace("_", "-") for stem in found if stem not in _WORDS))


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
