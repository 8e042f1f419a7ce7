"""The skill report: from what the account holds to its numbers, from the numbers to what is shown, from that to a file.

`collect` reads and joins; `counting`, `teams` and `comparison` are pure; `report_workbook` and `report_page` know only
what is shown.
"""

from importer.export.report.collect import Against, FinishedReport, check_place, make, write_report

__all__ = ["Against", "FinishedReport", "check_place", "make", "write_report"]
