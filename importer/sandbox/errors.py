"""The one exception that the sandbox raises for a person; knows no cause."""


class SandboxError(Exception):
    """The sandbox cannot start, or a setting is wrong; the message is one sentence for a person."""
