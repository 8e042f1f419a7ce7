"""What is published: the comparison with the list, the notes of a version, and the text that a package index shows."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def release() -> Any:
    """The script `.packaging/release.py` as a module."""
    spec = spec_from_file_location("release", ROOT / ".packaging" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PATTERNS = ["/importer/**/*.py", "/sample_data/*.xlsx", "!/sample_data/aliases.xlsx"]
FILES = ["importer/__init__.py", "importer/cli/web.py", "sample_data/skills.xlsx"]


def test_an_archive_that_is_as_listed_is_right(release: Any) -> None:
    assert release.compare_contents(FILES, PATTERNS, FILES) == []


@pytest.mark.parametrize("name", ["importer/cli/web.pyc", "sample_data/aliases.xlsx", "notes.txt"])
def test_a_file_that_nobody_listed_is_one_too_many(release: Any, name: str) -> None:
    assert release.compare_contents([*FILES, name], PATTERNS, FILES) == [f"{name} is in it, and not in the list."]


def test_a_tracked_file_that_is_not_in_the_archive_is_missing(release: Any) -> None:
    assert release.compare_contents(FILES[:1] + FILES[2:], PATTERNS, FILES) == ["importer/cli/web.py is missing."]


def test_a_pattern_that_names_no_file_is_out_of_date(release: Any) -> None:
    wrong = release.compare_contents(FILES, [*PATTERNS, "/importer/py.typed"], FILES)
    assert wrong == ["/importer/py.typed in the list names no file."]


def test_the_notes_of_a_version_are_its_section_of_the_changelog(release: Any) -> None:
    changelog = (
        "# Changelog\n\n## 1.10.0\n\n- Later.\n\n## 1.1.0 - 2026-01-02\n\n- One.\n- Two.\n\n## 1.0.0\n- First.\n"
    )
    assert release.find_notes(changelog, "1.1.0") == "- One.\n- Two.\n"


def test_a_version_without_a_section_is_not_released(release: Any) -> None:
    with pytest.raises(SystemExit, match=r"CHANGELOG.md says nothing about version 2\.0\.0"):
        release.find_notes("# Changelog\n\n## 1.0.0\n- First.\n", "2.0.0")
