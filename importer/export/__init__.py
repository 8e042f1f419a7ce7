"""Reports out of an account: lists, all of them as one workbook, a matrix, a skill report. Sends no write, and prints
nothing.
"""

from importer.export.account_export import ExportedAccount, export_account
from importer.export.disk_buffer import Watch, no_watch
from importer.export.filters import ExportFilters
from importer.export.list_export import FORMATS, NAMES, ExportedList, Target, export_list, format_of
from importer.export.matrix_export import MATRIX, ExportedMatrix, export_matrix

__all__ = [
    "FORMATS",
    "MATRIX",
    "NAMES",
    "ExportFilters",
    "ExportedAccount",
    "ExportedList",
    "ExportedMatrix",
    "Target",
    "Watch",
    "export_account",
    "export_list",
    "export_matrix",
    "format_of",
    "no_watch",
]
