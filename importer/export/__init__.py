"""Reports out of an account: lists, a matrix, a skill report. Sends no write, and prints nothing."""

from importer.export.disk_buffer import Watch, no_watch
from importer.export.filters import ExportFilters
from importer.export.list_export import FORMATS, NAMES, ExportedList, Target, export_list, format_of
from importer.export.matrix_export import MATRIX, ExportedMatrix, export_matrix

__all__ = [
    "FORMATS",
    "MATRIX",
    "NAMES",
    "ExportFilters",
    "ExportedList",
    "ExportedMatrix",
    "Target",
    "Watch",
    "export_list",
    "export_matrix",
    "format_of",
    "no_watch",
]
