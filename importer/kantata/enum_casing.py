"""Whether this account takes a choice such as `member_type` as `User` or as `user`. Knows no request.

The reference says "workspace or user", and its example sends "User"; which an account takes is not documented.
The example's way is tried first, and lower case once.
"""

import threading
from collections.abc import Mapping, Sequence

from importer.endpoints.declare import Endpoint
from importer.kantata.responses import Refusal
from importer.model import Value


class EnumCasing:
    """The way in which choices are written from now on. Threads may share it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._choices = endpoint.caseless
        self._lock = threading.Lock()
        self._lower = False
        self._settled = not self._choices

    @property
    def is_known(self) -> bool:
        """Whether this account has accepted one way or refused the other."""
        return bool(self._choices) and self._settled

    def remember(self, lower: bool | None) -> None:  # noqa: FBT001  (None: nothing is remembered)
        """Begin in the way that was found before, if one was."""
        if lower is not None and self._choices:
            self._lower, self._settled = lower, True

    @property
    def lower(self) -> bool:
        """Whether choices are written in lower case now."""
        return self._lower

    def write(self, fields: Mapping[str, Value], *, lower: bool) -> Mapping[str, Value]:
        """The fields with their choices in lower case, or as declared."""
        if not lower:
            return fields
        return {name: str(value).lower() if name in self._choices else value for name, value in fields.items()}

    def accept(self) -> None:
        """The way written now was accepted, and stays."""
        self._settled = True

    def is_worth_another_try(self, refusals: Sequence[Refusal], *, lower: bool) -> bool:
        """Whether a batch refused when written in this way may be accepted in the way that is written from now on."""
        if not any(self._speaks_of_choice(refusal) for refusal in refusals):
            return False
        with self._lock:
            if not self._settled:
                self._settled = True
                self._lower = True
            return self._lower and not lower

    def _speaks_of_choice(self, refusal: Refusal) -> bool:
        words = refusal.message.lower().replace("_", " ")
        return any(refusal.field == name or name.replace("_", " ") in words for name in self._choices)
