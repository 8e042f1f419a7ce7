"""`importer.desktop` as a real process, as a double click starts it: without a screen, with one, and twice."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import ImporterError
from importer.desktop.single_instance import SingleInstance
from importer.messages import window_phrases as phrases
from tests.conftest import ROOT
from tests.desktop.conftest import NotingBrowser


def start(module: str = "importer.desktop", **environment: str) -> "subprocess.Popen[str]":
    """The program, or what presses its buttons, as a process that has no screen but that of the environment."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        [sys.executable, "-m", module], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**inherited, "PYTHONPATH": path, **environment},
    )  # fmt: skip


@pytest.mark.usefixtures("offline")
def test_without_a_screen_the_program_says_where_its_page_is_and_a_second_one_opens_that_page(
    browser: NotingBrowser,
) -> None:
    first = start()
    browser.opened(1)

    said_by_second = start().communicate(timeout=60)[1]
    opened = browser.opened(2)
    first.send_signal(signal.SIGTERM)
    said = first.communicate(timeout=60)[1].splitlines()

    assert first.returncode == 0
    assert said[0] == phrases.NO_WINDOW
    assert any(line.startswith("http://127.0.0.1:") for line in said)
    assert said_by_second.splitlines() == [phrases.SHOWN_ELSEWHERE]
    assert opened[0] != opened[1]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    process = start(IMPORTER_HOME=str(tmp_path / "file" / "state"))
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 1
    assert f"We cannot keep our files in {tmp_path / 'file' / 'state'} (File exists)." in said
    assert "Ask the person who set up this program for a folder that you can write to." in said
    assert "Traceback" not in said
    assert phrases.NO_WINDOW not in said


def test_a_program_that_does_not_answer_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with SingleInstance(tmp_path) as first, SingleInstance(tmp_path) as second:
        assert (first.is_first, second.is_first) == (True, False)
        with pytest.raises(ImporterError, match=r"is running already, but did not answer within 0\.3 seconds"):
            second.call(patience_s=0.3)
        assert not first.is_called()
    with SingleInstance(tmp_path) as third:
        assert third.is_first


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    pytest.importorskip("tkinter")
    if shutil.which("Xvfb") is None:
        pytest.skip("no Xvfb on this machine: apt-get install xvfb")
    command = ["Xvfb", "-displayfd", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as screen:
        assert screen.stdout is not None
        yield f":{screen.stdout.readline().strip()}"
        screen.terminate()


@pytest.mark.usefixtures("offline")
def test_the_window_shows_what_the_launcher_says_and_its_buttons_do_it(display: str, browser: NotingBrowser) -> None:
    pressed = start("tests.desktop.press", DISPLAY=display)
    said = pressed.communicate(timeout=60)[0].splitlines()

    assert said[:3] == [phrases.OPEN_PAGE, phrases.COPY_ADDRESS, phrases.END]
    assert said[3].startswith("http://127.0.0.1:")
    assert said[4:] == ["done"]
    assert len(browser.opened(1)) == 1
