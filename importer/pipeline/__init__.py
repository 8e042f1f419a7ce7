"""The way from a file to its result: joins the rooms, in the order the data flows. What a face calls.

Prints nothing and asks nothing; every step gives a value that the next one takes.
"""

from importer.export.prefilled_templates import Written, write_blank, write_live
from importer.export.record_filters import Filters
from importer.kantata.connection import Access, Connection, access, anew, connect
from importer.layouts.choose import Asked
from importer.pipeline.alias_memory import Aliases, remember
from importer.pipeline.alias_memory import beside as aliases_of
from importer.pipeline.anomaly_check import accidents, last_given, last_given_on_disk, with_accepted
from importer.pipeline.checking import Reading, asks_account, check, check_for, names_something, read
from importer.pipeline.history import Recorded, open_journal, recorded, result_path, write_plan_workbook
from importer.pipeline.planning import Prepared, begin, forecast, forecast_sentence, prepare
from importer.pipeline.result_builder import GivenBack, write_result_workbook
from importer.pipeline.resume import prepare_undo, resume, settle, unsettled
from importer.pipeline.retention import prune
from importer.sync.run_context import writing

__all__ = [
    "Access",
    "Aliases",
    "Asked",
    "Connection",
    "Filters",
    "GivenBack",
    "Prepared",
    "Reading",
    "Recorded",
    "Written",
    "access",
    "accidents",
    "aliases_of",
    "anew",
    "asks_account",
    "begin",
    "check",
    "check_for",
    "connect",
    "forecast",
    "forecast_sentence",
    "last_given",
    "last_given_on_disk",
    "names_something",
    "open_journal",
    "prepare",
    "prepare_undo",
    "prune",
    "read",
    "recorded",
    "remember",
    "result_path",
    "resume",
    "settle",
    "unsettled",
    "with_accepted",
    "write_blank",
    "write_live",
    "write_plan_workbook",
    "write_result_workbook",
    "writing",
]
