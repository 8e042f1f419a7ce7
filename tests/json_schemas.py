"""The schemas of docs/schemas/, and what they say of an object that the command line prints. Knows no command."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource

from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "schemas"
SCHEMAS: dict[str, dict[str, Any]] = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in FOLDER.glob("*.schema.json")
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (f"{name}.schema.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)


def described_by(name: str, value: object) -> Any:
    """The value, which the schema of this name describes."""
    error = best_match(Draft202012Validator(SCHEMAS[name], registry=REGISTRY).iter_errors(value))
    assert error is None, f"{name}: {_deepest(error)}"
    return value


def _deepest(error: ValidationError) -> str:
    """What is wrong in the alternative that comes nearest to the value."""
    inner = max(error.context, key=lambda each: len(each.absolute_path), default=None)
    return f"{error.json_path}: {error.message}" if inner is None else _deepest(inner)
