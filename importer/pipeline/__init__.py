"""The way from a file to its result: joins the rooms, in the order the data flows. What a face calls.

Prints nothing and asks nothing; every step gives a value that the next one takes.
"""

from importer.export.prefilled_templates import WrittenTemplate, write_blank, write_live
from importer.export.record_filters import Filters
from importer.kantata.connection import Access, Connection, clone_access, connect, open_access
from importer.layouts.choose import ReadOptions
from importer.pipeline.alias_memory import Aliases, remember
from importer.pipeline.alias_memory import beside as aliases_of
from importer.pipeline.anomaly_check import check_anomalies, last_input, last_input_on_disk, record_accepted
from importer.pipeline.checking import Reading, asks_account, check, check_for, names_something, read
from importer.pipeline.history import RunRecord, load_run_record, open_journal, result_path, write_plan_workbook
from importer.pipeline.planning import PreparedRun, begin, forecast, forecast_sentence, prepare
from importer.pipeline.result_builder import WrittenResult, write_result_workbook
from importer.pipeline.resume import prepare_undo, resume, settle, unsettled
from importer.pipeline.retention import prune
from importer.sync.run_context import lock_account

__all__ = [
    "Access",
    "Aliases",
    "Connection",
    "Filters",
    "PreparedRun",
    "ReadOptions",
    "Reading",
    "RunRecord",
    "WrittenResult",
    "WrittenTemplate",
    "aliases_of",
    "asks_account",
    "begin",
    "check",
    "check_anomalies",
    "check_for",
    "clone_access",
    "connect",
    "forecast",
    "forecast_sentence",
    "last_input",
    "last_input_on_disk",
    "load_run_record",
    "lock_account",
    "names_something",
    "open_access",
    "open_journal",
    "prepare",
    "prepare_undo",
    "prune",
    "read",
    "record_accepted",
    "remember",
    "result_path",
    "resume",
    "settle",
    "unsettled",
    "write_blank",
    "write_live",
    "write_plan_workbook",
    "write_result_workbook",
]
