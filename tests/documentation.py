"""The examples of README.md and docs/: finds them, runs them as a reader would, writes what they print anew.

Knows Markdown and a shell's prompt; must not know what an example is about. `python -m tests.documentation` (or
`make examples`) writes the output of each example into its page.

A block ```console holds commands behind `$ ` and what they print. A block without output is run only. In an output
a line `...` stands for any lines, and line breaks count as spaces, so that a page may wrap long lines. A prompt that
is answered in the page (`[y/N]: y`) is answered so on a real terminal. A block ```csv is the content of the file that
is named in the line before. Blocks ```python of a page run in one namespace, one after the other.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer.cli import main
from importer.sandbox import Running, running
from tests.cli.terminal import asked

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)

NOT_RUN: Mapping[str, str] = {
    "make": "works in the repository itself; CI runs `make test` and `make docs`, test_commands runs `importer demo`",
    "python3 -m venv": "installs the program",
    ".venv/bin/pip install": "installs the program",
    "source .venv/bin/activate": "changes the reader's own shell",
    "importer demo": "tests/cli/test_commands.py runs it",
    "importer export all -o account.xlsx --base-url http://127.0.0.1:8801/api/v1": "needs a second sandbox; as above",
    "importer plan account.xlsx --match names --create-missing all --base-url": "as above",
    "importer apply account.xlsx --match names --create-missing all --base-url": "as above",
    "importer resume --base-url http://127.0.0.1:8802/api/v1": "as above",
    "importer undo 20261122-143005-3f9a --yes --base-url http://127.0.0.1:8802/api/v1": "as above",
    "uv tool install": "installs the program; `.packaging/try-wheel.sh` runs it",
    "uvx --from": "as above",
    "pipx install": "as above",
    "importer-environment/bin/pip install": "as above",
    "importer-environment/bin/importer demo": "as above",
    "cd": "the test's folder is this one already",
    "export": "the test sets these variables to its own sandbox",
    "importer login": "asks for a secret and keeps it in a keyring; test_commands runs it",
    "importer sandbox": "serves until it is stopped; test_commands runs it",
    "importer web": "serves until it is stopped; tests/web runs it",
    "importer export skill-memberships -o skills.csv --profile old": "needs two profiles; tests/export loads this way",
    "importer apply skills.csv --match names --profile new": "needs two profiles; tests/export loads this way",
    "importer export all -o account.xlsx --profile old": "needs two profiles; tests/migration moves an account",
    "importer apply account.xlsx --match names --create-missing all --profile new": "as above",
    "importer apply skills.csv groups.xlsx memberships.csv --match names --profile new": "as above",
}
"""Commands, by how they begin, that no test runs, each with the reason."""

EXIT_CODES: Mapping[str, int] = {
    "importer plan team.csv --create-missing skills --new-skill-category Skill": 3,
    "importer check skills.csv": 3,
    "importer apply skills.csv": 3,
    "importer apply skills.result.xlsx": 3,
    "importer check reviews.csv": 3,
    "importer check user-group-memberships-mistakes.xlsx": 3,
    "importer apply user-group-memberships-mistakes.xlsx --yes": 3,
    "importer apply user-group-memberships-mistakes.result.xlsx --yes": 3,
    "importer apply skill-memberships-mistakes.xlsx --yes": 3,
    "importer apply skill-memberships-mistakes.result.xlsx --yes": 3,
}
"""Commands that are meant to end otherwise than with 0."""

RUN = "20261122-143005-3f9a"
"""The id that every page shows for the latest run."""

_FENCE = re.compile(r"^( *)```(console|python|csv)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_ANSWERED = re.compile(r"^.*(?:\[y/N\]|\[\]|Means \[\]): (\S+)$", re.MULTILINE)
_RUN_ID = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{4}\b")
_WIDTH = 90


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced example: its language, its text, and the line of the page on which its text begins."""

    language: str
    text: str
    line: int
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block and the output that the page shows; None where it shows no output."""

    line: str
    output: str | None

    @property
    def reason_not_run(self) -> str | None:
        """Why no test runs this command, None where one does."""
        begins = [each for each in NOT_RUN if self.line == each or self.line.startswith(f"{each} ")]
        return NOT_RUN[max(begins, key=len)] if begins else None

    @property
    def exit_code(self) -> int:
        """How the command is meant to end."""
        return EXIT_CODES.get(self.line, 0)


@dataclass(slots=True)
class Printed:
    """What a command printed, as it would look in a page, and its exit code."""

    output: str
    exit_code: int


@dataclass(slots=True)
class Reader:
    """Somebody who types the examples of one page into a terminal, with the sandbox as the account."""

    folder: Path
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "__example__"})

    def run(self, command: Command) -> Printed:
        """Run a command in this folder."""
        words = shlex.split(command.line.replace(RUN, self._latest_run()), comments=True)
        if words[0] != "importer":
            raise ValueError(f"NOT_RUN gives no reason for this command: {command.line}")
        answers = _ANSWERED.findall(command.output or "")
        printed = _on_terminal(words[1:], answers, self.folder) if answers else _in_process(words[1:])
        return Printed(_as_in_a_page(printed.output), printed.exit_code)

    def execute(self, block: Block, page: str) -> None:
        """Execute a Python block, in the namespace of the blocks before it."""
        code = compile("\n" * (block.line - 1) + block.text, page, "exec")
        exec(code, self.namespace)  # noqa: S102  (the examples are our own)

    def save(self, block: Block) -> None:
        """Save a file whose content the page shows."""
        assert block.file is not None, f"no file name before line {block.line}"
        (self.folder / block.file).write_text(block.text, encoding="utf-8")

    def _latest_run(self) -> str:
        listed = _RUN_ID.search(_in_process(["runs"]).output)
        return listed[0] if listed else RUN


def blocks(text: str) -> list[Block]:
    """The examples of a page, in order."""
    return [
        Block(
            match[2], textwrap.dedent(match[3]), text.count("\n", 0, match.start(3)) + 1,
            file=_file_name(text[: match.start()]),
        )
        for match in _FENCE.finditer(text)
    ]  # fmt: skip


def commands(block: Block) -> list[Command]:
    """The commands of a console block, each with the output below it."""
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [
        Command(line, output if output.strip() else None)
        for line, _, output in (part.partition("\n") for part in parts)
    ]


def agrees(shown: str, printed: str) -> bool:
    """True where a page shows what was printed, but for line breaks, times and what `...` stands for."""
    pattern = ".*".join(re.escape(_comparable(part)) for part in re.split(r"^ *\.\.\.$", shown, flags=re.MULTILINE))
    return re.fullmatch(pattern, _comparable(printed), re.DOTALL) is not None


@contextlib.contextmanager
def as_reader(server: Running, folder: Path) -> Iterator[Reader]:
    """A reader in `folder`, which becomes a copy of sample_data/; `server` is as at its start."""
    server.reset()
    for target in (folder, folder / "sample_data"):  # docs/ are read in a copy, README.md beside the original
        shutil.copytree(ROOT / "sample_data", target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("pictures"))
    settings = {
        "KANTATA_TOKEN": server.token,
        "KANTATA_BASE_URL": server.url,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "IMPORTER_HOME": str(folder.with_name(f"{folder.name}-state")),
        "TERM": "dumb",
        "PYTHONPATH": str(ROOT),
    }
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        with contextlib.chdir(folder):
            yield Reader(folder)
    finally:
        os.environ.clear()
        os.environ.update(before)


def rewritten(text: str, reader: Reader) -> str:
    """The page with the output of each example as it is today; a block with `...` is left to a person."""

    def anew(match: re.Match[str]) -> str:
        (block,) = blocks(f"{text[: match.start()]}{match[0]}")[-1:]
        if block.language == "csv" and block.file:
            reader.save(block)
        if block.language != "console":
            return match[0]
        lines = "".join(_rewritten_command(each, reader) for each in commands(block))
        return f"{match[1]}```console\n{textwrap.indent(lines, match[1])}{match[1]}```"

    return _FENCE.sub(anew, text)


def _rewritten_command(command: Command, reader: Reader) -> str:
    shown = command.output or ""
    if command.reason_not_run is None:
        printed = reader.run(command)
        if command.output is not None and not agrees(command.output, printed.output):
            if re.search(r"^ *\.\.\.$", command.output, re.MULTILINE):
                sys.stderr.write(f"Rewrite by hand: {command.line}\n{printed.output}\n")
            else:
                shown = _wrapped(printed.output)
    return f"$ {command.line}\n{shown}"


def _wrapped(output: str) -> str:
    lines = []
    for line in output.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line, _WIDTH, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "".join(f"{line}\n" for line in lines)


def _in_process(arguments: list[str]) -> Printed:
    written, code = io.BytesIO(), 0
    out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return Printed(written.getvalue().decode(), code)


def _on_terminal(arguments: list[str], answers: list[str], folder: Path) -> Printed:
    waiting = iter(answers)

    def answer(said: bytes) -> bytes | None:
        return f"{next(waiting)}\n".encode() if said.endswith(b"]: ") else None

    with asked(answer, *arguments, cwd=folder) as (code, out, err):
        return Printed(err.replace("\r\n", "\n") + out, code)


def _as_in_a_page(output: str) -> str:
    output = re.sub(r"127\.0\.0\.1:\d+", "api.mavenlink.com", output)
    output = _RUN_ID.sub(RUN, output)
    return re.sub(r"\n\n+", "\n", re.sub(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", "2026-11-22 14:30", output))


def _comparable(text: str) -> str:
    text = re.sub(r"about [\d,]+ \w+|under a second", "TIME", _as_in_a_page(text))
    return " ".join(text.split())


def _file_name(before: str) -> str | None:
    named = re.findall(r"`([\w.-]+\.csv)`", before.rstrip().rpartition("\n\n")[2])
    return named[-1] if named else None


def _write_anew() -> None:
    with running() as server:
        for name in PAGES:
            page = ROOT / name
            text = page.read_text(encoding="utf-8")
            with tempfile.TemporaryDirectory() as folder, as_reader(server, Path(folder) / "work") as reader:
                anew = rewritten(text, reader)
            if anew != text:
                page.write_text(anew, encoding="utf-8")
                sys.stderr.write(f"{name} was written anew.\n")


if __name__ == "__main__":
    _write_anew()
