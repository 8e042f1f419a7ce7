"""Which account, which token, which folder: read once from options, environment, profile and keyring.

Knows where a setting comes from, and nothing of what it is used for.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from importer.messages import about_account
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
    folder = state_folder(environment)
    kept = None if profile is None else _profiles(folder).get(profile)
    if profile is not None and kept is None and not (base_url or environment.get("KANTATA_BASE_URL")):
        raise about_account.no_profile(profile)
    told = {
        "--base-url": base_url,
        "KANTATA_BASE_URL": environment.get("KANTATA_BASE_URL"),
        "--profile": kept,
        "default": DEFAULT_BASE_URL,
    }
    url, origin = next((url, origin) for origin, url in told.items() if url)
    return Settings(url.strip().rstrip("/"), profile, folder, origin)


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the journal and the history are: `IMPORTER_HOME`, else the platform's folder for a user's state."""
    if home := environment.get("IMPORTER_HOME"):
        return Path(home).expanduser()
    from platformdirs import user_state_path  # noqa: PLC0415  (not needed where IMPORTER_HOME is set)

    return user_state_path("importer", appauthor=False)


def read_token(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """The token: `KANTATA_TOKEN`, else the one that `login` kept.

    Raises: Denied when there is none, or it holds something that no token holds.
    """
    token = environment.get("KANTATA_TOKEN") or _kept_token(settings) or ""
    if not token.strip():
        raise about_account.no_token()
    return as_token(token)


def token_origin(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """What gives the token: a variable of the environment, the keyring, or nothing."""
    if environment.get("KANTATA_TOKEN"):
        return "KANTATA_TOKEN"
    return "keyring" if _kept_token(settings) else "none"


def folder_origin(settings: Settings, environment: Mapping[str, str] = os.environ) -> str:
    """What says where the state folder is: a variable of the environment, the caller, or nothing of these."""
    if settings.folder != state_folder(environment):
        return "given"
    return "IMPORTER_HOME" if environment.get("IMPORTER_HOME") else "default"


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

    Raises: ImporterError when this machine has no keyring.
    """
    import keyring  # noqa: PLC0415  (0.1 s, for the few commands that need it)
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(_SERVICE, settings.kept_as, token)
    except KeyringError:
        raise about_account.no_keyring() from None
    if settings.profile is not None:
        profiles = _profiles(settings.folder) | {settings.profile: settings.base_url}
        make_state_folder(settings.folder)
        part = settings.folder / f".{_PROFILES}.{os.getpid()}"
        with open(part, "w", encoding="utf-8", opener=private) as file:
            json.dump(profiles, file, indent=1)
        part.replace(settings.folder / _PROFILES)


def forget_token(settings: Settings) -> bool:
    """Whether there was a token in the keyring; there is none now."""
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        if keyring.get_password(_SERVICE, settings.kept_as) is None:
            return False
        keyring.delete_password(_SERVICE, settings.kept_as)
    except KeyringError:
        return False
    return True


def keyring_name() -> str | None:
    """What keeps tokens on this machine; None if nothing does."""
    import keyring  # noqa: PLC0415
    from keyring.backends import fail, null  # noqa: PLC0415

    ring = keyring.get_keyring()
    return (
        None
        if isinstance(ring, fail.Keyring | null.Keyring)
        else type(ring).__module__.removeprefix("keyring.backends.")
    )


def _kept_token(settings: Settings) -> str | None:
    import keyring  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(_SERVICE, settings.kept_as)
    except KeyringError:
        return None


def _profiles(folder: Path) -> dict[str, str]:
    """The base URL of each profile."""
    try:
        read = json.loads((folder / _PROFILES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(url) for name, url in read.items()} if isinstance(read, dict) else {}
