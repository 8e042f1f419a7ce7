"""The moments of a run that the program announces to audit hooks (`sys.addaudithook`), by stable public names.

Knows names only: not who listens, and nothing of what a run works on.

An announcement costs nothing where nobody listens. Its argument, where it has one, is a word of the program, as the
members say: never a path, a name or an id. Source: the standard library's `sys.audit`, PEP 578.
"""

from enum import StrEnum


class AuditEvent(StrEnum):
    """Every event, in the order in which a run meets them. The comment behind each names who raises it."""

    BEFORE_OPEN = "importer.spreadsheet.before_open"  # spreadsheet.read.book
    """A file is about to be opened."""
    AFTER_OPEN = "importer.spreadsheet.after_open"  # spreadsheet.read.book
    """A file is open, and its kind is known; the cells of a text file are read."""
    BEFORE_CHECK = "importer.pipeline.before_check"  # pipeline.name_resolution
    """The cells of a table are values; names are not looked up yet."""
    BEFORE_PLAN = "importer.pipeline.before_plan"  # pipeline.planning
    """Every row has its verdict; what the account holds is not read yet."""
    AFTER_ACCOUNT_READ = "importer.pipeline.after_account_read"  # pipeline.planning
    """What the account holds is read; nothing is planned yet."""
    AFTER_UNDO_PLAN = "importer.pipeline.after_undo_plan"  # pipeline.resume
    """The inverse of each change of a run is known; the account is not compared with them yet."""
    AFTER_REOPENING = "importer.sync.after_reopening"  # sync.run
    """A run that stopped was read from its journal."""
    AFTER_REPLANNING = "importer.sync.after_replanning"  # sync.run
    """What is left of a run that stopped is planned and written down."""
    BEFORE_STAGE = "importer.sync.before_stage"  # sync.whole_run
    """A stage of a run that has several is about to begin."""
    BEFORE_RUN = "importer.pipeline.before_run"  # pipeline.planning
    """A run is planned; nothing of it is written down yet."""

    BEFORE_TRANSACTION = "importer.journal.before_transaction"  # sync.journal
    """The journal is about to be written to: "begin", "step", "end", "leave", "prune", "forget" or "learn"."""
    AFTER_CHANGES = "importer.journal.after_changes"  # sync.journal
    """Changes were added inside a transaction."""
    AFTER_RESULTS = "importer.journal.after_results"  # sync.journal
    """Results were added inside a transaction."""
    BEFORE_COMMIT = "importer.journal.before_commit"  # sync.journal
    """A transaction is complete and not committed; its argument is that of `BEFORE_TRANSACTION`."""
    AFTER_COMMIT = "importer.journal.after_commit"  # sync.journal
    """A transaction is on disk; its argument is that of `BEFORE_TRANSACTION`."""

    BEFORE_REQUEST = "importer.kantata.before_request"  # kantata.transport
    """A request is about to leave: "GET", "POST", "PUT" or "DELETE"."""
    AFTER_REQUEST = "importer.kantata.after_request"  # kantata.transport
    """A request was answered, or its answer is lost; its argument is the method."""
    AFTER_VERDICT = "importer.sync.after_verdict"  # sync.worker
    """It is known what the answer to a write says: a `kantata.bulk_answers.Verdict`, such as "done" or "in doubt"."""
    AFTER_LANDING = "importer.sync.after_landing"  # sync.executor
    """A task has come back from its thread; what it did is not written down yet."""

    BEFORE_LOOK = "importer.sync.before_look"  # sync.worker
    """The account is about to be searched for what a request without an answer did."""
    BEFORE_READ_BACK = "importer.sync.before_read_back"  # sync.worker
    """Records that a request may have written are about to be read."""
    AFTER_LOOK = "importer.sync.after_look"  # sync.worker
    """The account was searched for what a request without an answer did."""
    BEFORE_VERIFICATION = "importer.sync.before_verification"  # sync.run
    """Everything was sent and answered; the account is about to be read again."""
    AFTER_VERIFICATION_READ = "importer.sync.after_verification_read"  # sync.run
    """The account was read again; what differs is not looked at closely yet."""

    BEFORE_RESULT = "importer.pipeline.before_result"  # pipeline.result_builder
    """The run is at its end; its result workbook is not begun."""
    AFTER_PART_OPEN = "importer.spreadsheet.after_part_open"  # spreadsheet.write.atomic_write
    """A file is open under a temporary name, and empty."""
    BEFORE_MOVE = "importer.spreadsheet.before_move"  # spreadsheet.write.atomic_write
    """A file is whole and on disk under its temporary name."""
    BETWEEN_NAMES = "importer.spreadsheet.between_names"  # spreadsheet.write.atomic_write
    """A file has its own name, and its temporary one still."""
    AFTER_MOVE = "importer.spreadsheet.after_move"  # spreadsheet.write.atomic_write
    """A file has its own name only."""
