"""The one exception that the sandbox raises for a person; knows nothing of what was being done."""


class SandboxError(Exception):
    """The sandbox cannot start or cannot be set as asked; the message is one sentence for a person."""
