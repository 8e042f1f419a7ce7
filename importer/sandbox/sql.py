"""Statements of SQL put together from declared names; no text of a caller ever becomes part of one.

Values go in as parameters. Table and column names come from the schema and the contract.
"""

from collections.abc import Iterable, Sequence

# A list of values arrives as the JSON text of one parameter.
IN_VALUE = "IN (SELECT value FROM json_each(:value))"
IN_OWNERS = "IN (SELECT value FROM json_each(:owners))"
IN_KEYS = "IN (SELECT value FROM json_each(:keys))"


def select(columns: Sequence[str], table: str, where: Iterable[str] = (), order: str = "") -> str:
    """SELECT with all the conditions of `where` (empty ones left out)."""
    parts = ["SELECT", ", ".join(columns), "FROM", table, *_conditions(where)]
    return " ".join([*parts, "ORDER BY", order] if order else parts)


def insert(table: str, columns: Sequence[str]) -> str:
    """INSERT of one row with a named parameter for each column."""
    names = ", ".join(columns)
    values = ", ".join(f":{column}" for column in columns)
    parts = ["INSERT INTO", table, "(", names, ") VALUES (", values, ")"]
    return " ".join(parts)


def update(table: str, columns: Sequence[str], where: Iterable[str]) -> str:
    """UPDATE of each column to the named parameter `new_<column>`."""
    changes = ", ".join(f"{column} = :new_{column}" for column in columns)
    return " ".join(("UPDATE", table, "SET", changes, *_conditions(where)))


def delete(table: str, where: Iterable[str] = ()) -> str:
    """DELETE of the rows for which all the conditions hold."""
    return " ".join(("DELETE FROM", table, *_conditions(where)))


def equal(columns: Iterable[str]) -> list[str]:
    """One condition a column: it is the named parameter of the same name (null equals null)."""
    return [f"{column} IS :{column}" for column in columns]


def _conditions(where: Iterable[str]) -> tuple[str, ...]:
    wanted = [f"({condition})" for condition in where if condition]
    return ("WHERE", " AND ".join(wanted)) if wanted else ()
