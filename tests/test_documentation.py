"""The documentation does what it says: its examples run, its options and links exist, its tables are complete."""

import re
import shutil
from pathlib import Path

import pytest

from importer import endpoints, errors
from importer.cli import group
from importer.errors import ImporterError
from importer.model import Outcome
from importer.sandbox import Running
from tests import documentation
from tests.conftest import SAMPLES, Importer
from tests.documentation import PAGES, ROOT, Block, Command, agrees, as_reader, blocks, commands
from tests.json_schemas import SCHEMAS

TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in PAGES}
COMMANDS = [
    each for text in TEXTS.values() for block in blocks(text) if block.language == "console" for each in commands(block)
]


@pytest.mark.parametrize("page", PAGES)
def test_every_example_of_a_page_does_what_the_page_shows(page: str, kantata: Running, tmp_path: Path) -> None:
    wrong = []

    with as_reader(kantata, tmp_path / "work") as reader:
        for block in blocks(TEXTS[page]):
            if block.language == "csv":
                reader.save(block)
            elif block.language == "python":
                reader.execute(block, page)
            else:
                for command in (each for each in commands(block) if each.reason_not_run is None):
                    printed = reader.run(command)
                    if printed.exit_code != command.exit_code:
                        wrong.append(f"{command.line}: exit code {printed.exit_code}\n{printed.output}")
                    elif command.output is not None and not agrees(command.output, printed.output):
                        wrong.append(f"{command.line}: `make examples` writes what it prints now\n{printed.output}")

    assert not wrong, "\n".join(wrong)


def test_every_command_that_is_not_run_or_ends_otherwise_stands_in_a_page() -> None:
    lines = [each.line for each in COMMANDS]

    assert {each.reason_not_run for each in COMMANDS} - {None} == set(documentation.NOT_RUN.values())
    assert [line for line in documentation.EXIT_CODES if line not in lines] == []


def test_every_option_of_a_command_that_is_not_run_exists() -> None:
    wrong = []
    for command in COMMANDS:
        words = command.line.split()
        if words[0] == "importer" and command.reason_not_run is not None:
            known = options_of(words[1])
            wrong += [f"{command.line}: {each}" for each in words if each.startswith("--") and each not in known]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_every_option_that_a_page_names_exists(page: str) -> None:
    spans = re.findall(
        r"`((?:importer|--)[^`\n]*)`", re.sub(r"^ *```.*?^ *```", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    )
    every = set().union(*(options_of(name) for name in group.commands))

    for span in spans:
        command = re.match(r"importer ([a-z]+)", span)
        known = options_of(command[1]) if command else every
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", span)) <= known | {"--help"}, span


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_of_a_page_leads_to_a_file(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", TEXTS[page])

    assert [each for each in targets if not ((ROOT / page).parent / each).is_file()] == []


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len(TEXTS["README.md"].split()) <= 1500


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_the_table_of_commands_is_complete(page: str) -> None:
    table = set(re.findall(r"^\| .*", TEXTS[page], flags=re.MULTILINE))

    assert set(re.findall(r"`importer ([a-z]+)`", "\n".join(table))) - {"resume"} == set(group.commands) - {"resume"}
    assert "`importer resume`" in TEXTS[page]


def test_the_pythons_that_are_supported_are_those_of_the_package() -> None:
    classified = re.findall(
        r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8")
    )
    row = re.search(r"^\| Python \| ([^|]*) \|", TEXTS["docs/supported-versions.md"], flags=re.MULTILINE)

    assert row is not None
    assert row[1].split(", ") == classified


def test_every_test_that_the_statement_on_accessibility_names_is_there() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "web").glob("test_*.py"))
    named = re.findall(r"`(test_\w+)(?:\.py|\.\.\.)?`", TEXTS["docs/accessibility.md"])

    assert named
    assert [each for each in named if each not in tests and not (ROOT / f"tests/web/{each}.py").is_file()] == []


def test_every_exit_code_outcome_and_endpoint_is_explained() -> None:
    codes = {int(each) for each in re.findall(r"^\| (\d+) \|", TEXTS["docs/commands.md"], flags=re.MULTILINE)}
    raised = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ImporterError)]
    assert {each.exit_code for each in raised} <= codes
    assert first_column(TEXTS["docs/results.md"]) == {each.value for each in Outcome}
    assert all(f"| `{name}` |" in TEXTS["docs/lists.md"] for name in endpoints.names())


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/decisions.md", "CONTRIBUTING.md"])
def test_every_file_and_folder_that_a_developer_is_sent_to_exists(page: str) -> None:
    named = re.findall(r"`(\w[\w./]*(?:/|\.py|\.txt|\.toml))`", TEXTS[page])
    places = {each: (ROOT / each, ROOT / "importer" / each) for each in named if each not in {"dist/", "site/"}}

    assert places
    assert [each for each, wheres in places.items() if not any(where.exists() for where in wheres)] == []


def test_every_key_of_json_that_is_explained_exists(importer: Importer, tmp_path: Path) -> None:
    parts = re.split(r"^(?:## K|`plan` adds|## A p|## When)", TEXTS["docs/scripts.md"], flags=re.MULTILINE)
    both, plan, apply, problem, error = (first_column(part) for part in parts[1:])

    wrong, right = (
        shutil.copy(SAMPLES / name, tmp_path) for name in ("skill-memberships-mistakes.xlsx", "skill-memberships.xlsx")
    )
    checked = importer("check", wrong, "--json").json
    planned = importer("plan", right, "--json").json
    applied = importer("apply", right, "--yes", "--json").json

    assert both <= set(checked)
    assert both | plan <= set(planned)
    assert apply <= set(applied)
    assert problem == set(checked["problems"][0])
    assert error == set(SCHEMAS["error"]["properties"])


def test_the_hooks_before_a_commit_run_what_make_lint_runs() -> None:
    hooks = re.findall(r"entry: (.*)", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]

    assert hooks == re.findall(r"^\t(.*)", recipe.replace("$(BIN)", ".venv/bin"), flags=re.MULTILINE)


def test_a_block_is_cut_into_commands_with_their_outputs() -> None:
    (block,) = blocks("Text.\n\n```console\n$ importer a\n  said\nmore\n$ importer b\n```\n")

    assert block == Block("console", "$ importer a\n  said\nmore\n$ importer b\n", 4)
    assert commands(block) == [Command("importer a", "  said\nmore\n"), Command("importer b", None)]


def test_a_csv_block_is_the_file_that_the_line_before_names() -> None:
    (block,) = blocks("As `other.csv`.\n\nSave this as `team.csv`:\n\n```csv\na,b\n```\n")

    assert (block.file, block.text) == ("team.csv", "a,b\n")


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("created 60\n", "created 60\n", True),
        ("created 60\n", "created 61\n", False),
        ("a long\n    line\n", "a long line\n", True),
        ("first\n...\nlast\n", "first\nsecond\nthird\nlast\n", True),
        ("first\n...\nlast\n", "first\nlast but one\n", False),
        ("Send 2, about 3 seconds?\n", "Send 2, under a second?\n", True),
        ("at api.mavenlink.com.\n", "at 127.0.0.1:40123.\n", True),
        ("first\n", "first\nsecond\n", False),
    ],
)
def test_an_output_agrees_but_for_line_breaks_times_and_what_is_left_out(
    shown: str,
    printed: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert agrees(shown, printed) is expected


def test_python_blocks_of_a_page_share_their_names_and_reach_the_sandbox(kantata: Running, tmp_path: Path) -> None:
    page = "```python\nimport os\nfound = os.environ['KANTATA_BASE_URL']\n```\n\n```python\nagain = found\n```\n"

    with as_reader(kantata, tmp_path / "work") as reader:
        for block in blocks(page):
            reader.execute(block, "page.md")

    assert reader.namespace["again"] == kantata.url


def test_a_fault_in_a_python_block_is_reported_at_the_line_of_the_page(kantata: Running, tmp_path: Path) -> None:
    (block,) = blocks("Text.\n\n```python\nfirst = 1\nassert first == 2\n```\n")

    with as_reader(kantata, tmp_path / "work") as reader, pytest.raises(AssertionError) as raised:
        reader.execute(block, "page.md")

    assert (raised.traceback[-1].path, raised.traceback[-1].lineno + 1) == ("page.md", 5)


def options_of(name: str) -> set[str]:
    """Every option of a command and of the commands below it."""
    command = group.commands[name]
    several = (command, *getattr(command, "commands", {}).values())
    return {
        option
        for each in several
        for parameter in each.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }


def first_column(page: str) -> set[str]:
    """The names in code type in the first column of a page's tables."""
    return set(re.findall(r"`([\w ]+)`", "".join(re.findall(r"^\| (`.*?) \|", page, flags=re.MULTILINE))))
