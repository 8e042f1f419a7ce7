"""Changes and results as JSON can hold them, for the journal and for the workbook of a plan. Knows neither."""

from collections.abc import Sequence
from typing import Any

from importer import remedies
from importer.model import Action, CellRef, Change, Outcome, Problem, Result


def unpack_change(values: Sequence[Any]) -> Change:
    """The change of which this is the list."""
    ref, key, action, fields, record_id, before, *told = values
    # Before 0.2.0 it was not told: fields held those of the key as well, and were empty where a row denied something.
    denies = told[0] if told else not fields
    return Change(CellRef(ref), tuple(key), Action(action), fields, record_id, before, denies)


def pack_result(result: Result) -> list[Any]:
    """A result as JSON can hold it; most have no problem and no `before`."""
    values: list[Any] = [result.outcome, result.record_id]
    if result.problems or result.before is not None or result.after is not None:
        values += [[_packed_problem(each) for each in result.problems], result.before, result.after]
    return values


def unpack_result(values: Sequence[Any]) -> Result:
    """The result that was packed."""
    problems = tuple(_unpacked_problem(each) for each in values[2]) if len(values) > 2 else ()
    return Result(Outcome(values[0]), values[1], problems, *values[3:])


def _packed_problem(problem: Problem) -> list[Any]:
    place = [problem.row, problem.cell, problem.column, problem.value, problem.sheet]
    return [problem.code, problem.message, remedies.pack(problem.remedies), *place]


def _unpacked_problem(values: Sequence[Any]) -> Problem:
    code, message, packed, *place = values
    return Problem(code, message, remedies.unpack(packed), *place)
