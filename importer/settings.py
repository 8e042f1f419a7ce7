"""Which account, which token, which folder: read once from options, environment, profile and keyring.

Knows where a setting comes from, and nothing of what it is used for.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from importer.errors import ImporterError
from importer.messages import about_account, about_files
from importer.messages.system_errors import why
from importer.platforms.file_moves import replace
from importer.private_files import make_state_folder, private

DEFAULT_BASE_URL = "https://api.mavenlink.com/api/v1"
"""Source: API reference 1.0.0, introduction."""
DEFAULT_TIMEOUT_S = 200.0
"""Above Kantata's own three minutes, so that its answer comes before we stop listening."""

_SERVICE = "importer for Kantata"
_PROFILES = "profiles.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to, and under which name the token is kept. `folder` holds the journal and the profiles."""

    base_url: str
    profile: str | None
    folder: Path
    base_url_from: str = "given"
    """What said where: an option, a variable of the environment, the profile, or nothing of these."""

    @property
    def kept_as(self) -> str:
        """The name of the token in the keyring. The base URL is part of it: a token goes to its own host only."""
        return f"{self.profile or 'default'} at {self.base_url}"


def read_settings(
    base_url: str | None = None, profile: str | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """The settings that these options, the environment and the profile make.

    Raises: Usage when there is no such profile.
    """
    folder, named = state_folder(environment), base_url or _variable("KANTATA_BASE_URL", environment)
    kept = None if profile is None else _profiles(folder).get(profile)
    if profile is not None and kept is None and not named:
        raise about_account.no_profile(profile)
    told = {
        "--base-url": base_url,
        "KANTATA_BASE_URL": _variable("KANTATA_BASE_URL", environment),
        "--profile": kept,
        "default": DEFAULT_BASE_URL,
    }
    url, origin = next((url, origin) for origin, url in told.items() if url)
    return Settings(url.strip().rstrip("/"), profile, folder, origin)


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the journal and the history are: `IMPORTER_HOME`, else the platform's folder for a user's state."""
    if home := _variable("IMPORTER_HOME", environment):
        return Path(home).expanduser()
    from platformdirs import user_state_path  # noqa: PLC0415  (not needed where IMPORTER_HOME is set)

    return user_state_path("importer", appauthor=False)


def read_token(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """The token: `KANTATA_TOKEN`, else the one that `login` kept.

    Raises: Denied when there is none, it holds something that no token holds, or the keyring does not give it.
    """
    token = _variable("KANTATA_TOKEN", environment) or _kept_token(settings) or ""
    if not token.strip():
        raise about_account.no_token()
    return as_token(token)


def token_origin(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """What gives the token: a variable of the environment, the keyring, or nothing."""
    if _variable("KANTATA_TOKEN", environment):
        return "KANTATA_TOKEN"
    return "keyring" if _kept_token(settings) else "none"


def folder_origin(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """What says where the state folder is: a variable of the environment, the caller, or nothing of these."""
    if settings.folder != state_folder(environment):
        return "given"
    return "IMPORTER_HOME" if _variable("IMPORTER_HOME", environment) else "default"


def as_token(text: str) -> str:
    """The token in a text, which may have white space around it.

    Raises: Denied when it holds something that no token holds.
    """
    token = text.strip()
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise about_account.not_a_token()
    return token


def keep_token(settings: Settings, token: str) -> None:
    """Keep the token in the system's keyring, and the base URL under the profile's name.

    Raises: ImporterError when this machine has no keyring, or the keyring or the folder does not take it.
    """
    import keyring  # noqa: PLC0415  (0.1 s, for the few commands that need it)
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    try:
        with _asking(about_account.keyring_takes_no_token()):
            keyring.set_password(_SERVICE, settings.kept_as, token)
    except NoKeyringError:
        raise about_account.no_keyring() from None
    if settings.profile is not None:
        try:
            _write_profiles(settings.folder, _profiles(settings.folder) | {settings.profile: settings.base_url})
        except OSError as error:
            raise about_files.cannot_write(_PROFILES, str(settings.folder), why(error, settings.folder)) from None


def forget_token(settings: Settings) -> bool:
    """Whether there was a token in the keyring; there is none now.

    Raises: ImporterError when the keyring refuses: then it may still be there.
    """
    import keyring  # noqa: PLC0415

    if _kept_token(settings) is None:
        return False
    with _asking(about_account.keyring_closed()):
        keyring.delete_password(_SERVICE, settings.kept_as)
    return True


def keyring_name() -> str | None:
    """What keeps tokens on this machine; None if nothing does."""
    import keyring  # noqa: PLC0415
    from keyring.backends import fail, null  # noqa: PLC0415

    try:
        ring = keyring.get_keyring()
    except Exception:  # noqa: BLE001  (PYTHON_KEYRING_BACKEND names one that is not there)
        return None
    return (
        None
        if isinstance(ring, fail.Keyring | null.Keyring)
        else type(ring).__module__.removeprefix("keyring.backends.")
    )


def _kept_token(settings: Settings) -> str | None:
    """The token that `login` kept; None if there is none, or no keyring.

    Raises: Denied when the keyring does not say.
    """
    import keyring  # noqa: PLC0415
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    with suppress(NoKeyringError), _asking(about_account.keyring_closed()):
        return keyring.get_password(_SERVICE, settings.kept_as)
    return None


@contextmanager
def _asking(refused: ImporterError) -> Iterator[None]:
    """Raises: `refused`, for whatever the keyring of a system raises; NoKeyringError where there is none.

    What it says is not repeated: nobody knows whether the token is part of it.
    """
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    try:
        yield
    except NoKeyringError:
        raise
    except Exception:  # noqa: BLE001  (Windows has errors of its own, and so has each desktop of Linux)
        raise refused from None


def _variable(name: str, environment: Mapping[str, str]) -> str:
    """A variable; `set NAME="value"` in the Command Prompt of Windows leaves the quotation marks in it."""
    return environment.get(name, "").strip().strip('"')


def _write_profiles(folder: Path, profiles: Mapping[str, str]) -> None:
    make_state_folder(folder)
    part = folder / f".{_PROFILES}.{os.getpid()}"
    with open(part, "w", encoding="utf-8", opener=private) as file:
        json.dump(profiles, file, indent=1)
    replace(part, folder / _PROFILES)


def _profiles(folder: Path) -> dict[str, str]:
    """The base URL of each profile."""
    try:
        read = json.loads((folder / _PROFILES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(url) for name, url in read.items()} if isinstance(read, dict) else {}
