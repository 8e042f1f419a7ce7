"""What is said of the program itself: endpoints, the sandbox, the page, sample files, how a command ends."""

from collections.abc import Sequence

from importer.errors import Guarded, ImporterError, Interrupted, Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, SetOption, SetVariable


@error(Usage, "no-endpoint", "The kind of record does not exist", "people", ["skill-memberships"])
def no_such_endpoint(name: str, names: Sequence[str]) -> Said:
    return f'There is no endpoint "{name}".', Advice(f"Use one of: {', '.join(names)}.")


@error(ImporterError, "no-samples", "The sample files are missing")
def no_sample_files() -> Said:
    return "The sample files are not installed.", Advice("Install the program again.")


@error(Usage, "switch", "A sandbox switch has no value", "bulk")
def switch_without_value(name: str) -> Said:
    return f"The switch {name} has no value.", SetOption("set", f"{name}=VALUE", "set it")


@error(Usage, "switch", "The sandbox does not accept a switch", "There is no switch named bulks.")
def sandbox_refused(words: str) -> Said:
    return (words,)


@error(Usage, "port", "The port cannot be used", 80, "127.0.0.1")
def port_in_use(port: int, host: str) -> Said:
    return f"We cannot use port {port} of {host}.", SetOption("port", "N", "use another one")


@error(Guarded, "not-alone", "The program runs already, and does not answer", 20)
def no_answer_from_first(seconds: float) -> Said:
    return (
        f"The program is running already, but did not answer within {seconds:g} seconds.",
        Advice("Look for its window. If you find none, restart the computer and try again."),
    )


@error(
    ImporterError, "folder", "The program's folder cannot be written", "~/.local/state/importer", "Permission denied"
)
def folder_not_writable(folder: str, why: object) -> Said:
    return (
        f"We cannot keep our files in {folder} ({why}).",
        SetVariable(
            "IMPORTER_HOME",
            "a folder that you can write to",
            "Ask the person who set up this program for a folder that you can write to.",
        ),
    )


@error(ImporterError, "page-not-started", "The page did not start", 10)
def page_not_started(seconds: float) -> Said:
    return f"The page did not start within {seconds:g} seconds.", Advice("Start it again.")


@error(ImporterError, "no-page", "The page does not exist")
def no_such_page() -> Said:
    return "There is no such page.", Advice("The program may have been restarted since.")


@error(Usage, "no-account", "No account was chosen on the page")
def no_account_chosen() -> Said:
    return "You did not choose an account.", Advice("Choose one.")


@error(Usage, "no-entry", "Somebody opened the page without its address")
def not_your_page() -> Said:
    return (
        "This page is for whoever started it.",
        Advice("Open the address that the program showed when it started, with the key in it."),
    )


@error(Usage, "no-entry", "The address of the page was opened before")
def address_was_used() -> Said:
    return (
        "This address has been used: it opens the page once.",
        Advice("Go on in the tab that is open. If there is none, stop the program and start it again."),
        Advice("If it was not you who opened it, stop the program at once."),
    )


@error(Usage, "page-over", "Nobody has used the page for hours", 8)
def page_is_over(hours: float) -> Said:
    return (
        f"Nobody has used this page for {hours:g} hours, so it is closed.",
        Advice("Stop the program and start it again."),
        Advice("A run that is in progress goes on; wait until it is done, or finish it later under History."),
    )


@error(Guarded, "cancelled", "You stopped the reading of a file", "skills.xlsx")
def reading_cancelled(name: str) -> Said:
    return f"You stopped the reading of {name}.", Advice("To read it after all, try again.")


# ---- how a command ends


@error(Interrupted, "interrupted", "You stopped the command")
def interrupted() -> Said:
    return ("Interrupted.",)


@error(Usage, "notify-command", "The command to be told cannot be read", 'notify-send "it has ended')
def not_a_command(text: str) -> Said:
    return f"We cannot split this command into words: {text}.", Advice("Close each quotation mark.")


@problem("notify-command", "The command to be told did not start", "notify-send", "No such file or directory")
def notification_not_started(program: str, why: str) -> Said:
    return (
        f"We could not start {program} to tell it how this ended: {why}.",
        Advice("Give the whole path of the program. A script must be executable, as no shell runs it."),
    )


@problem("notify-command", "The command to be told failed", "notify-send", 1)
def notification_failed(program: str, code: int) -> Said:
    return (
        f"We told {program} how this ended, and it failed with code {code}.",
        Advice("Our own exit code stays as it is."),
    )


@problem("notify-command", "The command to be told takes too long", "notify-send")
def notification_takes_long(program: str) -> Said:
    return (
        f"We told {program} how this ended, and it is still running. We do not wait any longer.",
        Advice("Our own exit code stays as it is."),
    )
