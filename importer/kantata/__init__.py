"""Kantata's API: requests, pages, bulk answers, the directory. HTTP and JSON; has never heard of a spreadsheet."""
