"""Who holds which skill, and how well, of very many people, in some bytes each. Knows no other record."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.kantata.existing_records import RecordQuery, scan_existing
from importer.kantata.responses import Record
from importer.model import Key

_WATCHED = 1000
_MOST = 127
"""No level is as high; a number of one byte holds no more."""


@dataclass(frozen=True, slots=True)
class SkillLevels:
    """The skills of people.

    Shapes: three arrays of one length, an item for each skill of each person, once, person by person: `person` and
    `skill` are positions (from 0) in the lists that were asked about; `level` is 0 where none is set.
    """

    person: NDArray[np.int32]
    skill: NDArray[np.int32]
    level: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.level)

    def by_person(self, people: Sequence[str], skills: Sequence[str]) -> Iterator[tuple[str, Mapping[str, int]]]:
        """For each person who holds one, by id, the levels of their skills by id; the lists are those asked about."""
        starts = np.flatnonzero(np.diff(self.person, prepend=-1))
        for start, end in zip(starts, np.append(starts, len(self))[1:], strict=True):
            of = (skills[at] for at in self.skill[start:end].tolist())
            yield people[self.person[start]], dict(zip(of, self.level[start:end].tolist(), strict=True))


def read_skill_levels(
    client: Client,
    endpoint: Endpoint,
    people: Sequence[str],
    skills: Sequence[str],
    watch: Callable[[int], None] = lambda _records: None,
) -> SkillLevels:
    """The levels that these people hold of these skills, in the fewest requests; of records that there are twice, the
    oldest counts. `watch` is called now and then with how many were read.

    Shapes: `people` and `skills` are ids, each once; `endpoint` is that of skill memberships.
    Raises: Denied, Unreachable.
    """
    persons, shown = ({id_: at for at, id_ in enumerate(ids)} for ids in (people, skills))
    (field,) = endpoint.updates

    def keep(key: Key, record: Record) -> tuple[int, int, int, int]:
        person, skill = key
        return persons[person], shown.get(skill, -1), int(record["id"]), min(int(record.get(field) or 0), _MOST)

    wanted = RecordQuery(endpoint, [(id_, "") for id_ in people], with_all_of_owners=True)
    # Four numbers for each record, one after the other.
    found = array("q")
    for number, values in enumerate(scan_existing(client, wanted, keep), 1):
        if number % _WATCHED == 0:
            watch(number)
        if values[1] >= 0:
            found.extend(values)
    person, skill, id_, level = np.array(found, dtype=np.int64).reshape(-1, 4).T
    order = np.lexsort((id_, skill, person))
    person, skill, level = person[order], skill[order], level[order]
    first = (np.diff(person, prepend=-1) != 0) | (np.diff(skill, prepend=-1) != 0)
    return SkillLevels(person[first].astype(np.int32), skill[first].astype(np.int32), level[first].astype(np.int8))
