"""Lists the licenses of everything that a frozen program holds: our own, those of the Python distributions in it, and
those of Python, Tcl/Tk and the libraries of the system. Knows what was collected, and not why.
"""

import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

_NAMES = ("licen", "copying", "notice", "authors", "copyright")
_TOO_LONG = 400_000
_RULE = "=" * 100


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is in the program: its name, its version, the name of its license, and the texts of it."""

    name: str
    version: str
    license: str
    texts: tuple[str, ...]


def list_licenses(modules: Iterable[str], libraries: Iterable[str], distributions: Iterable[str]) -> str:
    """The whole list, by the names of the modules and the paths of the libraries that were collected, and the names of
    distributions that are in it besides.

    Raises: SystemExit, naming what has no license text.
    """
    libraries = list(libraries)
    parts = [_python(), *_distributions(modules, libraries, distributions), *_system_packages(libraries)]
    without = [part.name for part in parts if not part.texts]
    if without:
        sys.exit(f"No license text was found for: {', '.join(without)}.")
    lines = [
        "This program is made of the following parts. Below are their licenses.",
        "",
        *(f"{part.name} {part.version}: {part.license}".rstrip(": ") for part in parts),
    ]
    for part in parts:
        lines += ["", _RULE, f"{part.name} {part.version}", _RULE, "", *part.texts]
    return "\n".join(lines) + "\n"


def _python() -> Part:
    """Python, whose own text has those of what is built into it."""
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(sys.base_prefix) / "share/doc/python3")
    found = (place / name for place in places for name in ("LICENSE.txt", "LICENSE", "copyright"))
    text = next((path for path in found if path.is_file()), None)
    return Part("Python", sys.version.split()[0], "PSF-2.0", _read([text] if text else []))


def _distributions(modules: Iterable[str], libraries: Iterable[str], named: Iterable[str]) -> Iterator[Part]:
    """The distributions that hold a module or a library of these, and those that are named."""
    owners = packages_distributions()
    tops = {name.partition(".")[0] for name in modules}
    tops |= {part for path in libraries for part in Path(path).parts if part in owners}
    names = {owner.lower() for top in tops for owner in owners.get(top, ())} | set(named)
    for name in sorted(names):
        yield _part(distribution(name))


def _part(found: Distribution) -> Part:
    metadata = found.metadata
    classifiers = [
        each.rpartition(" :: ")[2] for each in metadata.get_all("Classifier", []) if each.startswith("License")
    ]
    expression, plain = ("".join(metadata.get_all(key, [])[:1]) for key in ("License-Expression", "License"))
    name = expression or ", ".join(classifiers) or plain.strip().partition("\n")[0]
    files = [Path(str(file.locate())) for file in found.files or () if _is_license(Path(str(file)))]
    return Part(metadata["Name"], found.version, name, _read(files))


def _is_license(path: Path) -> bool:
    """Whether a file of a distribution is the text of a license."""
    is_info = any(part.endswith(".dist-info") for part in path.parts)
    return path.suffix not in {".py", ".pyc", ".pyi"} and (
        (is_info and "licenses" in path.parts[:-1]) or path.name.lower().startswith(_NAMES)
    )


def _system_packages(libraries: Iterable[str]) -> Iterator[Part]:
    """The packages of a Debian system that hold a library of these. Elsewhere they are Python's own."""
    owners = {owner for path in libraries if (owner := _package_of(path))}
    for owner in sorted(owners):
        name = owner.partition(":")[0]
        version = _ask("dpkg-query", "--show", "--showformat=${Version}", owner)
        yield Part(name, version, "see below", _read([Path("/usr/share/doc") / name / "copyright"]))


@cache
def _package_of(path: str) -> str:
    """The package of Debian that holds this file; empty where it is of none."""
    resolved = Path(path).resolve()
    for place in (resolved, Path("/", *resolved.parts[2:])):  # /usr/lib is where /lib leads to
        if owner := _ask("dpkg-query", "--search", str(place)).partition(": ")[0]:
            return owner
    return ""


def _ask(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _read(paths: Iterable[Path]) -> tuple[str, ...]:
    """The texts of these files, each once."""
    texts = [path.read_text(encoding="utf-8", errors="replace").strip() for path in sorted(paths) if path.is_file()]
    return tuple(dict.fromkeys(text for text in texts if text and len(text) < _TOO_LONG))
