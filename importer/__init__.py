"""Load spreadsheets of memberships into Kantata OX, and know what became of every row.

This is the Python API; nothing else in the package is public.

    import importer

    account = importer.Account()                            # the token of KANTATA_TOKEN, or of `importer login`
    table = importer.read("skills.xlsx")                    # .frame, .layout, .set_aside
    checked = account.check(table)                          # .problems is a DataFrame
    plan = account.plan(table)                              # reads the account, sends no write
    report = plan.apply()                                   # .outcomes is a DataFrame with the table's own index
    report.write("skills.result.xlsx")

What is wrong with a row is data; an exception means that nothing could be done. Names are imported when they are
used, so that `import importer` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from importer.errors import (
    Ambiguous,
    Choice,
    Denied,
    Guarded,
    ImporterError,
    Interrupted,
    LevelWord,
    Suspected,
    Unfinished,
    Unreachable,
    Unreadable,
    Usage,
)

if TYPE_CHECKING:
    from importer.coordinates import address as cell_address
    from importer.coordinates import letters as column_letters
    from importer.coordinates import parse_address as parse_cell_address
    from importer.endpoints import load as load_endpoint
    from importer.endpoints import names as endpoint_names
    from importer.endpoints.declare import Candidate, Endpoint, Field
    from importer.endpoints.skill_categories import SKILL_CATEGORIES
    from importer.export.account_export import ExportedAccount
    from importer.export.filters import ExportOptions, SelectionOptions
    from importer.export.list_export import FORMATS, ExportedList, Target
    from importer.export.list_export import NAMES as LIST_NAMES
    from importer.export.list_export import format_of as export_format
    from importer.export.matrix_export import MATRIX, ExportedMatrix
    from importer.export.prefilled_templates import WrittenTemplate
    from importer.export.prefilled_templates import write_blank as write_template
    from importer.export.report import Against, FinishedReport, write_report
    from importer.export.report import check_place as check_report_path
    from importer.export.report.report_model import SkillReport
    from importer.kantata.connection import begin_access
    from importer.layouts import describe_all as describe_layouts
    from importer.layouts import names as layout_names
    from importer.messages.phrases import describe_run, internal_error
    from importer.model import (
        Answered,
        Begun,
        Change,
        Event,
        Outcome,
        Problem,
        Replanned,
        Result,
        Sent,
        Stopped,
        Waiting,
    )
    from importer.notification import notify, split_command
    from importer.pipeline.account import Account, AccountLock, ConnectionOptions
    from importer.pipeline.alias_memory import NEW as NEW_NAME
    from importer.pipeline.alias_memory import remember as remember_aliases
    from importer.pipeline.change_description import ChangeDescription, ValueChange
    from importer.pipeline.change_list import CHANGES as CHANGE_ACTIONS
    from importer.pipeline.change_list import ChangeList, PlanLine
    from importer.pipeline.check_result import CheckResult, checks_to_dict
    from importer.pipeline.column_roles import ColumnRole, ReadingChoices, SheetColumns, read_columns
    from importer.pipeline.doctor import Finding
    from importer.pipeline.file_edits import CellPosition, check_edit, write_edited
    from importer.pipeline.forgetting import PersonTraces
    from importer.pipeline.history import result_path
    from importer.pipeline.input_table import InputTable, ReadingOptions, check, read
    from importer.pipeline.json_objects import problem_object as problem_to_dict
    from importer.pipeline.json_objects import run_object as run_to_dict
    from importer.pipeline.name_matches import NameMatches, count_name_matches
    from importer.pipeline.problem_groups import ProblemGroup, ProblemKind, ProblemPlace, group_problems
    from importer.pipeline.result_builder import WrittenResult
    from importer.pipeline.run_plan import RunPlan
    from importer.pipeline.run_report import RunReport
    from importer.pipeline.run_summary import Step as NextStep
    from importer.pipeline.run_summary import in_words as duration_in_words
    from importer.pipeline.runs import find_person, find_run, forget_person, list_runs, prune_runs, resume, runs, show
    from importer.pipeline.samples import SAMPLES as SAMPLE_FILES
    from importer.pipeline.samples import copy_samples, sample_file, sample_folder
    from importer.remedies import (
        ChooseName,
        ChooseNames,
        DropOption,
        Note,
        Remedy,
        RunCommand,
        SetOption,
        SetVariable,
        SignIn,
        UseItsAccount,
    )
    from importer.remedies import as_typed as quote_for_terminal
    from importer.remedies import in_the_sheet as sheet_remedy
    from importer.set_aside import SetAside
    from importer.settings import DEFAULT_TIMEOUT_S, state_folder
    from importer.spreadsheet.read.book import Book
    from importer.spreadsheet.read.read_ahead import read_ahead
    from importer.spreadsheet.write.atomic_write import result_path as default_path
    from importer.sync.anomalies.anomaly import Anomaly, AnomalyCode
    from importer.sync.erasure import RunTraces
    from importer.sync.journal_entries import Run
    from importer.table import Sheet
    from importer.text import count_of
    from importer.validation.aliases import UnresolvedName
    from importer.validation.level import NOT_HELD as LEVEL_NONE

__version__ = "0.2.0"

__all__ = [
    "CHANGE_ACTIONS",
    "DEFAULT_TIMEOUT_S",
    "FORMATS",
    "LEVEL_NONE",
    "LIST_NAMES",
    "MATRIX",
    "NEW_NAME",
    "SAMPLE_FILES",
    "SKILL_CATEGORIES",
    "Account",
    "AccountLock",
    "Against",
    "Ambiguous",
    "Anomaly",
    "AnomalyCode",
    "Answered",
    "Begun",
    "Book",
    "Candidate",
    "CellPosition",
    "Change",
    "ChangeDescription",
    "ChangeList",
    "CheckResult",
    "Choice",
    "ChooseName",
    "ChooseNames",
    "ColumnRole",
    "ConnectionOptions",
    "Denied",
    "DropOption",
    "Endpoint",
    "Event",
    "ExportOptions",
    "ExportedAccount",
    "ExportedList",
    "ExportedMatrix",
    "Field",
    "Finding",
    "FinishedReport",
    "Guarded",
    "ImporterError",
    "InputTable",
    "Interrupted",
    "LevelWord",
    "NameMatches",
    "NextStep",
    "Note",
    "Outcome",
    "PersonTraces",
    "PlanLine",
    "Problem",
    "ProblemGroup",
    "ProblemKind",
    "ProblemPlace",
    "ReadingChoices",
    "ReadingOptions",
    "Remedy",
    "Replanned",
    "Result",
    "Run",
    "RunCommand",
    "RunPlan",
    "RunReport",
    "RunTraces",
    "SelectionOptions",
    "Sent",
    "SetAside",
    "SetOption",
    "SetVariable",
    "Sheet",
    "SheetColumns",
    "SignIn",
    "SkillReport",
    "Stopped",
    "Suspected",
    "Target",
    "Unfinished",
    "Unreachable",
    "Unreadable",
    "UnresolvedName",
    "Usage",
    "UseItsAccount",
    "ValueChange",
    "Waiting",
    "WrittenResult",
    "WrittenTemplate",
    "__version__",
    "begin_access",
    "cell_address",
    "check",
    "check_edit",
    "check_report_path",
    "checks_to_dict",
    "column_letters",
    "copy_samples",
    "count_name_matches",
    "count_of",
    "default_path",
    "describe_layouts",
    "describe_run",
    "duration_in_words",
    "endpoint_names",
    "export_format",
    "find_person",
    "find_run",
    "forget_person",
    "group_problems",
    "internal_error",
    "layout_names",
    "list_runs",
    "load_endpoint",
    "notify",
    "parse_cell_address",
    "problem_to_dict",
    "prune_runs",
    "quote_for_terminal",
    "read",
    "read_ahead",
    "read_columns",
    "remember_aliases",
    "result_path",
    "resume",
    "run_to_dict",
    "runs",
    "sample_file",
    "sample_folder",
    "sheet_remedy",
    "show",
    "split_command",
    "state_folder",
    "write_edited",
    "write_report",
    "write_template",
]

_HOMES = {
    "importer.coordinates": (
        "address:cell_address",
        "letters:column_letters",
        "parse_address:parse_cell_address",
    ),
    "importer.endpoints": (
        "load:load_endpoint",
        "names:endpoint_names",
    ),
    "importer.kantata.connection": ("begin_access",),
    "importer.layouts": ("describe_all:describe_layouts", "names:layout_names"),
    "importer.endpoints.declare": (
        "Candidate",
        "Endpoint",
        "Field",
    ),
    "importer.endpoints.skill_categories": ("SKILL_CATEGORIES",),
    "importer.export.account_export": ("ExportedAccount",),
    "importer.export.filters": (
        "ExportOptions",
        "SelectionOptions",
    ),
    "importer.export.list_export": (
        "ExportedList",
        "FORMATS",
        "NAMES:LIST_NAMES",
        "Target",
        "format_of:export_format",
    ),
    "importer.export.matrix_export": (
        "ExportedMatrix",
        "MATRIX",
        "NEW_NAME",
    ),
    "importer.export.prefilled_templates": (
        "WrittenTemplate",
        "write_blank:write_template",
    ),
    "importer.export.report": (
        "Against",
        "FinishedReport",
        "check_place:check_report_path",
        "write_report",
    ),
    "importer.export.report.report_model": ("SkillReport",),
    "importer.messages.phrases": (
        "describe_run",
        "internal_error",
    ),
    "importer.model": (
        "Answered",
        "Begun",
        "Change",
        "Event",
        "Outcome",
        "Problem",
        "Replanned",
        "Result",
        "Sent",
        "Stopped",
        "Waiting",
    ),
    "importer.notification": ("notify", "split_command"),
    "importer.pipeline.account": (
        "Account",
        "AccountLock",
        "ConnectionOptions",
    ),
    "importer.pipeline.alias_memory": ("NEW:NEW_NAME", "remember:remember_aliases"),
    "importer.pipeline.change_description": ("ChangeDescription", "ValueChange"),
    "importer.pipeline.change_list": ("CHANGES:CHANGE_ACTIONS", "ChangeList", "PlanLine"),
    "importer.pipeline.column_roles": (
        "ColumnRole",
        "ReadingChoices",
        "SheetColumns",
        "read_columns",
    ),
    "importer.pipeline.doctor": ("Finding",),
    "importer.pipeline.file_edits": (
        "CellPosition",
        "check_edit",
        "write_edited",
    ),
    "importer.pipeline.forgetting": ("PersonTraces",),
    "importer.pipeline.history": ("result_path",),
    "importer.pipeline.check_result": ("CheckResult", "checks_to_dict"),
    "importer.pipeline.input_table": (
        "InputTable",
        "ReadingOptions",
        "check",
        "read",
    ),
    "importer.pipeline.json_objects": (
        "problem_object:problem_to_dict",
        "run_object:run_to_dict",
    ),
    "importer.pipeline.name_matches": (
        "NameMatches",
        "count_name_matches",
    ),
    "importer.pipeline.result_builder": ("WrittenResult",),
    "importer.pipeline.problem_groups": ("ProblemGroup", "ProblemKind", "ProblemPlace", "group_problems"),
    "importer.pipeline.run_plan": ("RunPlan",),
    "importer.pipeline.run_report": ("RunReport",),
    "importer.pipeline.run_summary": (
        "Step:NextStep",
        "in_words:duration_in_words",
    ),
    "importer.pipeline.runs": (
        "find_person",
        "find_run",
        "forget_person",
        "list_runs",
        "prune_runs",
        "resume",
        "runs",
        "show",
    ),
    "importer.pipeline.samples": ("SAMPLES:SAMPLE_FILES", "copy_samples", "sample_file", "sample_folder"),
    "importer.remedies": (
        "ChooseName",
        "ChooseNames",
        "DropOption",
        "Note",
        "Remedy",
        "RunCommand",
        "SetOption",
        "SetVariable",
        "SignIn",
        "UseItsAccount",
        "as_typed:quote_for_terminal",
        "in_the_sheet:sheet_remedy",
    ),
    "importer.set_aside": ("SetAside",),
    "importer.settings": ("DEFAULT_TIMEOUT_S", "state_folder"),
    "importer.spreadsheet.read.book": ("Book",),
    "importer.spreadsheet.read.read_ahead": ("read_ahead",),
    "importer.spreadsheet.write.atomic_write": ("result_path:default_path",),
    "importer.sync.anomalies.anomaly": (
        "Anomaly",
        "AnomalyCode",
    ),
    "importer.sync.erasure": ("RunTraces",),
    "importer.sync.journal_entries": ("Run",),
    "importer.table": ("Sheet",),
    "importer.text": ("count_of",),
    "importer.validation.aliases": ("UnresolvedName",),
    "importer.validation.level": ("NOT_HELD:LEVEL_NONE",),
}
"""Where each name comes from: `there:here` where it has another name there."""
_FROM = {
    name.rpartition(":")[2]: (module, name.partition(":")[0]) for module, names in _HOMES.items() for name in names
}


def __getattr__(name: str) -> object:
    """The public name, imported when it is first used."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, there = _FROM[name]
    value: object = getattr(import_module(module), there)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
