"""What is said otherwise on a page than on a terminal: what to do next, and the names of options. Decides nothing."""

import re

from importer.pipeline.run_summary import RunSummary, Step, steps_of

_SAID = {
    Step.RESUME: "Go on with this run: nothing is sent twice.",
    Step.FIX: 'Get the result workbook, correct the rows on its sheet "To fix" (what is wrong stands beside each), and '
    "drop the workbook on the first page. Only those rows are sent.",
    Step.LOOK: "Look at what changed while the run went on; it is listed below.",
    Step.NOTHING: "Nothing. Loading the same file again would change nothing.",
    Step.NOTHING_UNDONE: "Nothing. Putting this run back in its turn would undo the undo.",
}


_LABELS = {
    "--match names": "“Go by names and e-mails”",
    "--levels": "“What words mean”",
    "--sheet": "“Sheets”",
    "--header-row": "“Row with the headers”",
    "--people-column": "“Which column is what”",
    "--skill-columns": "“Which column is what”",
    "--encoding": "“Encoding of a text file”",
    "--as": "“It is a list of”:",
    "aliases.xlsx": "“Who or what is meant?”",
    ", save, and run again": "",
    "`importer endpoints` lists the columns; `importer template` makes": "“Templates” has",
    "`importer endpoints` lists the columns": "“Templates” has a workbook with them",
    "`importer runs`": "“History”",
    "run `importer resume`": "choose “Go on with this run”",
    "Run `importer resume`": "Choose “Go on with this run”",
    "`importer resume`": "“Go on with this run”",
    "Set KANTATA_TOKEN, or run `importer login`": "Type one on the first page",
    "Use the --base-url or --profile of its account": "Choose its account on the first page",
    "Use the --base-url or --profile, and the token, of its account": "Choose its account on the first page",
    "--mode mirror": "mirror",
    ", or stop it with Ctrl-C": ", or stop it",
}
_NAMED = re.compile("|".join(rf"{re.escape(name)}(?![\w-])" for name in _LABELS))


def for_page(text: str) -> str:
    """A sentence of the core with the names that the page gives to options."""
    return _NAMED.sub(lambda found: _LABELS[found.group()], text)


def next_steps(end: RunSummary) -> list[str]:
    """What a person does next, in the order in which it helps."""
    return [*([] if end.stopped is None else [end.stopped.message]), *(_SAID[step] for step in steps_of(end))]
