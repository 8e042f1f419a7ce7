"""What holds the house together: quick help, true documents, an endpoint in one file, an installed wheel that works."""

import json
import re
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from importer import endpoints, layouts
from importer.cli import group
from tests.conftest import ROOT, SAMPLES

HEAVY = {
    "pandas",
    "pandera",
    "numpy",
    "openpyxl",
    "xlsxwriter",
    "requests",
    "fastapi",
    "uvicorn",
    "rich",
    "keyring",
    "starlette",
    "jinja2",
    "anyio",
    "pyarrow",
}
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["--help"], ["apply", "--help"], ["--version"]])
def test_help_imports_neither_pandas_nor_pandera_nor_any_other_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from importer.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        f"print('imported', sorted(name for name in {HEAVY!r} if sys.modules.get(name)))\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "imported []"


@pytest.mark.parametrize("name", layouts.names())
def test_every_layout_is_one_file_with_a_sample_a_line_in_the_documentation_and_a_place_in_the_template(
    name: str,
) -> None:
    layout = layouts.load(name)
    gallery = json.loads((SAMPLES / "gallery" / "expected.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "how-a-sheet-is-read.md").read_text(encoding="utf-8")
    instructions = openpyxl.load_workbook(ROOT / "templates" / "skill-memberships.xlsx")["Instructions"]

    assert layout.name == name
    assert any(each["layout"] == name for each in gallery.values())
    assert f"| `{name}` |" in text
    assert (name, layout.headings) in [(row[0].value, row[1].value) for row in instructions.iter_rows(max_col=2)]


@pytest.mark.parametrize("name", endpoints.names())
def test_every_endpoint_has_a_template_samples_a_place_in_the_sandbox_and_a_line_in_the_readme(name: str) -> None:
    assert (ROOT / "templates" / f"{name}.xlsx").is_file()
    for sample in (f"{name}.csv", f"{name}.xlsx", f"{name}-mistakes.xlsx", f"{name}-mistakes.problems.json"):
        assert (SAMPLES / sample).is_file()
    from importer.sandbox.contract import COLLECTIONS  # noqa: PLC0415

    endpoint = endpoints.load(name)
    assert (COLLECTIONS[endpoint.plural].bulk_limit or 1) == endpoint.bulk_limit  # without a bulk form, one at a time
    assert f"`{name}`" in README


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"^importer ([a-z]+)", README, flags=re.MULTILINE)) | set(
        re.findall(r"`importer ([a-z]+)", README)
    )

    assert named == set(group.commands)


def test_every_option_in_the_readme_exists() -> None:
    commands = [each for one in group.commands.values() for each in (one, *getattr(one, "commands", {}).values())]
    known = {option for command in commands for each in command.params for option in each.opts}

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) <= known | {"--help"}


def test_no_two_modules_of_the_core_have_one_name() -> None:
    package, others = ROOT / "importer", {"cli", "web", "sandbox"}
    modules = [path.relative_to(package) for path in package.rglob("[!_]*.py")]
    names = Counter(path.name for path in modules if path.parts[0] not in others)

    assert [name for name, count in names.items() if count > 1] == []


def test_no_file_names_a_registry_or_a_machines_folder() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = [ROOT / name for name in listed.stdout.split()] or list(ROOT.glob("*.txt"))

    wrong = re.compile(rb"index-url|find-links|https?://[^/\s]*pypi|(?:^|[\s\"'=])/(?:home|root|work)/")
    found = [path.name for path in files if path.suffix in {".txt", ".toml", ""} and wrong.search(path.read_bytes())]
    assert found == []


def test_nothing_tells_people_to_install_the_project_of_somebody_else() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = [ROOT / name for name in listed.stdout.split()] or [*ROOT.glob("*.md"), *ROOT.rglob("importer/**/*.py")]
    texts = [path for path in files if path.suffix in {".md", ".py", ".toml", ".txt", ".html", ".yml", ""}]

    # `importer` on the public index is another project; ours is `kantata-importer`.
    wrong = re.compile(rb"(pip|pipx|uv tool|uv pip)[ ]install (-\S+ )*['\"]?importer\b")
    assert [path.name for path in texts if path.is_file() and wrong.search(path.read_bytes())] == []


def test_a_release_holds_what_the_list_says_and_its_wheel_works_away_from_the_checkout(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    subprocess.run(
        [sys.executable, str(ROOT / ".packaging" / "release.py"), "--draft", "--out", str(built)],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = built.glob("*.whl")
    # The libraries come from this environment; the package alone is installed.
    venv.create(tmp_path / "env", with_pip=False)
    site = next((tmp_path / "env").glob("lib/python*/site-packages"))
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)],
                   check=True, capture_output=True)  # fmt: skip
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    python = str(tmp_path / "env" / "bin" / "python")
    where = [python, "-c", "import importer; print(importer.__file__)"]
    assert str(tmp_path) in subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [python, "-m", "importer", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    help_, demo = run("--help"), run("demo", "--out", "out")

    assert "Load spreadsheets of memberships into Kantata OX" in help_.stdout
    assert demo.returncode == 0, demo.stderr
    assert (tmp_path / "out" / "skill-memberships.result.xlsx").is_file()
