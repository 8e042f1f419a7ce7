"""What a person chose for a name, in the place of what the account has under it. Knows texts, and no workbook.

A choice is an id: the one at the end of a label (`Maria Silva, maria@example.com, id 11483059`), or typed alone; for a
person an e-mail address, too. A choice wins over everything else, also over an only exact match, which is then told:
whoever wrote it down knew more than the name says. One that tells nobody in this account is a problem, and never a
reason to take what the name alone would mean.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import Answer, Candidate, Directory, Name, NameAnswers
from importer.messages import about_names
from importer.remedies import Message
from importer.text import fold, trim
from importer.validation.names import NameOccurrences

_PEOPLE = frozenset({Directory.EMAILS, Directory.EXTERNAL_IDS, Directory.PEOPLE})
_ID = re.compile(r"(?:.*\bid )?([1-9][0-9]{0,17})(?:, (?:inactive|archived))?", re.DOTALL)
_AN_ID = re.compile(r", id [0-9]+(?:, (?:inactive|archived))?$")
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a name, as typed, and where that stands: `aliases.xlsx, Names!B4`."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class UnresolvedName:
    """A name that is nobody's or not one's alone: as typed, where it is looked up, and what was found there."""

    directory: Directory
    text: str
    answer: Answer

    @property
    def things(self) -> str:
        """What a name of this kind may mean, for a person."""
        return "people" if self.directory in _PEOPLE else "things"


Choices = Mapping[Name, Sequence[Choice]]
"""What was chosen for each name: where all is well once, or several times the same."""
Candidates = Mapping[Name, Candidate]
"""Who or what choices mean in the account, by `meant_by`; what it does not have is not there."""


def meaning_of(choice: Choice, directory: Directory) -> Name | None:
    """What is to be looked up for a choice: an id or an e-mail address, and where; None if it tells neither."""
    typed = unicodedata.normalize("NFKC", trim(choice.text))
    is_person = directory in _PEOPLE
    if found := _ID.fullmatch(typed):
        return (Directory.PEOPLE if is_person else directory, found.group(1))
    if is_person and "@" in typed and " " not in typed:
        return (Directory.EMAILS, fold(typed))
    return None


def to_look_up(choices: Choices) -> frozenset[Name]:
    """Everything that must be looked up in the account before the choices can be followed."""
    meant = (meaning_of(choice, name[0]) for name, some in choices.items() for choice in some)
    return frozenset(each for each in meant if each is not None)


def follow(found: NameAnswers, choices: Choices, candidates: Candidates) -> dict[Name, Answer]:
    """What each name was found to be, with the choices followed. A choice that tells nobody is an answer's `wrong`."""
    chosen = {name: _chosen(name, some, candidates) for name, some in choices.items()}
    return {**found, **{name: replace(answer, bearers=found[name].exact) for name, answer in chosen.items()}}


def _chosen(name: Name, choices: Sequence[Choice], candidates: Candidates) -> Answer:
    chosen: dict[str, tuple[Candidate, str]] = {}
    for choice in choices:
        wanted = meaning_of(choice, name[0])
        candidate = None if wanted is None else candidates.get(wanted)
        if candidate is None:
            return Answer(wrong=_why_none(choice, name[0], is_told=wanted is not None))
        chosen.setdefault(candidate.id, (candidate, choice.place))
    if len(chosen) > 1:
        return Answer(wrong=about_names.two_meanings([(each.label, place) for each, place in chosen.values()]))
    return Answer(tuple(candidate for candidate, _ in chosen.values()))


def _why_none(choice: Choice, directory: Directory, *, is_told: bool) -> Message:
    """Why a choice means nobody in the account."""
    thing = "person" if directory in _PEOPLE else "thing"
    or_else = " or an e-mail address" if directory in _PEOPLE else ""
    if is_told:
        return about_names.choice_not_in_account(choice.place, choice.text, thing)
    return about_names.choice_without_id(choice.place, choice.text, or_else)


def notes(before: NameAnswers, after: NameAnswers, met: Mapping[Name, NameOccurrences], workbook: str) -> Iterator[str]:
    """What was read by a choice, with the number of its cells; where the name alone means somebody else, that too."""
    followed = [name for name in met if len(after[name].exact) == 1]
    for name in followed[:_TOLD]:
        (chosen,), exact = after[name].exact, before[name].exact
        although = ""
        if len(exact) == 1 and exact[0].id != chosen.id:
            although = f", although {exact[0].label} has exactly this name"
        yield f'"{met[name].text}" was read as {_short(chosen)} in {met[name].in_cells} ({workbook}){although}.'
    if len(followed) > _TOLD:
        yield f"{len(followed) - _TOLD:,} more names were read as {workbook} says."


def _short(candidate: Candidate) -> str:
    return _AN_ID.sub("", candidate.label)


def inactive(candidates: Iterable[Candidate]) -> Iterator[str]:
    """A note on the people among these who are inactive, if any are."""
    people = {each.id: _short(each) for each in candidates if each.is_inactive}
    if people:
        named = "; ".join(list(people.values())[:_TOLD])
        more = f"; and {len(people) - _TOLD:,} more" if len(people) > _TOLD else ""
        lead = "1 of these people is" if len(people) == 1 else f"{len(people):,} of these people are"
        yield f"{lead} inactive: {named}{more}."
