"""Kantata's public status page: what it says of Kantata's own health. Knows no account and no token."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from importer.errors import Usage
from importer.kantata.transport import Transport, is_local
from importer.messages import about_account

DEFAULT_URL = "https://status.mavenlink.com/api/v2/status.json"
"""What Kantata publishes of its health for programs, in the format of Statuspage."""
VARIABLE = "KANTATA_STATUS_URL"
_TIMEOUT_S = 5.0
_NO_TROUBLE = "none"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What the page says: whether there is trouble, and in which words; `host` is where it is."""

    host: str
    has_trouble: bool
    description: str


def status_url(base_url: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Where the page is; None for a base URL of this machine, of whose health Kantata knows nothing."""
    named = environment.get(VARIABLE, "").strip()
    return named or (None if is_local(base_url) else DEFAULT_URL)


def read_status(url: str) -> ServiceStatus:
    """What the page says. No token is sent, nothing is repeated, and no redirect is followed.

    Raises: Unreachable when it says nothing that we understand.
    """
    host = urlsplit(url).netloc.rpartition("@")[2]
    try:
        page = Transport(url, None, timeout_s=_TIMEOUT_S, connections=1)
    except Usage:  # the address is none, or not encrypted
        raise about_account.status_page_unread(host or url, "its address must begin with https://") from None
    answer = page.request("GET", "")
    page.close()
    if answer.status is None:
        raise about_account.status_page_unread(host, answer.fault)
    status = answer.data.get("status") if answer.ok and isinstance(answer.data, dict) else None
    if not isinstance(status, dict) or not isinstance(status.get("indicator"), str):
        raise about_account.status_page_unread(host, f"its answer (status {answer.status}) is not that of such a page")
    words = " ".join(str(status.get("description") or status["indicator"]).split())
    return ServiceStatus(host, status["indicator"] != _NO_TROUBLE, words[:_LONGEST])
