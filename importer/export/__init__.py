"""Reports out of an account: lists, a matrix, a skill report. Sends no write, and prints nothing."""

from importer.export.asked import Asked
from importer.export.lists import FORMATS, NAMES, Exported, Target, export_list, format_of

__all__ = ["FORMATS", "NAMES", "Asked", "Exported", "Target", "export_list", "format_of"]
