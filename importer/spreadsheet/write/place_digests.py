"""What stood at each of very many places of a sheet, in short. Knows places and texts; knows no sheet."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np

from importer.coordinates import Place

LETTERS = 8
"""How long a digest is."""
_COLUMNS = 1 << 16
_AT_ONCE = 1 << 12


def digest(texts: Iterable[str]) -> str:
    """Texts in eight letters; equal texts have equal ones."""
    return blake2b("\x1f".join(texts).encode("utf-8", "surrogatepass"), digest_size=LETTERS // 2).hexdigest()


class PlaceDigests:
    """The digest of each place, in the order of the rows. It takes 12 bytes for each; a dictionary would take 150.

    Raises: ValueError for a text that is no digest.
    """

    def __init__(self, pairs: Iterable[tuple[Place, str]] = ()) -> None:
        self._places, self._digests = array("Q"), array("I")
        for place, text in pairs:
            self.add(place, text)

    def add(self, place: Place, text: str) -> None:
        """Tell of one more place. If it is told twice, the last one counts."""
        row, column = place
        self._digests.append(int(text, 16))
        self._places.append(row * _COLUMNS + column)

    def __iter__(self) -> Iterator[tuple[Place, str]]:
        # Of equal numbers, the first index is given; looked at from the end, it is that of the last.
        backwards = np.asarray(self._places)[::-1]
        places, at = np.unique(backwards, return_index=True)
        digests = np.asarray(self._digests)[::-1][at]
        for start in range(0, len(places), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            for place, number in zip(places[some].tolist(), digests[some].tolist(), strict=True):
                yield divmod(place, _COLUMNS), f"{number:0{LETTERS}x}"


def split_digests(text: str) -> Sequence[str]:
    """Digests that stand behind each other."""
    return [text[at : at + LETTERS] for at in range(0, len(text), LETTERS)]
