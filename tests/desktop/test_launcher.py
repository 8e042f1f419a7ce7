"""The program behind the window, with the real page: what the window says at each moment, and what its buttons do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from importer import Account
from importer.desktop.launcher import Launcher, Phase
from importer.messages import about_account
from importer.messages import window_phrases as phrases
from importer.sandbox import Running
from importer.web.auth_middleware import KEY
from importer.web.server import PageAddress
from tests.conftest import Importer
from tests.desktop.conftest import NotingBrowser
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor, field, wait_until

PATIENCE_S = 60


@contextmanager
def started(connect: Callable[[], Account]) -> Iterator[Launcher]:
    """The program while its page is served."""
    launcher = Launcher(connect)
    first = launcher.view
    launcher.start()
    try:
        wait_until(lambda: launcher.phase is not Phase.STARTING)
        assert first.heading == phrases.STARTING
        yield launcher
    finally:
        launcher.end()
        launcher.wait(PATIENCE_S)


def visit(launcher: Launcher) -> Visitor:
    """Somebody who pastes the address that the window gives."""
    return Visitor(PageAddress(*launcher.new_address().split(f"/?{KEY}="))).enter()


def test_the_page_opens_in_the_browser_and_as_often_as_its_button_is_pressed(
    kantata: Running, tmp_path: Path, browser: NotingBrowser
) -> None:
    with started(lambda: Account(kantata.token, base_url=kantata.url, folder=tmp_path / "state")) as launcher:
        browser.opened(1)
        view = launcher.view
        launcher.open_page()

        first, second = browser.opened(2)
        visitor = visit(launcher)
        with visitor.session:
            assert visitor.get("/").ok

    assert first != second
    assert all(each.startswith("file:") for each in (first, second))  # no key on a command line
    assert view.heading == "The program is running"
    assert view.buttons == ("Open the page", "Copy the address", "End the program")
    assert (launcher.is_done, launcher.error) == (True, None)
    assert launcher.new_address() == ""


def test_closing_the_window_while_a_run_is_sent_asks_first_and_resume_finishes_what_stops(
    kantata: Running, gate: Gate, tmp_path: Path, browser: NotingBrowser, importer: Importer
) -> None:
    rows = new_skills(kantata, 900)
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)
    batch = gate.hold("POST", 2)
    connect = lambda: Account(kantata.token, base_url=gate.url, folder=importer.folder, workers=1)  # noqa: E731
    with started(connect) as launcher:
        browser.opened(1)
        visitor = visit(launcher)
        with visitor.session:
            file = visitor.drop(path)
            visitor.post(f"{file}/send", plan=field(visitor.plan(file).text, "plan"))
        batch.wait()
        sending = launcher.view
        launcher.close()
        asked = launcher.view
        launcher.keep_running()
        kept = launcher.view
        launcher.close()
        launcher.close()
        assert launcher._page is not None
        (job,) = launcher._page.session.active_runs
        wait_until(lambda: job.is_stopping)
        ending = launcher.view
        batch.release()
        launcher.wait(PATIENCE_S)

    resumed = importer("resume", "--json")

    assert (sending, kept.heading) == (kept, "A run is in progress")
    assert "We are sending “team.csv”." in sending.text
    assert asked.buttons == ("Keep it running", "End the program")
    assert "choose “Finish this run”" in asked.text
    assert ending.heading == "Ending"
    assert not launcher.ends_at_once
    assert resumed.json["outcomes"]["created"] == 900
    assert set(rows) <= {
        (row["user_id"], row["skill_id"], row["level"]) for row in kantata.query("SELECT * FROM skill_memberships")
    }


def test_why_the_program_cannot_start_is_said_in_plain_words_whatever_it_was(browser: NotingBrowser) -> None:
    def refuse() -> NoReturn:
        raise about_account.no_profile("emea")

    def break_down() -> NoReturn:
        raise RuntimeError("something inside")

    with started(refuse) as refused, started(break_down) as broken:
        pass

    assert refused.view.heading == broken.view.heading == "The program cannot start"
    assert refused.view.buttons == ("Close",)
    assert 'There is no profile "emea".' in refused.view.text
    assert "This is a bug in importer" in broken.view.text
    assert "something inside" not in broken.view.text
    assert not browser.log.exists()
    assert not refused.is_done
    refused.close()
    assert refused.is_done
