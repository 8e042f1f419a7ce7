"""The way from a file to its result: joins the rooms, in the order the data flows. What a face calls.

Prints nothing and asks nothing; every step gives a value that the next one takes.
"""

from importer.job.account import Access, Connection, access, anew, connect, writing
from importer.job.aliases import Aliases, remember
from importer.job.aliases import beside as aliases_of
from importer.job.finding import Asked
from importer.job.giving_back import GivenBack, write_result_workbook
from importer.job.going_back import prepare_undo, resume, settle, unsettled
from importer.job.history import (
    Recorded,
    open_journal,
    recorded,
    result_path,
    write_plan_workbook,
)
from importer.job.keeping import prune
from importer.job.live import Written, write_blank, write_live
from importer.job.loading import Prepared, begin, forecast, forecast_sentence, prepare
from importer.job.reading import Reading, asks_account, check, check_for, names_something, read
from importer.job.selecting import Filters
from importer.job.suspecting import accidents, last_given, last_given_on_disk, with_accepted

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
