"""What the window of the program says. Decides nothing, and knows no window."""

from collections.abc import Sequence

STARTING = "Starting"
OPENS_SOON = "The page opens in your browser in a moment."
RUNNING = "The program is running"
HOW_TO_END = (
    "The page is open in your browser. If you close its tab, you can open it again here.\n\n"
    "When you are done, close this window: that ends the program."
)
SENDING = "A run is in progress"
ENDING = "Ending"
SETTLING = (
    "We stop after the requests that are on their way. This usually takes a few seconds.\n\n"
    "To end at once, close the window again; nothing is lost."
)
NOT_STARTED = "The program cannot start"
ENDED = "The program has ended"
COPIED = "Copied. Paste it into the address bar of your browser. It works once."
NO_WINDOW = "No window can be shown here, so the program runs without one. To end it, press Ctrl-C."
SHOWN_ELSEWHERE = "The program is running already. Its page opens in the browser."

OPEN_PAGE = "Open the page"
COPY_ADDRESS = "Copy the address"
END = "End the program"
KEEP_RUNNING = "Keep it running"
CLOSE = "Close"
LICENSES = "Licenses"


def sending(names: Sequence[str]) -> str:
    """What is said while runs go on."""
    return f"We are sending {_in_words(names)}. You can watch it on the page.\n\nTo end the program, close this window."


def ends_a_run(names: Sequence[str]) -> str:
    """What is asked before a run is stopped: what stops, what stays, and how to go on."""
    return (
        f"We are sending {_in_words(names)}. If you end the program now, it stops after the requests that are on their "
        "way. What has been sent stays, and nothing is sent twice.\n\n"
        "To send the rest, start the program again and choose “Finish this run” on its first page. "
        "(In a terminal: importer resume.)"
    )


def _in_words(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
