"""What a person reads on the pages: no word of a terminal, the right number, and help made of what is declared."""

import re
from html import unescape
from pathlib import Path

import pytest

import importer
from importer.messages.catalogue import Entry, entries
from importer.sandbox import Running
from importer.web.page_text import page_fix
from tests.conftest import SAMPLES
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor

TERMINAL = re.compile(r"(?<![\w-])--[a-z]|`importer|KANTATA_[A-Z]|IMPORTER_[A-Z]|environment variable")
"""An option, a command, a variable."""
ONE_OF_MANY = re.compile(r"(?<![\d,.])1 (?!with|s\b|class|of|has|is|was|less)[a-z]+s\b")
"""A single thing in the plural: `1 problems`."""


def _seen(html: str) -> str:
    """What a person sees of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<head>.*?</head>", "", html))).split())


@pytest.mark.parametrize("entry", entries(), ids=lambda each: f"{each.subject}-{each.name}")
def test_no_message_has_a_word_of_a_terminal_on_a_page(entry: Entry) -> None:
    said = entry.example()

    assert TERMINAL.findall(f"{said.sentence} {page_fix(said.remedies)}") == []


def test_no_page_has_a_word_of_a_terminal_or_a_wrong_plural(visitor: Visitor, kantata: Running, tmp_path: Path) -> None:
    pages = [visitor.get(path).text for path in ("/", "/runs", "/export", "/templates", "/help", "/nothing")]
    one = write_list(tmp_path / "one.csv", ["user_id", "skill_id", "level"], [*new_skills(kantata, 1), (1, 2, "x")])
    zero = write_list(tmp_path / "zero.csv", ["user_id", "skill_id", "level"], [[11482969, 271015, 0]])
    for path in (SAMPLES / "skill-memberships-mistakes.xlsx", one, zero):
        file = visitor.drop(path)
        plan = visitor.plan(file)
        result = visitor.send(file, plan)
        run = result.url.removeprefix(visitor.served.root)
        undo = visitor.wait(visitor.post(f"{run}/undo").url.removeprefix(visitor.served.root))
        pages += [visitor.get(file).text, plan.text, result.text, undo.text, visitor.get("/").text]
    pages.append(visitor.get("/runs").text)

    told = [_seen(html) for html in pages]
    assert [found for text in told for found in TERMINAL.findall(text)] == []
    assert [found.group() for text in told for found in ONE_OF_MANY.finditer(text)] == []


def test_every_page_tells_what_it_is_and_has_files_to_try(visitor: Visitor) -> None:
    for path in ("/", "/runs", "/export", "/templates", "/help"):
        html = visitor.get(path).text
        assert "What is this?" in html
        for name, _ in importer.SAMPLE_FILES:
            assert f'/help/{name}"' in html
    for name, _ in importer.SAMPLE_FILES:
        assert visitor.get(f"/help/{name}").content == next(SAMPLES.rglob(name)).read_bytes()
    assert visitor.get("/help/none.xlsx").status_code == 404


def test_the_help_has_every_column_that_the_endpoints_declare(visitor: Visitor) -> None:
    told = _seen(visitor.get("/help").text)

    for name in importer.endpoint_names():
        endpoint = importer.load_endpoint(name)
        assert endpoint.title in told
        for column in endpoint.usual_columns():
            assert " ".join(column.description.split()) in told
