"""A report for a support case: what is installed, where settings come from, what was found, how the last run ended.

Holds no token, no file's name or content, and nobody's name, address or id. Sends nothing; a person sends the file.
"""

import contextlib
import json
import locale
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from importer import __version__
from importer.errors import ImporterError
from importer.kantata.connection import Connection
from importer.pipeline.doctor import LIBRARIES, Finding, installed
from importer.pipeline.redaction import Redaction
from importer.settings import Settings, folder_origin, read_token, token_origin
from importer.spreadsheet.write import atomic_write
from importer.sync.journal import Journal, is_kept_in
from importer.sync.journal_entries import Run

_ABOUT = (
    "A report of importer for a support case. It holds no token, no name, no e-mail address and no file of yours. "
    "Read it before you send it."
)
_PROGRAM = ("written", "importer", "python", "platform", "encoding", "installed_in")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def write(connection: Connection, findings: Sequence[Finding], path: Path, token: str | None = None) -> Path:
    """Write the report as JSON if `path` ends in .json, else as text; where it is, as no file is ever overwritten.

    Raises: ImporterError when the folder does not take it.
    """
    report = make(connection, findings, token)
    is_json = path.suffix.lower() == ".json"
    text = f"{json.dumps(report, indent=2, ensure_ascii=False)}\n" if is_json else as_text(report)

    def fill(file: BinaryIO) -> None:
        file.write(text.encode("utf-8", "backslashreplace"))

    return atomic_write.put(path, fill)


def make(connection: Connection, findings: Sequence[Finding], token: str | None = None) -> dict[str, Any]:
    """The report, as JSON can hold it; `token` is the one that was given, if one was."""
    settings, runs = connection.settings, _runs(connection.settings)
    people = [each for finding in findings for each in finding.personal]
    people += [each for run in runs for each in run.account_name.rpartition(", at ")[0].split(", ")]
    redact = Redaction(_tokens(settings, token), people)
    return {
        "about": _ABOUT,
        "written": _time(datetime.now(UTC).timestamp()),
        "importer": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "encoding": locale.getpreferredencoding(do_setlocale=False),
        "installed_in": redact(str(Path(__file__).parents[1])),
        "libraries": {name: installed(name) for name in LIBRARIES},
        "settings": _settings(settings, redact, token),
        "connection": {
            "timeout_s": connection.timeout_s,
            "workers": connection.workers,
            "max_rate": connection.max_rate,
        },
        "findings": [
            {**each.to_dict(), "says": redact(each.says), "fix": redact(each.fix)}
            for each in findings
            if each.what != "program"  # its versions stand above
        ],
        "last_run": _run_object(runs[0]) if runs else None,
    }


def as_text(report: Mapping[str, Any]) -> str:
    """The same for a person."""
    lines = [report["about"], "", *_lines({name: report[name] for name in _PROGRAM})]
    lines += ["", "Libraries:", *_lines(report["libraries"], "  ")]
    lines += ["", "Settings:"]
    for each in report["settings"]:
        value = "" if each["value"] is None else f"{each['value']}, from "
        lines.append(f"  {each['name']}: {value}{each['from']}")
    lines += ["", "Connection:", *_lines(report["connection"], "  ")]
    lines += ["", "Findings:"]
    for each in report["findings"]:
        code = f" [{each['code']}]" if each["code"] else ""
        lines.append(f"  {'works' if each['works'] else 'FAILS'}  {each['what']}: {each['says']}{code}")
    lines += ["", "Last run:", *_lines(report["last_run"] or {"run": None}, "  ")]
    return "\n".join(lines) + "\n"


def _lines(values: Mapping[str, Any], indent: str = "") -> list[str]:
    return [f"{indent}{name.replace('_', ' ')}: {_in_words(value)}" for name, value in values.items()]


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)


def _tokens(settings: Settings, token: str | None) -> list[str]:
    """Every token that we know of."""
    tokens = [token or "", os.environ.get("KANTATA_TOKEN", "").strip()]
    with contextlib.suppress(ImporterError):
        tokens.append(read_token(settings))
    return tokens


def _settings(settings: Settings, redact: Redaction, token: str | None) -> list[dict[str, Any]]:
    """Where each setting comes from; its value only where it can hold no secret."""
    told: list[tuple[str, str | None, str]] = [
        ("token", None, "given" if token else token_origin(settings)),
        ("base URL", redact(settings.base_url), settings.base_url_from),
        ("profile", None, "none" if settings.profile is None else "--profile"),
        ("state folder", redact(str(settings.folder)), folder_origin(settings)),
        ("proxy", None, _named(_PROXIES)),
        ("certificates", None, _named(_CERTIFICATES)),
    ]
    return [{"name": name, "value": value, "from": origin} for name, value, origin in told]


def _named(variables: Sequence[str]) -> str:
    """Which of these the environment has, in capitals or not."""
    known = {name.upper() for name, value in os.environ.items() if value}
    return ", ".join(each for each in variables if each in known) or "none"


def _runs(settings: Settings) -> list[Run]:
    """The runs of this machine, the latest first; none where the journal cannot be read."""
    if is_kept_in(settings.folder):
        with contextlib.suppress(ImporterError, OSError), closing(Journal(settings.folder)) as journal:
            return journal.runs()
    return []


def _run_object(run: Run) -> dict[str, Any]:
    """What a run did, in numbers."""
    outcomes = None if run.outcomes is None else {name.value: count for name, count in run.outcomes.items() if count}
    return {
        "kind": run.kind,
        "state": run.state.value,
        "endpoint": run.endpoint,
        "mode": run.mode,
        "rows": run.rows,
        "outcomes": outcomes,
        "requests": dict(run.requests or {}),
        "started": _time(run.started_at),
        "finished": None if run.finished_at is None else _time(run.finished_at),
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
