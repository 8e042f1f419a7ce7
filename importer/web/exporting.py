"""What the account holds, being written as a file behind the pages: a list, the matrix, the report. Holds no rule."""

import secrets
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path

from importer import export, job
from importer.export import report
from importer.table.book import Book
from importer.web.work import Standing, Work

REPORT, REPORT_PAGE = "skill-report", "skill-report as a page"
KINDS = (*export.NAMES, export.MATRIX, REPORT, REPORT_PAGE)
_ROWS, _COLUMNS = 60, 40


@dataclass(frozen=True)
class HeatMap:
    """The first people and skills of a matrix. Shapes: `rows` are names with a level (or the empty text) a skill."""

    skills: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    people: int
    of_skills: int


@dataclass(frozen=True)
class Written(Standing):
    """How far it is: the file, once it is written, what is said of it, and the matrix to look at."""

    path: Path | None = None
    told: tuple[str, ...] = ()
    heat_map: HeatMap | None = None


class Exporting(Work[Written]):
    """One export, from what was asked for to the file."""

    def __init__(self, workers: Executor, what: str, folder: Path) -> None:
        super().__init__(workers, Written())
        self.id = secrets.token_hex(8)
        self.what = what
        self._folder = folder

    def write(self, to: job.Access, asked: export.Asked, form: str, against: report.Against) -> bool:
        """Read the account and write the file, behind the page; whether that begins now. Sends no write."""

        def step(before: Written) -> Written:
            own = job.anew(to)
            if self.what == export.MATRIX:
                matrix = export.export_matrix(own, asked, self._folder / f"{self.what}.xlsx")
                return replace(before, path=matrix.path, told=matrix.told, heat_map=_heat_map(matrix.path))
            if self.what in (REPORT, REPORT_PAGE):
                made = report.make(own, asked.filters, against)
                name = f"{REPORT}.{'html' if self.what == REPORT_PAGE else 'xlsx'}"
                problems = (str(each) for each in made.problems)
                path = report.write_report(made, self._folder / name)
                return replace(before, path=path, told=(*made.shown.notes, *problems))
            path = self._folder / f"{self.what}.{form}"
            done = export.export_list(self.what, own, asked, export.Target(path, form))
            return replace(before, path=done.path, told=tuple(done.told))

        return self.start(f"Exporting {self.what}", step)


def _heat_map(path: Path) -> HeatMap | None:
    """The beginning of the matrix, as it will be read when it is loaded."""
    opened: Future[Book] = Future()
    opened.set_result(Book(path))
    draft = job.read(job.Reading(opened))
    table, column = draft.table, len(draft.table.headers) - 1
    who = next((at for at, text in enumerate(table.headers) if text in ("user", "email")), 1)
    skills: dict[int, str] = {}
    people: dict[int, tuple[str, dict[int, str]]] = {}
    for unit in table.frame.index.to_list():
        _, row, at = table.cell_of(unit)
        skills.setdefault(at, table.header_over(unit, column))
        people.setdefault(row, (table.text(unit, who), {}))[1][at] = table.text(unit, column)
    shown = sorted(skills)[:_COLUMNS]
    rows = tuple(_row(name, levels, shown) for name, levels in list(people.values())[:_ROWS])
    return HeatMap(tuple(skills[at] for at in shown), rows, len(people), len(skills)) if rows else None


def _row(name: str, levels: Mapping[int, str], shown: list[int]) -> tuple[str, tuple[str, ...]]:
    return name, tuple(levels.get(at, "") for at in shown)
