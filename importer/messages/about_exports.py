"""What is said of exports, reports and templates: their filters, names and formats."""

from collections.abc import Sequence

from importer.errors import ImporterError, Unreadable, Usage
from importer.messages.about_names import nearest
from importer.messages.catalogue import Said, error
from importer.remedies import Advice, DropOption, RunCommand, SetOption, SetVariable
from importer.text import shorten_list

_MATRIX = "skill-memberships"
_SHOWN = 5


@error(Usage, "date", "A filter is not a date", "31/01/2026")
def not_a_date(text: str) -> Said:
    return f'"{text}" is not a date.', Advice("Write 2026-01-31, or 2026-01-31T09:30:00+01:00 for a time.")


@error(Usage, "no-list", "The list does not exist", "people", ["users", "skills"])
def no_such_list(name: str, names: Sequence[str]) -> Said:
    return f'There is no list "{name}".', Advice(f"The lists are {', '.join(names)}.")


@error(Usage, "file-name", "The name of a matrix must end in .xlsx", "matrix.csv")
def matrix_name(path: str) -> Said:
    return f"A matrix is a workbook, but the name {path} is not a workbook's.", Advice("Use a name that ends in .xlsx.")


@error(Usage, "file-name", "The whole account needs a workbook", "account.csv")
def only_a_workbook(asked: str) -> Said:
    return (
        f'The whole account has several sheets, so it must be a workbook, and "{asked}" is not one.',
        Advice("Use a name that ends in .xlsx. A single list can have another format."),
    )


@error(Usage, "file-name", "The name of a report must end in .xlsx or .html", "report.pdf")
def report_name(name: str) -> Said:
    return (
        f"{name} is not a name for a report.",
        Advice("Use a name that ends in .xlsx for a workbook, or in .html for a page."),
    )


@error(Usage, "file-name", "The name does not say the format", "people.dat", [".csv", ".xlsx"])
def format_unknown(path: str, endings: Sequence[str]) -> Said:
    return (
        f"{path} does not say which format you want.",
        Advice(f"Use a name that ends in {', '.join(endings)}."),
        SetOption("format", "NAME", "name the format instead"),
    )


@error(Usage, "standard-output", "Two things would go to standard output")
def two_on_standard_output() -> Said:
    return "The list and the JSON cannot both go to standard output.", SetOption("o", "FILE", "write the list")


@error(ImporterError, "disk-full", "The temporary folder is full", "disk is full")
def temporary_folder_full(why: object) -> Said:
    return (
        f"The folder for temporary files has no room for what we read ({why}).",
        Advice("Make room there."),
        SetVariable("TMPDIR", "another folder", "Ask the person who set up this program for more room."),
    )


@error(Unreadable, "not-an-export", "The earlier export holds no skills", "groups.xlsx", "user-group-memberships")
def not_an_export_of_skills(name: str, endpoint: str) -> Said:
    return (
        f"{name} is a list of {endpoint}, but changes are about skills.",
        Advice("Use an earlier export of skill-memberships or of the skill-matrix, or an earlier skill-report."),
    )


@error(Usage, "filters", "Skill filters do not apply here", "user-group-memberships")
def no_skill_filters(endpoint: str) -> Said:
    return f"{endpoint} have nothing to do with skills.", DropOption("skill"), DropOption("category")


@error(Usage, "no-matrix", "Only skills have a matrix", "user-group-memberships")
def no_matrix_of(endpoint: str) -> Said:
    return f"There is no matrix of {endpoint}.", DropOption("matrix"), Advice(f"Or use {_MATRIX}.")


@error(Usage, "filters", "The filters leave nothing", "person")
def nothing_left(thing: str) -> Said:
    return f"These filters leave no {thing}.", Advice("Use fewer filters.")


@error(Usage, "filters", "The template has everything", "skills")
def template_has_all(endpoint: str) -> Said:
    return (
        f"The template has all {endpoint} of the account, so it takes no filters.",
        Advice("Leave the filters out."),
        RunCommand(f"export {endpoint}", "choose some of them"),
    )


@error(Usage, "no-live-data", "Filters need the account")
def filters_need_account() -> Said:
    return "A blank template has no people to choose from.", SetOption("live", goal="fill it from the account")


@error(Usage, "not-found", "A filter names an unknown category", "Langages", ["Languages", "Tools"])
def no_such_category(text: str, categories: Sequence[str]) -> Said:
    return f'There is no skill category "{text}".', Advice(f"The categories are {', '.join(categories)}.")


@error(Usage, "not-found", "A filter names nothing in the account", "skill", "Pyton", ["Python"])
def nothing_named(thing: str, text: str, near: Sequence[str]) -> Said:
    return f'No {thing} in the account has the name "{text}".{nearest(near)}', Advice("Check the spelling.")


@error(
    Usage, "ambiguous", "A filter names several things", "skill", "French", ["Language > French", "Cuisine > French"]
)
def several_named(things: str, text: str, labels: Sequence[str]) -> Said:
    return (
        f'"{text}" matches {len(labels)} {things}: {shorten_list(labels, _SHOWN, "; ")}.',
        Advice("Use the id of the right one."),
    )
