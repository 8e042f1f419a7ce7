"""Where the sample files are that come with the program. Knows no face."""

from pathlib import Path

from importer.messages import about_program

SAMPLES = (
    ("skill-memberships.xlsx", "a list of people's skills"),
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
