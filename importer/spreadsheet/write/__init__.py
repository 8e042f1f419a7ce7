"""Workbooks and text files that we write. Knows no meaning of what it writes."""
