"""What such a mistake is: a code to accept it by, a sentence with the numbers, a remedy. Needs no library."""

from dataclasses import dataclass
from enum import StrEnum

from importer.remedies import Message, SetOption, fix_of


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
    """One such mistake, with what is said of it."""

    finding: Message

    @property
    def code(self) -> AnomalyCode:
        """The word that accepts it."""
        return AnomalyCode(self.finding.code)

    @property
    def message(self) -> str:
        """What the numbers say."""
        return self.finding.sentence

    @property
    def fix(self) -> str:
        """What to do if it is a mistake, and how to go on if it is not, as the command line writes it."""
        return fix_of((*self.finding.remedies, SetOption("accept", self.code, "load it anyway")))

    @property
    def acceptance_note(self) -> str:
        """What is noted where a person went on."""
        return f"You accepted this ({self.code}): {self.message}"

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"
