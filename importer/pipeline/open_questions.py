"""Which questions a file leaves open: the first one, and those that would follow its answer. Knows no file."""

from collections.abc import Callable, Sequence

from importer.errors import Ambiguous, ImporterError
from importer.layouts.read_options import ReadOptions
from importer.validation.parsed_table import ParsedTable


def read_or_ask(read_as: Callable[[ReadOptions], ParsedTable], asked: ReadOptions) -> ParsedTable:
    """The table, read as a person says.

    Raises: Ambiguous, with those questions that would be open after its first answer; Unreadable.
    """
    try:
        return read_as(asked)
    except Ambiguous as question:
        if not question.further:
            question.before(*_open_after(question, read_as, asked))
        raise


def _open_after(
    question: Ambiguous, read_as: Callable[[ReadOptions], ParsedTable], asked: ReadOptions
) -> Sequence[Ambiguous]:
    """The question that is open once this one is answered, with those after it."""
    answered = asked.answered(question.answers[0]) if question.answers else asked
    if answered == asked:
        return ()
    try:
        read_or_ask(read_as, answered)
    except Ambiguous as other:
        return (other,)
    except ImporterError:
        pass  # what else is wrong is said when it is read with the answer
    return ()
