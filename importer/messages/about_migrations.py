"""What is said of things that are made before the records that name them. Knows no rule itself."""

from importer.messages.catalogue import Said, problem
from importer.remedies import Advice


@problem("named-not-there", "A record names another one that is not in the account", "World > Americas")
def named_is_not_there(what: str) -> Said:
    return (
        f'It was not sent, because "{what}" is not in the account.',
        Advice("See why that was not made, and mend it; then load this row again."),
    )
