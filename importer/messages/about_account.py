"""What is said of the way to an account: profile, token, permission, base URL, and what Kantata answers."""

from importer.errors import Denied, Guarded, ImporterError, Unreachable, Usage
from importer.messages.catalogue import Said, error, problem
from importer.remedies import Advice, RunCommand, SetOption, SetVariable, SignIn, UseItsAccount

_CHECK_URL = Advice("Check the base URL.")
_LATER = Advice("Try again later.")


# ---- settings


@error(Usage, "no-profile", "The profile does not exist", "emea")
def no_profile(name: str) -> Said:
    return f'There is no profile "{name}".', RunCommand(f"login --profile {name} --base-url URL", "create it")


@error(Denied, "no-token", "There is no token")
def no_token() -> Said:
    return "There is no token.", SignIn()


@error(Denied, "not-a-token", "The text is not a token")
def not_a_token() -> Said:
    return "This does not look like a token: it has spaces or unusual characters.", Advice("Copy it again.")


@error(Usage, "no-token", "No token was entered")
def token_not_entered() -> Said:
    return "You did not enter a token.", Advice("Enter the token.")


@error(Usage, "other-address", "The token of another address cannot be kept", "https://api.mavenlink.com/api/v1")
def keeps_for_one_address(base_url: str) -> Said:
    return (
        f"We use this token, but do not keep it: we keep the one for {base_url} only.",
        Advice("Type it again at the next start."),
    )


@error(Usage, "not-confirmed", "You did not confirm that the saved token is to be deleted")
def not_sure_to_delete() -> Said:
    return "We did not delete the saved token.", Advice("To delete it, tick the box above the button.")


@error(ImporterError, "no-keyring", "The computer has no keyring")
def no_keyring() -> Said:
    return (
        "This computer has no keyring to keep a token in.",
        SetVariable("KANTATA_TOKEN", "the token instead", "Enter the token each time."),
    )


_WITHOUT_KEYRING = SetVariable("KANTATA_TOKEN", "the token instead", "Enter the token each time.")


@error(Denied, "keyring", "The keyring does not give the token")
def keyring_closed() -> Said:
    return (
        "The keyring of this computer is locked, or does not let this program in.",
        Advice("Unlock it, and allow the access when the computer asks."),
        _WITHOUT_KEYRING,
    )


@error(ImporterError, "keyring", "The keyring does not take the token")
def keyring_takes_no_token() -> Said:
    return (
        "The keyring of this computer did not take the token: it is locked, or the token is longer than it allows.",
        Advice("Unlock it, check the token, and try again."),
        _WITHOUT_KEYRING,
    )


@error(Denied, "no-account", "No account is chosen")
def no_account() -> Said:
    return "You have not chosen an account.", Advice("Choose one first.")


@error(Denied, "no-account", "Names need an account")
def names_need_an_account() -> Said:
    return "The file contains names, which we must look up in an account.", Advice("Choose an account.")


@error(Denied, "no-answer-yet", "Kantata has not answered yet", "https://api.mavenlink.com/api/v1")
def no_answer_yet(base_url: str) -> Said:
    return f"{base_url} has not answered yet.", Advice("Wait a moment.")


@error(Usage, "base-url", "The base URL is not a web address", "kantata")
def not_a_base_url(text: str) -> Said:
    return f'"{text}" is not a base URL.', Advice("It looks like this: https://api.mavenlink.com/api/v1.")


@error(Usage, "base-url", "The base URL is not encrypted", "http://example.com")
def not_encrypted(text: str) -> Said:
    return f"{text} would send the token without encryption.", Advice("Use https://.")


@error(Guarded, "other-account", "The file belongs to another account", "skills.result.xlsx", "user 11", "user 12")
def file_of_another_account(name: str, theirs: str, ours: str) -> Said:
    return (
        f"{name} belongs to {theirs}, but this account is {ours}. Its ids mean nothing here.",
        UseItsAccount(),
    )


@error(Guarded, "other-account", "The run belongs to another account", "20261122-143005-3f9a", "user 11", "user 12")
def run_of_another_account(run: str, theirs: str, ours: str) -> Said:
    return f"Run {run} belongs to {theirs}, but this account is {ours}.", UseItsAccount()


@error(
    Guarded,
    "state-folder",
    "The state folder cannot be written",
    "~/.local/state/importer",
    "Permission denied",
)
def no_state_folder(folder: str, why: object) -> Said:
    return (
        f"We cannot keep a record of the run in {folder} ({why}), so nothing is sent.",
        SetVariable(
            "IMPORTER_HOME",
            "a folder that you can write to",
            "Ask the person who set up this program for a folder that you can write to.",
        ),
    )


# ---- what Kantata answers


@error(Unreachable, "unreachable", "Kantata cannot be reached", "api.mavenlink.com", "no answer within the time limit")
def unreachable(host: str, why: str) -> Said:
    return f"We could not reach {host}: {why}.", Advice("Check the network and the base URL.")


@error(Unreachable, "not-kantata", "The answer is not Kantata's", "https://example.com", 'the answer has no "results"')
def not_like_kantata(base_url: str, why: object) -> Said:
    return f"{base_url} does not answer like Kantata: {why}.", _CHECK_URL


@error(Unreachable, "not-kantata", "Kantata did not say whose token it is")
def nobodys_token() -> Said:
    return "Kantata did not say whose token this is.", _CHECK_URL


@error(Unreachable, "not-kantata", "The answer is not JSON", "example.com", 200, "a web page")
def not_json(host: str, status: int, what: str) -> Said:
    return f"{host} answered with {what} (status {status}).", Advice("Check the base URL, or try again later.")


@error(Unreachable, "redirect", "The base URL redirects", "example.com")
def redirect(host: str) -> Said:
    return f"{host} answers with a redirect, which we do not follow.", _CHECK_URL


@error(Unreachable, "slow-down", "Kantata keeps asking us to wait", "api.mavenlink.com", 429)
def keeps_us_waiting(host: str, status: int) -> Said:
    return f"{host} keeps asking us to wait (status {status}).", _LATER, SetOption("max-rate", "1", "go slower")


@error(Unreachable, "server-error", "Kantata has a fault", "api.mavenlink.com", 503, "")
def server_error(host: str, status: int, words: str) -> Said:
    return f"{host} has a problem of its own (status {status}).{quote(words)}", _LATER


@error(Unreachable, "not-accepted", "Kantata does not accept the request", "api.mavenlink.com", 422, "Unknown filter")
def request_not_accepted(host: str, status: int, words: str) -> Said:
    return f"{host} did not accept the request (status {status}).{quote(words)}", _CHECK_URL


@error(Denied, "token-refused", "Kantata refused the token", "api.mavenlink.com", 401, "Invalid token")
def token_refused(host: str, status: int, words: str) -> Said:
    return f"{host} refused the token (status {status}).{quote(words)}", Advice("Check the token."), SignIn()


@error(Denied, "account-refused", "Kantata refused the account", "api.mavenlink.com", 403, "Account cancelled")
def account_refused(host: str, status: int, words: str) -> Said:
    return f"{host} refused the account (status {status}).{quote(words)}", Advice("Ask Kantata about the account.")


@error(Denied, "permission-refused", "The token lacks the permission", "api.mavenlink.com", 403, "Not allowed")
def permission_refused(host: str, status: int, words: str) -> Said:
    return (
        f"{host} refused the permission (status {status}).{quote(words)}",
        Advice("This needs the token of an Account Administrator."),
    )


@error(Denied, "nothing-here", "Kantata shows nothing to this token", "api.mavenlink.com", 404)
def nothing_for_this_token(host: str, status: int) -> Said:
    return (
        f"{host} shows nothing here to this token (status {status}).",
        Advice("Check the base URL. Kantata shows some lists only to Account Administrators."),
    )


@error(Unreachable, "list-moves", "A list changes while we read it", "/users", 180, 200)
def list_keeps_changing(path: str, seen: int, count: int) -> Said:
    return (
        f"The list {path} changed each time we read it: we saw {seen} of {count} records.",
        Advice("Try again when fewer people are working in the account."),
    )


# ---- what Kantata's status page says


@error(
    Unreachable, "status-page", "The status page cannot be read", "status.mavenlink.com", "no connection could be made"
)
def status_page_unread(host: str, why: str) -> Said:
    return (
        f"Because something failed, we also asked Kantata's status page, {host}, and could not read it: {why}.",
        Advice("If this machine reaches other sites, ask who looks after your network."),
    )


@problem("kantata-trouble", "Kantata says that it has trouble", "status.mavenlink.com", "Partial System Outage")
def kantata_has_trouble(host: str, words: str) -> Said:
    return (
        f"Because something failed, we also asked Kantata's status page, {host}. It says: {words.rstrip('.')}.",
        Advice("Wait until Kantata has solved it, and try again."),
    )


# ---- what Kantata refuses of a row

_REFUSALS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("malformed json",), "Kantata could not read the request. Try again. If that does not help, report it."),
    (("already", "taken", "duplicate", "exists"), "The account already has it. Delete the row, or plan again."),
    (("limit", "maximum", "at most", "too many", "200 skills"), "A person can have 200 skills at most. Remove some."),
    (("permission", "not allowed", "not authorized", "administrator"), "Use the token of an Account Administrator."),
    (("level",), "Look up the levels of this skill in Kantata, and correct the level."),
    (("not found", "does not exist", "doesn't exist", "invalid", "must exist", "unknown"),
     "Check the ids: each must belong to this account and be of the right kind."),
)  # fmt: skip
"""What helps, by signs in Kantata's words: its messages are not documented, and the words are all there is."""


@problem("refused", "Kantata refused the row", "User has already been taken", "user_id")
def row_refused(words: str, field: str | None) -> Said:
    low = words.lower()
    known = (advice for signs, advice in _REFUSALS if any(sign in low for sign in signs))
    named = field and field != "base"
    otherwise = f"Check the {field} in this row." if named else "Compare the row with Kantata."
    return f'Kantata says: "{words}"', Advice(next(known, otherwise))


@error(Denied, "refuses-all", "Kantata refuses every row with the same words", "You may not do this")
def refuses_row_after_row(words: str) -> Said:
    return (
        f'Kantata refuses row after row with the same words: "{words}"',
        Advice("The rows are not the cause. Check the permission of the token, and the account."),
        RunCommand("resume", "go on after that"),
    )


def quote(words: str) -> str:
    """Kantata's own words as a sentence, with a space before it; empty where it gave none."""
    return f' Kantata says: "{words}"' if words else ""
