"""The sample files that come with the program: where they are, and a copy of them. Knows no face."""

import shutil
from pathlib import Path

from importer.messages import about_program

_GALLERY = "gallery"
SAMPLES = (
    ("skill-memberships.xlsx", "a list of people's skills"),
    ("competence-matrix-2026.xlsx", "a skill matrix as people keep it, with titles, categories and averages"),
    ("skill-memberships-mistakes.xlsx", "the same kind of list, with every mistake a person makes"),
    ("user-group-memberships.csv", "a list of people and groups, as text"),
    ("organization-memberships.xlsx", "people and projects with their geography and department"),
)
"""Files to load into the sandbox, and what each is."""


def sample_folder() -> Path:
    """Where the sample files are: in a checkout beside the package, in an installed package inside it.

    Raises: ImporterError when they are in neither.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package.parent / "sample_data", package / "sample_data"):
        if (folder / SAMPLES[0][0]).is_file():
            return folder
    raise about_program.no_sample_files()


def sample_file(name: str) -> Path:
    """Where the sample file of this name is, one of SAMPLES. Raises: ImporterError when there are no sample files."""
    samples = sample_folder()
    return next(path for path in (samples / name, samples / _GALLERY / name) if path.is_file())


def copy_samples(folder: Path) -> Path:
    """Write the sample files into a folder, where people can change them; those that are there stay as they are.

    Returns the folder. Raises: ImporterError when there are no sample files.
    """
    samples = sample_folder()
    files = [*samples.glob("*.csv"), *samples.glob("*.xlsx"), *(samples / _GALLERY).glob("*")]
    for path in files:
        copy = folder / path.relative_to(samples)
        if path.suffix != ".json" and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return folder
