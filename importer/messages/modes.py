"""What the three modes of a load are called and do, in the words of a page. Knows their names, and no face."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModeWords:
    """The plain name of a mode, and what it does in a sentence."""

    name: str
    sentence: str


MODES: Mapping[str, ModeWords] = {
    "upsert": ModeWords(
        "Add and update",
        "We add what is missing in Kantata, and change what differs. We remove nothing that the file does not mark.",
    ),
    "add": ModeWords("Only add", "We add what is missing in Kantata, and leave everything that is there as it is."),
    "mirror": ModeWords(
        "Add, update and remove",
        "We also remove what the people (or members) in the file have in Kantata, and the file does not say they have.",
    ),
}
"""By the name of each mode, in the order in which a person chooses; the first is the usual one."""

MIRROR_MODE = f'mirror mode ("{MODES["mirror"].name}")'
"""The mode that removes, as a sentence calls it on every face."""
