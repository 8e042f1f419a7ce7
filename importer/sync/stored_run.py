"""One run as the journal holds it, packed: its input, changes, results and requests. Knows no SQL, and changes nothing.

Only what must see every text of a run works with it; everything else reads `Change`, `Result` and `RunInput`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer.sync.journal_entries import Run

Packed = Sequence[Any]


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Shapes: `changes` are by part and `results` by number, as they were written, later ones replacing earlier ones;
    `targets` are by the number of the request. References are texts in `results` and `targets`, as JSON has them.
    """

    run: Run
    run_input: Mapping[str, Any]
    changes: Mapping[int, Sequence[Packed]]
    results: Mapping[int, Mapping[str, Packed]]
    targets: Mapping[int, Mapping[str, str]]
