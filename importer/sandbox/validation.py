"""What is wrong with a request to the controls, as one sentence for a person; knows no control."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from importer.sandbox.errors import SandboxError

Model = TypeVar("Model", bound=BaseModel)


def valid(model: type[Model], item: object) -> Model:
    """The model that a JSON object describes. Raises: SandboxError for the first thing that is wrong."""
    try:
        return model.model_validate(item)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        raise SandboxError(sentence(first["loc"], first["msg"])) from None


def sentence(place: tuple[int | str, ...], message: str) -> str:
    """`nth: Input should be greater than or equal to 1.` for the first thing that is wrong."""
    words = ", ".join(str(part) for part in place)
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{words}: {text}." if words else f"{text}."
