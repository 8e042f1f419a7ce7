"""Prepared runs on disk, for the stages of a list that is too long to hold them all. Knows no row of them.

They stand in a private folder, which goes with the store.
"""

import pickle
import weakref
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from importer.kantata.connection import Access
from importer.messages import about_exports
from importer.messages.system_errors import why
from importer.model import CellRef, Change
from importer.pipeline.check_result import CheckResult
from importer.pipeline.planning import PreparedRun
from importer.temp_folder import private_folder

_CHECK = "check"


class StageStore:
    """The stages of a plan by their number, counted from 0; each is read when it is asked for."""

    def __init__(self, access: Access) -> None:
        self._access = access
        closing = ExitStack()
        self._folder = closing.enter_context(private_folder())
        weakref.finalize(self, closing.close)

    def put(self, number: int, prepared: PreparedRun) -> None:
        """Keep a stage, without the checked table that it was made of.

        Raises: ImporterError when the folder for temporary files is full.
        """
        run_input, plan = prepared.run_input, prepared.plan
        refs = np.fromiter(run_input.refs, dtype=np.int64, count=len(run_input.refs))
        changes = [(int(each.ref), *each[1:]) for each in plan.changes.values()]  # a plain tuple takes a third
        told = (replace(run_input, refs=()), refs, replace(plan, changes={}), changes)
        self._put(str(number), (*told, prepared.removals, prepared.read_counts))

    def load(self, number: int) -> PreparedRun:
        """The stage with this number."""
        run_input, refs, plan, packed, removals, read_counts = self._get(str(number))
        changes = {ref: Change(ref, *values) for ref, *values in ((CellRef(first), *rest) for first, *rest in packed)}
        run_input = replace(run_input, refs=tuple(map(CellRef, refs.tolist())))
        return PreparedRun(run_input, replace(plan, changes=changes), self._access, removals, read_counts=read_counts)

    def put_check(self, check: CheckResult) -> None:
        """Keep the check of the whole list. Raises: as `put`."""
        self._put(_CHECK, check)

    def load_check(self) -> CheckResult:
        """The check that was kept."""
        check: CheckResult = self._get(_CHECK)
        return check

    def _put(self, name: str, value: object) -> None:
        path = self._folder / name
        try:
            with path.open("wb") as file:
                pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise about_exports.temporary_folder_full(why(error, path)) from None

    def _get(self, name: str) -> Any:
        with (self._folder / name).open("rb") as file:
            return pickle.load(file)  # noqa: S301  (we wrote it, for ourselves alone)
