"""What differs on Windows and macOS: one function for each difference. Knows systems, and no data."""
