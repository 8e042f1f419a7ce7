"""`importer endpoints`: what can be loaded, and the columns of each."""

import click

import importer
from importer.cli import options
from importer.cli.output import print_json, print_result


@click.command(short_help="List what can be loaded: columns, limits, examples.")
@options.as_json
def endpoints(*, as_json: bool) -> int:
    """List what can be loaded, with the columns of each, what they accept, and how many records go in a request.

    \b
    Example:
      importer endpoints
    """
    every = [importer.load_endpoint(name) for name in importer.endpoint_names()]
    if as_json:
        print_json(
            {
                each.name: {
                    "title": each.title,
                    "bulk_limit": each.bulk_limit,
                    "bulk_limit_source": each.bulk_limit_source,
                    "key": each.key,
                    "columns": [
                        {
                            "header": column.name if isinstance(column, importer.Field) else column.header,
                            "also": column.also,
                            "field": column.name if isinstance(column, importer.Field) else column.field,
                            "required": isinstance(column, importer.Field) and column.required,
                            "accepts": column.accepted
                            if isinstance(column, importer.Field)
                            else column.directory.value,
                            "description": column.description,
                            "example": column.example,
                        }
                        for column in each.columns()
                    ],
                }
                for each in every
            }
        )
        return 0
    for each in every:
        at_once = f"up to {each.bulk_limit} in a request" if each.bulk_limit > 1 else "one in a request"
        print_result(f"{each.name}    {each.title}; {at_once}")
        for column in each.columns():
            header = column.name if isinstance(column, importer.Field) else f"  or {column.header}"
            print_result(f"  {header:<24}{column.description} Example: {column.example}")
        print_result("")
    print_result("A template to fill in: importer template ENDPOINT")
    return 0
