"""What the public functions take and give, as a type checker sees it: mypy runs over this file, and so does pytest."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

import pandas as pd

import importer
from importer import Account, CheckResult, InputTable, RunPlan, RunReport, SetAside


def use_everything(account: Account, frame: pd.DataFrame) -> None:
    """Every value has its type; never called."""
    table = assert_type(importer.read(frame, "skill-memberships", levels="high=4"), InputTable)
    assert_type(importer.read("skills.xlsx"), InputTable)
    assert_type(table.frame, pd.DataFrame)
    assert_type(table.set_aside, tuple[SetAside, ...])
    assert_type(account.check(table).problems, pd.DataFrame)
    assert_type(account.check(Path("skills.xlsx"), sheets=["Team A"]), CheckResult)
    plan = assert_type(account.plan(frame, "skill-memberships", mode="upsert"), RunPlan)
    assert_type(plan.changes, pd.DataFrame)
    assert_type(plan.forecast, dict[str, float])
    report = assert_type(plan.apply(max_removals=0, accept=(), on_event=print, all_or_nothing=False), RunReport)
    assert_type(report.outcomes, pd.DataFrame)
    assert_type(report.counts, dict[str, int])
    assert_type(report.run, str)
    assert_type(report.write("skills.result.xlsx"), Path)
    assert_type(report.undo(), RunReport)
    assert_type(importer.resume(report.run), RunReport | None)
    assert_type(account.resume(), RunReport | None)
    assert_type(account.undo(report.run), RunReport)
    assert_type(account.runs(), pd.DataFrame)
    assert_type(account.export("skill-matrix", groups=["Cloud Practice"]), pd.DataFrame)
    with Account.sandbox() as sandbox:
        assert_type(sandbox, Account)


def test_every_public_name_exists_and_is_the_one_that_type_checkers_see() -> None:
    assert not TYPE_CHECKING
    tree = ast.parse(Path(importer.__file__).read_text(encoding="utf-8"))
    block = next(each for each in tree.body if isinstance(each, ast.If))
    seen = {
        alias.asname or alias.name: (each.module, alias.name)
        for each in block.body
        if isinstance(each, ast.ImportFrom)
        for alias in each.names
    }

    assert seen == importer._FROM
    assert set(importer.__all__) == {*seen, "__version__", *_errors()}
    assert all(getattr(importer, name) is not None for name in importer.__all__)


def _errors() -> set[str]:
    return {
        name
        for name, value in vars(importer.errors).items()
        if isinstance(value, type) and value.__module__.endswith("errors")
    }


def test_importing_the_package_imports_neither_pandas_nor_pandera() -> None:
    code = "import sys, importer; print(sorted({'pandas', 'pandera', 'numpy', 'requests', 'click'} & set(sys.modules)))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
