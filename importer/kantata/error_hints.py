"""What a person can do about a refusal, guessed from its words: Kantata documents no messages. Knows no row."""

_REMEDIES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("malformed json",), "Kantata could not read the request. Try again; if that does not help, report it."),
    (("already", "taken", "duplicate", "exists"), "It is in the account already; delete the row, or plan again."),
    (("limit", "maximum", "at most", "too many", "200 skills"), "A person holds 200 skills at most; remove some."),
    (("permission", "not allowed", "not authorized", "administrator"), "Use the token of an Account Administrator."),
    (("level",), "Look at the levels that this skill has in Kantata, and correct the level."),
    (("not found", "does not exist", "doesn't exist", "invalid", "must exist", "unknown"),
     "Check the ids: each must be of this account, and of the right kind."),
)  # fmt: skip


def find_remedy(message: str, field: str | None = None) -> str:
    """The remedy for a refusal in these words."""
    words = message.lower()
    for signs, advice in _REMEDIES:
        if any(sign in words for sign in signs):
            return advice
    return f"Check {field} in this row." if field and field != "base" else "Check the row against Kantata."
