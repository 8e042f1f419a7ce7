"""Why the system refused a file, in words for a person. Knows what systems say, and not what was being done."""

from pathlib import Path

from importer.platforms.refusals import WINDOWS_PATH, Refusal, refusal_of

_WORDS = {
    Refusal.OPEN_ELSEWHERE: "another program has it open",
    Refusal.PATH_TOO_LONG: f"with its folders its name is longer than the {WINDOWS_PATH} characters that Windows takes",
    Refusal.PRIVACY: "macOS does not allow it: see System Settings > Privacy & Security > Files and Folders",
}


def why(error: OSError, path: Path) -> str:
    """The reason in a few words, to stand in brackets."""
    refusal = refusal_of(error, path)
    return (error.strerror or "no reason given") if refusal is None else _WORDS[refusal]
