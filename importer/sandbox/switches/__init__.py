"""The behaviours of the API that can be chosen, because the reference leaves them open or may be wrong."""

from importer.sandbox.switches.board import Board, switch_set
from importer.sandbox.switches.declare import SECTIONS, SETS, SWITCHES

__all__ = ["SECTIONS", "SETS", "SWITCHES", "Board", "switch_set"]
