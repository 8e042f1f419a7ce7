"""`python -m importer.desktop`: the program as a double click starts it."""

from importer.desktop import main

main()
