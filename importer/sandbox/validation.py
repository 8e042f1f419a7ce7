"""What is wrong with a request to the controls, as one sentence for a person; knows no control."""

from pydantic import ValidationError

from importer.sandbox.errors import SandboxError


def sentence(place: tuple[int | str, ...], message: str) -> str:
    """`nth: Input should be greater than or equal to 1.` for the first thing that is wrong."""
    words = ", ".join(str(part) for part in place)
    text = message.removeprefix("Value error, ").rstrip(".")
    return f"{words}: {text}." if words else f"{text}."


def refusal(invalid: ValidationError) -> SandboxError:
    """The error of a model, to be raised."""
    first = invalid.errors(include_url=False)[0]
    return SandboxError(sentence(first["loc"], first["msg"]))
