"""Which records of a list bear a name, or one much like it. Compares texts; reads nothing from the account."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from importer.endpoints.declare import WITHIN, Answer, Candidate, Directory
from importer.kantata.responses import id_order
from importer.lookalikes import look_in_latin
from importer.text import fold_accents, name_orders, reverse_name

_IS_EXACT = frozenset({Directory.EMAILS, Directory.EXTERNAL_IDS})
"""Where a text with another accent is another text."""
_NEAR, _ALIKE, _MOST_SEARCHES = 3, 75, 200
"""How many similar names are suggested, how similar they must be (0 to 100), and for how many names without a match:
looking for similar ones takes some milliseconds each.
"""

Index = dict[str, list[Candidate]]
"""The bearers of each folded name."""


class NameSearch:
    """A search for those who bear a name, in one list of the account."""

    def __init__(self, index: Index, directory: Directory) -> None:
        self._index = index
        self._directory = directory
        self._searches = 0

    @cached_property
    def _without_accents(self) -> Index:
        found: Index = {}
        for text, candidates in self._index.items():
            found.setdefault(fold_accents(text), []).extend(candidates)
        return found

    @cached_property
    def _in_any_order(self) -> Index:
        found: Index = {}
        for text, candidates in self._without_accents.items():
            for order in name_orders(text):
                found.setdefault(order, []).extend(candidates)
        return found

    def to(self, text: str) -> Answer:
        """The bearers of a name, as `exact`; where there is none, those of names like it."""
        exact = self.exact(text)
        return (
            Answer(tuple(sorted(exact, key=lambda each: id_order(each.id)))) if exact else Answer((), self._near(text))
        )

    def exact(self, text: str) -> Sequence[Candidate]:
        """The bearers of a name; where there is none, of one that differs in accents only; of a person's name where
        there is none either, of one in another order.
        """
        said = [text, reverse_name(text)] if self._directory is Directory.PEOPLE else [text]
        for index, wanted in self._passes(said):
            exact = next((index[each] for each in wanted if index.get(each)), ())
            if exact:
                return exact
        return self._reordered(text) if self._directory is Directory.PEOPLE else ()

    def _passes(self, said: list[str]) -> Iterator[tuple[Index, list[str]]]:
        yield self._index, said
        if self._directory not in _IS_EXACT:
            yield self._without_accents, list(map(fold_accents, said))

    def _reordered(self, text: str) -> Sequence[Candidate]:
        """The people whose name has these words, beginning with another one, or written without a space."""
        orders = name_orders(fold_accents(text))
        bearers = {each.id: each for order in orders for each in self._in_any_order.get(order, ())}
        return tuple(bearers.values())

    def _near(self, text: str) -> tuple[Candidate, ...]:
        self._searches += 1
        if self._directory is Directory.EXTERNAL_IDS or self._searches > _MOST_SEARCHES:
            return ()
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (only where something was not found)

        latin = look_in_latin(text)
        wanted = reverse_name(latin) if self._directory is Directory.PEOPLE else latin.partition(WITHIN)[2] or latin
        alike = process.extract(wanted, self._texts, scorer=fuzz.WRatio, limit=2 * _NEAR, score_cutoff=_ALIKE)
        found = {each.id: each for key, _, _ in alike for each in self._index[key]}
        return tuple(found.values())[:_NEAR]

    @cached_property
    def _texts(self) -> list[str]:
        return [text for text, candidates in self._index.items() if candidates]
