"""An export behind the pages: a list, the matrix or the report of an account, as a file. Holds no rule."""

import secrets
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import importer
from importer import Account, Against, ExportOptions, SelectionOptions, SkillReport, Target
from importer.web.background_job import BackgroundJob, JobState

REPORT, REPORT_PAGE = "skill-report", "skill-report as a page"
REPORTS = (REPORT, REPORT_PAGE)
KINDS = (*importer.LIST_NAMES, importer.MATRIX, *REPORTS)
_ROWS, _COLUMNS = 60, 40


@dataclass(frozen=True)
class HeatMap:
    """The fullest rows and columns of a matrix, in its order. Shapes: `rows` are names with a level (or the empty text)
    for each of `skills`.
    """

    skills: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    people: int
    of_skills: int


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """The progress of an export: its activity, how many are done, and of how many (0: not known)."""

    activity: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The skills that most people have: what it is called, and for each skill its people and their share of all."""

    title: str
    skills: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class ExportState(JobState):
    """The state of an export: the file, once it is written, with notes on it, and what a page shows of it."""

    path: Path | None = None
    notes: tuple[str, ...] = ()
    heat_map: HeatMap | None = None
    coverage: Coverage | None = None


class ExportJob(BackgroundJob[ExportState]):
    """One export, from its options to the file."""

    def __init__(self, workers: Executor, what: str, folder: Path) -> None:
        super().__init__(workers, ExportState())
        self.id = secrets.token_hex(8)
        self.what = what
        self._folder = folder
        self.progress: ExportProgress | None = None
        self._chosen: tuple[ExportOptions, str, Against] | None = None

    def _watch(self, activity: str, done: int, total: int) -> None:
        self.show(self.state)  # here it ends if it was given up
        self.progress = ExportProgress(activity, done, total)

    def write_again(self, account: Account) -> bool:
        """As `write`, with what was chosen before; whether that begins now."""
        return self._chosen is not None and self.write(account, *self._chosen)

    def write(self, account: Account, options: ExportOptions, form: str, against: Against) -> bool:
        """Read the account and write the file, behind the page; whether that begins now. Sends no write."""
        self._chosen = (options, form, against)
        self.progress = None

        def step(before: ExportState) -> ExportState:
            if self.what in REPORTS:
                return self._write_report(before, account, options, against)
            path = self._folder / f"{self.what}.{form}"
            if self.what == importer.MATRIX:
                matrix = account.export_matrix(path.with_suffix(".xlsx"), on_progress=self._watch, **options)
                return replace(before, path=matrix.path, notes=tuple(matrix.notes), heat_map=_heat_map(matrix.path))
            listing = account.export_list(self.what, Target(path, form), on_progress=self._watch, **options)
            return replace(before, path=listing.path, notes=tuple(listing.notes))

        return self.start(f"Exporting {self.what}", step)

    def _write_report(
        self, before: ExportState, account: Account, options: SelectionOptions, against: Against
    ) -> ExportState:
        report = account.report_skills(against, on_progress=self._watch, **options)
        name = f"{REPORT}.{'html' if self.what == REPORT_PAGE else 'xlsx'}"
        path = importer.write_report(report, self._folder / name)
        notes = (*report.report.notes, *map(str, report.problems))
        return replace(before, path=path, notes=notes, coverage=_coverage(report.report))


def _coverage(report: SkillReport) -> Coverage | None:
    """The report's plot of who has which skill, with its numbers."""
    table = next(each for each in report.tables if each.name == "Skills")
    if not table.plots:
        return None
    people, share = ([each.header for each in table.columns].index(header) for header in ("People", "Coverage"))
    rows = table.rows[: table.plots[0].rows]
    skills = tuple((str(row[0]), int(row[people] or 0), float(row[share] or 0)) for row in rows)
    return Coverage(table.plots[0].title, skills)


def _heat_map(path: Path) -> HeatMap | None:
    """The beginning of the matrix, as it will be read when it is loaded."""
    table = importer.read(path).parsed.table
    who = next((name for name in table.names if name in ("user", "email")), table.names[1])
    skills: dict[int, str] = {}
    people: dict[int, tuple[str, dict[int, str]]] = {}
    for ref in table.refs:
        row, at = ref.row, ref.column or 0
        skills.setdefault(at, table.header_over(ref, "level"))
        people.setdefault(row, (table.text(ref, who), {}))[1][at] = table.text(ref, "level")
    filled = Counter(at for _, levels in people.values() for at in levels)
    shown = sorted(at for at, _ in filled.most_common(_COLUMNS))
    fullest = sorted(people, key=lambda row: -sum(at in people[row][1] for at in shown))[:_ROWS]
    rows = tuple(_row(*people[row], shown) for row in sorted(fullest))
    return HeatMap(tuple(skills[at] for at in shown), rows, len(people), len(skills)) if rows else None


def _row(name: str, levels: Mapping[int, str], shown: list[int]) -> tuple[str, tuple[str, ...]]:
    return name, tuple(levels.get(at, "") for at in shown)
