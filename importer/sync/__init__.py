"""Executes a plan: tasks in threads, each step in the journal, every row to one outcome. Prints and writes no file."""
