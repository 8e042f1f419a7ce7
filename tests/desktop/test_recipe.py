"""The recipe of the program to double-click: what its files say of each other, and what of it runs without a build."""

import configparser
import pickle
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from PIL import Image

from tests.conftest import ROOT

RECIPE = ROOT / ".packaging"
PROGRAM = "open-importer"
_STARTED = re.compile(r'sys\.executable, (?:"-I", )?"-m", (?:"([\w.]+)"|__name__)')


def text(*names: str) -> str:
    """A file of the recipe."""
    return RECIPE.joinpath(*names).read_text(encoding="utf-8")


def run(code: str, *arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Some Python that can import the recipe's modules, in a process of its own."""
    preface = f"import sys; sys.path.insert(0, {str(RECIPE)!r}); "
    command = [sys.executable, "-c", preface + code, *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=ROOT)


def test_every_system_starts_the_program_that_is_built() -> None:
    entry = configparser.RawConfigParser()
    entry.read_string(text("linux", "kantata-importer.desktop"))
    menu = entry["Desktop Entry"]

    assert f'program("{PROGRAM}", console=False)' in text("importer.spec")
    assert f'WINDOW = "{PROGRAM}"' in text("entry.py")
    assert menu["Exec"] == f'"@FOLDER@/{PROGRAM}"'
    assert f'className="{menu["StartupWMClass"]}"' in (ROOT / "importer/desktop/window.py").read_text(encoding="utf-8")
    started = set(re.findall(r"([\w-]+)\.exe", text("windows", "installer.iss")))
    assert started == {PROGRAM}


def test_every_library_that_the_build_needs_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}

    needed = {Requirement(each).name for each in project["optional-dependencies"]["app"]} - {project["name"]}
    assert needed <= pinned
    assert {"altgraph", "macholib", "pefile", "pyinstaller-hooks-contrib", "pywin32-ctypes", "setuptools"} <= pinned


def test_the_icon_has_the_sizes_that_each_system_asks_for() -> None:
    with Image.open(RECIPE / "icon.ico") as windows, Image.open(RECIPE / "icon.icns") as mac:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= windows.info["sizes"]
        assert {(128, 128, 1), (512, 512, 2)} <= set(mac.info["sizes"])
    with Image.open(RECIPE / "icon-256.png") as linux, Image.open(ROOT / "importer/desktop/icon.png") as window:
        assert (linux.size, window.size) == ((256, 256), (64, 64))


def test_a_frozen_program_stands_in_for_python_for_every_module_that_one_of_ours_starts() -> None:
    started = set()
    for path in (ROOT / "importer").rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        started |= {name or module for name in _STARTED.findall(path.read_text(encoding="utf-8"))}
    stand_in = "from frozen_python import prepare; prepare(); print('the program itself')"
    workbook = (ROOT / "tests" / "files" / "list.xls").read_bytes()

    known = run("import frozen_python; print(*frozen_python._MODULES)").stdout.decode().split()
    read = run(stand_in, "-m", "importer.spreadsheet.read.xls_process", stdin=workbook)
    other = run(stand_in, "-m", "this")

    assert started == set(known)
    assert [sheet[0] for sheet in pickle.loads(read.stdout)] == ["mk"]  # noqa: S301  (what we wrote ourselves)
    assert other.stdout.split() == b"the program itself".split()


def test_the_list_of_licenses_has_the_text_of_each_part_and_of_python() -> None:
    code = (
        "from licenses import list_licenses; print(list_licenses(['pandas.core', 'click'], [], ['kantata-importer']))"
    )

    told = run(code).stdout.decode()
    head, _, texts = told.partition("=" * 100)

    names = [line.split()[0] for line in head.splitlines()[2:] if line]
    assert {"Python", "click", "kantata-importer", "pandas"} <= set(names)
    assert all(f"\n{name} " in texts for name in names)
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in texts
    assert "AQR Capital Management" in texts  # of pandas


def test_the_entry_of_the_menu_leads_to_the_folder_and_is_removed_again(tmp_path: Path) -> None:
    folder = tmp_path / "my programs" / "importer-app"
    folder.mkdir(parents=True)
    for name in ("add-to-menu.sh", "kantata-importer.desktop"):
        (folder / name).write_text(text("linux", name), encoding="utf-8")
    entry = tmp_path / "data" / "applications" / "kantata-importer.desktop"

    def add(*arguments: str) -> int:
        command = ["sh", str(folder / "add-to-menu.sh"), *arguments]
        return subprocess.run(command, env={"XDG_DATA_HOME": str(tmp_path / "data")}, check=False).returncode

    assert add() == 0
    assert f'Exec="{folder}/{PROGRAM}"' in entry.read_text(encoding="utf-8")
    assert add("--remove") == 0
    assert not entry.exists()
    folder = folder.rename(folder.with_name("50% off"))
    assert add() == 1
    assert not entry.exists()
