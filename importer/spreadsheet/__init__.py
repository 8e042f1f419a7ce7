"""Spreadsheets: files to cells and cells to files. The only room that knows calamine, openpyxl, lxml and csv."""
