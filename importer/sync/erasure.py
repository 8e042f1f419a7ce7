"""Takes a person out of the record of one run. Pure: the journal is read and written elsewhere.

Each row keeps its number and its outcome, so that the counts stay right. What it said, what was sent for it and the id
of its record go, so that nobody can tell whose it was, and an undo leaves its record alone. In the rows of others, and
in sentences, the person's names, addresses and ids become `(forgotten)`.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from importer import endpoints, remedies
from importer.base import Base, base_of
from importer.messages import about_forgetting
from importer.model import TO_FIX, Key, Outcome, Problem, Result
from importer.packed_base import pack_base, unpack_base
from importer.sync.identity import FORGOTTEN, Identity
from importer.sync.packing import pack_result
from importer.sync.person_rows import PersonRows
from importer.sync.stored_run import Packed, StoredRun

_SENTENCES = frozenset({"path", "called", "sheet", "aliases", "notes", "set_aside"})
"""What of an input a person or we wrote as words, in which a number is likely to be an id."""

_BARE = 2
"""The length of a packed result that says nothing but its outcome and an id."""

Scrub = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RunTraces:
    """How much of a run is about a person: rows of theirs, records that the account held, and texts in other rows."""

    run: str
    kind: str
    rows: int = 0
    records: int = 0
    texts: int = 0
    is_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is."""
        return not (self.rows or self.records or self.texts)

    def with_stage(self, stage: "RunTraces") -> "RunTraces":
        """The same run with what one of its stages, or itself, holds besides."""
        return replace(
            self,
            rows=self.rows + stage.rows,
            records=self.records + stage.records,
            texts=self.texts + stage.texts,
        )


def erase(stored: StoredRun, person: Identity) -> tuple[StoredRun, RunTraces]:
    """The run without the person, and how much of it that was; of one that tells nothing of them, the same run."""
    return _Erasure(PersonRows(stored), person).done()


@dataclass
class _Erasure:
    """One person being taken out of one run."""

    rows: PersonRows
    person: Identity
    texts: int = 0
    records: int = 0
    theirs: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.theirs = frozenset(self._theirs())

    @property
    def stored(self) -> StoredRun:
        return self.rows.stored

    def done(self) -> tuple[StoredRun, RunTraces]:
        run = self.stored.run
        erased = StoredRun(
            run=replace(
                run,
                file=self._sentence(run.file),
                sheet=run.sheet and self._sentence(run.sheet),
                account_name=self._sentence(run.account_name),
                account=account_without(run.account, self.person),
                details=self._details(run.details or {}),
            ),
            run_input=self._input(self.stored.run_input),
            changes={part: list(self._changes(some)) for part, some in self.stored.changes.items()},
            results={number: self._results(some) for number, some in self.stored.results.items()},
            targets={
                number: {ref: id_ for ref, id_ in some.items() if int(ref) not in self.theirs}
                for number, some in self.stored.targets.items()
            },
        )
        traces = RunTraces(run.id, run.kind, len(self.theirs), self.records, self.texts, run.is_open)
        return (self.stored if traces.is_empty else erased), traces

    # ---- whose a row is

    def _theirs(self) -> Iterator[int]:
        account = self.stored.run.account
        yield from (ref for ref, id_ in self.rows.ids.items() if self.person.has_id(id_, account))
        for packed in self.rows.changes:
            words = (
                each for each in (*packed[1], *packed[3].values()) if isinstance(each, str) and not each.isdecimal()
            )
            if any(map(self.person.is_named_in, words)):
                yield packed[0]
        gone = set(self.stored.run_input.get("forgotten", ()))
        mentions: dict[str, bool] = {}
        for ref, said in self.rows.said():
            for text in said.values():
                if text not in mentions:
                    mentions[text] = self._may_be_theirs(text)
            is_mentioned = any(mentions[text] for text in said.values()) or (
                self.rows.has_halves and self.person.has_name(self.rows.traits(ref, said).name)
            )
            if is_mentioned and ref not in gone and self._is_theirs(ref, said):
                yield ref

    def _may_be_theirs(self, text: str) -> bool:
        person = self.person
        return bool(text) and (
            person.is_named_in(text) or person.has_name(text) or any(mark.text == text.strip() for mark in person.marks)
        )

    def _is_theirs(self, ref: int, said: Mapping[str, str]) -> bool:
        """Whether a row that may be theirs is: what is sure decides, and a name where nothing else is said."""
        account, one = self.stored.run.account, self.rows.traits(ref, said, with_change=False)
        if ref in self.rows.ids:
            return self.person.has_id(self.rows.ids[ref], account)
        if one.marks:
            return any(map(self.person.has_mark, one.marks))
        return self.person.has_name(one.name) or any(map(self.person.is_named_in, said.values()))

    # ---- the parts of the record

    def _changes(self, some: Sequence[Packed]) -> Iterator[Packed]:
        return (packed for packed in some if packed[0] not in self.theirs)

    def _results(self, some: Mapping[str, Packed]) -> dict[str, Packed]:
        return {
            ref: _outcome_alone(packed)
            if int(ref) in self.theirs
            else (self._in_all(packed, self._sentence) if len(packed) > _BARE else packed)
            for ref, packed in some.items()
        }

    def _details(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """What was said of the run at its end; what differed in their rows is no longer said."""
        kept = dict(details)
        if receipt := kept.get("receipt"):
            differences = [
                [_FORGOTTEN.code, _FORGOTTEN.message, remedies.pack(_FORGOTTEN.remedies), each[3]]
                if each[3] in self.theirs
                else self._in_all(each, self._sentence)
                for each in receipt["differences"]
            ]
            kept["receipt"] = {**receipt, "differences": differences}
        return kept

    def _input(self, run_input: Mapping[str, Any]) -> dict[str, Any]:
        if not self.rows.has_table:
            return self._in_all(dict(run_input), self._sentence)  # type: ignore[no-any-return]
        names = self._renamed(run_input["texts"])
        kept: dict[str, Any] = {}
        for part, value in run_input.items():
            if part in ("texts", "index", "refs", "base", "duplicates", "sha256"):
                kept[part] = value
            elif part == "corrections":
                others = [each for each in value if each[0] not in self.theirs]
                kept[part] = self._in_all(others, self._text, names)
            else:
                kept[part] = self._in_all(value, self._sentence if part in _SENTENCES else self._text, names)
        kept["texts"] = {names.get(name, name): self._column(name, *each) for name, each in run_input["texts"].items()}
        kept["base"] = self._base(run_input.get("base"))
        kept["forgotten"] = sorted({*run_input.get("forgotten", ()), *self.theirs})
        return kept

    def _renamed(self, names: Iterable[str]) -> dict[str, str]:
        """The columns that are called after the person, each with another name of its own."""
        renamed: dict[str, str] = {}
        for name in names:
            new = self.person.out_of(name)
            while new != name and new in renamed.values():
                new += " "
            if new != name:
                renamed[name] = new
        return renamed

    def _column(self, name: str, texts: list[str], codes: list[int]) -> list[Any]:
        """A column of the table, in which each text stands once."""
        known = any(name == each and is_used for each, _, is_used in self.stored.run_input["columns"])
        says_who = name in self.rows.columns
        scrubbed = list(texts) if says_who else [self._cell(text, is_number=not known) for text in texts]
        instead = FORGOTTEN if name == next(iter(self.rows.columns), None) else ""
        refs = self.stored.run_input["index"]
        column = [instead if ref in self.theirs else scrubbed[code] for ref, code in zip(refs, codes, strict=True)]
        numbers = {text: at for at, text in enumerate(dict.fromkeys(column))}
        return [list(numbers), [numbers[text] for text in column]]

    def _cell(self, text: str, *, is_number: bool) -> str:
        if is_number and self.person.is_number_of(text):
            self.texts += 1
            return FORGOTTEN
        return self._text(text)

    def _base(self, packed: str | None) -> str | None:
        """What the account held, without their records."""
        if not packed:
            return packed
        base = unpack_base(base64.b64decode(packed))
        ids = self.person.ids_in(base.account)
        where = self.rows.person_field
        if where is not None and where in base.key and not ids.isdisjoint(base.ids[base.key.index(where)]):
            left = _base_without(base, where, ids, self.rows.id_in)
            self.records += max(len(base) - len(left), 1)
        else:
            left = base
        left = replace(left, account=account_without(base.account, self.person))
        return packed if left.account == base.account and left.ids is base.ids else _packed_base(left)

    # ---- texts

    def _text(self, text: str) -> str:
        return self._counted(text, self.person.out_of(text))

    def _sentence(self, text: str) -> str:
        return self._counted(text, self.person.out_of_sentence(text))

    def _counted(self, before: str, after: str) -> str:
        self.texts += before != after
        return after

    def _in_all(self, value: Any, scrub: Scrub, names: Mapping[str, str] | None = None) -> Any:
        """The same value with every text in it scrubbed; columns have their new names."""
        names = names or {}
        if isinstance(value, str):
            return names[value] if value in names else scrub(value)
        if isinstance(value, Mapping):
            return {names.get(key, scrub(key)): self._in_all(each, scrub, names) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._in_all(each, scrub, names) for each in value]
        return value


def account_without(key: str, person: Identity) -> str:
    """The key of an account, which has the id of whose token it was where Kantata gave no id of the account."""
    where, is_users, id_ = key.rpartition(" user ")
    return f"{where}{is_users}{FORGOTTEN}" if is_users and person.has_id(id_, key) else key


def _base_without(base: Base, where: str, ids: frozenset[str], id_in: Callable[[Key], str | None]) -> Base:
    """The base without the records of these ids, and without a word on whoever has them. `where` is their field."""
    left = ((key, held) for key, held in base.records() if id_in(key) not in ids)
    scope = base.scope
    if scope is not None and where in scope:
        scope = {**scope, where: scope[where] - ids}
    return base_of(endpoints.load(base.endpoint), base.account, base.time, left, scope)


def _packed_base(base: Base) -> str:
    return base64.b64encode(pack_base(base)).decode()


def _outcome_alone(packed: Packed) -> Packed:
    """A result of which nothing is left but the outcome; where it asked for a correction, there is none to make."""
    outcome = Outcome(packed[0])
    return pack_result(Result(outcome, problems=(_FORGOTTEN,) if outcome in TO_FIX else ()))


_FORGOTTEN = Problem.of(about_forgetting.forgotten())
