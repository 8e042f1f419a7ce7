"""What a sheet means: which rows and columns hold records. Knows cells and evidence; knows no account.

One file a layout, `..._layout.py`; this one finds them, and imports none before it is asked for.
"""

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importer.layouts.proposal import Layout

_ENDING = "_layout"


@cache
def names() -> tuple[str, ...]:
    """The layouts' names, read from the folder: importing them would import pandas, and `--help` is quick."""
    found = (each.name for each in pkgutil.iter_modules(__path__) if each.name.endswith(_ENDING))
    return tuple(sorted(name.removesuffix(_ENDING).replace("_", "-") for name in found))


def load(name: str) -> "Layout[Any]":
    """The layout of that name."""
    module = import_module(f"importer.layouts.{name.replace('-', '_')}{_ENDING}")
    return cast("Layout[Any]", module.LAYOUT)


def load_all() -> "tuple[Layout[Any], ...]":
    """Every layout, in the order of `names()`."""
    return tuple(map(load, names()))


def describe_all() -> dict[str, str]:
    """What each layout looks like, for a person, by its name."""
    return {each.name: each.looks_like.format(things="skills or groups") for each in load_all()}
