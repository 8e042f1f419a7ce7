"""What such a mistake is: a code to accept it by, a sentence with the numbers, a remedy. Needs no library."""

from dataclasses import dataclass
from enum import StrEnum


class AnomalyCode(StrEnum):
    """The kinds of mistakes, by the words that accept them."""

    SHIFTED = "shifted"
    """Most levels differ from the account's by one and the same number."""
    INVERTED = "inverted"
    """Most levels are the account's turned round: the best is the lowest."""
    SCRAMBLED = "scrambled"
    """The levels are those of the account, and stand with other people or skills."""
    LOST_SKILLS = "lost-skills"
    """Somebody would lose most of what the account holds for them."""
    VANISHED_COLUMN = "vanished-column"
    """The last run of this file had a skill that is gone from it."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One such mistake: what the numbers say, and what to do if it is one, or if it is meant."""

    code: AnomalyCode
    message: str
    remedy: str

    @property
    def fix(self) -> str:
        """The remedy, and how to go on all the same."""
        return f"{self.remedy} If it is meant, say --accept {self.code}."

    @property
    def accepted(self) -> str:
        """What is noted where a person went on."""
        return f"Accepted as meant ({self.code}): {self.message}"

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"
