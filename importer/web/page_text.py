"""How the page says what to do: remedies by its own controls, and the steps after a run. Decides nothing."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from importer import (
    ChooseName,
    ChooseNames,
    DropOption,
    NextStep,
    Note,
    Remedy,
    Run,
    RunCommand,
    RunReport,
    SetOption,
    SetVariable,
    SignIn,
    UseItsAccount,
    sheet_remedy,
)

_STEPS = {
    NextStep.RESUME: "Finish this run. We send nothing twice.",
    NextStep.FIX: 'Download the result workbook and correct the rows on its sheet "To fix"; each row says what is '
    "wrong. Then drop the workbook on this page. We send only those rows.",
    NextStep.DECIDE: "Somebody else changed records in Kantata, and that was kept; they stand on the sheet "
    '"To fix" of the result workbook. To send what your sheet says, drop that workbook on this page.',
    NextStep.LOOK: "Look at what changed during the run. It is listed below.",
    NextStep.NOTHING: "You are done. Loading this file again would change nothing.",
    NextStep.NOTHING_UNDONE: "You are done. To reverse this, undo this run in turn.",
}

_CONTROLS: Mapping[str, str] = {
    "accept": "tick the box below the plan",
    "as": "choose under “It is a list of”",
    "column": "use “Which column is what” in the step “Read”",
    "encoding": "fill in “Encoding of a text file”",
    "header-row": "choose “Row with the headings”",
    "layout": "choose under “It looks like”",
    "levels": "use “Which level is which” in the step “Read”",
    "match": "tick “Go by names and e-mails”",
    "max-removals": "type the number below the plan",
    "on-conflict": "tick “Overwrite what others have changed in Kantata since”",
    "no-aliases": "tick “Use no earlier answers”",
    "people-column": "use “Which column is what” in the step “Read”",
    "sheet": "tick it under “Sheets”",
    "skill-columns": "use “Which column is what” in the step “Read”",
}
"""The control of the page for an option; for other options the page has none, and says nothing of them."""
_CLEARED: Mapping[str, str] = {
    "category": "Leave the skill categories empty.",
    "encoding": "Clear “Encoding of a text file”.",
    "matrix": "Choose the list.",
    "sheet": "Untick all “Sheets”.",
    "skill": "Leave the skills empty.",
}
_COMMANDS: Mapping[str, str] = {
    "endpoints": "open “Templates”",
    "export": "open “Export”",
    "login": "type a token on the first page",
    "resume": "choose “Finish this run”",
    "runs": "open “History”",
    "template": "open “Templates”",
}


def page_fix(remedies: Iterable[Remedy]) -> str:
    """Remedies as the page says them, one sentence after another."""
    return " ".join(dict.fromkeys(filter(None, map(_sentence, remedies))))


def other_fix(remedies: Iterable[Remedy]) -> str:
    """The same where the page has controls of its own for levels of words, for names, and for going by names."""
    return page_fix(each for each in remedies if not isinstance(each, ChooseName) and not _has_control(each))


def sets(remedies: Iterable[Remedy], option: str) -> bool:
    """Whether one of these remedies is to set this option."""
    return any(isinstance(each, SetOption) and each.option == option for each in remedies)


def _has_control(remedy: Remedy) -> bool:
    return isinstance(remedy, SetOption) and remedy.option in ("levels", "match")


def page_notes(notes: Iterable[str]) -> list[str]:
    """Notes as the page says them; that names wait for a choice is left out, as their problems ask for it."""
    said = []
    for note in notes:
        remedies = note.remedies if isinstance(note, Note) else ()
        if not any(isinstance(each, ChooseNames) for each in remedies):
            said.append(f"{note.sentence} {page_fix(remedies)}".strip() if isinstance(note, Note) else note)
    return said


def run_title(run: Run) -> str:
    """What a run is called: the name of its file, or which run it undid."""
    return f"Undo of run {run.undoes}" if run.undoes else Path(run.file).name


def next_steps(report: RunReport) -> list[str]:
    """What a person does next, in the order in which it helps."""
    return [*([] if report.stopped is None else [report.stopped.message]), *(_STEPS[step] for step in report.steps)]


def _sentence(remedy: Remedy) -> str:  # noqa: PLR0911  (one for each kind)
    match remedy:
        case SetOption(option, _, goal):
            return _to(goal, _CONTROLS.get(option, ""))
        case DropOption(option):
            return _CLEARED.get(option, "")
        case RunCommand(command, goal):
            return _to(goal, _COMMANDS.get(command.partition(" ")[0], ""))
        case SetVariable(_, _, otherwise):
            return otherwise
        case SignIn():
            return "Type a token on the first page."
        case UseItsAccount():
            return "Choose its account on the first page."
        case ChooseName(_, thing):
            return f"Or choose the right {thing} under its problem."
        case ChooseNames():
            return "Choose what it means under its problem."
        case _:
            return sheet_remedy(remedy)


def _to(goal: str, control: str) -> str:
    """What to do on the page in order to reach a goal; empty where the page has no control for it."""
    if not control:
        return ""
    return f"To {goal}, {control}." if goal else f"{control[0].upper()}{control[1:]}."
