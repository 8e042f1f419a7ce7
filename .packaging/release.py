"""Builds a release and checks it: wheel, source archive, notes, checksums. Knows archives; must not publish anything.

`make release` runs it. Everything is written to `dist/`: the wheel, the source archive, `constraints.txt` with the
versions that were tested, `RELEASE-NOTES.md` from the changelog, and `SHA256SUMS`.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pathspec import PathSpec

ROOT = Path(__file__).resolve().parent.parent
CONTENTS = ROOT / ".packaging" / "contents.txt"
_IN_WHEEL = {"sample_data/": "importer/sample_data/"}
"""Folders that have another name in the wheel than in the repository."""


def read_contents(text: str) -> dict[str, list[str]]:
    """The patterns of `contents.txt` for each archive, `wheel` and `sdist`."""
    parts = re.split(r"^\[(\w+)\]$", text, flags=re.MULTILINE)
    return {
        name: [line for line in lines.splitlines() if line and not line.startswith("#")]
        for name, lines in zip(parts[1::2], parts[2::2], strict=True)
    }


def compare_contents(files: Iterable[str], patterns: Iterable[str], tracked: Iterable[str]) -> list[str]:
    """What of an archive is not as listed, a sentence each.

    `files` are in the archive; `tracked` are those of the repository, by their names in this archive.
    """
    files, patterns = set(files), list(patterns)
    listed = PathSpec.from_lines("gitignore", patterns)
    here = {name for name in tracked if listed.match_file(name)}
    unused = [
        each
        for each in patterns
        if not each.startswith("!") and not any(PathSpec.from_lines("gitignore", [each]).match_files(files))
    ]
    return [
        *(f"{name} is in it, and not in the list." for name in sorted(files - set(listed.match_files(files)))),
        *(f"{name} is missing." for name in sorted(here - files)),
        *(f"{each} in the list names no file." for each in unused),
    ]


def find_notes(changelog: str, version: str) -> str:
    """The section of a version in the changelog, without its heading; ends the program where there is none."""
    found = re.search(rf"^## \[?{re.escape(version)}\b.*?$\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None or not found[1].strip():
        sys.exit(f"CHANGELOG.md says nothing about version {version}. Add a section for it.")
    return found[1].strip() + "\n"


def _names(archive: Path) -> set[str]:
    """The names of the files in a wheel or a source archive, without the folder that holds all of the latter."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as package:
            return {name for name in package.namelist() if not name.endswith("/")}
    with tarfile.open(archive) as package:
        return {member.name.partition("/")[2] for member in package.getmembers() if member.isfile()}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _tracked(renamed: Mapping[str, str]) -> set[str]:
    """The files of the repository, under the names that they have in an archive; none outside a repository."""
    if not (ROOT / ".git").exists():
        return set()
    names = _git("ls-files").splitlines()
    for old, new in renamed.items():
        names = [new + name.removeprefix(old) if name.startswith(old) else name for name in names]
    return set(names)


def _build(out: Path) -> tuple[Path, Path]:
    """Build the source archive, and the wheel out of that, so that one is known to give the other."""
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


def _check(wheel: Path, sdist: Path) -> None:
    """End the program where an archive is not as it should be."""
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist)], check=True)
    contents = read_contents(CONTENTS.read_text(encoding="utf-8"))
    wrong = {
        wheel.name: compare_contents(_names(wheel), contents["wheel"], _tracked(_IN_WHEEL)),
        sdist.name: compare_contents(_names(sdist), contents["sdist"], _tracked({})),
    }
    lines = [f"  {name}: {each}" for name, some in wrong.items() for each in some]
    if lines:
        sys.exit("The archives are not as .packaging/contents.txt lists them:\n" + "\n".join(lines))


def _files(folder: Path) -> list[Path]:
    """The files of a folder, in order; none where there is no folder."""
    return sorted(path for path in folder.glob("*") if path.is_file())


def main() -> None:
    """Build, check, and write what goes with it."""
    parser = argparse.ArgumentParser(description="Build a release and check it. Nothing is published.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where to write; files that are there go first")
    parser.add_argument("--draft", action="store_true", help="also from files that are not committed yet")
    arguments = parser.parse_args()

    if not arguments.draft and _git("status", "--porcelain"):
        sys.exit("Some files are not committed. Commit them, so that the release is what the repository says.")
    for path in _files(arguments.out):  # a folder is the program that `make app` has built
        path.unlink()
    wheel, sdist = _build(arguments.out)
    _check(wheel, sdist)

    version = wheel.name.split("-")[1]
    notes = find_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    (arguments.out / "RELEASE-NOTES.md").write_text(notes, encoding="utf-8")
    shutil.copy(ROOT / "constraints.txt", arguments.out)
    files = _files(arguments.out)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (arguments.out / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    print(f"{version} is in {arguments.out}:")
    for path in files:
        print(f"  {path.name}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
