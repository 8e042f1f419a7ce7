"""The skill report: from what the account holds to its numbers, from the numbers to what is shown, from that to a file.

`joining` reads and joins; `counting`, `teams` and `comparing` are pure; `workbook` and `page` know only what is shown.
"""

from importer.export.report.collect import Against, Reported, check_place, make, write_report

__all__ = ["Against", "Reported", "check_place", "make", "write_report"]
