"""The tables of the sandbox's database, as the file beside this module creates them; knows no data."""

import re
from importlib.resources import files

SCHEMA = (files("importer.sandbox") / "schema.sql").read_text(encoding="utf-8")

# What a person in the web application may change, and `GET /sandbox/counts` counts.
TABLES = tuple(name for name in re.findall(r"CREATE TABLE (\w+)", SCHEMA) if name not in {"sandbox", "requests"})
