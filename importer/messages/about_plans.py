"""What is said before anything is sent: plans that no longer hold, removals, and what a person did not agree to."""

from collections.abc import Sequence

from importer.errors import Guarded, Suspected, Usage
from importer.messages.catalogue import Said, error, problem
from importer.messages.modes import MIRROR_MODE
from importer.remedies import Advice, Message, Remedy, SetOption
from importer.text import count_of, quote, shorten_list

_COMPARE = Advice("Compare the file with the account again.")
_LOOK_AGAIN = Advice("Look at it again.")
_WAIT = Advice("Wait a moment.")


@error(Guarded, "said-no", "You did not agree")
def said_no() -> Said:
    return ("Nothing was sent.",)


@error(Guarded, "nobody-to-ask", "There is no terminal to ask on")
def nobody_to_ask() -> Said:
    return "Nothing was sent: there is no terminal to ask on.", SetOption("yes", goal="send without a question")


@error(Guarded, "removals", "The file removes more than is allowed", 12, 0)
def too_many_removals(removals: int, allowed: int) -> Said:
    return (
        f"Nothing was sent: this would remove {count_of(removals, 'record')}, and you allowed {allowed:,}.",
        SetOption("max-removals", str(removals), "remove them"),
    )


@error(Guarded, "removals", "You did not confirm the removals", 12)
def removals_not_confirmed(removals: int) -> Said:
    return (
        f"Nothing was sent: this would remove {count_of(removals, 'record')}.",
        Advice(f"To remove them, type {removals} below the plan."),
    )


@error(
    Suspected, "suspected", "The file looks like a mistake",
    [Message("shifted", "Most levels are 1 higher than in the account.", (Advice("Check the levels."),))],
)  # fmt: skip
def looks_like_a_mistake(anomalies: Sequence[Message]) -> Said:
    remedies: list[Remedy] = [remedy for each in anomalies for remedy in each.remedies]
    remedies.append(SetOption("accept", ",".join(each.code for each in anomalies), "load it anyway"))
    return f"Nothing was sent: {' '.join(each.sentence for each in anomalies)}", *tuple(dict.fromkeys(remedies))


@error(Guarded, "suspected", "You did not confirm what looks like a mistake")
def mistake_not_confirmed() -> Said:
    return (
        "Nothing was sent: the file looks like a mistake.",
        Advice("To load it anyway, tick the box below the plan."),
    )


@error(Guarded, "not-approved", "No line of the plan is approved", 14)
def no_line_approved(lines: int) -> Said:
    return (
        f"Nothing was sent: none of the {count_of(lines, 'line')} of this plan says yes in the column Approve.",
        Advice("Write yes beside each line that is to be sent, save the workbook, and apply it again."),
    )


@problem("not-approved", "A line of the plan is not approved")
def not_approved() -> Said:
    return "It was not approved.", Advice("Delete this row if it is to stay out: loading this workbook sends it.")


@problem("edited-line", "A line of the plan was edited", "level", "3", "5")
def line_edited(header: str, before: str, now: str) -> Said:
    return (
        f"This line was edited: {header} was {quote(before)} when the plan was made, and is {quote(now)} now.",
        Advice("Undo the edit; or change your own file, and make the plan again."),
    )


@problem("edited-line", "A line is not one of the plan")
def line_added() -> Said:
    return (
        "This line is not as it was when the plan was made.",
        Advice("Undo the edit; or change your own file, and make the plan again."),
    )


@error(Usage, "no-plan-workbook", "Approval is asked for, and no plan is written")
def approval_needs_a_workbook() -> Said:
    return "Approval is given in a plan workbook, and none is written.", SetOption("o", "FILE", "write one")


def plan_made(who: str, when: str, file: str) -> str:
    """Who made a plan, when, and for which file."""
    return f"This plan was made by {who} on {when} for {file}."


def lines_approved(approved: int, lines: int, title: str) -> str:
    """How many lines of a plan are to be sent; of several tables each has a title."""
    return f"{f'{title}: ' if title else ''}{approved:,} of {count_of(lines, 'line')} approved."


def lines_deleted(count: int) -> str:
    """How many lines are gone from a plan."""
    return f"{count_of(count, 'line')} of the plan {'was' if count == 1 else 'were'} deleted, and will not be sent."


@error(Guarded, "mirror-of-a-part", "Mirror needs the whole file", "skills.result.xlsx")
def mirror_of_a_part(name: str) -> Said:
    return (
        f"{name} holds only the rows that are not settled yet, and {MIRROR_MODE} would remove all the others.",
        Advice("Apply it in another mode. After that, mirror a file with everything that these people have."),
    )


@error(Usage, "mirror-of-things", "Mirror is for what people have", "skills")
def mirror_of_things(endpoint: str) -> Said:
    return (
        f"Mirror mode removes what people have and the file does not, but {endpoint} belong to no person.",
        Advice('To remove one, enter "remove" in a column "action".'),
    )


@error(Usage, "mirror-of-several", "Mirror needs one list of a kind", "skill-memberships")
def mirror_of_several(endpoint: str) -> Said:
    return (
        f"Mirror mode removes what people have and a list does not, but there are several lists of {endpoint}.",
        Advice("Put them into one list, or choose another mode."),
    )


@error(Guarded, "plan-outdated", "The account has changed since the plan")
def account_has_changed() -> Said:
    return "The account has changed since this plan was made.", Advice("Compare again.")


@error(Guarded, "plan-outdated", "An earlier run had to be settled first")
def earlier_run_settled() -> Said:
    return (
        "An earlier run stopped in the middle of a request. We have now found out what it did.",
        _COMPARE,
    )


@error(Guarded, "plan-outdated", "You saw another plan")
def not_the_last_plan() -> Said:
    return "Nothing was sent: this is not the plan that you saw last.", Advice("Look at the plan again.")


@error(Guarded, "plan-outdated", "The plan is gone")
def plan_is_gone() -> Said:
    return "Nothing was sent: this plan is no longer there.", _COMPARE


@error(Guarded, "plan-outdated", "What an undo would do has changed")
def changed_since_shown() -> Said:
    return "The account has changed since you looked at this.", _LOOK_AGAIN


@error(Guarded, "not-ready", "What an undo would do is not known yet")
def undo_not_ready() -> Said:
    return "We do not know yet what this would undo.", _WAIT


@error(Guarded, "not-ready", "What an undo would do is unknown")
def undo_unknown() -> Said:
    return "We do not know what this would undo.", _LOOK_AGAIN


@error(Guarded, "not-ready", "The file is still being read")
def still_reading() -> Said:
    return "We are still reading the file.", _WAIT


@error(Guarded, "not-ready", "The file could not be read")
def file_not_read() -> Said:
    return "We could not read the file.", Advice("Say above how to read it.")


@error(Guarded, "not-ready", "The file was read again")
def read_again_since() -> Said:
    return "We have read the file again since then.", _LOOK_AGAIN


@error(Guarded, "not-ready", "The export is still being written")
def still_exporting() -> Said:
    return "The export is not ready yet.", _WAIT


@error(Usage, "columns", "Two columns would tell the same", "email", "E-mail", "Work e-mail")
def two_columns_for(field: str, first: str, second: str) -> Said:
    return f"{quote(first)} and {quote(second)} cannot both be the {field}.", Advice(
        "Choose another use for one of them."
    )


@error(Usage, "columns", "A column that holds levels is not used", ("Points",))
def levels_not_mapped(headers: Sequence[str]) -> Said:
    return (
        f"No column is the level, although {shorten_list([quote(each) for each in headers], 3)} "
        f"{'holds' if len(headers) == 1 else 'hold'} what looks like levels.",
        Advice("Say which column is the level, or that the list has no levels."),
    )


@error(Usage, "which-people", "The columns do not say who", 2)
def not_one_people_column(columns: int) -> Said:
    said = "No column says" if not columns else f"{columns} columns say"
    return f"{said} who is meant.", Advice("Choose one column with e-mail addresses or names.")
