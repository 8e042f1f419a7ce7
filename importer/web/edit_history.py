"""What a person has entered into cells, step by step, so that each step can be taken back. Knows no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from importer import CellPosition

Texts = Mapping[CellPosition, str]
"""Texts of cells, by their positions."""
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class EditStep:
    """One step: what its cells held before it, and after it."""

    before: Texts
    after: Texts


@dataclass(frozen=True, slots=True)
class EditHistory:
    """The steps that were taken, the latest last, and those that were taken back, the next to be taken again last."""

    done: tuple[EditStep, ...] = ()
    undone: tuple[EditStep, ...] = ()

    def with_step(self, step: EditStep) -> "EditHistory":
        """The same with one more step. What was taken back before it cannot be taken again."""
        return EditHistory((*self.done, step)[-_MOST_STEPS:])

    def renamed(self, sheets: Mapping[str | None, str]) -> "EditHistory":
        """The same where sheets have other names."""

        def texts(some: Texts) -> Texts:
            return {(sheets.get(sheet, sheet), row, column): text for (sheet, row, column), text in some.items()}

        def steps(some: tuple[EditStep, ...]) -> tuple[EditStep, ...]:
            return tuple(EditStep(texts(step.before), texts(step.after)) for step in some)

        return EditHistory(steps(self.done), steps(self.undone))

    def undo(self) -> tuple[Texts, "EditHistory"]:
        """The texts that take the latest step back, and the history after that; no texts where there is no step."""
        if not self.done:
            return {}, self
        step = self.done[-1]
        return step.before, EditHistory(self.done[:-1], (*self.undone, step))

    def redo(self) -> tuple[Texts, "EditHistory"]:
        """The texts that take the next step again, and the history after that; no texts where there is none."""
        if not self.undone:
            return {}, self
        step = self.undone[-1]
        return step.after, EditHistory((*self.done, step), self.undone[:-1])
