import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import importer
from importer import errors, remedies
from importer.cli import group
from importer.messages import catalogue
from importer.messages.catalogue import Entry
from importer.remedies import Advice, ChooseName, EditCell, Message, OpenInExcel, Remedy, RunCommand, SetOption
from importer.web.page_text import page_fix

PACKAGE = Path(importer.__file__).parent
DOCUMENTATION = PACKAGE.parent / "docs" / "messages.md"
SAYING = {"Message", "Problem", "CellError", "Finding"} | {
    name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.ImporterError)
}
TERMINAL_WORDS = re.compile(r"--\w|`|\bimporter\b|KANTATA_|IMPORTER_|TMPDIR|Ctrl")
NOT_PLAIN = re.compile(r"\b([Ii]nvalid|[Ii]llegal|[Ff]ailed to|[Ss]hall|None|NaN|null|upsert)\b|!(?=\s|$)|;$")
QUOTED = re.compile(r'"[^"]*"')

every_message = pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: f"{entry.subject}.{entry.name}")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "sandbox" not in path.relative_to(PACKAGE).parts[:-1]:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def has_words(node: ast.expr) -> bool:
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value for each in ast.walk(node)
    )


def test_no_sentence_about_a_problem_stands_outside_messages() -> None:
    elsewhere = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path, tree in sources()
        if path.parent.name != "messages"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in SAYING - {"Finding"} and any(map(has_words, node.args))
    ]

    assert elsewhere == []


@every_message
def test_every_message_is_said_somewhere(entry: Entry) -> None:
    elsewhere = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.name != f"{entry.subject}.py" and f"{entry.subject}.{entry.name}(" in path.read_text(encoding="utf-8")
    ]

    assert elsewhere


@every_message
def test_every_message_is_one_plain_sentence_with_a_title(entry: Entry) -> None:
    said = entry.example()

    assert said.code == entry.code
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", entry.code)
    assert entry.title[0].isupper()
    assert not entry.title.endswith(".")
    assert said.sentence.endswith(".") or QUOTED.sub("", said.sentence).rstrip().endswith(":")
    assert not NOT_PLAIN.search(QUOTED.sub("", said.sentence))


@every_message
def test_the_page_never_shows_an_option_a_command_or_a_variable(entry: Entry) -> None:
    said = entry.example()
    without_names = said.sentence.replace("a bug in importer", "").replace("version of importer", "")

    assert not TERMINAL_WORDS.search(page_fix(said.remedies).replace("kantata-importer", ""))
    assert not re.search(r"--\w|`|KANTATA_|IMPORTER_|TMPDIR", without_names)


@every_message
def test_a_message_with_remedies_for_the_terminal_leaves_something_to_do_on_the_page(entry: Entry) -> None:
    said = entry.example()
    on_the_terminal_only = {"cannot-write", "nobody-to-ask", "standard-output", "no-live-data", "switch", "port"}

    assert page_fix(said.remedies) or not said.remedies or entry.code in on_the_terminal_only | {
        "aliases-locked", "not-aliases", "no-profile", "no-plan-workbook",
    }  # fmt: skip


@every_message
def test_a_remedy_names_options_and_commands_that_exist(entry: Entry) -> None:
    commands = [each for one in group.commands.values() for each in (one, *getattr(one, "commands", {}).values())]
    options = {option for command in commands for each in command.params for option in each.opts}
    fix = entry.example().fix

    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", fix)) <= options
    assert set(re.findall(r"`importer ([a-z]+)", fix)) <= set(group.commands)


@every_message
def test_remedies_survive_the_journal(entry: Entry) -> None:
    said = entry.example()

    assert remedies.unpack(remedies.pack(said.remedies)) == said.remedies


def test_a_remedy_of_an_older_journal_is_shown_as_it_was_written() -> None:
    assert remedies.unpack("Use 0 to 5.") == (Advice("Use 0 to 5."),)
    assert remedies.unpack("") == ()


def test_the_documentation_lists_every_message_as_the_program_says_it() -> None:
    assert DOCUMENTATION.read_text(encoding="utf-8") == catalogue.as_markdown()


def test_every_name_of_a_message_is_one_of_its_modules() -> None:
    for entry in catalogue.entries():
        assert callable(getattr(import_module(f"importer.messages.{entry.subject}"), entry.name))


@pytest.mark.parametrize(
    ("remedy", "terminal", "page", "workbook"),
    [
        (
            SetOption("levels", "high=4", "use words"),
            'To use words, add --levels "high=4".',
            "To use words, use “Which level is which” in the step “Read”.",
            'To use words, add --levels "high=4".',
        ),
        (SetOption("sheet", "NAME"), "Add --sheet NAME.", "Tick it under “Sheets”.", "Add --sheet NAME."),
        (
            RunCommand("resume", "go on"),
            "To go on, run `importer resume`.",
            "To go on, choose “Finish this run”.",
            "To go on, run `importer resume`.",
        ),
        (
            ChooseName("aliases.xlsx", "person"),
            "Or choose the right person in aliases.xlsx.",
            "Or choose the right person under its problem.",
            "Or choose the right person in aliases.xlsx.",
        ),
        (EditCell("0 to 5"), "Enter 0 to 5.", "Enter 0 to 5.", "Enter 0 to 5."),
        (OpenInExcel(), *["Open the file in Excel, save it, and try again."] * 3),
    ],
)
def test_each_face_says_a_remedy_in_its_own_words(remedy: Remedy, terminal: str, page: str, workbook: str) -> None:
    assert remedies.fix_of([remedy]) == terminal
    assert page_fix([remedy]) == page
    assert remedies.fix_in_workbook([remedy]) == workbook


def test_a_workbook_names_an_option_only_where_nothing_else_helps() -> None:
    some = (EditCell("0 to 5, or leave the cell empty"), SetOption("levels", "high=4", "use words"))

    assert remedies.fix_in_workbook(some) == "Enter 0 to 5, or leave the cell empty."
    assert remedies.fix_in_workbook(some[1:]) == 'To use words, add --levels "high=4".'


def test_every_kind_of_remedy_can_be_stored() -> None:
    kinds = {kind for kind in vars(remedies).values() if dataclasses.is_dataclass(kind)} - {Message}

    assert kinds == set(remedies.KINDS.values())
