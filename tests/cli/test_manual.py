"""The manual page is made from the help, says all of it, and is one that man reads without a word."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from importer.cli import group, manual
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "importer.1"
CHECKERS = {"mandoc": ["-T", "lint", "-W", "warning"], "groff": ["-man", "-ww", "-T", "utf8", "-z"]}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == manual.as_roff(), "python -m importer.cli.manual > docs/importer.1"


def test_the_page_has_every_command_every_option_and_every_exit_code() -> None:
    text = PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    commands = [each for one in group.commands.values() for each in (one, *getattr(one, "commands", {}).values())]
    options = {
        name
        for command in commands
        for each in command.params
        if isinstance(each, click.Option) and not each.hidden
        for name in each.opts
    }

    assert [each for each in group.commands if f"\n.SS importer {each}" not in text] == []
    assert [each for each in options if not re.search(rf"^\.B .*(?<![\w-]){each}(?![\w-])", text, re.MULTILINE)] == []
    status = text.partition(".SH EXIT STATUS")[2].partition(".SH")[0]
    assert re.findall(r"^\.B (\d+)$", status, re.MULTILINE) == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "130"]


def test_the_page_has_every_variable_of_the_environment_that_the_program_reads() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "importer").rglob("*.py")]
    ours = {name for text in sources for name in re.findall(r'"((?:KANTATA|IMPORTER)_[A-Z_]+)"', text)}

    assert ours >= {"KANTATA_TOKEN", "KANTATA_STATUS_URL"}
    assert ours <= {name for names in manual.ENVIRONMENT for name in names.split(", ")}


@pytest.mark.parametrize("checker", CHECKERS)
def test_what_reads_manual_pages_has_nothing_to_say_of_it(checker: str, tmp_path: Path) -> None:
    program = shutil.which(checker)
    if program is None:
        pytest.skip(f"there is no {checker} on this machine")

    ran = subprocess.run(
        [program, *CHECKERS[checker], str(PAGE)], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (ran.stdout, ran.stderr) == ("", "")
