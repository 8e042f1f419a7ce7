"""The behaviours of the API that can be chosen, because the reference leaves them open or may be wrong."""

from importer.sandbox.switches.board import (
    SECTIONS,
    SETS,
    SWITCHES,
    Board,
    switch_set,
)

__all__ = ["SECTIONS", "SETS", "SWITCHES", "Board", "switch_set"]
