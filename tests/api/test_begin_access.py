"""An account that is asked whose it is before anything needs the answer."""

from pathlib import Path

import pytest

from importer import Account, Denied, Usage, begin_access
from importer.sandbox import Running
from tests.conftest import Importer
from tests.gate import Gate


@pytest.fixture
def surroundings(kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The sandbox as the account of the environment."""
    monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    return kantata


def test_whoever_needs_the_answer_takes_it_and_does_not_ask_again(surroundings: Running) -> None:
    account = Account(access_future=begin_access())

    assert account.name.startswith("Dana Reyes, dana@example.com")
    assert account.owner.user_id == "11482907"
    assert [request["path"] for request in surroundings.requests()] == ["/users/me"]


def test_what_goes_wrong_is_said_where_the_account_is_needed(
    surroundings: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo-revoked")
    account = Account(access_future=begin_access())

    with pytest.raises(Denied):
        _ = account.access
    monkeypatch.setenv("KANTATA_TOKEN", surroundings.token)
    assert account.name.startswith("Dana Reyes"), "it is asked again by whoever tries again"


@pytest.mark.usefixtures("surroundings")
def test_a_profile_that_is_not_there_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KANTATA_BASE_URL")

    with pytest.raises(Usage, match="no profile"):
        begin_access(profile="nobody")


def test_a_file_that_cannot_be_read_is_said_without_waiting_for_the_account(
    importer: Importer, gate: Gate, tmp_path: Path
) -> None:
    damaged = tmp_path / "skills.xlsx"
    damaged.write_bytes(b"PK\x03\x04 and no more")
    asked = gate.hold("GET", part="/users/me")

    ran = importer("plan", damaged)

    assert (ran.code, "skills.xlsx" in ran.err) == (5, True)
    asked.wait()
