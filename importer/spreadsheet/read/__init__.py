"""A file to sheets of cells: its type, its encoding, its engine. Knows no meaning."""
