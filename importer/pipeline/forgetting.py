"""Takes a person out of everything that this machine keeps: the journal, copies of files, and the page's choices of
what names mean. Asks no account, and changes nothing in Kantata.

A process that is killed in the middle leaves a word in the journal of whom it was about to forget; the next one
completes that first.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importer.messages import about_forgetting
from importer.pipeline import kept_files
from importer.settings import Settings
from importer.spreadsheet.write import atomic_write
from importer.sync.erasure import RunTraces, account_without, erase
from importer.sync.identity import Identity, identify, pack_identity, unpack_identity
from importer.sync.journal import Journal
from importer.sync.lock import hold_accounts
from importer.sync.person_rows import people_in
from importer.sync.stored_run import StoredRun
from importer.temp_folder import in_use

_DOING = "forget"


@dataclass(frozen=True, slots=True)
class PersonTraces:
    """Where a person stands in what this machine keeps.

    `copies` counts copies of files, `choices` rows of the page's workbooks of what names mean. `beyond_reach` are files
    of people in which the person may stand, and folders of pages that are open just now: these we leave alone.
    """

    runs: tuple[RunTraces, ...] = ()
    copies: int = 0
    choices: int = 0
    beyond_reach: tuple[Path, ...] = ()
    looked_for: tuple[str, ...] = ()
    """By what we know the person: e-mail, id, name. What is not among it, we did not look for."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing that we keep is about the person."""
        return not (self.runs or self.copies or self.choices)

    def to_dict(self) -> dict[str, Any]:
        """The object that `importer forget --json` prints, but for whether it was done."""
        return {
            "runs": [
                {"run": each.run, "kind": each.kind, "rows": each.rows, "records": each.records, "texts": each.texts}
                for each in self.runs
            ],
            "copies": self.copies,
            "choices": self.choices,
            "looked_for": list(self.looked_for),
            "beyond_reach": [str(path) for path in self.beyond_reach],
        }


def find(settings: Settings, terms: Sequence[str]) -> PersonTraces:
    """Where the person stands whom these terms mean. Changes nothing.

    Raises: Usage without a term; Guarded where a term may mean several people, or the journal cannot be read.
    """
    named = _named(terms)
    if not settings.folder.is_dir():
        return _nothing(named)
    with closing(Journal(settings.folder)) as journal:
        return _Forgetting(journal, _identify(journal, settings.folder, named)).traces()


def forget(settings: Settings, terms: Sequence[str], *, close_unfinished: bool = False) -> PersonTraces:
    """Take that person out; where they stood. Completes what a process that was killed had begun.

    With `close_unfinished`, runs with rows of theirs that did not come to their end are given up: nothing more is sent.
    Raises: as `find`; Guarded while another process writes to an account, or where such a run is unfinished;
    ImporterError where a file cannot be written.
    """
    named, folder = _named(terms), settings.folder
    if not folder.is_dir():
        return _nothing(named)
    with (
        closing(Journal(folder)) as journal,
        hold_accounts(folder, {run.account for run in journal.all_runs()}, _DOING),
    ):
        if begun := journal.intended(_DOING):
            _Forgetting(journal, unpack_identity(begun)).carry_out()
        forgetting = _Forgetting(journal, _identify(journal, folder, named))
        traces = forgetting.traces()
        unfinished = [each.run for each in traces.runs if each.is_open]
        if unfinished and not close_unfinished:
            raise about_forgetting.unfinished_runs(unfinished)
        for run in unfinished:
            journal.leave(run)
        if not traces.is_empty:
            forgetting.carry_out()
        if not journal.compact():
            raise about_forgetting.journal_in_use()
    return traces


def _nothing(terms: Sequence[str]) -> PersonTraces:
    """What there is where nothing was ever kept."""
    return PersonTraces(beyond_reach=tuple(in_use()), looked_for=identify(terms, ()).known_by)


def _named(terms: Sequence[str]) -> list[str]:
    named = [term.strip() for term in terms if term.strip()]
    if not named:
        raise about_forgetting.nobody_named()
    return named


def _identify(journal: Journal, folder: Path, terms: Sequence[str]) -> Identity:
    known = set(kept_files.people_in_aliases(folder))
    for run in journal.all_runs():
        known |= people_in(journal.stored(run))
    return identify(terms, known)


@dataclass(frozen=True)
class _Forgetting:
    """One person, and what this machine keeps."""

    journal: Journal
    person: Identity

    @property
    def folder(self) -> Path:
        return self.journal.path.parent

    def traces(self) -> PersonTraces:
        runs: dict[str, RunTraces] = {}
        files: set[Path] = set()
        for run in self.journal.all_runs():
            stored = self.journal.stored(run)
            _, traces = erase(stored, self.person)
            if traces.is_empty:
                continue
            files |= _files_of(stored)
            whole = self.journal.run(run.part_of or run.id)
            so_far = runs.get(whole.id, RunTraces(whole.id, whole.kind, is_open=whole.is_open))
            runs[whole.id] = so_far.with_stage(traces)
        copies, aliases = self._copies(), kept_files.alias_workbooks(self.folder)
        ours = {*copies, *aliases}
        beyond = sorted(path for path in files - ours if kept_files.may_hold(path, self.person))
        return PersonTraces(
            tuple(runs[run_id] for run_id in sorted(runs, reverse=True)),
            len(copies),
            sum(kept_files.count_about(path, self.person) for path in aliases),
            (*beyond, *in_use()),
            self.person.known_by,
        )

    def _copies(self) -> list[Path]:
        return [path for path in kept_files.copies(self.folder) if kept_files.may_hold(path, self.person)]

    def carry_out(self) -> None:
        """Take the person out of the files, then of the journal, all at once."""
        self.journal.intend(_DOING, pack_identity(self.person))
        for path in kept_files.alias_workbooks(self.folder):
            kept_files.drop_about(path, self.person)
        for path in (*self._copies(), *kept_files.unfinished_parts(self.folder)):
            path.unlink(missing_ok=True)
        accounts = {run.account: account_without(run.account, self.person) for run in self.journal.all_runs()}
        self.journal.rewrite(self._erased(), {key: new for key, new in accounts.items() if new != key})

    def _erased(self) -> Iterator[StoredRun]:
        for run in self.journal.all_runs():
            erased, traces = erase(self.journal.stored(run), self.person)
            if not traces.is_empty:
                yield erased


def _files_of(stored: StoredRun) -> set[Path]:
    """The files of people that a run names and that are there: its file, what was written beside it, its aliases."""
    named = [stored.run.file, stored.run_input.get("path"), stored.run_input.get("aliases")]
    paths = {Path(each) for each in named if each and Path(each).is_absolute()}
    beside = (found for path in paths for found in _written_beside(path))
    return {path.resolve() for path in (*paths, *beside) if path.is_file()}


def _written_beside(path: Path) -> Iterable[Path]:
    """What we may have written beside a file: results, plans, and what an undo did."""
    stem = atomic_write.result_path(path).stem.removesuffix(".result")
    try:
        names = [each for each in path.parent.iterdir() if each.name.startswith(f"{stem}.")]
    except OSError:
        return ()
    return [
        each for each in names if each.name.startswith(tuple(f"{stem}.{word}" for word in ("result", "plan", "undo")))
    ]
