"""Workbooks as HR keeps them, and what each must be read as: drawn by a script, of the sandbox's people and skills."""
